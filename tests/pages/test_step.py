"""The Step page: opens finished, follows every control, and keeps the last good picture on mistakes."""

import json

import numpy as np
import pytest

from gruviz import figures
from gruviz.models import by_task, entries, load_model, registry
from gruviz.reading import read
from gruviz.reading.sentences import answer_at, largest_change
from gruviz.reading.stories import STORIES
from gruviz.ui.reading import _read
from gruviz.ui.text import escape_markdown
from tests.figures.test_signals import decoded
from tests.models import trained_files
from tests.models.conftest import weights_folder  # noqa: F401
from tests.pages.step import (
    EXAMPLE,
    choose,
    chosen_model,
    figure,
    labels,
    notices,
    page,
    picture,
    run,
    sent,
    sequence,
    told,
    typed,
    values,
)  # fmt: skip
from tests.wire import says

MODELS = list(entries())
LAST_DIGIT = 1e-6  # torch may sum in another order in another run, where memory lies otherwise


# Opening


def test_it_opens_on_the_finished_example():
    app = page()
    assert not app.error
    assert not app.warning
    assert chosen_model(app) == STORIES[0].model
    assert sequence(app) == EXAMPLE == STORIES[0].sequence
    assert says(app)["seq"] == [EXAMPLE]  # the link names the sequence from the start
    model = load_model(STORIES[0].model)
    trace = model.trace(EXAMPLE)
    np.testing.assert_array_equal(values(app, "h"), trace["h"])
    found = read(model, EXAMPLE)
    place = STORIES[0].find(found)
    assert (sent(app)["focus"]["step"], sent(app)["focus"]["unit"]) == place
    assert figure(app)["layout"]["shapes"][0]["x0"] == place[0] - 0.5
    assert told(app) == STORIES[0].sentence(found, place)


def test_everything_has_a_name():
    app = page()
    app.session_state["files-step"] = True
    run(app)
    for kind in ("button", "selectbox", "text_input", "segmented_control", "number_input", "download_button"):
        assert all(element.label for element in app.get(kind))
    assert [
        field.name for field, value in app.get("plotly_chart")[0].proto.ListFields() if "alt" in field.name and value
    ]


def test_files_are_offered_once_their_menu_is_open():
    app = page()
    assert not app.get("download_button")
    app.session_state["files-step"] = True
    run(app)
    assert len(app.get("download_button")) == 5
    typed(app, "Good.")  # the menu is open while it is used
    assert len(app.get("download_button")) == 5


def test_what_is_sent_for_the_example_is_small():
    app = page()
    drawn = [*app.get("bidi_component"), *app.get("plotly_chart")]
    assert sum(len(element.proto.SerializeToString()) for element in drawn) < 150_000


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
    assert (chosen_model(app), sequence(app)) == (story.model, story.sequence)
    found = read(load_model(story.model, dict(story.knobs)), story.sequence)
    place = story.find(found)
    focus = sent(app)["focus"]
    assert (focus["step"], focus["unit"]) == place
    assert focus["id"] != before  # so that the stepper goes there
    assert told(app) == story.sentence(found, place)
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
    assert f":small[{escape_markdown(model.card.summary)}]" in small


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

    _read.cache_clear()
    yield add
    _read.cache_clear()


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
    assert (chosen_model(app), sequence(app)) == (STORIES[0].model, STORIES[0].sequence)


def test_notices_are_not_shown_without_a_reason():
    for story in STORIES:
        app = page()
        app.button(key=f"story-{story.key}").click()
        run(app)
        assert notices(app) == []


def test_of_another_text_it_is_said_where_most_happens():
    app = typed(page(), "A quiet film about rivers.")
    found = read(load_model("sentiment-gru"), "A quiet film about rivers.")
    step = largest_change(found)[0]
    assert sent(app)["most"] == step
    assert [str(text) for text in sent(app)["sentences"]] == [
        answer_at(found, at) for at in range(1, len(found.trace) + 1)
    ]
    assert sent(app)["told"] is None
