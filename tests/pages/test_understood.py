"""The line under the field, on every page: what was read, and what the model never met."""

import pytest

from tests.pages.gradients import FEED_SEQUENCE
from tests.pages.gradients import Page as GradientsPage
from tests.pages.step import choose, errors, labels, page, typed, understood
from tests.pages.test_compare_page import Page as ComparePage

CASES = [
    ("sentiment-gru", "مرحبا بكم جميعا", "Read as 3 words. **⚠ Knows 0 of 3 words.**"),
    ("sentiment-gru", "It isn’t great", "Read as 3 words."),
    ("surnames-gru", "Müller", "Read as 6 characters (ü as u)."),
    ("brackets-gru", "((((((", "Read as 6 characters. **⚠ Depth 6; trained to depth 4.**"),
    ("sunspots-gru", "58,0 62,6", "Read as 2 numbers, decimal comma."),
    ("sunspots-gru", "sunspots 62.6", "Read as 1 number. **⚠ The header “sunspots” is left out.**"),
    ("openings-gru", "1. e4 (1. d4) c5", "Read as 2 moves, 1 variation left out."),
    ("adding-gru", "0,5;1\n0,3;0\n0,2;1", "Read as 3 steps of 2 numbers, decimal comma."),
    ("latch", "0 1! ?", "Read as 3 symbols."),
    ("random", "hello", "Read as 5 characters."),
]


@pytest.mark.parametrize(("name", "text", "line"), CASES)
def test_step(name, text, line):
    app = typed(choose(page(), "model", name), text)
    assert not app.error
    assert understood(app) == line


def lines(opened):
    return [text for text in map(plain, opened.test.markdown) if text.startswith(("Read as", "Not read"))]


def plain(element):
    return element.value.replace(":small[", "").replace("\\[", "").replace("\\]", "").replace("]", "").replace("\\", "")


@pytest.mark.parametrize(("name", "text", "line"), CASES[:4])
def test_compare(name, text, line):
    compare = ComparePage({"task": {"surnames": "Surname origin", "brackets": "Balanced brackets"}.get(
        name.removesuffix("-gru"), "Sentiment of a review")}).type(text)  # fmt: skip
    assert lines(compare) == [line]


@pytest.mark.parametrize(("name", "text", "line"), CASES[:4])
def test_gradients(name, text, line):
    gradients = GradientsPage({"feed": FEED_SEQUENCE, "seeds": "1"}).turn(model=name).turn(seq=text)
    assert lines(gradients) == [line]


def test_a_mistake_has_its_line_too_so_that_nothing_moves():
    app = typed(choose(page(), "model", "sunspots-gru"), "1,5")
    assert understood(app) == "Not read."
    assert "as 2 numbers (1; 5); or as 1 number, decimal comma (1.5)" in errors(app)[0]
    app = typed(app, "1, 5")
    assert understood(app) == "Read as 2 numbers."
    assert labels(app) == ["1", "5"]


def test_what_is_typed_is_no_markup_there():
    app = typed(choose(page(), "model", "sunspots-gru"), "<b>$x$</b> 1")
    assert understood(app) == "Read as 1 number. **⚠ The header “<b>$x$</b>” is left out.**"
