"""The one loop that trains: an update, and epochs of them with early stopping, averaging and checkpoints."""

import copy
import hashlib
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from gruviz.models.tasks import Answered, EncodedExample, Example, Task, TrainingSettings
from gruviz.models.tasks.task import Varier
from gruviz.training.network import Network

Batch = tuple[Tensor, Tensor, Tensor]  # inputs (T, B) or (T, B, D), lengths (B,), targets (B,) or (T, B)
Loss = Callable[[Tensor, Tensor, Tensor], Tensor]  # of logits (T, B, outputs), lengths and targets


@dataclass(frozen=True)
class Epoch:
    """How far a run is."""

    number: int  # from 1
    loss: float  # on validation
    lowest: float
    seconds: float


@dataclass(frozen=True, eq=False)
class Trained:
    """What a run of the loop leaves: the network of its best epoch, in evaluation mode."""

    network: Network
    vocabulary: tuple[str, ...]
    epochs: int  # that the kept network was trained for
    seconds: float
    loss: float  # on validation

    def scores(self, task: Task, examples: Sequence[Example]) -> list[float]:
        """The task's score of each example."""
        batch = batch_of(_encode(task, examples, self.vocabulary))
        with torch.no_grad():
            answered = Answered(examples, self.vocabulary, self.network(batch[0]), *batch[1:])
        scores: list[float] = task.scores(answered).tolist()
        return scores


def update(
    network: Network, optimizer: torch.optim.Optimizer, loss: Loss, batch: Batch, clip: float | None
) -> tuple[Tensor, Tensor]:
    """One update: the loss of a batch before it, a scalar, and the logits (T, B, outputs), both detached.

    clip: the largest norm that the gradient of all weights may have; a larger one is scaled down to it.
    """
    logits = network(batch[0])
    value = loss(logits, *batch[1:])
    optimizer.zero_grad()
    value.backward()  # type: ignore[no-untyped-call]
    if clip is not None:
        nn.utils.clip_grad_norm_(network.parameters(), clip)
    optimizer.step()
    return value.detach(), logits.detach()


def train(
    task: Task,
    cell: str,
    training: Sequence[Example],
    validation: Sequence[Example],
    settings: TrainingSettings,
    *,
    report: Callable[[Epoch], None] = lambda _: None,
    ended: Callable[[Epoch], bool] = lambda _: False,
    checkpoint: Path | None = None,
) -> Trained:
    """Trains one network. The same arguments give the same weights; torch's random state is left as it was.

    ended: asked after each epoch, once that is reported; where it says so, the run ends with its best epoch so far.
    With a checkpoint, a run that was interrupted goes on from the last epoch that it finished, to the same weights.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        return _train(task, cell, training, validation, settings, report=report, ended=ended, checkpoint=checkpoint)


def _train(
    task: Task,
    cell: str,
    training: Sequence[Example],
    validation: Sequence[Example],
    settings: TrainingSettings,
    *,
    report: Callable[[Epoch], None],
    ended: Callable[[Epoch], bool],
    checkpoint: Path | None,
) -> Trained:
    start, rng = time.process_time(), random.Random(settings.seed)
    vocabulary, vectors = task.vocabulary(training), None
    if vocabulary:
        vectors = torch.tensor(task.first_vectors(training, vocabulary, settings.features), dtype=torch.float32)
    network = Network.drawn(vectors, cell, task.outputs, settings, learn_vectors=task.learn_vectors)
    average = _averaged(network, settings.averaging)
    varied = task.varier(training, vocabulary)
    inputs, lengths, targets = batch_of(_encode(task, validation, vocabulary))
    optimizer, schedule = _optimizer(network, settings, math.ceil(len(training) / settings.batch))
    best, best_epoch, lowest, epoch = copy.deepcopy(network).eval(), 0, math.inf, 0
    read = repr((_encode(task, training, vocabulary), _encode(task, validation, vocabulary)))
    made_from = f"{task.name} {cell} {settings} {hashlib.blake2b(read.encode(), digest_size=16).hexdigest()}"
    parts: dict[str, Any] = {
        "network": network,
        "average": average,
        "best": best,
        "optimizer": optimizer,
        "schedule": schedule,
    }
    if saved := _read(checkpoint, made_from):
        for name, part in parts.items():
            part.load_state_dict(saved[name])
        best_epoch, lowest, epoch = (saved[key] for key in ("best_epoch", "lowest", "epoch"))
        rng.setstate(saved["rng"])
        torch.set_rng_state(saved["torch_rng"])
        start -= saved["seconds"]
    while epoch < settings.epochs and epoch - best_epoch < settings.patience:
        epoch += 1
        network.train()
        for rows in shuffled(len(training), varied, settings, rng):
            update(network, optimizer, task.loss, batch_of(rows), settings.clip)
            schedule.step()
            average.update_parameters(network)
        with torch.no_grad():
            loss = float(task.loss(average(inputs), lengths, targets))
        if loss < lowest:
            best.load_state_dict(average.module.state_dict())
            best_epoch, lowest = epoch, loss
        seconds = time.process_time() - start
        now = Epoch(epoch, loss, lowest, seconds)
        report(now)
        if checkpoint:
            state = {name: part.state_dict() for name, part in parts.items()}
            state |= {"made_from": made_from, "best_epoch": best_epoch, "lowest": lowest, "epoch": epoch}
            state |= {"seconds": seconds, "rng": rng.getstate(), "torch_rng": torch.get_rng_state()}
            checkpoint.parent.mkdir(parents=True, exist_ok=True)
            torch.save(state, partial := checkpoint.with_suffix(".partial"))
            partial.replace(checkpoint)
        if ended(now):
            break
    return Trained(best, vocabulary, best_epoch, time.process_time() - start, lowest)


def _averaged(network: Network, longest: float) -> AveragedModel:
    """A running average of the weights, over ever more updates up to a decay of `longest`; in evaluation mode."""

    def lean(averages: Sequence[Tensor], weights: Sequence[Tensor], count: Tensor) -> None:
        seen = int(count) - 1  # the first is the copy made below
        kept = min(longest, (1 + seen) / (10 + seen))  # a short memory at the start
        for average, weight in zip(averages, weights, strict=True):
            average.lerp_(weight, 1 - kept)

    average = AveragedModel(network, multi_avg_fn=lean)  # type: ignore[arg-type]  # it hands the count, a tensor
    average.update_parameters(network)
    return average.eval()


def _optimizer(
    network: Network, settings: TrainingSettings, batches: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    """AdamW; a warm-up, then half a cosine over all epochs."""
    groups: list[dict[str, Any]] = []
    if network.embedding is not None and network.embedding.weight.requires_grad:
        groups.append({"params": [network.embedding.weight], "weight_decay": settings.embedding_decay})
    others = [*network.rnn.parameters(), *network.head.parameters()]
    groups.append({"params": others, "weight_decay": settings.decay})
    optimizer = torch.optim.AdamW(groups, lr=settings.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda i: min(1.0, (i + 1) / settings.warm_up) * (1 + math.cos(math.pi * i / (batches * settings.epochs))) / 2,
    )
    return optimizer, schedule


def _read(checkpoint: Path | None, made_from: str) -> dict[str, Any] | None:
    """The state that a run of just these examples and settings left, if there is one."""
    if checkpoint is None or not checkpoint.exists():
        return None
    state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
    return state if state["made_from"] == made_from else None


def shuffled(
    size: int, varied: Varier, settings: TrainingSettings, rng: random.Random
) -> Iterator[list[EncodedExample]]:
    """The batches of an epoch; where settings say so, with sequences about as long as each other."""
    order = rng.sample(range(size), size)
    for first in range(0, size, settings.batch * settings.sorted_batches):
        rows = [varied(i, rng) for i in order[first : first + settings.batch * settings.sorted_batches]]
        if settings.sorted_batches == 1:
            yield rows
            continue
        rows.sort(key=lambda row: len(row[0]))
        batches = [rows[i : i + settings.batch] for i in range(0, len(rows), settings.batch)]
        yield from rng.sample(batches, len(batches))


def _encode(task: Task, examples: Sequence[Example], vocabulary: tuple[str, ...]) -> list[EncodedExample]:
    index = {token: i for i, token in enumerate(vocabulary)}
    return [task.encode(example, index) for example in examples]


def batch_of(rows: Sequence[EncodedExample]) -> Batch:
    """Inputs, lengths and targets. Zeros fill the end; a cell that reads forward never meets them."""
    pad = nn.utils.rnn.pad_sequence
    inputs, lengths = pad([torch.tensor(steps) for steps, _ in rows]), torch.tensor([len(steps) for steps, _ in rows])
    targets = [torch.tensor(target) for _, target in rows]
    return inputs, lengths, pad(targets) if targets[0].ndim else torch.stack(targets)
