"""How far two runs are apart: numbers by hand, and when they part and meet."""

import numpy as np
import pytest
import torch
from torch import nn

import gruviz
from gruviz import Hold
from gruviz.errors import GruvizError
from gruviz.records import Trace, Weights, divergence


def run(states, tokens=(), cell="GRU", **parts):
    """A trace with given states h (T, H); what else it holds does not matter here."""
    h = np.asarray(states, float)
    units = h.shape[1]
    weights = Weights(np.zeros((units, 1)), np.zeros((units, units)), np.zeros(units), np.zeros(units))
    values = {"h": h, **{key: np.asarray(part, float) for key, part in parts.items()}}
    return Trace(cell, values, {"h": np.zeros(units)}, np.zeros((len(h), 1)), weights, 0.0, tokens=tuple(tokens))


def test_the_gap_is_relative_to_the_larger_state():
    one, other = run([[3, 4], [0, 0], [1, 0], [0, 0]]), run([[3, 4], [0, 2], [0, 1], [0, 0]])
    apart = divergence(one, other)
    np.testing.assert_allclose(apart.gap, [0, 1, np.sqrt(2), 0])
    np.testing.assert_allclose(divergence(other, one).gap, apart.gap)
    assert (apart.first, apart.together, apart.close) == (2, 4, False)


@pytest.mark.parametrize(
    ("gaps", "first", "together", "close"),
    [
        ([0, 0, 0], None, None, True),
        ([0.5, 0, 0], 1, 2, False),
        ([0, 0.5, 0.009], 2, 3, False),
        ([0, 0.5, 0.02], 2, None, False),
        ([0, 0.5, 0.001, 0.5, 0.009], 2, 5, False),  # they come apart once more
        ([0, 0.009, 0.001], 2, None, True),
        ([1e-6, 0.5, 0], 2, 3, False),  # rounding
        ([0, 0, 0.5], 3, None, False),
    ],
)
def test_when_two_runs_part_and_meet(gaps, first, together, close):
    one = run(np.ones((len(gaps), 1)))
    apart = divergence(one, run(1 - np.array(gaps)[:, None]))
    assert (apart.first, apart.together, apart.close) == (first, together, close)


def test_the_whole_state_counts():
    one = run([[1.0]], cell="LSTM", c=[[1.0]])
    other = run([[1.0]], cell="LSTM", c=[[2.0]])
    np.testing.assert_allclose(divergence(one, other).gap, [1 / np.sqrt(5)])


def test_sequences_are_aligned_by_step_up_to_the_shorter():
    one, other = run(np.ones((3, 1)), "abc"), run(np.ones((4, 1)), "axcd")
    assert divergence(one, other).tokens == (2,)
    assert len(divergence(one, other).gap) == 3
    assert divergence(one, one).tokens == ()


def test_a_run_differs_from_where_it_is_changed():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = nn.GRU(2, 3)
    x = np.random.default_rng(0).standard_normal((40, 2))
    plain = gruviz.trace(module, x)
    assert divergence(plain, plain).first is None
    apart = divergence(plain, gruviz.trace(module, x, what_if=Hold("h", 0, steps=9)))
    assert apart.first == 10
    assert apart.together is not None
    assert (apart.gap[apart.together - 1 :] <= 0.01).all()
    assert apart.gap[apart.together - 2] > 0.01


def test_what_can_t_be_compared():
    with pytest.raises(GruvizError, match="same network"):
        divergence(run(np.ones((2, 1))), run(np.ones((2, 2))))
    with torch.random.fork_rng(devices=[]):
        batch = gruviz.trace(nn.GRU(2, 3), np.zeros((4, 2, 2)))
    with pytest.raises(GruvizError, match="one sequence at a time"):
        divergence(batch, batch)
