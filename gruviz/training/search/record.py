"""The study of a task as it is shipped: all trials and what follows from them, in one compressed file.

It is read without Optuna and without SciPy, see `gruviz.models.studies`.
"""

import gzip
import json
import math
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import optuna
import torch
from optuna.trial import FrozenTrial, TrialState, create_trial

from gruviz.models.studies import path_of
from gruviz.models.tasks import Task
from gruviz.training.search.curves import Band, band, difference, settled
from gruviz.training.search.finals import Final, tests
from gruviz.training.search.space import space
from gruviz.training.search.studies import DONE, original

_DIGITS = 7  # of what is computed


def study_record(
    task: Task, studies: Mapping[str, optuna.Study], finals: Mapping[str, Final], trials: int
) -> dict[str, Any]:
    """The record as JSON takes it."""
    done = {cell: done_trials(study)[:trials] for cell, study in studies.items()}
    return {
        "made_by": f"python -m gruviz.training.search {task.name} --trials {trials} --finish",
        "task": task.name,
        "budget": {
            "trials": trials,
            "epochs": task.settings.epochs,
            "seconds": round(sum(trial.user_attrs["seconds"] for of in done.values() for trial in of)),
        },
        "versions": {"optuna": optuna.__version__, "torch": torch.__version__},
        "space": {each.name: each.written() for cell in studies for each in space(task, cell)},
        "cells": {cell: _cell(task, cell, of, finals[cell]) for cell, of in done.items()},
        "order": _order(done),
        "tests": tests(finals),
    }


def done_trials(study: optuna.Study) -> list[FrozenTrial]:
    """The trials that ended, pruned or not, in the order of their numbers."""
    return sorted(study.get_trials(deepcopy=False, states=DONE), key=lambda trial: trial.number)


def write(record: Mapping[str, Any]) -> None:
    """Writes the file; the same record gives the same bytes."""
    path = path_of(record["task"])
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _cell(task: Task, cell: str, trials: list[FrozenTrial], final: Final) -> dict[str, Any]:
    rows = [
        {
            "number": trial.number, "seed": original(trial), "pruned": trial.state == TrialState.PRUNED,
            "settings": {name: float(f"{value:.5g}") for name, value in trial.params.items()},
            "loss": _finite(trial.value), "score": trial.user_attrs["score"],
            **{key: trial.user_attrs[key] for key in ("epochs", "seconds")},
        }
        for trial in trials
    ]  # fmt: skip
    best = min(trials, key=trial_loss)
    return {
        "trials": rows,
        "curve": _written(band(*_arrays(trials))),
        "importances": importances(task, cell, trials),
        "best": best.number,
        "final": final.written(),
    }


def _order(done: Mapping[str, list[FrozenTrial]]) -> list[dict[str, Any]]:
    """Of each pair of cells, newest first: the difference of their curves, and from where on its sign is settled."""
    rows = list[dict[str, Any]]()
    for one, other in combinations(list(done)[::-1], 2):
        excess = difference(_arrays(done[one]), _arrays(done[other]))
        rows.append({"one": one, "other": other, "settled": settled(excess), **_written(excess)})
    return rows


def importances(task: Task, cell: str, trials: list[FrozenTrial]) -> dict[str, float]:
    """fANOVA's share of each setting in the variance of the loss, as Optuna computes it, of all trials that ended.

    Optuna itself would leave the pruned ones out, and with them most of what bad settings do: they take part with the
    lowest loss that they had reached.
    """
    study = optuna.create_study()
    study.add_trials([
        create_trial(params=trial.params, distributions=trial.distributions, value=trial.value)
        for trial in trials if math.isfinite(trial_loss(trial))
    ])  # fmt: skip
    names, fanova = [each.name for each in space(task, cell)], optuna.importance.FanovaImportanceEvaluator(seed=0)
    shares = optuna.importance.get_param_importances(study, evaluator=fanova, params=names)
    return {name: round(share, 5) for name, share in shares.items()}


def trial_loss(trial: FrozenTrial) -> float:
    """The lowest validation loss of a trial; infinite where it diverged."""
    return math.inf if trial.value is None else trial.value


def _finite(value: float | None) -> float | None:
    """None where training diverged: JSON has no infinity."""
    return value if value is not None and math.isfinite(value) else None


def _arrays(trials: list[FrozenTrial]) -> tuple[Any, Any]:
    """Losses and scores, (N,) each."""
    return np.array([trial_loss(trial) for trial in trials]), np.array([trial.user_attrs["score"] for trial in trials])


def _written(curve: Band) -> dict[str, list[float]]:
    return {name: [float(f"{value:.{_DIGITS}g}") for value in getattr(curve, name)] for name in ("mean", "low", "high")}
