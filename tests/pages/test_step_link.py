"""The link: what it sets, that opening it gives the same page, and that bad values fall back with a notice."""

import re

import pytest

from gruviz.models import entries, load_model
from gruviz.reading.stories import STORIES
from gruviz.ui import link
from tests.pages.step import (
    EXAMPLE,
    choose,
    chosen_model,
    errors,
    figure,
    notices,
    page,
    picture,
    run,
    sent,
    sequence,
    typed,
)
from tests.wire import says


def test_model_and_sequence():
    app = page(model="Latch", seq="1! 0 ?")
    assert (chosen_model(app), sequence(app)) == ("latch", "1! 0 ?")
    assert sent(app)["labels"] == ["1!", "0", "?"]
    assert not app.warning
    assert not app.error


@pytest.mark.parametrize("name", list(entries()))
def test_a_model_alone_opens_on_its_story_or_example_and_the_link_then_names_it(name):
    app = page(model=entries()[name].title)
    assert chosen_model(app) == name
    stories = [story.sequence for story in STORIES if story.model == name]
    assert sequence(app) == (stories[0] if stories else load_model(name).example)
    field = "rows" if load_model(name).encoder.multiline else "seq"
    assert says(app)[field] == [sequence(app)]
    assert not app.error
    assert not app.warning


def test_a_game_and_rows_of_numbers_of_a_trained_model():
    app = page(model=entries()["openings-gru"].title, seq="1. e4 c5 2. Nf3")
    assert sent(app)["labels"] == ["e4", "c5", "Nf3"]
    assert len(sent(app)["board"]["positions"]) == 4
    app = page(model=entries()["adding-lstm"].title, rows="0.5 1\n0.25 0")
    assert sent(app)["labels"] == ["0.5 1", "0.25 0"]
    assert sent(app)["featureNames"] == ["number", "mark"]
    assert not app.error


@pytest.mark.parametrize("seq", ["", " "])
def test_an_empty_sequence_in_the_link_is_explained(seq):
    app = page(model="Latch", seq=seq)
    assert "The sequence is empty." in errors(app)[0]
    assert (sequence(app), says(app)["seq"]) == (seq, [seq])
    assert sent(app)["labels"] == load_model("latch").example.split()


def test_knobs():
    link = {"hidden": "5", "seed": "7", "update_shift": "2.5", "reset": "before the product", "seq": "abc"}
    app = page(model="Random weights", **link)
    assert not app.warning
    knobs = {"hidden": 5, "seed": 7, "update_shift": 2.5, "reset": "before"}
    expected = load_model("random", knobs).trace("abc")
    assert sent(app)["units"] == 5
    assert sent(app)["resetAfter"] is False
    for key, value in knobs.items():
        assert app.get_by_key(key).value == value
    assert sent(app)["labels"] == list(expected.tokens)


@pytest.mark.parametrize("columns", ["1", "2", "8"])
def test_a_link_to_numbers_without_any_opens_on_their_example(columns):
    app = page(model="Random weights", input="Numbers", columns=columns)
    assert errors(app) == []
    model = load_model("random", {"input": "numbers", "columns": int(columns)})
    assert sequence(app) == model.example
    assert len(sent(app)["labels"]) == len(model.encode(model.example).tokens)


def test_a_link_with_the_other_kind_of_sequence_opens_on_the_example():
    """`rows` belongs to numbers in columns; this model reads words."""
    app = page(rows="1 2 3")
    assert errors(app) == []
    assert sequence(app) == EXAMPLE


def test_rows_of_numbers():
    app = page(model="Random weights", input="Numbers", columns="2", rows="1 2\n3 4")
    assert sequence(app) == "1 2\n3 4"
    assert sent(app)["labels"] == ["1 2", "3 4"]
    assert not app.error


def test_view_lines_and_notation():
    app = page(view="Lines", lines=["1", "2"], symbols="Ng’s course", one="write the candidate")
    assert not app.warning
    assert [app.get_by_key(key).value for key in ("view", "symbols", "one")] == ["lines", "ng", "write"]
    assert {line["name"] for line in figure(app)["data"] if re.fullmatch(r"unit \d+", line["name"])} == {
        "unit 1",
        "unit 2",
    }
    assert sent(app)["signals"][1]["flips"] is True


def test_a_link_gives_the_page_that_the_controls_give():
    """The browser writes the controls' shown values to the link; AppTest does not, so here they are written by hand."""
    app = choose(page(), "model", "random")
    for key, value in {"hidden": 6, "seed": 3, "reset_shift": -1.5, "reset": "before", "symbols": "cho"}.items():
        choose(app, key, value)
    choose(app, "one", "write")
    typed(choose(app, "view", "lines"), "a <b> 👩🏽‍🚀 ש")
    again = page(
        model="Random weights", hidden="6", seed="3", reset_shift="-1.5", reset="before the product",
        symbols="Cho et al.", one="write the candidate", view="Lines", seq="a <b> 👩🏽‍🚀 ש",
    )  # fmt: skip
    assert not again.warning
    assert picture(again) == picture(app)


def test_a_link_to_numbers_in_columns_gives_the_page_that_the_controls_give():
    app = choose(choose(choose(page(), "model", "random"), "input", "numbers"), "columns", 3)
    typed(app, "1 2 3\n-1 .5 1e3")
    again = page(model="Random weights", input="Numbers", columns="3", rows="1 2 3\n-1 .5 1e3")
    assert picture(again) == picture(app)
    assert not again.warning


# Bad values


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"model": "zzz"}, ["Model|model", "zzz", "Latch"]),
        ({"model": "<b>x</b>"}, ["<b>x</b>"]),
        ({"model": ""}, ["Model|model"]),
        ({"model": "Random weights", "hidden": "9999"}, ["Hidden units", "9999", "1 to 64"]),
        ({"model": "Random weights", "hidden": "0"}, ["Hidden units", "“0”", "1 to 64"]),
        ({"model": "Random weights", "hidden": "2.5"}, ["Hidden units", "2.5", "1 to 64"]),
        ({"model": "Random weights", "hidden": "x" * 5000}, ["Hidden units", "xxx", "1 to 64"]),
        ({"model": "Random weights", "seed": "abc"}, ["Seed", "abc", "0 to 9999"]),
        ({"model": "Random weights", "seed": "-1"}, ["Seed", "-1", "0 to 9999"]),
        ({"model": "Random weights", "seed": ""}, ["Seed"]),
        ({"model": "Random weights", "seed": "9" * 400}, ["Seed", "0 to 9999"]),
        ({"model": "Random weights", "update_shift": "nan"}, ["Update gate bias", "nan", "-8 to 8"]),
        ({"model": "Random weights", "update_shift": "1e999"}, ["Update gate bias", "1e999"]),
        ({"model": "Random weights", "reset_shift": "8.1"}, ["Reset gate bias", "8.1", "-8 to 8"]),
        ({"model": "Random weights", "reset": "zzz"}, ["Reset gate acts", "zzz", "after the product"]),
        ({"model": "Random weights", "input": "zzz"}, ["Input", "zzz", "Characters"]),
        ({"model": "Random weights", "input": "Numbers", "columns": "99"}, ["Columns", "99", "1 to 8"]),
        ({"model": "Latch", "latch_units": "7"}, ["Hidden units", "7", "latch and reader"]),
        ({"view": "zzz"}, ["View|view", "zzz", "Heatmaps"]),
        ({"symbols": "zzz"}, ["Symbols", "zzz", "PyTorch"]),
        ({"one": "zzz"}, ["update gate of 1", "zzz", "keep the old state"]),
        ({"view": "Lines", "lines": "99"}, ["Units|units", "99"]),
        ({"view": "Lines", "lines": "abc"}, ["Units|units", "abc"]),
        ({"view": "Lines", "lines": ["1", "abc"]}, ["Units|units", "abc"]),
    ],
    ids=lambda value: "&".join(f"{k}={str(v)[:12]}" for k, v in value.items()) if isinstance(value, dict) else "",
)
def test_a_bad_value_falls_back_to_the_default_with_a_notice(link, said):
    app = page(**link)
    assert not app.error
    kept = {key: value for key, value in link.items() if value in GOOD}
    if link.get("lines") != ["1", "abc"]:  # there one of two is good
        assert picture(app) == picture(page(**kept))
    (notice,) = notices(app)
    for part in said:
        assert any(choice in notice for choice in part.split("|")), notice
    named = "; ".join(entry.title for entry in entries().values())
    assert len(notice.replace(named, "")) < 300


GOOD = [*(entry.title for entry in entries().values()), "Numbers", "Lines"]


def test_several_bad_values_each_get_a_notice():
    app = page(model="Random weights", hidden="9999", seed="abc", reset="zzz")
    assert len(notices(app)) == 3


def test_a_notice_ends_when_the_person_chooses():
    app = page(model="Random weights", hidden="9999")
    assert len(notices(app)) == 1
    choose(app, "hidden", 12)
    assert notices(app) == []


def test_a_notice_about_markup_shows_it_as_text():
    app = page(model="<b>[x](y)")
    assert "\\<b\\>\\[x\\]\\(y\\)" in app.warning[0].value


@pytest.mark.parametrize(
    "link",
    [
        {"seq": "x" * 100_000},
        {"model": "Latch", "seq": "1! zzz"},
        {"model": "Random weights", "input": "Numbers", "seq": "1 x"},
        {"model": entries()["openings-gru"].title, "seq": "e4 e4"},
        {"model": entries()["brackets-rnn"].title, "seq": "(]x"},
    ],
    ids=["long", "symbols", "numbers", "moves", "brackets"],
)
def test_a_sequence_that_can_not_be_read_is_explained(link):
    app = page(**link)
    assert len(errors(app)) == 1
    assert sent(app)["steps"] > 0


@pytest.mark.parametrize(
    "link", [{"nonsense": "1"}, {"hidden": "9999"}, {"step": "abc"}, {"rows": ""}, {"columns": "zzz"}]
)
def test_what_this_page_does_not_ask_for_is_ignored(link):
    app = page(**link)
    assert picture(app) == picture(page())
    assert not app.error


def test_opening_twice_and_running_again_changes_nothing():
    app = page(model="Latch", seq="1! 0 ?")
    first = picture(app)
    assert picture(run(app)) == first
    assert picture(page(model="Latch", seq="1! 0 ?")) == first


def test_a_control_is_told_its_value_again_while_the_browser_may_not_have_drawn_it(monkeypatch):
    app = page()
    assert [told(app), told(run(app))] == [True, True]
    monkeypatch.setattr(link, "HEARD", 0.0)
    app = page()
    assert [told(app), told(run(app))] == [True, False]
    monkeypatch.undo()
    app = typed(page(), "good")
    assert not told(app)  # it is what the person typed
    assert sequence(app) == "good"


def told(app):
    """Whether the run says what the sequence's field is."""
    (field,) = [each for each in app.text_input if each.label == "Sequence"]
    return field.proto.set_value
