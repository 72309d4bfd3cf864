"""Two tests of which cell is better: on the same test examples, and over seeds. Both are SciPy's."""

from dataclasses import dataclass

import numpy as np

from gruviz.records import Array

RESAMPLES = 9999  # of sign flips, where there are too many to try all


@dataclass(frozen=True)
class Tested:
    """A p-value, two-sided, and the name of the test."""

    p: float
    test: str


def over_examples(one: Array, other: Array) -> Tested:
    """Of two networks on the same examples, (N,) scores each: could the examples alone explain the difference?

    Right and wrong answers (1 and 0): McNemar's exact test, which asks whether examples that only one gets right are
    evenly shared. Other scores: a permutation test of the mean difference that swaps the two scores of an example.
    """
    from scipy import stats

    if set(np.unique([one, other])) <= {0.0, 1.0}:
        only_one, only_other = int((one > other).sum()), int((other > one).sum())
        p = stats.binomtest(only_one, only_one + only_other).pvalue if only_one + only_other else 1.0
        return Tested(float(p), "McNemar")
    if np.array_equal(one, other):
        return Tested(1.0, "paired permutation")
    result = stats.permutation_test(
        (one - other,), lambda differences, axis: differences.mean(axis), permutation_type="samples", vectorized=True,
        n_resamples=RESAMPLES, rng=np.random.default_rng(0),
    )  # fmt: skip
    return Tested(float(result.pvalue), "paired permutation")


def over_seeds(one: Array, other: Array) -> Tested:
    """Of the mean test scores of two cells' seeds, (S,) each: could the seeds alone explain the difference?

    A permutation test of the difference of means, over all ways to deal the scores to two cells: exact, and with five
    seeds each no p-value is below 2 / 252.
    """
    from scipy import stats

    result = stats.permutation_test(
        (one, other), lambda x, y, axis: x.mean(axis) - y.mean(axis), permutation_type="independent", vectorized=True,
        n_resamples=np.inf, rng=np.random.default_rng(0),
    )  # fmt: skip
    return Tested(float(result.pvalue), "permutation")
