"""Answers in words and numbers: closed forms by hand, and properties of any shares and any values."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gruviz.records import Shares, Values
from tests.quantities import SHARE, assert_says_points, assert_says_share

FEW = settings(deadline=None, max_examples=60, derandomize=True)
OPTIONS = ("Italian", "Greek", "Polish", "Dutch")
ROWS = [[0.25, 0.25, 0.25, 0.25], [0.1, 0.7, 0.2, 0.0], [0.3, 0.301, 0.399, 0.0], [0.0, 0.0, 0.0, 0.0]]


def shares(rows=ROWS, **more):
    return Shares("origin", OPTIONS[: len(rows[0])], np.array(rows), **more)


def yes(*values):
    return Shares("good", ("good", "not good"), np.array([[value, 1 - value] for value in values]), of=0)


def values(numbers, target=None, unit="mm", **others):
    numbers = np.array(numbers, dtype=float)
    target = np.full(len(numbers) - 1, np.nan) if target is None else np.array(target, dtype=float)
    return Values("rain", unit, numbers, target, {name: np.array(row, dtype=float) for name, row in others.items()})


@st.composite
def any_rows(draw, options=None):
    """Shares (T + 1, K), of which some rows are all zeros."""
    k = options or draw(st.integers(2, 6))
    weights = st.lists(st.floats(0, 1), min_size=k, max_size=k)
    rows = np.array(draw(st.lists(weights, min_size=2, max_size=8)))
    total = rows.sum(1, keepdims=True)
    return np.divide(rows, total, out=np.zeros_like(rows), where=total > 1e-6)


numbers = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=10)


# Shares


def test_a_yes_or_no_answer_in_words():
    answers = yes(0.5, 0.54, 0.549, 0.02, 0.02)
    assert [answers.text(step) for step in range(5)] == ["50% good", "54% good", "55% good", "2% good", "2% good"]
    assert [answers.moved(step) for step in range(1, 5)] == ["+4 points", "+1 point", "−53 points", "unchanged"]
    assert [answers.verdict(step) for step in (2, 3)] == ["good", "not good"]
    assert [answers.told(step) for step in range(5)] == [0] * 5
    np.testing.assert_allclose(answers.sizes(), [0.54, 0.549, 0.02, 0.02])
    np.testing.assert_allclose(answers.change(), [0.04, 0.009, 0.529, 0])
    assert answers.actual(1) == ""
    assert len(answers) == 4


def test_the_likeliest_of_several_in_words():
    answers = shares()
    assert [answers.text(step) for step in range(4)] == ["Italian, 25%", "Greek, 70%", "Polish, 40%", "no answer"]
    assert [answers.moved(step) for step in (1, 2, 3)] == ["before: Italian, 25%", "before: Greek, 70%",
                                                          "before: Polish, 40%"]  # fmt: skip
    assert [answers.over(step) for step in range(4)] == [False, False, False, True]
    assert [answers.verdict(step) for step in range(4)] == ["Italian", "Greek", "Polish", None]
    np.testing.assert_allclose(answers.sizes(), [0.7, 0.399, 0])
    np.testing.assert_allclose(answers.change(), [0.45, 0.399, 0.5])
    assert shares([[0.5, 0.5], [0.6, 0.4], [0.75, 0.25]]).moved(2) == "+15 points"


def test_the_ranking():
    answers = shares()
    assert answers.ranking(2, 2) == (("Polish", 0.399), ("Greek", 0.301))
    assert answers.ranking(1, 9) == (("Greek", 0.7), ("Polish", 0.2), ("Italian", 0.1))  # none whose share is 0
    assert [name for name, _ in answers.ranking(0, 3)] == list(OPTIONS[:3])  # equal ones stay in order
    assert answers.ranking(3, 5) == ()


def test_what_came_with_the_share_that_it_had():
    answers = shares(followed=(2, -1, 0))
    assert [answers.actual(step) for step in (1, 2, 3)] == ["Polish, 20%", "", "Italian, 0%"]
    assert [answers.actual_short(step) for step in (1, 2, 3)] == ["Polish", "", "Italian"]
    with pytest.warns(DeprecationWarning, match=r"now called Answers\.actual\."):
        assert answers.came(1) == answers.actual(1)
    with pytest.warns(DeprecationWarning, match=r"now called Answers\.actual_short\."):
        assert answers.outcome(1) == answers.actual_short(1)
    assert [shares().actual(step) for step in (1, 2, 3)] == [""] * 3


@FEW
@given(any_rows(options=4), any_rows(options=4))
def test_change_and_distance_are_total_variation(rows, others):
    length = min(len(rows), len(others))
    rows, others = rows[:length], others[:length]
    answers = shares_of(rows)
    for step, moved in enumerate(answers.change(), 1):
        assert moved == pytest.approx(sum(abs(a - b) for a, b in zip(rows[step], rows[step - 1], strict=True)) / 2)
        gained = sum(max(a - b, 0) for a, b in zip(rows[step], rows[step - 1], strict=True))
        if rows[step].any() and rows[step - 1].any():
            assert moved == pytest.approx(gained, abs=1e-9)  # what some options gain, the others lose
    apart = answers.distance(shares_of(others))
    expected = [sum(abs(rows[t, i] - others[t, i]) for i in range(4)) / 2 for t in range(1, len(rows))]
    np.testing.assert_allclose(apart, expected)
    np.testing.assert_array_equal(apart, shares_of(others).distance(answers))


def shares_of(rows, **more):
    return Shares("x", tuple(f"option {i}" for i in range(rows.shape[1])), rows, **more)


@FEW
@given(any_rows(), st.booleans())
def test_any_shares_can_be_told(rows, about_the_first):
    answers = shares_of(rows, of=0 if about_the_first else None)
    assert len(answers) == len(answers.sizes()) == len(answers.change()) == len(rows) - 1
    assert ((answers.sizes() >= 0) & (answers.sizes() <= 1)).all()
    assert ((answers.change() >= 0) & (answers.change() <= 1 + 1e-12)).all()
    for step in range(len(rows)):
        text = answers.text(step)
        assert (text == "no answer") is answers.over(step) is (not rows[step].any())
        if text != "no answer":
            said = re.fullmatch(rf"({SHARE}) option (\d)" if about_the_first else rf"option (\d), ({SHARE})", text)
            option, share = (said[2], said[1]) if about_the_first else (said[1], said[2])
            assert int(option) == answers.told(step)
            assert_says_share(share, rows[step, int(option)])
            assert about_the_first or rows[step, int(option)] == rows[step].max()
        ranked = answers.ranking(step, 3)
        assert [share for _, share in ranked] == sorted(rows[step][rows[step] > 0])[::-1][:3]
        if step:
            assert "nan" not in answers.moved(step)
            assert "-" not in answers.moved(step)


@FEW
@given(any_rows(options=3))
def test_points_are_gained_and_lost_as_told(rows):
    answers = shares_of(rows, of=1)
    for step in range(1, len(rows)):
        assert_says_points(answers.moved(step), rows[step, 1] - rows[step - 1, 1])


def test_other_options_are_no_distance_away():
    for other in (shares([[1, 0], [0, 1]]), values([1, 2, 3, 4])):
        with pytest.raises(TypeError, match="other options"):
            shares().distance(other)


def test_shares_are_read_only():
    answers = shares()
    with pytest.raises(ValueError, match="read-only"):
        answers.shares[0, 0] = 1


# Values


def test_values_in_words():
    answers = values([50, 89.24, 60.04, 60.04], [90.0, 12.345, np.nan])
    assert [answers.text(step) for step in range(4)] == ["50.0 mm", "89.2 mm", "60.0 mm", "60.0 mm"]
    assert [answers.actual(step) for step in (1, 2, 3)] == ["90.0 mm", "12.3 mm", ""]
    assert [answers.actual_short(step) for step in (1, 2, 3)] == ["90.0", "12.3", ""]
    assert [answers.moved(step) for step in (1, 2, 3)] == ["+39.2 mm", "−29.2 mm", "0.0 mm"]
    np.testing.assert_allclose(answers.change(), [39.24, 29.2, 0])
    assert answers.verdict(1) is None
    assert len(answers) == 3


def test_small_numbers_have_two_decimals_and_large_ones_commas():
    assert values([0.5, 1.234], unit="").text(1) == "1.23"
    assert values([0.5, -1.234], unit="").text(1) == "−1.23"
    assert values([0, 12345.67]).text(1) == "12,345.7 mm"
    assert values([0, -9.99]).text(1) == "−9.99 mm"
    assert values([10, 0.5]).text(1) == "0.5 mm"  # all of a kind


def test_bars_start_at_0_or_at_the_lowest_below_it():
    np.testing.assert_allclose(values([9, 2, 4, 8]).sizes(), [0.25, 0.5, 1])
    np.testing.assert_allclose(values([0, -1, 1, 3]).sizes(), [0, 0.5, 1])
    np.testing.assert_allclose(values([0, -3, -1, -2]).sizes(), [0, 1, 0.5])
    np.testing.assert_array_equal(values([5, 0, 0]).sizes(), [0, 0])


@FEW
@given(numbers)
def test_any_values_can_be_told(row):
    answers = values(row)
    assert len(answers) == len(answers.sizes()) == len(answers.change()) == len(row) - 1
    assert ((answers.sizes() >= 0) & (answers.sizes() <= 1)).all()
    assert (np.diff(answers.sizes()[np.argsort(row[1:])]) >= 0).all()
    digits = 1 if max(map(abs, row)) >= 10 else 2
    for step, value in enumerate(row):
        text = answers.text(step)
        assert re.fullmatch(rf"−?[\d,]+\.\d{{{digits}}} mm", text)
        assert float(text[:-3].replace("−", "-").replace(",", "")) == pytest.approx(value, abs=0.5001 * 10**-digits)
        if step:
            by = float(answers.moved(step)[:-3].replace("−", "-").replace(",", ""))
            assert by == pytest.approx(value - row[step - 1], abs=0.5001 * 10**-digits)
            assert answers.change()[step - 1] == abs(value - row[step - 1])
    assert answers.errors() == {}


@FEW
@given(numbers, numbers)
def test_the_distance_of_values(row, other):
    length = min(len(row), len(other))
    apart = values(row[:length]).distance(values(other[:length]))
    assert apart.tolist() == [abs(a - b) for a, b in zip(row[1:length], other[1:length], strict=True)]


def test_another_unit_is_no_distance_away():
    for other in (values([1, 2, 3, 4], unit="inch"), shares()):
        with pytest.raises(TypeError, match="another unit"):
            values([1, 2, 3, 4]).distance(other)


@FEW
@given(st.data(), st.integers(1, 8))
def test_errors_are_means_over_the_steps_whose_target_is_known(data, steps):
    some = st.floats(-100, 100)
    row = data.draw(st.lists(some, min_size=steps + 1, max_size=steps + 1))
    target = data.draw(st.lists(some | st.just(math.nan), min_size=steps, max_size=steps))
    full = data.draw(st.lists(some, min_size=steps, max_size=steps))
    gappy = data.draw(st.lists(some | st.just(math.nan), min_size=steps, max_size=steps))
    errors = values(row, target, full=full, gappy=gappy).errors()
    known = [t for t in range(steps) if not math.isnan(target[t])]
    if not known:
        assert errors == {}
        return

    def mean(answers):
        return pytest.approx(sum(abs(answers[t] - target[t]) for t in known) / len(known))

    assert (errors[""], errors["full"]) == (mean(row[1:]), mean(full))
    # a method that could not answer everywhere would be judged on easier steps
    assert ("gappy" in errors) is (not any(math.isnan(gappy[t]) for t in known))
    if "gappy" in errors:
        assert errors["gappy"] == mean(gappy)


def test_values_are_read_only():
    answers = values([1, 2], [3], other=[4])
    for array in (answers.values, answers.target, answers.baselines["other"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.warns(DeprecationWarning, match=r"now called Values\.baselines"):
        assert answers.others is answers.baselines
