"""How good a cell can be expected to be after n trials, and from how many on the order of two cells is settled.

The expected best of n (Dodge et al., EMNLP 2019, arXiv:1909.03004): of n trials drawn from a study's N with
replacement, the one with the lowest validation loss is chosen; its expected validation score is a weighted mean over
all trials. In the paper trials are drawn at random; TPE's late ones are better than its early ones. The curve tells
what n of a study's trials give, whichever they are. Its band knows of no trial better than the best one seen: near
n = N it rests on few trials (Tang et al., ACL 2020, arXiv:2004.13705), which is why `settled` asks for n of at most
N / 2.
"""

from dataclasses import dataclass

import numpy as np

from gruviz.records import Array

LEVEL = 0.95
RESAMPLES = 2000


@dataclass(frozen=True, eq=False)
class Band:
    """A mean and the ends of its 95% interval after 1, 2, ... N trials, (N,) each."""

    mean: Array
    low: Array
    high: Array


def best_weights(trials: int) -> Array:
    """(N, N): row i, column n - 1 is the probability that of n trials the best is the one of rank i, 0 the best."""
    ranks, n = np.arange(trials)[:, None], np.arange(1, trials + 1)
    weights: Array = ((trials - ranks) / trials) ** n - ((trials - ranks - 1) / trials) ** n
    return weights


def expected_best(losses: Array, scores: Array) -> Array:
    """The expected score of the trial of lowest loss, of 1 to N drawn; (..., N) from losses and scores (..., N)."""
    ranked = np.take_along_axis(scores, losses.argsort(-1, kind="stable"), -1)
    curves: Array = ranked @ best_weights(scores.shape[-1])
    return curves


def band(losses: Array, scores: Array, seed: int = 0) -> Band:
    """The curve of one cell with its bootstrap band: trials resampled."""
    from scipy import stats

    def curves(rows: Array, axis: int) -> Array:
        return np.moveaxis(expected_best(losses[rows], scores[rows]), axis, 0)  # (N, resamples)

    drawn = stats.bootstrap(
        (np.arange(len(losses)),), curves, vectorized=True, n_resamples=RESAMPLES, method="percentile",
        confidence_level=LEVEL, rng=np.random.default_rng(seed),
    )  # fmt: skip
    ends = drawn.confidence_interval
    return Band(expected_best(losses, scores), np.asarray(ends.low), np.asarray(ends.high))


def difference(one: tuple[Array, Array], other: tuple[Array, Array], seed: int = 0) -> Band:
    """By how much the expected score of `one` exceeds that of `other`: losses and scores, (N,) each."""
    from scipy import stats

    def curves(rows: Array, others: Array, axis: int) -> Array:
        mine, theirs = expected_best(*(of[rows] for of in one)), expected_best(*(of[others] for of in other))
        return np.moveaxis(mine - theirs, axis, 0)

    drawn = stats.bootstrap(
        (np.arange(len(one[0])), np.arange(len(other[0]))), curves, vectorized=True, n_resamples=RESAMPLES,
        method="percentile", confidence_level=LEVEL, rng=np.random.default_rng(seed),
    )  # fmt: skip
    ends = drawn.confidence_interval
    return Band(expected_best(*one) - expected_best(*other), np.asarray(ends.low), np.asarray(ends.high))


def settled(excess: Band) -> int | None:
    """From how many trials on the order of two cells is settled; None where it is not.

    The least n such that after n, n + 1, ... N trials the interval of the difference lies on one side of 0, the same
    side; and n is at most N / 2, so that as many trials again have been seen to leave it so. The intervals are not
    corrected for being many.
    """
    trials = len(excess.mean)
    sides = np.where(excess.low > 0, 1, np.where(excess.high < 0, -1, 0))
    if not sides[-1]:
        return None
    others = np.flatnonzero(sides != sides[-1])
    first = int(others[-1]) + 2 if len(others) else 1
    return first if first <= trials / 2 else None
