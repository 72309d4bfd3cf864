"""One Optuna study per task and cell, in a storage that any number of processes and machines may share.

How many trials a study has is counted in the storage, over all workers: a trial counts from its start on, unless it
failed. So that two that start at once are not one too many, a trial that finds enough others before it steps back.
"""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution
from optuna.exceptions import ExperimentalWarning
from optuna.samplers import BaseSampler, TPESampler
from optuna.storages import RDBStorage, RetryHeartbeatStaleTrialCallback
from optuna.trial import FrozenTrial, TrialState

from gruviz.errors import GruvizError
from gruviz.models.tasks import Task
from gruviz.training.search.space import Dimension, space

LOCAL = Path("build") / "search"
STARTUP = 8  # trials of a study before TPE has seen enough to propose
WARM_UP = 2  # epochs that no trial is ended before
GRACE = 60  # seconds without a sign of life after which a trial is given to another worker
COUNTED = (TrialState.WAITING, TrialState.RUNNING, TrialState.COMPLETE, TrialState.PRUNED)
DONE = (TrialState.COMPLETE, TrialState.PRUNED)


class SeededByTrial(BaseSampler):
    """TPE with a seed of its own for each trial: what it draws depends on the trials so far, not on who asks."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def _of(self, trial: FrozenTrial) -> TPESampler:
        seed = int(np.random.SeedSequence([self._seed, trial.number]).generate_state(1)[0])
        return TPESampler(n_startup_trials=STARTUP, seed=seed)

    def infer_relative_search_space(self, study: optuna.Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """TPE's."""
        return self._of(trial).infer_relative_search_space(study, trial)

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """TPE's."""
        return self._of(trial).sample_relative(study, trial, search_space)

    def sample_independent(
        self, study: optuna.Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """TPE's; the name takes part in the seed, or dimensions of one range would get one value."""
        seed = np.random.SeedSequence([self._seed, trial.number, *param_name.encode()]).generate_state(1)[0]
        sampler = TPESampler(n_startup_trials=STARTUP, seed=int(seed))
        return sampler.sample_independent(study, trial, param_name, param_distribution)


@contextmanager
def quiet() -> Iterator[None]:
    """Without Optuna's notes that heartbeats are experimental."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        yield


def open_storage(url: str | None, task: str, grace: int = GRACE) -> RDBStorage:
    """The storage at a URL; without one, an SQLite file in build/search, shared by waiting for its lock."""
    if url is None:
        LOCAL.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{LOCAL / task}.db"
    if url.startswith(("postgresql://", "postgres://")):
        url = f"postgresql+psycopg://{url.split('://', 1)[1]}"
    options = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {"pool_pre_ping": True}
    if url.startswith("postgresql+psycopg:") and find_spec("psycopg") is None:
        raise GruvizError("psycopg must be installed to reach PostgreSQL: run pip install 'psycopg[binary]'.")
    with quiet():
        return RDBStorage(
            url, engine_kwargs=options, heartbeat_interval=max(1, grace // 4), grace_period=grace,
            heartbeat_stale_trial_callback=RetryHeartbeatStaleTrialCallback(),
        )  # fmt: skip


def close_storage(storage: RDBStorage) -> None:
    """Gives its connections back."""
    storage.remove_session()
    storage.engine.dispose()


def open_study(storage: RDBStorage, task: Task, cell: str, seed: int) -> optuna.Study:
    """The study of a task and cell, made where there is none; GruvizError where it is of another space."""
    study = optuna.create_study(
        storage=storage, study_name=f"{task.name}-{cell}", load_if_exists=True, sampler=SeededByTrial(seed),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=STARTUP // 2, n_warmup_steps=WARM_UP),
    )  # fmt: skip
    ranges = {dimension.name: dimension.written() for dimension in space(task, cell)}
    made_for = json.dumps({"space": ranges, "settings": repr(task.settings), "seed": seed}, sort_keys=True)
    if study.user_attrs.setdefault("made_for", made_for) != made_for:
        raise GruvizError(
            f"The study {study.study_name} in this storage was made for other ranges, settings or another seed: "
            "continue it with those, or name another --storage."
        )
    study.set_user_attr("made_for", made_for)
    return study


def suggest(trial: optuna.Trial, dimension: Dimension) -> float:
    """A trial's value in a dimension."""
    if dimension.whole:
        low, high, step = int(dimension.low), int(dimension.high), int(dimension.step or 1)
        return trial.suggest_int(dimension.name, low, high, step=step)
    return trial.suggest_float(dimension.name, dimension.low, dimension.high, step=dimension.step, log=dimension.log)


def counted(study: optuna.Study) -> list[FrozenTrial]:
    """The trials that count, in the order of their numbers."""
    return sorted(study.get_trials(deepcopy=False, states=COUNTED), key=lambda trial: trial.number)


def surplus(study: optuna.Study, number: int, total: int) -> bool:
    """Whether trial `number` is one too many: as many as `total` of lower numbers count."""
    return sum(trial.number < number for trial in counted(study)) >= total


def original(trial: FrozenTrial) -> int:
    """The number of the trial that this one repeats, because its worker was killed; else its own."""
    with quiet():
        number = RetryHeartbeatStaleTrialCallback.retried_trial_number(trial)
    return trial.number if number is None else number
