"""The Step page: opens finished, follows every control, and keeps the last good picture on mistakes."""

import ast
import csv
import io
import json
import re

import numpy as np
import pytest
import streamlit

from gruviz import figures
from gruviz.models import by_task, entries, load_model, registry
from gruviz.reading import read
from gruviz.stories import STORIES
from gruviz.telling import describe, largest_change
from gruviz.ui.text import plain
from tests.figures.test_signals import decoded
from tests.models import trained_files
from tests.models.conftest import weights_folder  # noqa: F401
from tests.pages.step import (
    EXAMPLE,
    choose,
    errors,
    figure,
    notices,
    page,
    picture,
    run,
    sent,
    sequence,
    typed,
    values,
)  # fmt: skip

MODELS = list(entries())
LAST_DIGIT = 1e-6  # torch may sum in another order in another run, where memory lies otherwise


def labels(app):
    return sent(app)["labels"]


def told(app):
    """The sentence beside the controls, without Markdown's escapes."""
    return app.markdown[0].value.replace("\\", "")


# Opening


def test_it_opens_on_the_finished_example():
    app = page()
    assert not app.error
    assert not app.warning
    assert app.selectbox(key="model").label == "Model"
    assert app.selectbox(key="model").value == STORIES[0].model
    assert sequence(app) == EXAMPLE == STORIES[0].sequence
    assert app.query_params["seq"] == EXAMPLE  # the link names the sequence from the start
    model = load_model(STORIES[0].model)
    trace = model.trace(EXAMPLE)
    np.testing.assert_array_equal(values(app, "h"), trace["h"])
    found = read(model, EXAMPLE)
    place = STORIES[0].find(found)
    assert (sent(app)["focus"]["step"], sent(app)["focus"]["unit"]) == place
    assert figure(app)["layout"]["shapes"][0]["x0"] == place[0] - 0.5
    assert told(app) == STORIES[0].tell(found, place)


def test_everything_has_a_name():
    app = page()
    for kind in ("button", "selectbox", "text_input", "segmented_control", "number_input", "download_button"):
        assert all(element.label for element in app.get(kind))
    assert [
        field.name for field, value in app.get("plotly_chart")[0].proto.ListFields() if "alt" in field.name and value
    ]


def test_what_is_sent_for_the_example_is_small():
    app = page()
    assert sum(len(app.get(kind)[0].proto.SerializeToString()) for kind in ("bidi_component", "plotly_chart")) < 150_000


def test_the_figure_and_the_stepper_show_the_same_numbers():
    import base64

    app = page()
    panels = [panel for panel in figure(app)["data"] if panel["type"] == "heatmap"]
    assert len(panels) == 4
    for panel, key in zip(panels, "rznh", strict=True):
        drawn = np.frombuffer(base64.b64decode(panel["z"]["bdata"]), "<f4")
        np.testing.assert_array_equal(drawn.reshape(values(app, key).T.shape), values(app, key).T)


@pytest.mark.parametrize("name", [by_cell["GRU"] for by_cell in by_task().values()])
def test_the_figure_and_the_stepper_show_the_model_s_answers(name):
    app = choose(page(), "model", name)
    found = read(load_model(name), sequence(app))
    expected = figures.signals(found.trace, answers=found.answers, step=sent(app)["focus"]["step"])
    drawn, again = figure(app)["data"], json.loads(expected.to_json())["data"]
    assert [trace["type"] for trace in drawn] == ["heatmap"] * 4 + [trace["type"] for trace in again[4:]]
    for shown, panel in zip(drawn[4:], again[4:], strict=True):
        held = "z" if panel["type"] == "heatmap" else "y"
        np.testing.assert_allclose(decoded(shown[held]), decoded(panel[held]), rtol=1e-5, atol=LAST_DIGIT)
    steps = range(1, len(found.trace) + 1)
    assert sent(app)["answer"]["texts"] == [found.answers.text(step) for step in steps]


def test_only_a_game_has_a_board():
    app = choose(page(), "model", "openings-gru")
    assert len(sent(app)["board"]["positions"]) == len(labels(app)) + 1
    assert sent(choose(app, "model", "surnames-gru"))["board"] is None


def test_dark():
    light, dark = figure(page()), figure(page(dark=True))
    assert [panel.get("z") for panel in light["data"]] == [panel.get("z") for panel in dark["data"]]
    assert light["layout"]["font"]["color"] != dark["layout"]["font"]["color"]


# Stories and models


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_a_story(story):
    app = page()
    before = sent(app)["focus"]["id"]
    app.button(key=f"story-{story.key}").click()
    run(app)
    assert not app.error
    assert app.button(key=f"story-{story.key}").label == story.title
    assert (app.selectbox(key="model").value, sequence(app)) == (story.model, story.sequence)
    found = read(load_model(story.model, dict(story.knobs)), story.sequence)
    place = story.find(found)
    focus = sent(app)["focus"]
    assert (focus["step"], focus["unit"]) == place
    assert focus["id"] != before  # so that the stepper goes there
    assert told(app) == story.tell(found, place)
    np.testing.assert_allclose(values(app, "h"), found.trace["h"], atol=LAST_DIGIT)


def test_a_story_after_knobs_were_turned_sets_them_back():
    app = page()
    app.button(key="story-hello").click()
    run(app)
    expected = picture(app)
    choose(app, "seed", 5)
    choose(app, "hidden", 3)
    assert picture(app) != expected
    app.button(key="story-latch").click()
    run(app)
    app.button(key="story-hello").click()
    run(app)
    assert picture(app) == expected


def test_typing_keeps_the_stepper_where_it_is():
    app = page()
    place = sent(app)["focus"]["id"]
    assert sent(typed(app, "The food was good."))["focus"]["id"] == place


@pytest.mark.parametrize("name", MODELS)
def test_a_model_comes_with_its_own_example(name):
    app = choose(page(), "model", MODELS[1] if name == MODELS[0] else MODELS[0])
    choose(app, "model", name)
    assert not app.error
    model = load_model(name)
    opened = load_model(STORIES[0].model).task  # the page opened with its story, which all models of the task can read
    assert sequence(app) == (EXAMPLE if model.task == opened else model.example)
    np.testing.assert_allclose(values(app, "h"), model.trace(sequence(app))["h"], atol=LAST_DIGIT)
    small = [element.value for element in app.markdown if element.value.startswith(":small[")]
    assert f":small[{plain(model.card.summary)}]" in small


def test_another_model_and_back_brings_back_what_was_typed():
    app = typed(page(), "A dull film.")
    choose(app, "model", "latch")
    assert sequence(app) == load_model("latch").example
    typed(app, "1! 0 ?")
    choose(app, "model", "random")
    assert sequence(app) == "hello"
    choose(app, "model", "sentiment-gru")
    assert sequence(app) == "A dull film."
    choose(app, "model", "latch")
    assert sequence(app) == "1! 0 ?"
    assert labels(app) == ["1!", "0", "?"]


def test_models_of_one_task_read_what_was_typed_for_another():
    app = choose(page(), "model", "brackets-gru")
    typed(app, "([])")
    choose(app, "model", "brackets-rnn")
    assert (sequence(app), sent(app)["cell"], labels(app)) == ("([])", "RNN", [*"([])"])
    choose(app, "model", "surnames-gru")
    assert sequence(app) == load_model("surnames-gru").example
    choose(app, "model", "adding-lstm")  # another field
    assert sequence(app) == load_model("adding-lstm").example
    choose(app, "model", "brackets-lstm")
    assert (sequence(app), sent(app)["cell"]) == ("([])", "LSTM")


def test_another_kind_of_input_and_back_brings_back_what_was_typed():
    app = typed(choose(page(), "model", "random"), "abc")
    choose(app, "input", "numbers")
    assert sequence(app) == load_model("random", {"input": "numbers"}).example
    typed(app, "1 2 3")
    choose(app, "columns", 2)
    assert sequence(app) == load_model("random", {"input": "numbers", "columns": 2}).example
    typed(app, "1 2\n3 4")
    assert labels(app) == ["1 2", "3 4"]
    choose(app, "columns", 1)
    assert sequence(app) == "1 2 3"
    choose(app, "input", "characters")
    assert sequence(app) == "abc"
    assert not app.error


@pytest.fixture
def new_model(weights_folder):  # noqa: F811
    """Adds a trained model as files, beside one under the name that the stories ask for."""

    def add(name, cell):
        trained_files.write(weights_folder, "sentiment-gru", task="sentiment")
        trained_files.write(weights_folder, name, cell)
        registry.entries.cache_clear()

    streamlit.cache_resource.clear()
    yield add
    streamlit.cache_resource.clear()


@pytest.mark.parametrize("cell", ["GRU", "LSTM", "RNN"])
def test_a_new_trained_model_is_shown_without_more_code(new_model, cell):
    new_model("the-new-one", cell)
    app = choose(page(), "model", "the-new-one")
    assert sent(app)["cell"] == cell
    assert sequence(app) == "Good, not bad."
    assert not app.error


@pytest.mark.parametrize("name", ["another", "the-new-one"])
def test_a_new_trained_model_of_any_name_leaves_the_opening_as_it_is(new_model, name):
    new_model(name, "GRU")
    app = page()
    assert (app.selectbox(key="model").value, sequence(app)) == (STORIES[0].model, STORIES[0].sequence)


# Knobs and notation


@pytest.mark.parametrize(
    ("knob", "value"),
    [("hidden", 3), ("hidden", 64), ("seed", 9999), ("update_shift", 8.0), ("reset_shift", -8.0), ("reset", "before")],
)
def test_a_knob_changes_the_numbers(knob, value):
    app = choose(choose(page(), "model", "random"), knob, value)
    trace = load_model("random", {knob: value}).trace("hello")
    for key in "rznh":
        np.testing.assert_array_equal(values(app, key), trace[key])
    assert sent(app)["resetAfter"] is (value != "before")


def test_the_latch_with_one_unit():
    app = choose(choose(page(), "model", "latch"), "latch_units", "1")
    assert sent(app)["units"] == 1
    assert not app.error


@pytest.mark.parametrize("symbols", ["pytorch", "cho", "ng"])
@pytest.mark.parametrize("one", ["keep", "write"])
def test_notation(symbols, one):
    app = choose(choose(page(), "symbols", symbols), "one", one)
    update = sent(app)["signals"][1]
    assert update["flips"] is (one == "write")
    assert update["symbol"] == {"pytorch": "z", "cho": "z", "ng": "Γ<sub>u</sub>"}[symbols]
    assert not app.error


def test_lines_of_chosen_units():
    app = choose(page(), "view", "lines")
    assert len({line["name"] for line in figure(app)["data"] if line["name"].startswith("unit")}) == 4
    choose(app, "lines", [0, 3])
    assert {line["name"] for line in figure(app)["data"] if line["name"].startswith("unit")} == {"unit 0", "unit 3"}


def test_lines_of_units_that_the_next_model_does_not_have():
    app = choose(choose(page(), "view", "lines"), "lines", [0, 20])
    choose(app, "model", "latch")
    assert not app.error
    names = {line["name"] for line in figure(app)["data"] if line["name"].startswith("unit")}
    assert names
    assert names <= {"unit 0", "unit 1"}


# Mistakes

BAD = [
    ("latch", {}, "1! 0 ?", "1! 1! x", "“x” at position 3", "It reads: 0 1 0! 1! . ?"),
    ("latch", {}, "1! ?", "", "The sequence is empty.", "Give 1 to 2,000 symbols"),
    ("latch", {}, "1! ?", " \t ", "The sequence is empty.", "Give 1 to 2,000 symbols"),
    ("latch", {}, "1! ?", "<b>bold</b>", "“<b>bold</b>” at position 1", "It reads:"),
    ("random", {"input": "numbers"}, "1 2", "1 2 x", "“x” at position 3 is not a number", "decimals use a point"),
    ("random", {"input": "numbers"}, "1 2", "1 nan", "“nan” at position 2 is not a number", "Numbers with commas"),
    ("random", {"input": "numbers"}, "1 2", "1e7", "“1e7” at position 1 is outside the range", "1,000,000"),
    ("random", {"input": "numbers", "columns": 2}, "1 2", "1 2\n3", "Line 2 holds 1 number (3)", "2 a line"),
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
    ("sunspots-gru", {}, "1 2", "1 2 dark", "“dark” at position 3 is not a number", "decimals use a point"),
    ("adding-gru", {}, "0.5 1\n0.5 0", "0.5 1\n0.5", "Line 2 holds 1 number (0.5)", "2 a line"),
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


def test_a_mistake_in_the_first_sequence_of_a_session_shows_the_first_story():
    app = page(model="Latch", seq="zzz")
    assert "“zzz” at position 1" in errors(app)[0]
    assert labels(app) == labels(page())


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
    assert labels(app) == [token if token.strip() else "␣" for token in load_model(name).encode(text).tokens]
    shown = [element.value for element in [*app.markdown, *app.error, *app.warning]]
    assert not any(re.search(r"(?<!\\)[<\[$]", value) for value in [app.markdown[0].value])
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
    assert len(app.markdown[0].value) < 1000


def test_a_hundred_kilobytes():
    app = typed(page(), "word " * 20_000)
    assert "100,000 characters" in errors(app)[0]


# Files


@pytest.fixture
def files(monkeypatch):
    """What the download buttons of the page make, by file name."""
    made, original = {}, streamlit.download_button

    def keep(label, data, file_name, *rest, **options):
        made[file_name] = data
        return original(label, data, file_name, *rest, **options)

    monkeypatch.setattr(streamlit, "download_button", keep)
    return made


@pytest.mark.parametrize("story", ["turn", "latch", "hello"])
def test_files_to_take_away_hold_what_is_shown(files, story):
    app = page()
    app.button(key=f"story-{story}").click()
    run(app)
    h = values(app, "h")
    rows = list(csv.DictReader(io.StringIO(files["gruviz.csv"]().decode("utf-8"), newline="")))
    read_h = [float(row["h"]) for row in rows if row["step"] != "0"]
    np.testing.assert_allclose(np.array(read_h).reshape(h.shape), h, rtol=1e-6)
    with np.load(io.BytesIO(files["gruviz.npz"]()), allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["h"], h)
    text = json.loads(files["gruviz.json"]())
    np.testing.assert_allclose(text["signals"]["h"], h, rtol=1e-6)
    ast.parse(files["gruviz_trace.py"]())
    html = files["gruviz.html"]()
    assert html.lstrip().lower().startswith(("<html", "<!doctype html"))
    assert html.count("bdata") >= 4
    assert {name.rpartition(".")[2] for name in files} == {"csv", "npz", "json", "html", "py"}


def test_files_of_hostile_text(files):
    typed(choose(page(), "model", "sentiment-gru"), '"quoted", </script><script>alert(1)</script> ```')
    rows = list(csv.reader(io.StringIO(files["gruviz.csv"]().decode("utf-8"), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    json.loads(files["gruviz.json"]())
    ast.parse(files["gruviz_trace.py"]())
    html = files["gruviz.html"]()
    assert html.count("<script") == html.count("</script>")


def test_notices_are_not_shown_without_a_reason():
    for story in STORIES:
        app = page()
        app.button(key=f"story-{story.key}").click()
        run(app)
        assert notices(app) == []


def test_other_text_is_described_by_its_own_numbers():
    app = typed(page(), "A quiet film about rivers.")
    found = read(load_model("sentiment-gru"), "A quiet film about rivers.")
    assert told(app) == describe(found, largest_change(found))
