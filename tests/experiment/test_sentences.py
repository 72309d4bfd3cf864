"""The page's sentences against the curves that they speak of: every number and every name in them is checked."""

import math
import re

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gruviz.common.quantities import power
from gruviz.experiment import ExperimentSettings as Settings
from gruviz.experiment.sentences import changed, one_knob, pace, summary, window
from gruviz.signals import STANDARD
from tests.gradient_curves import (
    CELL,
    NUMBER,
    STORY,
    assert_compares,
    assert_says,
    assert_summary_is_true,
    curve,
    derandomized,
    line,
    log10,
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
    found = re.fullmatch(rf"× ({NUMBER}) per step, (half-life|doubling time) (.+) steps?", pace(each))
    assert found, pace(each)
    rate = each.rate(lo, hi)
    assert_says(found[1], math.log10(rate))
    assert log10(found[1]) != 0, "it changes, and reads as if it did not"
    assert (found[2] == "doubling time") == (rate > 1)
    assert_says(found[3], math.log10(each.doubling_time(lo, hi) if rate > 1 else each.half_life(lo, hi)))


@pytest.mark.parametrize("key", STORY)
def test_the_pace_of_each_story(key):
    for flow in medians(STORY[key].settings).values():
        assert_pace_is_true(flow)


@derandomized
@given(st.floats(0.0005, 1.2), st.sampled_from([-1, 1]), st.integers(1, 300))
@example(0.0001, -1, 100)  # halves in 3,010 steps
@example(0.0001, 1, 100)
def test_the_pace_of_any_line(slope, sign, at):
    assert_pace_is_true(line(sign * slope, at))


def test_the_pace_of_what_keeps_its_size():
    """Such as a ReLU net with the identity and all units on, or an impulse that leaves a linear net alone."""
    assert pace(line(0.0)) == "× 1 per step, keeps its size"
    flows = {cell: line(0.0, cell=cell) for cell in STANDARD}
    assert_summary_is_true(flows)
    assert summary(flows).endswith("it keeps its size in all three.")


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
    assert "largest" not in summary({cell: walk([0.0] * 10, 3, cell) for cell in STANDARD})


@pytest.mark.parametrize(
    "settings",
    [
        Settings(steps=10), Settings(units=1), Settings(steps=10, units=1, seeds=1), Settings(at=2), Settings(at=3),
        Settings(steps=10, activation="relu", units=1, seeds=1),
        Settings(steps=400, activation="relu", units=2, seeds=4),
        Settings(activation="relu", recurrent=("spectral_radius", 3.0)), Settings(feed="impulse", loss="random"),
        Settings(biases=(("update_bias", 6.0), ("forget_bias", 6.0))),
        Settings(biases=(("chrono_gru", 500.0), ("chrono_lstm", 500.0))),
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
    lag = min(max(1, window(each.at)[0]) for flows in (before, now) for each in flows.values())
    text = changed(before, now)
    now = {cell: flow for cell, flow in now.items() if cell in before}  # the others are not compared
    old, new = ({cell: each.log10_relative()[lag] for cell, each in flows.items()} for flows in (before, now))
    whole = ({cell: each.log10_relative() for cell, each in flows.items()} for flows in (before, now))
    moved = {cell for first, then in [whole] for cell in now if not np.array_equal(first[cell], then[cell])}
    if not moved:
        assert text is None
        return
    assert text.startswith(f"Compared with the setting before, at lag {lag}: ")
    said, _, same = text.partition("; ")
    assert set(re.findall(CELL, said)) == moved
    assert set(re.findall(CELL, same)) == set(now) - moved
    for cell in moved:
        (part,) = re.findall(rf"{cell} ((?:(?!, {CELL}).)+?)(?=, {CELL}|; |\.$|$)", said)
        part = part.removesuffix(".")
        sizes = re.search(rf"({NUMBER}) of its size at lag 0 before, ({NUMBER}) now", part)
        if old[cell] == new[cell]:
            assert part == "changed at other lags only"
        elif math.isinf(old[cell]) or math.isinf(new[cell]):
            assert part == sizes[0]
        else:
            assert_compares(part.partition(" (")[0], new[cell] - old[cell])
            assert bool(sizes) is bool(abs(new[cell] - old[cell]) >= math.log10(1.01))
        if sizes:
            assert_says(sizes[1], old[cell])
            assert_says(sizes[2], new[cell])


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
        rf"Compared with the setting before, at lag 50: GRU a factor of {NUMBER} larger \({NUMBER} of its size at "
        r"lag 0 before, 0\.406 now\); RNN and LSTM unchanged\.", text
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
    assert "GRU the same within 1%;" in changed(before, now)


# Edges that rounding and small sizes make


@pytest.mark.parametrize("slope", [1e-6, -1e-6, 1e-5, -3e-4])
def test_a_rate_close_to_1_is_not_written_as_1(slope):
    """0.9997 a step halves in 2,310 steps: as "× 1.000" it would be a contradiction."""
    assert_pace_is_true(line(slope))


@pytest.mark.parametrize("at", [1, 2, 3])
def test_sizes_are_told_at_lag_1_at_least(at):
    flows = {cell: line(slope, at, cell) for cell, slope in zip(STANDARD, (-0.5, -0.3, -0.1), strict=True)}
    assert_summary_is_true(flows)
    assert summary(flows).startswith("At lag 1, ")


def test_what_explodes_is_not_said_to_be_kept():
    flows = {"RNN": line(0.0676, 100, "RNN"), "LSTM": line(-0.1, 100, "LSTM"), "GRU": line(-0.2, 100, "GRU")}
    text = summary(flows)
    assert "keep" not in text
    assert text.startswith("At lag 50, the gradient relative to its size at lag 0 is largest in the RNN: 2,399; ")
    assert text.endswith("decays in LSTM and GRU, grows in RNN.")


def test_alike_sizes_are_not_a_factor_of_1():
    text = summary({cell: line(-0.1, 100, cell) for cell in STANDARD})
    assert text.count("(the same)") == 2
    assert "factor" not in text


@pytest.mark.parametrize(
    ("turn", "one"),
    [({"biases": (("update_bias", 4.0),)}, True), ({"steps": 60}, True), ({"at": 30}, True), ({}, True),
     ({"recurrent": ("identity_relu", None), "activation": "relu"}, True), ({"feed": "impulse"}, True),
     ({"biases": (("update_bias", 4.0), ("forget_bias", 1.0))}, False),
     ({"feed": "sequence", "steps": 9}, True), ({"feed": "sequence", "steps": 9, "loss": "answer"}, False),
     ({"trained": "first-symbol"}, False)],
)  # fmt: skip
def test_only_one_turn_of_a_knob_is_compared(turn, one):
    now = Settings(**turn)
    assert one_knob(Settings(), now) is one
    assert one_knob(now, Settings()) is one


def test_another_sequence_is_one_turn():
    assert one_knob(Settings(), Settings(steps=9), same_source=False)
    assert not one_knob(Settings(), Settings(seeds=9), same_source=False)
