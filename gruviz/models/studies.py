"""The searches for each cell's settings that are shipped: what `python -m gruviz.training.search TASK --finish` wrote.

A task that was not searched has no file; `study` then says None.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "studies"


@dataclass(frozen=True)
class Trial:
    """One network that was trained in the search, and how it did on the validation part."""

    number: int
    pruned: bool  # ended early, for being worse than half of the others at the same epoch
    settings: Mapping[str, float]
    loss: float | None  # the lowest of its epochs; None where training diverged
    score: float
    epochs: int
    seconds: float  # of the processor


@dataclass(frozen=True)
class Curve:
    """A mean and its 95% interval after 1, 2, ... trials."""

    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class CellStudy:
    """The trials of one cell and what follows from them."""

    cell: str
    trials: tuple[Trial, ...]
    curve: Curve  # the expected validation score of the best of n trials
    importances: Mapping[str, float]  # of each setting, the largest first; they sum to 1
    best: int  # the number of the trial whose settings were chosen
    units: int  # of the chosen network
    losses: tuple[float, ...]  # with the chosen settings, one per seed
    test: tuple[float, ...]  # its test scores, one per seed
    examples: tuple[float, ...]  # the chosen network's score of each test example
    chosen_seed: int

    @property
    def chosen(self) -> Trial:
        """The trial whose settings were chosen."""
        return next(trial for trial in self.trials if trial.number == self.best)


@dataclass(frozen=True)
class Order:
    """By how much the expected score of `one` exceeds that of `other` after 1, 2, ... trials.

    settled: the number of trials from which on the interval lies on one side of 0, if there is one within half of them.
    """

    one: str
    other: str
    difference: Curve
    settled: int | None


@dataclass(frozen=True)
class PairedTests:
    """`one` less `other` on the test part: of the chosen networks over examples, of the means over seeds."""

    one: str
    other: str
    networks: float
    examples_p: float
    examples_test: str
    seeds: float
    seeds_p: float
    seeds_test: str


@dataclass(frozen=True)
class TaskStudy:
    """The search for all cells of a task."""

    task: str
    made_by: str
    budget: Mapping[str, int]  # trials of each cell, epochs at most, seconds of all
    versions: Mapping[str, str]
    space: Mapping[str, Mapping[str, Any]]
    cells: Mapping[str, CellStudy]
    order: tuple[Order, ...]
    tests: tuple[PairedTests, ...]


def path_of(task: str) -> Path:
    """Where the study of a task is kept."""
    return FOLDER / f"{task}.json.gz"


@lru_cache(maxsize=8)
def study(task: str) -> TaskStudy | None:
    """The study of a task; None where its search has not been run."""
    return read(record(task)) if path_of(task).exists() else None


def studies() -> Mapping[str, TaskStudy]:
    """All studies that are shipped, by task."""
    names = sorted(path.name.removesuffix(".json.gz") for path in FOLDER.glob("*.json.gz"))
    return {name: shipped for name in names if (shipped := study(name)) is not None}


def record(task: str) -> dict[str, Any]:
    """What the file of a task holds."""
    return dict(json.loads(gzip.decompress(path_of(task).read_bytes())))


def read(file: Mapping[str, Any]) -> TaskStudy:
    """A study from what its file holds."""
    cells = {cell.upper(): _cell(cell.upper(), row) for cell, row in file["cells"].items()}
    order = tuple(Order(row["one"].upper(), row["other"].upper(), _curve(row), row["settled"]) for row in file["order"])
    tests = tuple(PairedTests(**row | {key: row[key].upper() for key in ("one", "other")}) for row in file["tests"])
    return TaskStudy(
        file["task"], file["made_by"], file["budget"], file["versions"], file["space"], cells, order, tests
    )


def _cell(cell: str, row: Mapping[str, Any]) -> CellStudy:
    trials = tuple(
        Trial(each["number"], each["pruned"], each["settings"], each["loss"], each["score"], each["epochs"],
              each["seconds"])
        for each in row["trials"]
    )  # fmt: skip
    final = row["final"]
    return CellStudy(
        cell, trials, _curve(row["curve"]), row["importances"], row["best"], final["units"],
        tuple(final["validation_loss"]), tuple(final["test"]), tuple(final["examples"]), final["chosen_seed"],
    )  # fmt: skip


def _curve(row: Mapping[str, Any]) -> Curve:
    return Curve(*(tuple(row[key]) for key in ("mean", "low", "high")))
