"""What `python -m gruviz.training all` wrote of all tasks, cells and seeds: the numbers that pages quote."""

import json
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from gruviz.models.scores import written, written_difference
from gruviz.signals import CELLS

FILE = Path(__file__).parent / "results.json"
TEST = "test"
LEVEL = 0.05  # of significance


@dataclass(frozen=True)
class Score:
    """A mean over test examples with its 95% interval."""

    name: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class TwoTests:
    """Two cells by each source of chance alone; p-values are not corrected.

    networks: by how much the mean score of the one's shipped network exceeds that of the other's. examples_p: of the
    examples alone explaining it, paired. seeds_p: of the seeds alone explaining the difference of the means over seeds.
    """

    networks: float
    examples_p: float
    examples_test: str
    seeds_p: float
    seeds_test: str


@dataclass(frozen=True)
class Difference:
    """The mean score of cell `one` less that of `other`, a cell or a baseline, on one test.

    low and high: its 95% interval over other seeds and other test examples. p: of there being no difference, corrected
    for `comparisons`, the number of comparisons of its kind on all tasks.
    """

    test: str
    one: str
    other: str
    mean: float
    low: float
    high: float
    p: float
    comparisons: int
    two_tests: TwoTests | None = None  # of two cells

    @property
    def significant(self) -> bool:
        """Whether it is among the differences of its kind of which at most 5 % are expected to be chance."""
        return self.p < LEVEL

    def turned(self) -> "Difference":
        """`other` less `one`."""
        both = self.two_tests and replace(self.two_tests, networks=-self.two_tests.networks)
        return replace(
            self, one=self.other, other=self.one, mean=-self.mean, low=-self.high, high=-self.low, two_tests=both
        )


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
    differences: tuple[Difference, ...]

    def written(self, value: float) -> str:
        """A score as people read it."""
        return written(value, {"lower_is_better": self.lower_is_better}, self.unit)

    def written_difference(self, value: float) -> str:
        """A difference of scores as people read it."""
        return written_difference(value, {"lower_is_better": self.lower_is_better}, self.unit)

    def between(self, one: str, other: str, test: str = TEST) -> Difference:
        """By how much cell `one` differs from `other`, a cell or a baseline; KeyError where nobody compared them."""
        for difference in self.differences:
            if difference.test == test and {difference.one, difference.other} == {one, other}:
                return difference if difference.one == one else difference.turned()
        raise KeyError(f"{self.title}: {one} and {other} were not compared on {test!r}")

    def ahead(self, one: str, other: str, test: str = TEST) -> bool | None:
        """Whether cell `one` is significantly better than `other`, a cell or a baseline; None where neither is."""
        difference = self.between(one, other, test)
        return (difference.mean > 0) != self.lower_is_better if difference.significant else None


@lru_cache(maxsize=1)
def results() -> Mapping[str, TaskResult]:
    """The results by task."""
    file = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: _task(name, row) for name, row in file["tasks"].items()}


def _task(name: str, row: Mapping[str, Any]) -> TaskResult:
    cells = {
        cell: _cell(cell, row["cells"][cell.lower()], row["metric"]) for cell in CELLS if cell.lower() in row["cells"]
    }
    return TaskResult(
        name, row["title"], row["summary"], row["metric"], row["lower_is_better"], row["unit"], row["test_examples"],
        row["budget"]["train_examples"], row["budget"]["tuning"], row["budget"]["keep"],
        tuple(map(_score, row["baselines"])), cells, tuple(map(_difference, row.get("comparisons", ()))),
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


def _difference(row: Mapping[str, Any]) -> Difference:
    low, high = row["interval"]
    both = TwoTests(**row["two_tests"]) if "two_tests" in row else None
    return Difference(
        row["test"],
        row["one"],
        row["other"],
        row["difference"],
        low,
        high,
        row["corrected_p"],
        row["comparisons"],
        both,
    )
