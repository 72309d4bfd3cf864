"""How sentences write quantities: read back, they are the numbers, and none is rounded to a lie."""

import math
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from gruviz.common.quantities import brief_share, count, each_of, points, power, rate, share, times
from tests.quantities import assert_says_points, assert_says_share

few = trying(deadline=None, derandomize=True, max_examples=200)


@few
@given(st.floats(0, 1), st.integers(0, 3))
@example(1.0, 0)
@example(0.0, 0)
@example(0.996, 0)
@example(math.nextafter(1, 0), 3)
@example(math.nextafter(0, 1), 2)
@example(0.995, 0)
@example(0.005, 0)
def test_any_share(value, digits):
    assert_says_share(share(value, digits), value)
    assert_says_share(brief_share(value, digits), value)


@pytest.mark.parametrize(
    ("value", "digits", "text", "brief"),
    [(0.54, 0, "54%", "54%"), (0.9999, 0, "more than 99%", ">99%"), (0.99984, 1, "more than 99.9%", ">99.9%"),
     (0.99984, 2, "99.98%", "99.98%"), (0.0004, 1, "less than 0.1%", "<0.1%"), (1, 1, "100.0%", "100.0%"),
     (0, 0, "0%", "0%"), (np.float32(0.9999), 0, "more than 99%", ">99%")],
)  # fmt: skip
def test_shares(value, digits, text, brief):
    assert (share(value, digits), brief_share(value, digits)) == (text, brief)


@few
@given(st.floats(-1, 1))
@example(0.0)
@example(0.004)
@example(-0.0049)
@example(0.01)
@example(-0.53)
def test_any_points(change):
    assert_says_points(points(change), change)


@pytest.mark.parametrize(
    ("log10", "text"),
    [(math.log10(3.22), "a factor of 3.22 larger"), (-math.log10(3.22), "a factor of 3.22 smaller"),
     (-10.2, "a factor of 1.58 · 10¹⁰ smaller"), (0.0, "the same"), (0.001, "the same within 1%"),
     (-0.001, "the same within 1%")],
)  # fmt: skip
def test_factors(log10, text):
    assert times(log10) == text


@few
@given(st.floats(1e-8, 5000) | st.floats(1 - 1e-4, 1 + 1e-4))
@example(0.9999993)
@example(1.0000007)
def test_a_rate_that_is_not_1_is_not_written_as_1(value):
    if value == 1:
        assert rate(value) == "1"
    elif abs(value - 1) > 1e-9:
        assert not re.fullmatch(r"1(\.0*)?", rate(value))
    if 0.1 <= value < 1000:
        assert float(rate(value)) == pytest.approx(value, abs=0.000501)


def test_rates():
    assert [rate(value) for value in (0.6384, 0.99973, 1.0, 2.5, 0.0, 0.0004)] == [
        "0.638", "0.9997", "1", "2.500", "0", power(math.log10(0.0004))
    ]  # fmt: skip


def test_counts():
    assert [count(number, "step") for number in (0, 1, 2, 1200)] == ["0 steps", "1 step", "2 steps", "1,200 steps"]
    assert count(2, "game of chess", "games of chess") == "2 games of chess"
    assert [each_of(number, "step") for number in (1, 2, 20)] == ["the only step", "both steps", "each of the 20 steps"]
