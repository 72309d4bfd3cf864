"""What happens in any reading, in words that hold its own numbers, and the place where most happens."""

import itertools
import re

import numpy as np
import pytest

from gruviz.errors import ModelError
from gruviz.models import list_models, load_model
from gruviz.reading import read
from gruviz.reading.sentences import answer_at, answers_of, largest_change, mover, overview, quote, signed
from tests.quantities import POINTS, SHARE, assert_says_points, assert_says_share

CEREAL = (
    "Amazing! This box of cereal gave me a perfectly balanced breakfast, as all things should be. "
    "I will definitely be buying again!"
)
TEXTS = {"random": "hello", "sentiment-gru": CEREAL, "latch": "0 1! 0 ?"}
every = pytest.mark.parametrize("name", list_models())


def example(name):
    return read(load_model(name), TEXTS.get(name, load_model(name).example))


def ascii_minus(text):
    return text.replace("−", "-")


def moves(reading):
    """|change of h| by step and unit, (T, H)."""
    return np.abs(np.diff(reading.trace["h"], axis=0, prepend=np.float32(0)))


# Where


@every
def test_the_unit_that_moves_most(name):
    found = example(name)
    for step in range(1, len(found.trace) + 1):
        row = moves(found)[step - 1]
        assert row[mover(found, step)] == pytest.approx(row.max())


def test_the_place_without_an_answer_is_where_the_state_moves_most():
    found = example("random")
    assert found.answers is None
    step, unit = largest_change(found)
    assert moves(found)[step - 1].sum() == moves(found).sum(1).max()
    assert unit == mover(found, step)


@pytest.mark.parametrize("name", [name for name in list_models() if name != "random"])
def test_the_place_with_an_answer_is_where_the_answer_moves_most(name):
    found = example(name)
    step, unit = largest_change(found)
    rows = getattr(found.answers, "shares", None)
    if rows is None:
        rows = found.answers.values[:, None]
    jumps = [np.abs(b - a).sum() for a, b in itertools.pairwise(rows)]
    assert jumps[step - 1] == pytest.approx(max(jumps))
    assert unit == mover(found, step)


def test_the_first_step_is_compared_with_the_answer_to_nothing():
    found = read(load_model("sentiment-gru"), "Terrible")
    assert largest_change(found)[0] == 1
    nothing = 1 / (1 + np.exp(-found.model.read_out.bias[0]))
    assert found.answers.change()[0] == pytest.approx(abs(found.answers.shares[1, 0] - nothing))


# What is said


def test_a_description_holds_a_yes_or_no_answer_and_how_far_it_moved():
    found = example("sentiment-gru")
    share = found.answers.shares[:, 0]
    for step in range(1, len(found.trace) + 1):
        text = ascii_minus(answer_at(found, step))
        said = re.match(rf"At “(.*)” the answer becomes ({SHARE}) (\w+) \(({POINTS})\)\.", text)
        assert (said[1], said[3]) == (found.trace.tokens[step - 1], "positive")
        assert_says_share(said[2], share[step])
        assert_says_points(said[4], share[step] - share[step - 1])


@pytest.mark.parametrize("name", ["surnames-gru", "openings-gru", "brackets-lstm", "first-symbol-rnn"])
def test_a_description_holds_the_likeliest_answer_and_the_one_before(name):
    found = example(name)
    shares, options = found.answers.shares, found.answers.options
    for step in range(1, len(found.trace) + 1):
        now, old = shares[step].argmax(), shares[step - 1].argmax()
        text = ascii_minus(answer_at(found, step))
        said = re.fullmatch(rf"At “(.*)” the answer becomes (.+), ({SHARE}) \((.*)\)\.", text)
        assert (said[1], said[2]) == (found.trace.tokens[step - 1], options[now])
        assert_says_share(said[3], shares[step, now])
        if now != old:
            before = re.fullmatch(rf"before: (.+), ({SHARE})", said[4])
            assert before[1] == options[old]
            assert_says_share(before[2], shares[step - 1, old])
        else:
            assert_says_points(said[4], shares[step, now] - shares[step - 1, now])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_at_mate_there_is_no_answer_to_become(cell):
    found = read(load_model(f"openings-{cell}"), "f3 e5 g4 Qh4#")
    assert answer_at(found, 4) == "At “Qh4#” there is no legal move left."
    assert answer_at(found, 3).startswith("At “g4” the answer becomes ")


@pytest.mark.parametrize(("name", "unit", "digits"), [("sunspots-gru", " sunspots", 1), ("adding-gru", "", 2)])
def test_a_description_holds_a_number_in_its_unit(name, unit, digits):
    found = example(name)
    values = found.answers.values
    for step in range(1, len(found.trace) + 1):
        said = re.fullmatch(
            rf"At “(.*)” the answer becomes (\S+){unit} \((\S+){unit}\)\.", ascii_minus(answer_at(found, step))
        )
        assert said[1] == found.trace.tokens[step - 1]
        expected = [values[step], values[step] - values[step - 1]]
        assert [float(said[2]), float(said[3])] == pytest.approx(expected, abs=0.501 * 10**-digits)


@every
def test_an_overview_says_where_most_happens(name):
    found = example(name)
    step, _ = largest_change(found)
    if found.answers is None:
        assert overview(found) == f"The hidden state moves most at step {step} ({quote(found, step)})."
    else:
        assert overview(found) == f"The answer changes most at step {step}. {answer_at(found, step)}"


def test_there_are_no_answers_of_a_model_that_gives_none():
    with pytest.raises(ModelError, match=r"^Random weights gives no answers; this story needs a model that does\.$"):
        answers_of(example("random"))
    assert answers_of(example("latch")).asked == "likely that the bit is 1"


def test_tokens_are_quoted_as_they_are_shown():
    found = read(load_model("random"), "a b")
    assert [quote(found, step) for step in (1, 2, 3)] == ["“a”", "“␣”", "“b”"]


@pytest.mark.parametrize(("value", "text"), [(0.005, "+0.01"), (-1.234, "−1.23"), (0.0, "+0.00"), (2, "+2.00")])
def test_numbers_have_a_sign(value, text):
    assert signed(value) == text
    assert signed(value, 1)[-2] == "."
