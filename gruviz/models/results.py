"""What `python -m gruviz.models.train all` wrote of all tasks, cells and seeds: the numbers that pages quote."""

import json
import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from gruviz.models.scores import written
from gruviz.signals import CELLS

_FILE = Path(__file__).parent / "results.json"
# Student's t, 97.5 %, by degrees of freedom from 1 on (any statistics textbook)
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)


@dataclass(frozen=True)
class Score:
    """A mean over test examples with its 95 % interval."""

    name: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class CellResult:
    """One cell on one task: the test scores of all seeds, and the network that is shipped."""

    cell: str
    features: int
    hidden: int
    rate: float  # the learning rate
    tried: Mapping[float, tuple[float, ...]]  # validation losses of the rates that it was chosen from, one a seed
    parameters: int
    cell_parameters: int
    test: tuple[float, ...]  # one a seed
    shipped: Score  # of the network of the seed with the lowest validation loss
    also: tuple[Score, ...]  # the same, on further tests

    @property
    def mean(self) -> float:
        """Over seeds."""
        return statistics.fmean(self.test)

    @property
    def sd(self) -> float:
        """Over seeds, of the sample."""
        return statistics.stdev(self.test)


@dataclass(frozen=True)
class TaskResult:
    """All cells on one task."""

    name: str
    title: str
    summary: str  # what the networks read and answer, and what they were trained on
    metric: str
    lower_is_better: bool
    unit: str
    test_examples: int
    train_examples: int
    tuning: str
    keep: float  # by how much the bias of the gate that keeps is raised as training starts
    baselines: tuple[Score, ...]
    cells: Mapping[str, CellResult]

    def written(self, value: float) -> str:
        """A score as people read it."""
        return written(value, {"lower_is_better": self.lower_is_better}, self.unit)

    def ahead(self, one: str, other: str) -> bool | None:
        """Whether cell `one` does better than `other` over seeds; None where their seeds can't tell.

        Welch's t test at 95 %, two-sided (Biometrika 1947), the degrees of freedom rounded down.
        """
        a, b = self.cells[one], self.cells[other]
        difference = a.mean - b.mean
        parts = [cell.sd**2 / len(cell.test) for cell in (a, b)]
        error = math.sqrt(sum(parts))
        if error:
            spread = sum(part**2 / (len(cell.test) - 1) for part, cell in zip(parts, (a, b), strict=True))
            freedom = min(int(sum(parts) ** 2 / spread), len(_T))
            if abs(difference) <= _T[freedom - 1] * error:
                return None
        elif not difference:
            return None
        return (difference > 0) != self.lower_is_better


@lru_cache(maxsize=1)
def results() -> Mapping[str, TaskResult]:
    """The results by task."""
    file = json.loads(_FILE.read_text(encoding="utf-8"))
    return {name: _task(name, row) for name, row in file["tasks"].items()}


def _task(name: str, row: Mapping[str, Any]) -> TaskResult:
    cells = {
        cell: _cell(cell, row["cells"][cell.lower()], row["metric"]) for cell in CELLS if cell.lower() in row["cells"]
    }
    return TaskResult(
        name, row["title"], row["summary"], row["metric"], row["lower_is_better"], row["unit"], row["test_examples"],
        row["budget"]["train_examples"], row["budget"]["tuning"], row["budget"]["keep"],
        tuple(map(_score, row["baselines"])), cells,
    )  # fmt: skip


def _cell(cell: str, row: Mapping[str, Any], metric: str) -> CellResult:
    shipped = row["shipped"]
    return CellResult(
        cell, row["features"], row["hidden"], row["rate"],
        {trial["rate"]: tuple(trial["validation_loss"]) for trial in row["trials"]},
        row["parameters"], row["cell_parameters"], tuple(row["test"]),
        _score({"name": metric, **shipped}), tuple(map(_score, shipped["also"])),
    )  # fmt: skip


def _score(row: Mapping[str, Any]) -> Score:
    return Score(row["name"], row["test"], *row["interval"])
