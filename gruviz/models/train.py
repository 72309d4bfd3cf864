"""Trains models: `python -m gruviz.models.train surnames gru` one, `python -m gruviz.models.train all` every one.

`all`, or a task without a cell, trains each cell from five seeds, ships the one with the lowest validation loss and
writes what all of them reach to results.json. An interrupted run goes on where it stopped: see build/training.
"""

import argparse
import copy
import json
import math
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn.functional import dropout

from gruviz.models.make_card import counts, make_card, results_row, results_task, summary
from gruviz.models.tasks import TASKS, Answered, Baseline, Encoded, Example, Settings, Split, Task, for_cell

__all__ = ["CELLS", "FOLDER", "Network", "Settings", "Trained", "train"]

FOLDER = Path(__file__).parent / "weights"
RESULTS = Path(__file__).parent / "results.json"
CHECKPOINTS = Path("build") / "training"
SEEDS = 5  # of `all`: 0 to 4
CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
# The gate that keeps the past (z of a GRU, f of an LSTM) is the second block of rows in either; an RNN has none.
KEEPS = {"lstm": 1, "gru": 1}


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
        if cell in KEEPS:
            first = KEEPS[cell] * settings.hidden
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

    def right(self, task: Task, examples: Sequence[Example]) -> int:
        """How many examples it answers right."""
        return round(sum(self.scores(task, examples)))


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
    made_from = f"{task.name} {cell} {len(training)} {len(validation)} {settings}"
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
        order = rng.sample(range(len(training)), len(training))
        for first in range(0, len(order), settings.batch):
            batch = _batch([varied(i, rng) for i in order[first : first + settings.batch]])
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


def _run(task: Task, cell: str, split: Split, seed: int, label: str) -> Trained:
    settings = replace(for_cell(task.settings, cell), seed=seed)
    name = f"{task.name}-{cell}-{seed}"
    return train(
        task, cell, split.train, split.validation, settings,
        report=lambda line: _progress(f"{label}{name} {line}"), checkpoint=CHECKPOINTS / f"{name}.pt",
    )  # fmt: skip


def _ship(task: Task, cell: str, split: Split, trained: Trained, fitted: Sequence[Baseline], *, rewrite: bool) -> None:
    """Writes weights and card; leaves them as they are where the same weights are there already."""
    name, tensors = f"{task.name}-{cell}", {k: v.contiguous() for k, v in trained.network.state_dict().items()}
    weights, path = save(tensors), FOLDER / f"{name}.safetensors"
    if path.exists() and path.read_bytes() == weights and not rewrite:
        return
    parts = {"validation": split.validation, "test": split.test, **split.also}
    scores = {part: trained.scores(task, examples) for part, examples in parts.items()}
    card = make_card(task, cell, split, tensors, trained.vocabulary, scores, fitted)
    card["card"] |= {"epochs": trained.epochs, "seconds": round(trained.seconds, 1)}
    path.write_bytes(weights)
    (FOLDER / f"{name}.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _all(tasks: Sequence[Task], seeds: int, *, rewrite: bool) -> None:
    """Every cell and seed of the tasks; a task that is finished is in the results file at once."""
    for i, task in enumerate(tasks):
        split, rows = task.split(), {}
        fitted = task.baselines(split)
        for cell in CELLS:
            runs, trained = [], {}
            for seed in range(seeds):
                done = (i * len(CELLS) + list(CELLS).index(cell)) * seeds + seed
                trained[seed] = _run(task, cell, split, seed, f"{done + 1}/{len(tasks) * len(CELLS) * seeds} ")
                runs.append({"seed": seed, **_evaluate(task, split, trained[seed])})
            shipped = min(trained, key=lambda seed: trained[seed].loss)
            _ship(task, cell, split, trained[shipped], fitted, rewrite=rewrite)
            rows[cell] = results_row(task, cell, runs, shipped)
            mean, sd = rows[cell]["mean"], rows[cell]["sd"]
            _progress("")
            print(f"{task.name}-{cell}: {task.metric} {mean:.4g} ± {sd:.2g} over {seeds} seeds", flush=True)
        written = _results() | {task.name: results_task(task, split, rows, fitted)}
        written = {name: written[name] for name in TASKS if name in written}
        results = {"made_by": "python -m gruviz.models.train all", "torch": torch.__version__, "tasks": written}
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _evaluate(task: Task, split: Split, trained: Trained) -> Mapping[str, Any]:
    def mean(examples: Sequence[Example]) -> float:
        return float(summary(trained.scores(task, examples))["test"])

    return {
        "test": mean(split.test),
        "also": {part: mean(examples) for part, examples in split.also.items()},
        "validation": mean(split.validation),
        "validation_loss": trained.loss,
        "epochs": trained.epochs,
        "seconds": round(trained.seconds, 1),
        "counts": counts(task, trained.network.state_dict()),
    }


def _shipped_seed(task: Task, cell: str) -> int:
    """The seed of the model that is shipped."""
    results = _results()
    return int(results[task.name]["cells"][cell]["shipped_seed"]) if task.name in results else task.settings.seed


def _results() -> dict[str, Any]:
    """What the results file says of each task that it knows."""
    return dict(json.loads(RESULTS.read_text(encoding="utf-8"))["tasks"]) if RESULTS.exists() else {}


def main() -> None:
    """Trains, then looks at the test examples, once, and writes both files."""
    parser = argparse.ArgumentParser(description="Train a model; write its weights and its card.")
    parser.add_argument("task", choices=[*sorted(TASKS), "all"])
    parser.add_argument("cell", choices=sorted(CELLS), nargs="?", help="without one: all three, each from five seeds")
    parser.add_argument("--seed", type=int, help="of the first weights and the order of examples; else the shipped one")
    parser.add_argument("--rewrite", action="store_true", help="write the card even where the weights are the same")
    asked = parser.parse_args()
    torch.set_num_threads(1)  # more threads add in another order, and training makes much of the last bit
    if asked.task == "all" or asked.cell is None:
        tasks = list(TASKS.values()) if asked.task == "all" else [TASKS[asked.task]]
        _all(tasks, SEEDS, rewrite=asked.rewrite)
        return
    task = TASKS[asked.task]
    split = task.split()
    seed = _shipped_seed(task, asked.cell) if asked.seed is None else asked.seed
    trained = _run(task, asked.cell, split, seed, "")
    fitted = task.baselines(split)
    _ship(task, asked.cell, split, trained, fitted, rewrite=asked.rewrite)
    _progress("")
    test, baseline = summary(trained.scores(task, split.test)), fitted[0]
    print(f"{task.name}-{asked.cell}: test {task.metric} {test['test']:.4g}, "
          f"{baseline.name} {summary(baseline.scores)['test']:.4g}")  # fmt: skip


def _line(epoch: int, epochs: int, rest: str) -> str:
    done = round(20 * epoch / epochs)
    return f"[{'#' * done}{'.' * (20 - done)}] epoch {epoch}/{epochs}  {rest}"


def _progress(line: str) -> None:
    print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
