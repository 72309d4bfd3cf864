"""The Step page and what can't be read: a sentence, and the last good picture stays; hostile text is text."""

import pytest

from gruviz.models import entries, load_model
from tests.models.conftest import weights_folder  # noqa: F401
from tests.pages.step import (
    choose,
    errors,
    figure,
    labels,
    page,
    picture,
    sequence,
    told,
    typed,
)  # fmt: skip

MODELS = list(entries())
LAST_DIGIT = 1e-6  # torch may sum in another order in another run, where memory lies otherwise


# Mistakes

BAD = [
    ("latch", {}, "1! 0 ?", "1! 1! x", "“x” at position 3", "It reads: 0 1 0! 1! . ?"),
    ("latch", {}, "1! ?", "", "The sequence is empty.", "Give 1 to 2,000 symbols"),
    ("latch", {}, "1! ?", " \t ", "The sequence is empty.", "Give 1 to 2,000 symbols"),
    ("latch", {}, "1! ?", "<b>bold</b>", "“<b>bold</b>” at position 1", "It reads:"),
    ("random", {"input": "numbers"}, "1 2", "1 2 x", "“x” at position 3 is not a number", "separated by spaces"),
    ("random", {"input": "numbers"}, "1 2", "1 nan", "“nan” at position 2 is not a number", "a missing value"),
    ("random", {"input": "numbers"}, "1 2", "1e7", "“1e7” at position 1 is outside the range", "1,000,000"),
    ("random", {"input": "numbers", "columns": 2}, "1 2", "1 2\n3", "Line 2 holds 1 number (3)", "2 per line"),
    ("random", {"input": "numbers", "columns": 2}, "1 2", "1 2\n3 y", "“y” at line 2, column 2", "is not a number"),
    ("random", {}, "abc", "a" * 2001, "2,001 characters", "At most 2,000 time steps"),
    ("random", {}, "abc", "", "The sequence is empty.", "Give 1 to 2,000 characters"),
    ("sentiment-gru", {}, "good", "good " * 2001, "2,001 words", "At most 2,000 time steps"),
    ("sentiment-gru", {}, "good", "x" * 100_000, "100,000 characters", "At most 50,000"),
    ("sentiment-gru", {}, "good", "   ", "The sequence is empty.", "Give 1 to 2,000 words"),
    ("openings-gru", {}, "e4 e5", "e4 e5 Ke3", "“Ke3” at position 3 (White's 2nd move) is not legal", "can go to: Ke2"),
    ("openings-gru", {}, "e4 e5", "e4 zz", "“zz” at position 2 (Black's 1st move) is not a move", "O-O, e8=Q or e2e4"),
    ("openings-gru", {}, "e4 e5", " ", "The sequence is empty.", "Give 1 to 400 moves"),
    ("openings-gru", {}, "e4 e5", "Nf3 Nf6 Ng1 Ng8 " * 101, "404 moves", "At most 400"),
    ("brackets-gru", {}, "()", "(a)", "“a” at position 2 is not one of this model's characters", "It reads: ( ) ["),
    ("first-symbol-gru", {}, "A x", "A x e", "“e” at position 3", "It reads: A B C D w x y z"),
    ("sunspots-gru", {}, "1 2", "1 2 dark", "“dark” at position 3 is not a number", "Numbers separated by spaces"),
    ("adding-gru", {}, "0.5 1\n0.5 0", "0.5 1\n0.5", "Line 2 holds 1 number (0.5)", "2 per line"),
    ("adding-gru", {}, "0.5 1", "0.5 one", "“one” at line 1, column 2", "(number, mark)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "knobs", "good", "bad", "found", "allowed"), BAD)
def test_a_mistake_is_explained_and_the_last_good_picture_stays(name, knobs, good, bad, found, allowed):
    app = choose(page(), "model", name)
    for key, value in knobs.items():
        choose(app, key, value)
    before = picture(typed(app, good))
    assert not app.error
    typed(app, bad)
    (error,) = errors(app)
    assert found in error
    assert allowed in error
    assert len(error) < 400
    assert picture(app) == before
    assert sequence(app) == bad
    typed(app, good)
    assert not app.error
    assert picture(app) == before


def test_a_mistake_in_the_first_sequence_of_a_session_shows_the_models_example():
    app = page(model="Latch", seq="zzz")
    assert "“zzz” at position 1" in errors(app)[0]
    assert labels(app) == load_model("latch").example.split()


def test_mistakes_of_one_person_are_not_shown_to_another():
    one, other = page(), page()
    typed(one, "A quiet film.")
    typed(one, "")
    typed(other, "")
    assert labels(one) == ["A", "quiet", "film", "."]
    assert labels(other) == labels(page())


# Hostile text


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "$x$ **b** `c` :red[d]",
     "👨‍👩‍👧‍👦 🇩🇪", "שלום عليكم", "\u202eevil", "a\u0301\u0302\u0303", "=1+1", "&lt;b&gt;", "{{x}} %s"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["sentiment-gru", "random", "surnames-gru"])
def test_text_is_text(name, text):
    app = typed(choose(page(), "model", name), text)
    assert not app.error
    unseen = {" ": "␣", "\u202e": "U+202E"}
    assert labels(app) == [unseen.get(token, token) for token in load_model(name).encode(text).tokens]
    shown = [element.value for element in [*app.markdown, *app.error, *app.warning]]
    assert not any("<script" in value or "<img" in value for value in shown)
    assert all("<" not in tick or tick.startswith("&lt;") for tick in figure(app)["layout"]["xaxis"]["ticktext"])
    assert not any(element.proto.allow_html for element in app.markdown)


def test_an_error_about_markup_shows_it_as_text():
    app = typed(choose(page(), "model", "latch"), "<b>[x](y)$z$")
    assert "\\<b\\>\\[x\\]\\(y\\)\\$z\\$" in app.error[0].value


def test_one_endless_word_stays_a_short_sentence():
    """49,999 characters without a space are one token: it must not fill the page."""
    app = typed(page(), "x" * 49_999)
    assert not app.error
    assert len(told(app)) < 1000


def test_a_hundred_kilobytes():
    app = typed(page(), "word " * 20_000)
    assert "100,000 characters" in errors(app)[0]
