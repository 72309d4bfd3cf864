import math

import numpy as np
import pytest

from gruviz.cells.draws import build_module
from gruviz.errors import GruvizError
from gruviz.gradients import state_jacobian_singular_values, step_jacobian_eigenvalues
from gruviz.records import Weights
from tests.gradients.unrolled import KINDS, autograd_jacobian, make

SMOOTH = [kind for kind in KINDS if kind != "rnn_relu"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [-1, 0, 4])
def test_one_step_spectrum_is_that_of_autograds_jacobian(kind, at):
    module, x = make(kind, 5, 3, 1), np.random.default_rng(2).standard_normal((7, 3))
    expected = np.linalg.eigvals(autograd_jacobian(module, x, at % 7, 1))
    ours = step_jacobian_eigenvalues(module, x, at)
    assert ours.dtype == np.complex128
    assert (np.diff(np.abs(ours)) <= 0).all()
    by_value = [np.sort_complex(np.round(values, 9)) for values in (ours, expected)]
    np.testing.assert_allclose(*by_value, atol=2e-9)


@pytest.mark.parametrize("kind", SMOOTH)
@pytest.mark.parametrize("at", [-1, 6])
def test_singular_values_are_those_of_autograds_jacobian(kind, at):
    module, x = make(kind, 4, 3, 3, scale=1.5), np.random.default_rng(4).standard_normal((9, 3))
    found = state_jacobian_singular_values(module, x, [4, 0, 1, 2], at)
    assert found.lags == (0, 1, 2, 4)
    assert (found.log10_largest[0], found.log10_smallest[0]) == (0, 0)
    for place, lag in enumerate(found.lags):
        values = np.linalg.svd(autograd_jacobian(module, x, at % 9, lag), compute_uv=False)
        assert 10 ** found.log10_largest[place] == pytest.approx(values[0], rel=1e-9)
        # numpy's own error in the smallest is about 1e-16 of the largest
        room = 1e-9 * values[-1] + 1e-14 * values[0]
        assert 10 ** found.log10_smallest[place] == pytest.approx(values[-1], rel=0, abs=room)


@pytest.mark.parametrize("kind", ["rnn_tanh", "gru", "reset_before"])
def test_two_singular_values_multiply_to_the_determinant(kind):
    """The determinant of a product is the product of the determinants: a check far below 1e-16 of the largest."""
    module, x = make(kind, 2, 2, 5), np.random.default_rng(6).standard_normal((120, 2))
    found = state_jacobian_singular_values(module, x, [50, 119])
    for place, lag in enumerate(found.lags):
        log10_determinant = sum(_log10_determinant(module, x, 119 - k) for k in range(lag))
        total = found.log10_largest[place] + found.log10_smallest[place]
        assert total == pytest.approx(log10_determinant, abs=1e-9)
    assert found.log10_smallest[-1] < -20


def _log10_determinant(module, x, step):
    return float(np.log10(np.abs(step_jacobian_eigenvalues(module, x, step))).sum())


@pytest.mark.parametrize("steps", [10, 1000])
def test_diagonal_linear_net_is_known_exactly(steps):
    factors = np.array([1.1, 0.9, 1e-3])
    weights = Weights(np.ones((3, 1)), np.diag(factors), np.zeros(3), np.zeros(3), activation="relu")
    lag = steps - 1
    found = state_jacobian_singular_values(build_module("RNN", weights), np.ones((steps, 1)), [lag])
    assert found.log10_largest[0] == pytest.approx(lag * math.log10(1.1), rel=1e-12)
    assert found.log10_smallest[0] == pytest.approx(-3 * lag, rel=1e-12)


def test_a_unit_that_is_off_makes_the_smallest_zero_and_all_off_the_largest():
    weights = Weights(np.array([[1.0], [-1.0]]), np.eye(2), np.zeros(2), np.zeros(2), activation="relu")
    module = build_module("RNN", weights)
    found = state_jacobian_singular_values(module, np.ones((5, 1)), [0, 1, 4])
    np.testing.assert_array_equal(found.log10_smallest, [0, -np.inf, -np.inf])
    np.testing.assert_allclose(found.log10_largest, [0, 0, 0], atol=1e-12)
    off = build_module("RNN", Weights(-np.ones((2, 1)), np.eye(2), np.zeros(2), np.zeros(2), activation="relu"))
    np.testing.assert_array_equal(state_jacobian_singular_values(off, np.ones((5, 1)), [2]).log10_largest, [-np.inf])


@pytest.mark.parametrize("lags", [[5], [-1], [1.5], [True]])
def test_lags_outside_are_refused(lags):
    with pytest.raises(GruvizError, match=r"lags are 0 to 4|a whole number, 0 to 4"):
        state_jacobian_singular_values(make("gru", 3, 2, 0), np.ones((5, 2)), lags)


def test_progress_reaches_the_end():
    told = []
    state_jacobian_singular_values(make("gru", 3, 2, 0), np.ones((9, 2)), [8], on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
