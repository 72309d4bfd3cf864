"""The page's sentences against the curves that they speak of: every number and every name in them is checked."""

import math
import re

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gruviz.experiment import Settings
from gruviz.gradient_stories import changed, pace, summary, window
from gruviz.quantities import power
from gruviz.signals import STANDARD
from tests.gradient_curves import (
    CELL,
    NUMBER,
    STORY,
    assert_says,
    assert_summary_is_true,
    curve,
    derandomized,
    line,
    medians,
)

# Numbers


@derandomized
@given(st.floats(-700, 700) | st.floats(-4, 6))
@example(2.9999)
@example(3.99999)
@example(-2.5)
@example(-10.0001)
@example(0.0)
@example(-math.inf)
@example(math.inf)
def test_powers_read_back(value):
    assert_says(power(value), value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(math.log10(0.406), "0.406"), (math.log10(9558), "9,558"), (math.log10(2.64e-28), "2.64 · 10⁻²⁸"),
     (math.log10(0.0059), "0.0059"), (4.0, "1 · 10⁴"), (-math.inf, "0"), (0.0, "1")],
)  # fmt: skip
def test_powers(value, text):
    assert power(value) == text


# The pace


def assert_pace_is_true(each):
    lo, hi = window(each.at)
    found = re.fullmatch(r"× (\d+\.\d{3}) a step, (halves|doubles) in (.+) steps?", pace(each))
    assert found, pace(each)
    rate = each.rate(lo, hi)
    assert float(found[1]) == pytest.approx(rate, abs=0.0005001)
    assert (found[2] == "doubles") == (rate > 1)
    assert_says(found[3], math.log10(each.doubling_time(lo, hi) if rate > 1 else each.half_life(lo, hi)))


@pytest.mark.parametrize("key", STORY)
@pytest.mark.parametrize("cell", STANDARD)
def test_the_pace_of_each_story(key, cell):
    assert_pace_is_true(medians(STORY[key].settings)[cell])


@derandomized
@given(st.floats(0.0005, 1.2), st.sampled_from([-1, 1]), st.integers(1, 300))
@example(0.0001, -1, 100)  # halves in 3,010 steps
@example(0.0001, 1, 100)
def test_the_pace_of_any_line(slope, sign, at):
    assert_pace_is_true(line(sign * slope, at))


def test_the_pace_of_what_keeps_its_size():
    """Such as a ReLU net with the identity and all units on, or an impulse that leaves a linear net alone."""
    assert "inf" not in pace(line(0.0))


def test_the_pace_of_what_becomes_zero():
    assert pace(curve([0.0, -1.0, -2.0, *[-math.inf] * 8])) == "exactly zero from lag 3 on"
    assert pace(curve([0.0, *[-1.0] * 9, -math.inf])) == "exactly zero from lag 10 on"


# The summary


@pytest.mark.parametrize("key", STORY)
def test_the_summary_of_each_story(key):
    assert_summary_is_true(medians(STORY[key].settings))


WALKS = st.lists(st.floats(-3, 3, width=16), min_size=10, max_size=10)


def walk(steps, zero_from, cell):
    """A random walk over the lags 0 to 10; exactly zero from a lag on, where one is named."""
    relative = np.concatenate([[0.0], np.cumsum(steps)])
    if zero_from is not None:
        relative[zero_from:] = -np.inf
    return curve(relative, cell)


FLOWS = st.fixed_dictionaries(
    {cell: st.builds(walk, WALKS, st.none() | st.integers(1, 10), st.just(cell)) for cell in STANDARD}
)


@derandomized
@given(FLOWS)
def test_the_summary_of_any_curves(flows):
    assume(any(np.isfinite(each.log10_relative()[5]) for each in flows.values()))
    assert_summary_is_true(flows)


def test_the_summary_where_nothing_is_left():
    assert "keeps most" not in summary({cell: walk([0.0] * 10, 3, cell) for cell in STANDARD})


@pytest.mark.parametrize(
    "settings",
    [
        Settings(steps=10), Settings(units=1), Settings(steps=10, units=1, seeds=1), Settings(at=2), Settings(at=3),
        Settings(steps=10, activation="relu", units=1, seeds=1),
        Settings(steps=400, activation="relu", units=2, seeds=4),
        Settings(activation="relu", recurrent=("spectral_radius", 3.0)), Settings(feed="impulse", loss="random"),
        Settings(update=("update_bias", 6.0), forget=("forget_bias", 6.0)),
        Settings(update=("chrono_gru", 500.0), forget=("chrono_lstm", 500.0)),
    ],
)  # fmt: skip
def test_unusual_settings(settings):
    flows = medians(settings)
    assert_summary_is_true(flows)
    for each in flows.values():
        if each.zero_from_lag is None:
            assert_pace_is_true(each)
        else:
            assert pace(each) == f"exactly zero from lag {each.zero_from_lag} on"


# What the last turn of a knob did


def assert_change_is_true(before, now):
    lag = min(window(each.at)[0] for flows in (before, now) for each in flows.values())
    old, new = ({cell: each.log10_relative()[lag] for cell, each in flows.items()} for flows in (before, now))
    whole = ({cell: each.log10_relative() for cell, each in flows.items()} for flows in (before, now))
    moved = {cell for first, then in [whole] for cell in now if not np.array_equal(first[cell], then[cell])}
    elsewhere = {cell for cell in moved if old[cell] == new[cell]}
    little = {cell for cell in moved - elsewhere if abs(new[cell] - old[cell]) < math.log10(1.01)}
    text = changed(before, now)
    if not moved:
        assert text is None
        return
    assert text.startswith(f"Against the setting before, at lag {lag}: ")
    said, _, same = text.partition("; ")
    factors = re.findall(rf"({CELL}) keeps ({NUMBER}) times (more|less) \(({NUMBER}) to ({NUMBER})\)", said)
    went = re.findall(rf"({CELL}) went from ({NUMBER}) to ({NUMBER})", said)
    assert {each[0] for each in (*factors, *went)} == moved - elsewhere - little
    assert set(re.findall(rf"({CELL}) changed at other lags only", said)) == elsewhere
    assert set(re.findall(rf"({CELL}) changed by less than 1 %", said)) == little
    assert set(re.findall(CELL, said)) == moved
    assert set(re.findall(CELL, same)) == set(now) - moved
    for cell, factor, direction, start, end in factors:
        assert direction == ("more" if new[cell] > old[cell] else "less")
        assert_says(factor, abs(new[cell] - old[cell]))
        assert_says(start, old[cell])
        assert_says(end, new[cell])
    for cell, start, end in went:
        assert_says(start, old[cell])
        assert_says(end, new[cell])


@pytest.mark.parametrize("before", STORY)
@pytest.mark.parametrize("now", STORY)
def test_from_story_to_story(before, now):
    assert_change_is_true(*(medians(STORY[key].settings) for key in (before, now)))


@derandomized
@given(FLOWS, FLOWS, st.sets(st.sampled_from(list(STANDARD))))
def test_what_changed_between_any_curves(before, after, turned):
    assert_change_is_true(before, {cell: after[cell] if cell in turned else before[cell] for cell in STANDARD})


def test_the_others_did_not_change():
    text = changed(medians(STORY["default"].settings), medians(STORY["update"].settings))
    assert re.fullmatch(
        rf"Against the setting before, at lag 50: GRU keeps {NUMBER} times more \({NUMBER} to 0\.406\); "
        r"RNN and LSTM did not change\.", text
    )  # fmt: skip


def test_settings_of_two_lengths_are_compared_where_both_reach():
    text = changed(medians(Settings(steps=201)), medians(Settings(steps=11)))
    assert "at lag 5: " in text
    assert_change_is_true(medians(Settings(steps=201)), medians(Settings(steps=11)))


def test_what_moved_at_other_lags_only_did_change():
    before = {cell: line(-0.1, 10, cell) for cell in STANDARD}
    bent = curve([0, -0.1, -0.2, -0.3, -0.4, before["RNN"].log10_relative()[5], -2, -3, -4, -5, -6], "RNN")
    now = {**before, "RNN": bent, "GRU": line(-0.2, 10, "GRU")}
    _, _, same = changed(before, now).partition("; ")
    assert "RNN" not in same
    assert "LSTM" in same


def test_a_change_too_small_to_print_is_no_factor_of_1():
    before = {cell: line(-0.1, 100, cell) for cell in STANDARD}
    now = before | {"GRU": line(-0.1 + 1e-6, 100, "GRU")}
    assert "keeps 1 times" not in (changed(before, now) or "")
