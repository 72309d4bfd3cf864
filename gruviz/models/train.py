"""Trains models: `python -m gruviz.models.train surnames gru` one, `python -m gruviz.models.train all` every one.

`all`, or a task without a cell, tries each cell with the same learning rates, trains it with the best from five seeds,
ships the one with the lowest validation loss and writes trials and scores to results.json. An interrupted run goes on
where it stopped: see build/training.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from gruviz.models.make_card import counts, make_card, results_row, results_task, summary
from gruviz.models.tasks import (
    TASKS,
    TRIAL_SEEDS,
    TRIED_RATES,
    Baseline,
    Example,
    Settings,
    Split,
    Task,
    for_cell,
)  # fmt: skip
from gruviz.models.training import CELLS, Network, Trained, train

__all__ = ["CELLS", "FOLDER", "Network", "Settings", "Trained", "train"]

FOLDER = Path(__file__).parent / "weights"
RESULTS = Path(__file__).parent / "results.json"
CHECKPOINTS = Path("build") / "training"
SEEDS = 5  # of `all`: 0 to 4


def _run(task: Task, cell: str, split: Split, rate: float, seed: int) -> Trained:
    settings = replace(for_cell(task.settings, cell), rate=rate, seed=seed)
    name = f"{task.name}-{cell}-{rate:g}-{seed}"
    return train(
        task, cell, split.train, split.validation, settings,
        report=lambda line: _progress(f"{name} {line}"), checkpoint=CHECKPOINTS / f"{name}.pt",
    )  # fmt: skip


def _try(task: Task, cell: str, split: Split) -> dict[float, list[float]]:
    """The validation losses of each learning rate, one a seed."""
    rates = [task.settings.rate * part for part in TRIED_RATES]
    return {rate: [_run(task, cell, split, rate, seed).loss for seed in TRIAL_SEEDS] for rate in rates}


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
    for task in tasks:
        split, rows = task.split(), {}
        fitted = task.baselines(split)
        for cell in CELLS:
            tried = _try(task, cell, split)
            rate = min(tried, key=lambda rate: statistics.fmean(tried[rate]))
            trained = {seed: _run(task, cell, split, rate, seed) for seed in range(seeds)}
            runs = [{"seed": seed, **_evaluate(task, split, run)} for seed, run in trained.items()]
            shipped = min(trained, key=lambda seed: trained[seed].loss)
            _ship(task, cell, split, trained[shipped], fitted, rewrite=rewrite)
            rows[cell] = results_row(task, cell, tried, rate, runs, shipped)
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


def _shipped(task: Task, cell: str) -> tuple[float, int]:
    """Learning rate and seed of the model that is shipped."""
    results = _results()
    if task.name not in results:
        return task.settings.rate, task.settings.seed
    row = results[task.name]["cells"][cell]
    return float(row["rate"]), int(row["shipped_seed"])


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
    rate, seed = _shipped(task, asked.cell)
    trained = _run(task, asked.cell, split, rate, seed if asked.seed is None else asked.seed)
    fitted = task.baselines(split)
    _ship(task, asked.cell, split, trained, fitted, rewrite=asked.rewrite)
    _progress("")
    test, baseline = summary(trained.scores(task, split.test)), fitted[0]
    print(f"{task.name}-{asked.cell}: test {task.metric} {test['test']:.4g}, "
          f"{baseline.name} {summary(baseline.scores)['test']:.4g}")  # fmt: skip


def _progress(line: str) -> None:
    print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
