"""The card of a freshly trained model: what it reads and answers, what it learned from, and how well it does."""

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from torch import Tensor

from gruviz.models.tasks import Baseline, Split, Task, for_cell


def wilson(right: int, n: int) -> list[float]:
    """The 95 % interval of a share of `right` in n (Wilson, JASA 1927)."""
    z, p = 1.959964, right / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return [round((middle - half) / (1 + z * z / n), 4), round((middle + half) / (1 + z * z / n), 4)]


def summary(scores: Sequence[float]) -> dict[str, Any]:
    """Mean and 95 % interval over examples: Wilson's for right and wrong ones, else from the standard error."""
    n, mean = len(scores), statistics.fmean(scores)
    if set(scores) <= {0.0, 1.0}:
        return {"test": sum(map(int, scores)) / n, "interval": wilson(sum(map(int, scores)), n)}
    half = 1.959964 * statistics.stdev(scores) / math.sqrt(n)
    return {"test": mean, "interval": [round(max(0.0, mean - half), 4), round(mean + half, 4)]}


def title(task: Task, cell: str) -> str:
    """What the menu calls it."""
    return f"{task.about['title']}, {cell.upper()}"


def counts(task: Task, tensors: Mapping[str, Tensor]) -> dict[str, int]:
    """How many numbers were trained (one-hot vectors are not), and how many of them are the cell's."""
    trained = {key: t.numel() for key, t in tensors.items() if task.learn_vectors or not key.startswith("embedding.")}
    cell = sum(n for key, n in trained.items() if key.startswith("rnn."))
    return {"parameters": sum(trained.values()), "cell_parameters": cell}


def make_card(
    task: Task,
    cell: str,
    split: Split,
    tensors: Mapping[str, Tensor],
    vocabulary: tuple[str, ...],
    scores: Mapping[str, Sequence[float]],
    fitted: Sequence[Baseline],
) -> dict[str, Any]:
    """The card as JSON takes it. `scores` of examples on "validation", "test" and each part of `split.also`."""
    about = json.loads(json.dumps(task.about))
    facts = {key: about.pop(key) for key in ("summary", "data", "licence", "credit")}
    if vocabulary:
        about["encoder"]["vocabulary"] = list(vocabulary)
    if about["read_out"]["kind"] == "moves":
        about["read_out"]["labels"] = list(vocabulary[1:])
    baselines = [{"name": baseline.name, **summary(baseline.scores)} for baseline in fitted]
    parts = {part: len(getattr(split, part)) for part in ("train", "validation", "test")}
    return {
        "name": f"{task.name}-{cell}",
        "task": task.name,
        "cell": cell.upper(),
        "features": tensors["rnn.weight_ih_l0"].shape[1],
        "hidden": tensors["rnn.weight_hh_l0"].shape[1],
        **about,
        "title": title(task, cell),
        "card": {
            **facts,
            "split": {"seed": split.seed, **parts},
            **counts(task, tensors),
            "metric": task.metric,
            **({"lower_is_better": True} if task.lower_is_better else {}),
            "validation": summary(scores["validation"])["test"],
            **summary(scores["test"]),
            "baseline": baselines[0],
            **({"more_baselines": baselines[1:]} if len(baselines) > 1 else {}),
            **({"also": [{"name": part, **summary(scores[part])} for part in split.also]} if split.also else {}),
            "made_by": f"python -m gruviz.models.train {task.name} {cell}",
        },
    }


def results_row(
    task: Task,
    cell: str,
    tried: Mapping[float, Sequence[float]],
    rate: float,
    runs: Sequence[Mapping[str, Any]],
    shipped: int,
) -> dict[str, Any]:
    """One task and cell: validation losses of the learning rates tried, and all seeds with the `rate` chosen.

    `shipped` is the seed of the lowest validation loss.
    """
    tests = [run["test"] for run in runs]
    settings = for_cell(task.settings, cell)
    row: dict[str, Any] = {"hidden": settings.hidden, "features": settings.features, **runs[0]["counts"]}
    row |= {"trials": [{"rate": one, "validation_loss": list(losses)} for one, losses in tried.items()], "rate": rate}
    row |= {"seeds": [run["seed"] for run in runs], "test": tests}
    row |= {"mean": statistics.fmean(tests), "sd": statistics.stdev(tests) if len(tests) > 1 else 0.0}
    if runs[0]["also"]:
        row["also"] = {part: [run["also"][part] for run in runs] for part in runs[0]["also"]}
    row |= {key: [run[key] for run in runs] for key in ("validation", "validation_loss", "epochs", "seconds")}
    return {**row, "shipped_seed": shipped}


def results_task(
    task: Task, split: Split, cells: Mapping[str, dict[str, Any]], fitted: Sequence[Baseline]
) -> dict[str, Any]:
    """What the results file says of a task: metric, baselines, the budget that is the same for each cell, rows."""
    own = ("seed", "features", "hidden", "rate")
    budget = {key: value for key, value in asdict(task.settings).items() if key not in own}
    return {
        "metric": task.metric,
        "lower_is_better": task.lower_is_better,
        "unit": task.about["read_out"].get("unit", ""),
        "test_examples": len(split.test),
        "baselines": [{"name": baseline.name, **summary(baseline.scores)} for baseline in fitted],
        "budget": {"tuning": task.tuning, "train_examples": len(split.train), **budget},
        "cells": dict(cells),
    }
