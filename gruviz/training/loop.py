"""The network that every task trains, whatever its cell, and the one loop that trains it."""

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
from torch.nn.functional import dropout

from gruviz.cells.modules import PYTORCH
from gruviz.models.tasks import Answered, Encoded, Example, Settings, Task
from gruviz.signals import CELLS as SPECS

CELLS = {name.lower(): kind for name, kind in PYTORCH.items()}  # as the command line and the files are named


class Network(nn.Module):
    """Embedding (none for numbers), one recurrent layer, linear head on h_t. Dropout acts in training only."""

    def __init__(
        self, vectors: Tensor | None, cell: str, outputs: int, settings: Settings, *, learn_vectors: bool
    ) -> None:
        super().__init__()
        self.settings = settings
        self.embedding = None
        if vectors is not None:
            self.embedding = nn.Embedding(len(vectors), settings.features, _weight=vectors)
            self.embedding.weight.requires_grad_(learn_vectors)
        self.rnn = CELLS[cell](settings.features, settings.hidden)
        self.head = nn.Linear(settings.hidden, outputs)
        spec = SPECS[cell.upper()]
        if spec.keeps is not None:
            first = spec.blocks.index(spec.keeps) * settings.hidden
            with torch.no_grad():
                self.rnn.bias_ih_l0[first : first + settings.hidden] += settings.keep

    def forward(self, steps: Tensor) -> Tensor:
        """Logits (T, B, outputs) after each step, from rows of the embedding (T, B) or numbers (T, B, D)."""
        inputs = steps if self.embedding is None else self.embedding(steps)  # (T, B, D)
        drops = self.settings
        if not self.training or not (drops.drop_input or drops.drop_recurrent):
            states = self.rnn(inputs)[0]  # (T, B, H)
        else:
            inputs = inputs * dropout(torch.ones_like(inputs[:1]), drops.drop_input)
            thinned = {"weight_hh_l0": dropout(self.rnn.weight_hh_l0, drops.drop_recurrent)}
            states = torch.func.functional_call(self.rnn, thinned, (inputs,))[0]
        if self.training and drops.drop_state:
            states = dropout(states, drops.drop_state)
        return self.head(states)  # type: ignore[no-any-return]


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
        batch = _batch(_encode(task, examples, self.vocabulary))
        with torch.no_grad():
            answered = Answered(examples, self.vocabulary, self.network(batch[0]), *batch[1:])
        scores: list[float] = task.scores(answered).tolist()
        return scores


def train(
    task: Task,
    cell: str,
    training: Sequence[Example],
    validation: Sequence[Example],
    settings: Settings,
    *,
    report: Callable[[str], None] = lambda _: None,
    checkpoint: Path | None = None,
) -> Trained:
    """Trains one network. The same arguments give the same weights; torch's random state is left as it was.

    With a checkpoint, a run that was interrupted goes on from the last epoch that it finished, to the same weights.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        return _train(task, cell, training, validation, settings, report=report, checkpoint=checkpoint)


def _train(
    task: Task,
    cell: str,
    training: Sequence[Example],
    validation: Sequence[Example],
    settings: Settings,
    *,
    report: Callable[[str], None],
    checkpoint: Path | None,
) -> Trained:
    start, rng = time.process_time(), random.Random(settings.seed)
    vocabulary, vectors = task.vocabulary(training), None
    if vocabulary:
        vectors = torch.tensor(task.first_vectors(training, vocabulary, settings.features), dtype=torch.float32)
    network = Network(vectors, cell, task.outputs, settings, learn_vectors=task.learn_vectors)
    average = copy.deepcopy(network).eval()
    varied = task.varier(training, vocabulary)
    inputs, lengths, targets = _batch(_encode(task, validation, vocabulary))
    batches = math.ceil(len(training) / settings.batch)
    optimizer, schedule = _optimizer(network, settings, batches)
    best, best_epoch, lowest, seen, epoch = average, 0, math.inf, 0, 0
    read = repr((_encode(task, training, vocabulary), _encode(task, validation, vocabulary)))
    made_from = f"{task.name} {cell} {settings} {hashlib.blake2b(read.encode(), digest_size=16).hexdigest()}"
    if saved := _read(checkpoint, made_from):
        network.load_state_dict(saved["network"])
        average.load_state_dict(saved["average"])
        best = copy.deepcopy(average)
        best.load_state_dict(saved["best"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        best_epoch, lowest, seen, epoch = (saved[key] for key in ("best_epoch", "lowest", "seen", "epoch"))
        rng.setstate(saved["rng"])
        torch.set_rng_state(saved["torch_rng"])
        start -= saved["seconds"]
    while epoch < settings.epochs and epoch - best_epoch < settings.patience:
        epoch += 1
        network.train()
        for rows in shuffled(len(training), varied, settings, rng):
            batch = _batch(rows)
            loss = task.loss(network(batch[0]), *batch[1:])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), settings.clip)
            optimizer.step()
            schedule.step()
            kept = min(settings.averaging, (1 + seen) / (10 + seen))  # a short memory at the start
            seen += 1
            with torch.no_grad():
                for mean, now in zip(average.parameters(), network.parameters(), strict=True):
                    mean.lerp_(now, 1 - kept)
        with torch.no_grad():
            loss_now = float(task.loss(average(inputs), lengths, targets))
        if loss_now < lowest:
            best, best_epoch, lowest = copy.deepcopy(average), epoch, loss_now
        seconds = time.process_time() - start
        report(_line(epoch, settings.epochs, f"validation loss {loss_now:.4f}, lowest {lowest:.4f}, {seconds:.0f} s"))
        if checkpoint:
            state: dict[str, Any] = {
                "made_from": made_from, "network": network.state_dict(), "average": average.state_dict(),
                "best": best.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(),
                "best_epoch": best_epoch, "lowest": lowest, "seen": seen, "epoch": epoch, "seconds": seconds,
                "rng": rng.getstate(), "torch_rng": torch.get_rng_state(),
            }  # fmt: skip
            checkpoint.parent.mkdir(parents=True, exist_ok=True)
            torch.save(state, partial := checkpoint.with_suffix(".partial"))
            partial.replace(checkpoint)
    return Trained(best.eval(), vocabulary, best_epoch, time.process_time() - start, lowest)


def _optimizer(
    network: Network, settings: Settings, batches: int
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
    size: int, varied: Callable[[int, random.Random], Encoded], settings: Settings, rng: random.Random
) -> Iterator[list[Encoded]]:
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


def _encode(task: Task, examples: Sequence[Example], vocabulary: tuple[str, ...]) -> list[Encoded]:
    index = {token: i for i, token in enumerate(vocabulary)}
    return [task.encode(example, index) for example in examples]


def _batch(rows: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs (T, B) or (T, B, D), lengths (B,), targets (B,) or (T, B).

    Zeros fill the end; a cell that reads forward never meets them.
    """
    pad = nn.utils.rnn.pad_sequence
    inputs, lengths = pad([torch.tensor(steps) for steps, _ in rows]), torch.tensor([len(steps) for steps, _ in rows])
    targets = [torch.tensor(target) for _, target in rows]
    return inputs, lengths, pad(targets) if targets[0].ndim else torch.stack(targets)


def _line(epoch: int, epochs: int, rest: str) -> str:
    done = round(20 * epoch / epochs)
    return f"[{'#' * done}{'.' * (20 - done)}] epoch {epoch}/{epochs}  {rest}"
