"""The expected best of n trials against enumeration by hand, its band against resampling by a loop, and the rule."""

from itertools import product

import numpy as np
import pytest

from gruviz.training.search import curves
from gruviz.training.search.curves import Band, band, best_weights, difference, expected_best, settled


def by_hand(losses, scores, n):
    """The mean over all ways to draw n trials with replacement."""
    drawn = [min(rows, key=lambda row: losses[row]) for rows in product(range(len(losses)), repeat=n)]
    return np.mean([scores[row] for row in drawn])


def test_the_expected_best_is_the_mean_over_all_draws():
    losses, scores = np.array([0.4, 0.1, 0.9, 0.2, 0.7]), np.array([0.7, 0.8, 0.3, 0.9, 0.5])
    curve = expected_best(losses, scores)
    for n in range(1, 6):
        assert curve[n - 1] == pytest.approx(by_hand(losses, scores, n))
    assert curve[0] == pytest.approx(scores.mean())


def test_two_trials_on_paper():
    """One of 60 % and one of 80 %: the better one is among n draws unless all n are the other: 1 - 1/2^n."""
    curve = expected_best(np.array([2.0, 1.0]), np.array([0.6, 0.8]))
    assert curve.tolist() == pytest.approx([0.7, 0.6 / 4 + 0.8 * 3 / 4])


def test_of_scores_that_choose_it_is_the_paper_s_formula():
    """Dodge et al., equation 7: the sum of v (F(v)^n - F(v-)^n)."""
    scores = np.random.default_rng(0).random(30)
    ranked = np.sort(scores)
    share = np.arange(31) / 30
    for n in (1, 4, 30):
        assert expected_best(-scores, scores)[n - 1] == pytest.approx(ranked @ (share[1:] ** n - share[:-1] ** n))


@pytest.mark.parametrize("trials", [1, 2, 40])
def test_the_weights_are_probabilities(trials):
    weights = best_weights(trials)
    np.testing.assert_allclose(weights.sum(0), 1)
    assert (weights >= 0).all()


def test_the_band_is_that_of_resampled_trials(monkeypatch):
    rng = np.random.default_rng(1)
    losses = rng.random(12)
    scores = 1 - losses
    monkeypatch.setattr(curves, "RESAMPLES", 4000)
    found = band(losses, scores)
    again = np.array([expected_best(losses[rows], scores[rows]) for rows in rng.integers(0, 12, (4000, 12))])
    low, high = np.percentile(again, [2.5, 97.5], axis=0)
    np.testing.assert_allclose(found.low, low, atol=0.02)
    np.testing.assert_allclose(found.high, high, atol=0.02)
    np.testing.assert_allclose(found.mean, expected_best(losses, scores))
    assert band(losses, scores).low.tolist() == found.low.tolist()  # the same file every time


def test_the_difference_of_two_cells():
    rng = np.random.default_rng(2)
    one, other = rng.random(20), rng.random(20)
    found = difference((one, 1 - one), (other, 1 - other))
    np.testing.assert_allclose(found.mean, expected_best(one, 1 - one) - expected_best(other, 1 - other))
    far = difference((one, 1 - one), (one + 5, -4 - one))
    assert settled(far) == 1
    same = difference((one, 1 - one), (one, 1 - one))
    assert settled(same) is None
    assert (same.low < 0).all()


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ([1, 1, 1, 1], [2, 2, 2, 2], 1),
        ([-1, 1, 1, 1], [2, 2, 2, 2], 2),
        ([-2, -2, -2, -2], [1, -1, -1, -1], 2),
        ([1, 1, -1, 1], [2, 2, 2, 2], None),  # only for the last of four, which is not within half of them
        ([-2, 1, 1, 1], [-1, 2, 2, 2], 2),  # the other way round at first
        ([1, 1, 1, -1], [2, 2, 2, 2], None),  # open in the end
        ([0, 0, 0, 0], [0, 0, 0, 0], None),
    ],
)
def test_the_rule(low, high, expected):
    low, high = np.array(low, dtype=float), np.array(high, dtype=float)
    assert settled(Band((low + high) / 2, low, high)) == expected
