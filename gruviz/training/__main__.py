"""Trains models: `python -m gruviz.training surnames gru` one, `all gru` one per task, `all` every one.

`all`, or a task without a cell, tries each cell with the same learning rates, trains it with the best from five seeds,
ships the one with the lowest validation loss, writes trials and scores to results.json and the score of each test
example to example_scores. An interrupted run goes on where it stopped: see build/training. With --reuse-trials the
rates are not tried again: the trials in results.json stand.
"""

import argparse
import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from gruviz.models import shipped
from gruviz.models.tasks import (
    TASKS,
    TRIAL_SEEDS,
    TRIED_RATES,
    Baseline,
    Split,
    Task,
    matched_size,
)
from gruviz.training.card import counts, make_card, results_row, results_task, summary
from gruviz.training.comparisons import RESULTS, write
from gruviz.training.example_scores import gathered, path_of
from gruviz.training.loop import Epoch, Trained, train
from gruviz.training.network import CELLS
from gruviz.training.ranges import record

FOLDER = shipped.FOLDER
CHECKPOINTS = Path("build") / "training"
SEEDS = 5  # of `all`: 0 to 4
_ALWAYS = {"scipy", "tqdm"}  # the intervals of every score, and the bar


def _run(task: Task, cell: str, split: Split, rate: float, seed: int) -> Trained:
    from tqdm import tqdm  # here: where it is not installed, `_missing` says so in a sentence

    settings = replace(matched_size(task.settings, cell, task.outputs), rate=rate, seed=seed)
    name = f"{task.name}-{cell}-{rate:g}-{seed}"
    with tqdm(desc=name, total=settings.epochs, unit="epoch", leave=False) as bar:

        def report(epoch: Epoch) -> None:
            bar.set_postfix_str(f"validation loss {epoch.loss:.4f}, lowest {epoch.lowest:.4f}", refresh=False)
            bar.update(epoch.number - bar.n)

        checkpoint = CHECKPOINTS / f"{name}.pt"
        return train(task, cell, split.taught, split.validation, settings, report=report, checkpoint=checkpoint)


def _try(task: Task, cell: str, split: Split, recorded: Mapping[str, Any] | None) -> dict[float, list[float]]:
    """The validation losses of each learning rate, one per seed; those that are recorded stand."""
    if recorded is not None:
        return {trial["rate"]: trial["validation_loss"] for trial in recorded["cells"][cell]["trials"]}
    rates = [task.settings.rate * part for part in TRIED_RATES]
    return {rate: [_run(task, cell, split, rate, seed).loss for seed in TRIAL_SEEDS] for rate in rates}


def _ship(
    task: Task, cell: str, split: Split, trained: Trained, run: Mapping[str, Any], fitted: Sequence[Baseline]
) -> None:
    """Writes weights and card."""
    name, tensors = f"{task.name}-{cell}", {k: v.contiguous() for k, v in trained.network.state_dict().items()}
    card = make_card(task, cell, split, tensors, trained.vocabulary, run, fitted)
    record(task, split)
    (FOLDER / f"{name}.safetensors").write_bytes(save(tensors))
    (FOLDER / f"{name}.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _all(tasks: Sequence[Task], seeds: int, reuse_trials: bool) -> None:
    """Every cell and seed of the tasks; a task that is finished is written at once."""
    for task in tasks:
        split, rows, best, scored = task.split(), {}, {}, {}
        fitted = task.baselines(split)
        recorded = _results().get(task.name) if reuse_trials else None
        for cell in CELLS:
            tried = _try(task, cell, split, recorded)
            rate = min(tried, key=lambda rate: statistics.fmean(tried[rate]))
            trained = {seed: _run(task, cell, split, rate, seed) for seed in range(seeds)}
            scores = {seed: _scores(task, split, network) for seed, network in trained.items()}
            runs = {seed: _evaluated(task, network, scores[seed], rate, seed) for seed, network in trained.items()}
            scored[cell] = [{test: s for test, s in of_seed.items() if test != "validation"} for of_seed in
                            scores.values()]  # fmt: skip
            shipped = min(trained, key=lambda seed: trained[seed].loss)
            best[cell] = trained[shipped], runs[shipped]
            rows[cell] = results_row(task, cell, tried, list(runs.values()), shipped)
            mean, sd = rows[cell]["mean"], rows[cell]["sd"]
            print(f"{task.name}-{cell}: {task.metric} {mean:.4g} ± {sd:.2g} over {seeds} seeds", flush=True)
        for cell, (network, run) in best.items():
            _ship(task, cell, split, network, run, fitted)
        by_example = gathered(scored, [baseline.scores for baseline in fitted])
        path_of(task.name).write_bytes(by_example.to_bytes())
        written = _results() | {task.name: results_task(task, split, rows, fitted)}
        written = {name: written[name] for name in TASKS if name in written}
        write(written, RESULTS)


def _scores(task: Task, split: Split, trained: Trained) -> dict[str, list[float]]:
    """The score of each example of validation, test and each further test."""
    parts = {"validation": split.validation, "test": split.test, **split.also}
    return {part: trained.scores(task, examples) for part, examples in parts.items()}


def _evaluated(
    task: Task, trained: Trained, scores: Mapping[str, Sequence[float]], rate: float, seed: int
) -> dict[str, Any]:
    """A run, with the mean score and its 95% interval on validation, test and each further test."""
    return {
        "rate": rate,
        "seed": seed,
        "scores": {part: summary(of_part) for part, of_part in scores.items()},
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
    """Trains on training and validation examples, then scores on the test examples, and writes what is shipped."""
    what = "Train a model; write its weights and its card."
    parser = argparse.ArgumentParser("python -m gruviz.training", description=what)
    parser.add_argument("task", choices=[*sorted(TASKS), "all"])
    parser.add_argument("cell", choices=sorted(CELLS), nargs="?", help="without one: all three, each from five seeds")
    parser.add_argument("--seed", type=int, help="train TASK CELL from another seed, and only say what it reaches")
    parser.add_argument(
        "--reuse-trials", action="store_true", help="don't try the learning rates again: take those in results.json"
    )
    asked = parser.parse_args()
    tasks = list(TASKS.values()) if asked.task == "all" else [TASKS[asked.task]]
    if asked.seed is not None and (asked.task == "all" or asked.cell is None):
        parser.error("--seed needs a task and a cell")
    if asked.reuse_trials and asked.cell is not None:
        parser.error("--reuse-trials is for all cells of a task: leave the cell out")
    if missing := _missing(tasks):
        parser.error(missing)
    torch.set_num_threads(1)  # more threads add in another order, and training makes much of the last bit
    if asked.cell is None:
        _all(tasks, SEEDS, asked.reuse_trials)
    else:
        for task in tasks:
            _one(task, asked.cell, asked.seed)


def _missing(tasks: Sequence[Task]) -> str:
    """A sentence on what these tasks need that is not installed; said before hours of training, not after."""
    needed = sorted(_ALWAYS | {*(module for task in tasks for module in task.needs)})
    lacking = [module for module in needed if find_spec(module) is None]
    if not lacking:
        return ""
    return f"{' and '.join(lacking)} must be installed to score what is trained: run pip install -e .[train]"


def _one(task: Task, cell: str, seed: int | None) -> None:
    """One cell, from the seed that is shipped: it is written; from another: its score is only said."""
    split = task.split()
    rate, shipped = _shipped(task, cell)
    seed = shipped if seed is None else seed
    trained = _run(task, cell, split, rate, seed)
    run = _evaluated(task, trained, _scores(task, split, trained), rate, seed)
    fitted = task.baselines(split)
    if seed == shipped:
        _ship(task, cell, split, trained, run, fitted)
    print(f"{task.name}-{cell}, seed {seed}: test {task.metric} {run['scores']['test']['test']:.4g}, "
          f"{fitted[0].name} {summary(fitted[0].scores)['test']:.4g}")  # fmt: skip


if __name__ == "__main__":
    main()
