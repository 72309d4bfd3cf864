"""The two tests against counting by hand."""

from itertools import combinations, product
from math import comb

import numpy as np
import pytest

from gruviz.training.paired import over_examples, over_seeds


def test_right_and_wrong_answers_are_mcnemars():
    """9 examples that only the one gets right, 2 that only the other does: both tails of a fair coin."""
    one = np.array([1.0] * 9 + [0.0] * 2 + [1.0] * 30 + [0.0] * 5)
    other = np.array([0.0] * 9 + [1.0] * 2 + [1.0] * 30 + [0.0] * 5)
    by_hand = 2 * sum(comb(11, k) for k in range(3)) / 2**11
    found = over_examples(one, other)
    assert (found.test, found.p) == ("McNemar", pytest.approx(by_hand))
    assert over_examples(one, one).p == 1


def test_errors_swap_within_each_example():
    one, other = np.array([0.5, 0.9, 0.1, 0.7, 0.4]), np.array([0.6, 1.5, 0.3, 0.8, 0.3])
    differences = one - other
    means = [abs(np.mean(differences * signs)) for signs in product([1, -1], repeat=5)]
    by_hand = np.mean([mean >= abs(differences.mean()) - 1e-12 for mean in means])
    found = over_examples(one, other)
    assert (found.test, found.p) == ("paired permutation", pytest.approx(by_hand))
    assert over_examples(one, one).p == 1


def test_seeds_are_dealt_anew_to_two_cells():
    one, other = np.array([0.8, 0.81, 0.85, 0.79, 0.83]), np.array([0.84, 0.86, 0.82, 0.88, 0.87])
    both = np.concatenate([one, other])
    size = abs(one.mean() - other.mean())
    dealt = [set(rows) for rows in combinations(range(10), 5)]
    differences = [abs(both[list(rows)].mean() - both[list(set(range(10)) - rows)].mean()) for rows in dealt]
    by_hand = np.mean([value >= size - 1e-12 for value in differences])
    assert over_seeds(one, other).p == pytest.approx(by_hand)
    assert over_seeds(one, one + 1).p == pytest.approx(2 / 252)
    assert over_seeds(np.ones(5), np.ones(5)).p == 1
