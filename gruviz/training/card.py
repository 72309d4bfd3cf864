"""The card of a freshly trained model: what it reads and answers, what it learned from, and how well it does."""

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from gruviz.models.tasks import Baseline, Split, Task, matched_size


def summary(scores: Sequence[float]) -> dict[str, Any]:
    """Mean and 95% interval over examples: Wilson's for right and wrong ones, else Student's t."""
    from scipy import stats  # here: where it is not installed, the command line says so in a sentence

    n, mean = len(scores), statistics.fmean(scores)
    if set(scores) <= {0.0, 1.0}:
        right = sum(map(int, scores))
        mean = right / n
        low, high = stats.binomtest(right, n).proportion_ci(0.95, method="wilson")
    else:
        low, high = stats.t.interval(0.95, n - 1, mean, statistics.stdev(scores) / math.sqrt(n))
    return {"test": mean, "interval": [round(max(0.0, float(low)), 4), round(float(high), 4)]}


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
    run: Mapping[str, Any],
    fitted: Sequence[Baseline],
) -> dict[str, Any]:
    """The card as JSON takes it. `run`: how it was trained, and its "scores", a summary by part of the split."""
    scores = run["scores"]
    about = json.loads(json.dumps(task.about))
    facts = {key: about.pop(key) for key in ("summary", "data", "licence", "credit")}
    if vocabulary:
        about["encoder"]["vocabulary"] = list(vocabulary)
    if about["read_out"]["kind"] == "moves":
        about["read_out"]["labels"] = list(vocabulary[1:])
    baselines = [{"name": baseline.name, **summary(baseline.scores)} for baseline in fitted]
    parts = {part: len(getattr(split, part)) for part in ("train", "validation", "test")}
    besides = {name: len(examples) for name, examples in split.besides.items()}
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
            "split": {"seed": split.seed, **parts, **({"besides": besides} if besides else {})},
            **counts(task, tensors),
            "metric": task.metric,
            **({"lower_is_better": True} if task.lower_is_better else {}),
            "validation": scores["validation"]["test"],
            **scores["test"],
            "baseline": baselines[0],
            **({"more_baselines": baselines[1:]} if len(baselines) > 1 else {}),
            **({"also": [{"name": part, **scores[part]} for part in split.also]} if split.also else {}),
            **{key: run[key] for key in ("rate", "seed", "epochs", "seconds")},
            "made_by": f"python -m gruviz.training {task.name} {cell}",
        },
    }


def results_row(
    task: Task, cell: str, tried: Mapping[float, Sequence[float]], runs: Sequence[Mapping[str, Any]], shipped: int
) -> dict[str, Any]:
    """One task and cell: validation losses of the learning rates tried, and a run of each seed with the best of them.

    `shipped` is the seed of the lowest validation loss.
    """
    tests = [run["scores"]["test"]["test"] for run in runs]
    settings = matched_size(task.settings, cell, task.outputs)
    row: dict[str, Any] = {"hidden": settings.hidden, "features": settings.features, **runs[0]["counts"]}
    row |= {"trials": [{"rate": rate, "validation_loss": list(losses)} for rate, losses in tried.items()]}
    row |= {"rate": runs[0]["rate"]}
    row |= {"seeds": [run["seed"] for run in runs], "test": tests}
    row |= {"mean": statistics.fmean(tests), "sd": statistics.stdev(tests) if len(tests) > 1 else 0.0}
    further = [part for part in runs[0]["scores"] if part not in ("validation", "test")]
    if further:
        row["also"] = {part: [run["scores"][part]["test"] for run in runs] for part in further}
    row["validation"] = [run["scores"]["validation"]["test"] for run in runs]
    row |= {key: [run[key] for run in runs] for key in ("validation_loss", "epochs", "seconds")}
    best = next(run["scores"] for run in runs if run["seed"] == shipped)
    row["shipped"] = {**best["test"], "also": [{"name": part, **best[part]} for part in further]}
    return {**row, "shipped_seed": shipped}


def results_task(
    task: Task, split: Split, cells: Mapping[str, dict[str, Any]], fitted: Sequence[Baseline]
) -> dict[str, Any]:
    """What the results file says of a task: metric, baselines, the budget that is the same for each cell, rows."""
    own = ("seed", "features", "hidden", "rate", "sorted_batches")
    budget = {key: value for key, value in asdict(task.settings).items() if key not in own}
    return {
        "title": task.about["title"],
        "summary": task.about["summary"],
        "metric": task.metric,
        "lower_is_better": task.lower_is_better,
        "unit": task.about["read_out"].get("unit", ""),
        "test_examples": len(split.test),
        "baselines": [{"name": baseline.name, **summary(baseline.scores)} for baseline in fitted],
        "budget": {"tuning": task.tuning, "train_examples": len(split.train), **budget},
        "cells": dict(cells),
        "torch": torch.__version__,
    }
