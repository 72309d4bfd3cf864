"""By how much cells differ, and whether other seeds and other test examples could explain it.

`python -m gruviz.training.comparisons` writes this into results.json from example_scores, as training does: the pages
read it there, so that they need no statistics package. Where a task has no file in example_scores, its shipped networks
are scored first.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from gruviz.models import results
from gruviz.models.tasks import TASKS
from gruviz.records import Array
from gruviz.training.example_scores import TEST, ExampleScores, path_of, read_scores
from gruviz.training.network import CELLS
from gruviz.training.paired import over_examples, over_seeds
from gruviz.training.shipped_scores import of_shipped

_NAMES = {cell.upper() for cell in CELLS}
RESULTS = results.FILE


@dataclass(frozen=True, eq=False)
class Sampled:
    """What a cell or a baseline reached: a score for each example (N,), and the mean of each seed (S,)."""

    examples: Array  # the mean over those of the cell's networks whose single answers were scored
    seeds: Array  # empty for a baseline, which depends on no seed

    @property
    def mean(self) -> float:
        """Over seeds, or for a baseline over examples."""
        return float((self.seeds if len(self.seeds) else self.examples).mean())


@dataclass(frozen=True)
class Estimate:
    """A difference of mean scores, its 95% interval, and the p-value of there being none."""

    difference: float
    low: float
    high: float
    p: float


def differ(one: Sampled, other: Sampled) -> Estimate:
    """The mean score of `one` less that of `other`, both on the same examples.

    An example that is hard for both doesn't count; seeds have nothing in common. What other seeds and other examples
    would change is the sum of the variances of the seeds' means and of the examples' differences, each with its own
    degrees of freedom: Student's t with Satterthwaite's (Biometrics Bulletin 1946). Resampling seeds and examples gives
    much the same spread, but percentiles of five resampled seeds are too narrow: where seeds differ most, intervals
    that should hold the truth in 95 % of cases do in 91 to 92 %, and these in 96 % (simulated, see the tests).
    """
    from scipy import stats  # only training compares: see gruviz.training

    sampled = [one.examples - other.examples, *(seeds for seeds in (one.seeds, other.seeds) if len(seeds))]
    variances = np.array([values.var(ddof=1) / len(values) for values in sampled])
    mean, variance = one.mean - other.mean, float(variances.sum())
    if not variance:
        return Estimate(mean, mean, mean, float(mean == 0))
    freedom = variance**2 / sum(v**2 / (len(values) - 1) for v, values in zip(variances, sampled, strict=True))
    spread = stats.t(freedom, scale=np.sqrt(variance))
    low, high = (mean + float(end) for end in spread.interval(0.95))
    return Estimate(mean, low, high, float(2 * spread.sf(abs(mean))))


def with_comparisons(tasks: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The results of all tasks with what their cells differ by, corrected for the number of comparisons.

    The corrected p-values control the false discovery rate: of all differences below 5 %, at most 5 % are expected to
    be chance (Benjamini and Hochberg, JRSS B 1995). There are three questions, each with its own correction, over all
    tasks: which cell is better on the test, which on the further tests, and which is better than a baseline.
    """
    from scipy import stats

    rows = {name: list(_task_rows(task, read_scores(name))) for name, task in tasks.items() if path_of(name).exists()}
    questions: dict[tuple[bool, bool], list[dict[str, Any]]] = {}
    for of_task in rows.values():
        for row in of_task:
            questions.setdefault((row["test"] == TEST, row["other"] in _NAMES), []).append(row)
    for asked in questions.values():
        corrected = stats.false_discovery_control([row["p"] for row in asked], method="bh")
        for row, p in zip(asked, corrected, strict=True):
            row |= {"corrected_p": float(p), "comparisons": len(asked)}
    return {name: {**task, "comparisons": rows.get(name, [])} for name, task in tasks.items()}


def _task_rows(task: Mapping[str, Any], scores: ExampleScores) -> Iterator[dict[str, Any]]:
    """Every pair of cells on every test, then every cell beside every baseline."""

    def reached(cell: str, test: str) -> Sampled:
        row = task["cells"][cell]
        return Sampled(scores.cells[cell][test].mean(0), np.array(row["test"] if test == TEST else row["also"][test]))

    newest_first = list(scores.cells)[::-1]
    for test in next(iter(scores.cells.values())):
        for one, other in combinations(newest_first, 2):
            row = _row(test, one, other.upper(), differ(reached(one, test), reached(other, test)))
            yield row | {"two_tests": _two_tests(task, scores, test, one, other)}
    for baseline, plain in zip(task["baselines"], scores.baselines, strict=True):
        for cell in newest_first:
            estimate = differ(reached(cell, TEST), Sampled(plain, np.empty(0)))
            yield _row(TEST, cell, baseline["name"], estimate)


def _two_tests(
    task: Mapping[str, Any], scores: ExampleScores, test: str, one: str, other: str
) -> dict[str, float | str]:
    """Of the shipped networks, over examples; of all seeds' means, over seeds. Neither p-value is corrected."""
    networks, means = list[Array](), list[Array]()
    for cell in (one, other):
        row, of_seeds = task["cells"][cell], scores.cells[cell][test]
        networks.append(of_seeds[row["shipped_seed"] if len(of_seeds) > 1 else 0])
        means.append(np.array(row["test"] if test == TEST else row["also"][test]))
    examples, seeds = over_examples(*networks), over_seeds(*means)
    return {"networks": float((networks[0] - networks[1]).mean()), "examples_p": examples.p,
            "examples_test": examples.test, "seeds_p": seeds.p, "seeds_test": seeds.test}  # fmt: skip


def _row(test: str, one: str, other: str, estimate: Estimate) -> dict[str, Any]:
    return {"test": test, "one": one.upper(), "other": other, "difference": estimate.difference,
            "interval": [estimate.low, estimate.high], "p": estimate.p}  # fmt: skip


def write(tasks: Mapping[str, Mapping[str, Any]], path: Path = RESULTS) -> None:
    """Writes the results file, all comparisons made again."""
    results = {"made_by": "python -m gruviz.training all", "tasks": with_comparisons(tasks)}
    path.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Scores the shipped networks of tasks without scores of single examples, then compares all tasks."""
    tasks = json.loads(RESULTS.read_text(encoding="utf-8"))["tasks"]
    for name in tasks:
        if not path_of(name).exists():
            path_of(name).write_bytes(of_shipped(TASKS[name]).to_bytes())
    write(tasks)


if __name__ == "__main__":
    main()
