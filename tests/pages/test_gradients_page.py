"""The page as Streamlit runs it: its controls, its sentences, its pictures, and what it says to bad input."""

import re
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest

from gruviz import experiment
from gruviz.errors import GruvizError
from gruviz.experiment import Settings
from gruviz.gradient_stories import STORIES, changed, pace, summary
from gruviz.gradients import gradient_flow
from gruviz.models import by_task, load_model
from gruviz.models.tasks import TASKS
from gruviz.reading import read
from gruviz.signals import CELLS
from gruviz.stories import STORIES as STEP_STORIES
from tests.pages.opened import Opened, unescaped

ROOT = Path(__file__).parents[2]
FEED_SEQUENCE = "a sequence of the Step page"
BEFORE_AND_AFTER = "trained, before and after"
LONG = {"T": "1000", "H": "32", "seeds": "20"}
STORY = {story.key: story for story in STORIES}


class Page(Opened):
    script = "pages/gradients.py"

    def story(self, key):
        self.test.button(key=f"gradient-story-{key}").click()
        return self.run()

    def turn(self, **values):
        """Turns knobs, then runs once."""
        for key, value in values.items():
            self.control(key).set_value(value)
        return self.run()

    def control(self, key):
        for kind in ("number_input", "selectbox", "button_group", "text_input", "text_area"):
            for control in self.test.get(kind):
                if control.key == key:
                    return control
        raise KeyError(f"there is no control {key}")

    def has(self, key):
        try:
            return bool(self.control(key))
        except KeyError:
            return False

    def value(self, key):
        return self.control(key).value

    def said(self):
        """The sentences above the panels."""
        said = (unescaped(each.value) for each in self.test.markdown)
        return [text for text in said if re.match("((Before|After) training: )?At lag|Against", text)]

    def medians(self):
        """The lines on the panels, by cell."""
        lines = {}
        for figure in self.figures():
            for curve in figure["data"]:
                if (curve.get("name") or "").endswith(", median"):
                    lines[curve["name"].partition(",")[0]] = decoded(curve["y"])
        return lines


def decoded(values):
    if isinstance(values, dict):
        return np.frombuffer(b64decode(values["bdata"]), np.dtype(values["dtype"]).newbyteorder("<"))
    return np.array(values, dtype=float)


def expected(settings, sequence=None, answer=None, text=""):
    """The medians; with `text`, of what each cell's trained network reads and answers."""
    given = dict.fromkeys(CELLS, (sequence, answer))
    if settings.trained:
        readings = {cell: own_reading(settings.trained, cell, text) for cell in CELLS}
        given = {cell: (each.trace.inputs, each.direction(settings.loss_index + 1)) for cell, each in readings.items()}
    return {cell: experiment.flows(settings.for_cell(cell), cell, *given[cell]).median() for cell in CELLS}


def own_reading(task, cell, text):
    return read(load_model(by_task()[task][cell]), text)


def own_flows(task, text, settings):
    """The trained networks' own curves on a text, each with the loss of its own answer or the one named."""
    found = {}
    for cell in CELLS:
        each = own_reading(task, cell, text)
        loss = each.direction(settings.loss_index + 1) if settings.loss == "answer" else settings.loss
        found[cell] = gradient_flow(each.model.module, each.trace.inputs, loss, settings.loss_index)
    return found


def assert_shows(page, settings, sequence=None, answer=None, text=""):
    """Sentence, pictures and their names for settings."""
    flows = expected(settings, sequence, answer, text)
    assert page.said()[0] == ("Before training: " if settings.trained else "") + summary(flows)
    lines = page.medians()
    assert list(lines) == list(CELLS)
    for cell, flow in flows.items():
        np.testing.assert_allclose(lines[cell], flow.log10_relative(), atol=1e-9)
    charts = page.test.get("plotly_chart")[:3]
    assert [chart.proto.alt for chart in charts] == [
        f"{cell}: gradient norm against lag, {pace(flow)}" for cell, flow in flows.items()
    ]
    ranges = {tuple(figure["layout"]["yaxis"]["range"]) for figure in page.figures()[:3]}
    assert len(ranges) == 1
    return flows


# What it opens on, and its stories


def test_it_opens_on_the_story_that_all_three_forget():
    page = Page()
    assert_shows(page, Settings())
    assert page.said() == [
        "At lag 50, the GRU keeps most of the gradient: 7.85 · 10⁻¹¹ of its size at lag 0; the LSTM 2.44 · 10⁻¹¹ "
        "(3.22 times less); the RNN 8.21 · 10⁻¹⁵ (9,558 times less). Over lags 50 to 100 it decays in all three."
    ]
    assert not page.warnings() + page.errors()
    names = [control.label for kind in ("number_input", "selectbox") for control in page.test.get(kind)]
    assert names == ["Steps T", "Hidden units H", "Seeds", "Loss at step", "Loss", "Recurrent weights", "Activation",
                     "Forget gate bias", "Update gate bias"]  # fmt: skip


def test_each_story_sets_all_controls_and_is_compared_with_the_one_before():
    page, before = Page({"T": "40", "H": "4", "seeds": "2", "at": "30", "loss": "random direction"}), None
    for key, story in STORY.items():
        page.story(key)
        settings = story.settings
        text = next((step.sequence for step in STEP_STORIES if step.key == story.reads), "")
        flows = assert_shows(page, settings, text=text)
        chosen = {
            "T": settings.steps, "H": settings.units, "seeds": settings.seeds, "at": 0, "loss": settings.loss,
            "feed": settings.feed, "init": settings.recurrent[0], "forget": (settings.forget or ["default"])[0],
            "update": (settings.update or ["default"])[0],
        }  # fmt: skip
        if settings.trained:  # the networks and the sequence set the rest
            assert (page.value("seq"), len(text.split())) == (text, settings.steps)
            assert not any(page.has(name) for name in ("T", "H", "forget", "update", "act"))
            chosen = {name: chosen[name] for name in ("seeds", "at", "loss", "feed")} | {"init": "trained"}
        assert {name: page.value(name) for name in chosen} == chosen
        for name, choice in (("init", settings.recurrent), ("forget", settings.forget), ("update", settings.update)):
            if choice and choice[1] is not None:
                assert page.value(f"{name}_{choice[0]}") == choice[1]
        if before:
            differences = [said for said in page.said() if said.startswith("Against")]
            assert differences == list(filter(None, [changed(before, flows)]))
        before = flows


def test_identity_story_shows_the_activation_in_use():
    page = Page().story("identity")
    assert not page.has("act") or page.value("act") == "relu", "the page says tanh, the RNN runs on ReLU"


# Knobs


def test_one_knob_changes_one_cell_and_the_page_says_so():
    page = Page()
    page.turn(update="update_bias")
    assert page.value("update_update_bias") == 1.0
    first = assert_shows(page, Settings(update=("update_bias", 1.0)))
    page.turn(update_update_bias=2.0)
    second = assert_shows(page, Settings(update=("update_bias", 2.0)))
    assert page.said()[1] == changed(first, second)
    assert page.said()[1].endswith("; RNN and LSTM did not change.")
    page.turn(forget="forget_bias")
    assert page.said()[1].endswith("; RNN and GRU did not change.")
    page.turn(act="relu")
    assert page.said()[1].endswith("; LSTM and GRU did not change.")
    assert_shows(page, Settings(update=("update_bias", 2.0), forget=("forget_bias", 1.0), activation="relu"))


def test_the_comparison_survives_what_changes_no_curve():
    page = Page().story("update")
    said = page.said()
    assert "5.17 · 10⁹ times more" in said[1]
    assert page.turn(show="jacobians").said() == said
    assert page.turn(show="norms").said() == said
    assert page.turn(at=101).said() == said[:1]  # the last step by its number: nothing moved
    assert page.turn(at=0).said() == said[:1]


def test_shared_knobs():
    page = Page().turn(T=60, H=8, seeds=3, at=41, feed="impulse", loss="random", init="spectral_radius")
    page.turn(init_spectral_radius=1.3)
    settings = Settings(60, 8, 3, "impulse", "random", 41, recurrent=("spectral_radius", 1.3))
    assert_shows(page, settings)
    caption = unescaped(page.test.markdown[-1].value)
    assert "3 seeds" in caption
    assert "Pascanu" in caption


def test_chrono_names_its_source():
    page = Page({"T": "30", "H": "4", "seeds": "2"}).turn(update="chrono_gru")
    assert_shows(page, Settings(30, 4, 2, update=("chrono_gru", 100.0)))
    assert "Tallec and Ollivier" in page.test.markdown[-1].value


def test_jacobians():
    page = Page({"T": "30", "H": "4", "seeds": "2", "show": "Jacobians"})
    assert len(page.figures()) == 3
    for cell, figure in zip(CELLS, page.figures(), strict=True):
        values, eigenvalues = experiment.jacobians(Settings(30, 4, 2).for_cell(cell), cell)
        np.testing.assert_allclose(decoded(figure["data"][0]["y"]), values.log10_largest, atol=1e-9)
        np.testing.assert_allclose(decoded(figure["data"][3]["x"]), eigenvalues.real, atol=1e-9)
    assert len({tuple(figure["layout"]["yaxis"]["range"]) for figure in page.figures()}) == 1


# The sequence of the Step page


def test_a_sequence_is_the_step_pages():
    page = Page({"feed": FEED_SEQUENCE, "model": "Latch", "seq": "0 1! 0 0 ?"})
    assert (page.value("model"), page.value("seq")) == ("latch", "0 1! 0 0 ?")
    assert not page.has("T")
    reading = load_model("latch").trace("0 1! 0 0 ?")
    assert_shows(page, Settings(steps=5, feed="sequence"), reading.inputs)
    strip = page.figures()[3]
    assert strip["layout"]["xaxis"]["ticktext"] == ["0", "1!", "0", "0", "?"]
    assert strip["data"][0]["y"][:3] == list(CELLS)
    assert len(strip["data"][0]["y"]) == 4


def test_without_a_sequence_in_the_link_it_is_the_first_story_of_the_step_page():
    page = Page({"feed": FEED_SEQUENCE})
    assert page.value("seq") == STEP_STORIES[0].sequence


def test_the_models_answer_is_a_loss_where_it_has_one():
    text = "good but slow"
    page = Page({"feed": FEED_SEQUENCE, "seq": text, "seeds": "3"}).turn(loss="answer")
    model = load_model(STEP_STORIES[0].model)
    trace = model.trace(text)
    settings = Settings(3, trace.units, 3, "sequence", "answer")
    assert_shows(page, settings, trace.inputs, model.answer.direction(trace, 3))
    assert not page.has("H")  # the read-out is made for so many
    page.turn(feed="noise")
    assert page.control("loss").options == ["sum of h", "random direction"]
    assert_shows(page, Settings(seeds=3))


# Trained networks


def own_lines(page, task):
    """The trained networks' curves on the panels, by cell."""
    titles = {load_model(by_task()[task][cell]).title: cell for cell in CELLS}
    curves = [curve for figure in page.figures() for curve in figure["data"] if curve.get("name") in titles]
    assert len(curves) == len(CELLS)
    return {titles[curve["name"]]: decoded(curve["y"]) for curve in curves}


def test_all_three_trained_networks_of_the_task_stand_beside_the_random_ones():
    text = "good but slow"
    page = Page({"feed": FEED_SEQUENCE, "seq": text, "seeds": "2"})
    curves = own_flows("sentiment", text, Settings(3, feed="sequence"))
    for cell, line in own_lines(page, "sentiment").items():
        np.testing.assert_allclose(line, curves[cell].log10_relative(), atol=1e-9)
    notes = [unescaped(each.value) for each in page.test.markdown if "its own weights" in each.value]
    assert [pace(curve) in note for note, curve in zip(notes, curves.values(), strict=True)] == [True] * 3
    titles = [load_model(by_task()["sentiment"][cell]).title for cell in CELLS]
    assert page.figures()[3]["data"][0]["y"] == [*CELLS, *titles]


@pytest.mark.parametrize(
    ("task", "text"),
    [("surnames", "Kowalenko"), ("openings", "e4 c5 Nf3 d6"), ("adding", "0.5 1\n0.25 0\n0.75 1")],
)
def test_before_and_after_training(task, text):
    """Also of networks larger than random ones may be, and of those that read numbers."""
    model = load_model(by_task()[task]["LSTM"])
    field = "rows" if model.encoder.multiline else "seq"
    page = Page({"feed": FEED_SEQUENCE, "model": model.title, field: text, "seeds": "3", "init": BEFORE_AND_AFTER})
    assert not page.errors() + page.warnings()
    page.turn(loss="answer")
    steps = len(model.trace(text))
    settings = Settings(steps, seeds=3, feed="sequence", loss="answer", trained=task)
    assert_shows(page, settings, text=text)
    after = own_flows(task, text, settings)
    assert page.said()[1] == f"After training: {summary(after)}"
    for cell, line in own_lines(page, task).items():
        np.testing.assert_allclose(line, after[cell].log10_relative(), atol=1e-9)
    sizes = [unescaped(each.value) for each in page.test.markdown if "as the trained" in each.value]
    assert [re.search(r"\d+", size)[0] for size in sizes] == [str(settings.for_cell(cell).units) for cell in CELLS]
    assert page.figures()[3]["data"][0]["y"][:3] == [f"{cell} before training" for cell in CELLS]
    keep = TASKS[task].settings.keep
    assert f"raised by {keep:g}, 3 seeds" in unescaped(page.test.markdown[-1].value)


def test_weights_before_training_are_offered_for_what_trained_networks_read():
    page = Page({"feed": FEED_SEQUENCE, "model": "Latch", "seq": "0 1! 0 0 ?", "seeds": "2"})
    assert BEFORE_AND_AFTER not in page.control("init").options
    page.turn(model="surnames-rnn")
    assert BEFORE_AND_AFTER in page.control("init").options
    page.turn(init="trained")
    assert page.said()[0].startswith("Before training")
    page.turn(feed="noise")
    assert BEFORE_AND_AFTER not in page.control("init").options
    assert_shows(page, Settings(seeds=2))
    assert page.has("update")


def test_a_link_to_before_training_without_a_sequence_is_told():
    page = Page({"init": BEFORE_AND_AFTER, "T": "30", "H": "4", "seeds": "2"})
    assert any("Recurrent weights" in each and BEFORE_AND_AFTER in each for each in page.warnings())
    assert_shows(page, Settings(30, 4, 2))


def test_a_model_without_an_answer_offers_none():
    page = Page({"feed": FEED_SEQUENCE, "model": "Random weights", "seq": "hello"})
    assert page.control("loss").options == ["sum of h", "random direction"]
    page = Page({"feed": FEED_SEQUENCE, "model": "Random weights", "seq": "hello", "loss": "the model’s answer"})
    assert page.value("loss") == "sum"
    assert any("Loss" in each and "the model’s answer" in each for each in page.warnings())


def test_a_sequence_that_cannot_be_read():
    page = Page({"feed": FEED_SEQUENCE, "model": "Latch", "seq": "0 1! 0 0 ?", "seeds": "3"})
    said, lines = page.said(), page.medians()
    page.turn(seq="0 x ?")
    assert len(page.errors()) == 1
    assert "x" in page.errors()[0]
    assert "position 2" in page.errors()[0]
    assert page.errors()[0].endswith("Below is the last sequence that could be read.")
    assert page.said() == said
    for cell in CELLS:
        np.testing.assert_array_equal(page.medians()[cell], lines[cell])


@pytest.mark.parametrize(("text", "says"), [("?", "2 to 1,000"), ("0 " * 1200 + "?", "1,201")])
def test_a_sequence_too_short_or_too_long_for_gradients(text, says):
    page = Page({"feed": FEED_SEQUENCE, "model": "Latch", "seq": "0 1! 0 0 ?", "seeds": "2", "H": "4"})
    said = page.said()
    page.turn(seq=text)
    assert says in page.errors()[0]
    assert page.said()[0] == said[0]
    assert list(page.medians()) == list(CELLS)


def test_hostile_tokens_are_text():
    page = Page({"feed": FEED_SEQUENCE, "model": "Random weights", "seq": "<b>", "seeds": "2"})
    assert page.figures()[3]["layout"]["xaxis"]["ticktext"] == ["&lt;", "b", "&gt;"]


# Bad input


def assert_keeps_the_last(page, turn, sentence, last):
    page.turn(**turn)
    assert page.errors() == [f"{sentence} Below is the last setting that could be computed."]
    assert page.said()[0] == summary(expected(last))
    assert_shows(page, last)


def test_outside_the_limits_the_last_good_picture_stays():
    page, last = Page({"T": "30", "H": "4", "seeds": "2"}), Settings(30, 4, 2)
    assert_keeps_the_last(page, {"at": 31}, "The loss is taken at step 31; allowed: 2 to 30.", last)
    assert_keeps_the_last(page, {"at": 1}, "The loss is taken at step 1; allowed: 2 to 30.", last)
    too_much = (
        "1,000 steps of 128 units for 50 seeds are 6,400,000 states a cell; at most 2,000,000: with these units and "
        "seeds, 312 steps."
    )
    assert_keeps_the_last(page, {"at": 0, "T": 1000, "H": 128, "seeds": 50}, too_much, last)
    page.turn(T=40, H=4, seeds=2)
    assert not page.errors()
    assert_shows(page, Settings(40, 4, 2))


EXPLODES = {"act": "relu", "init": "spectral_radius"}


def test_an_rnn_that_explodes_is_said_in_a_sentence():
    page = Page({"T": "1000", "H": "8", "seeds": "2"}).turn(**EXPLODES)
    page.turn(init_spectral_radius=3.0)
    (error,) = page.errors()
    assert re.match(r"The state stops being a finite number at step \d+ of 1000: .+ Use smaller weights", error)
    last = Settings(1000, 8, 2, activation="relu", recurrent=("spectral_radius", 1.0))
    assert_shows(page, last)


def test_an_explosion_after_long_work():
    """Both have a progress bar: the one that failed, and the last good one that is drawn again."""
    page = Page(LONG).turn(**EXPLODES)
    page.turn(init_spectral_radius=3.0)
    assert "stops being a finite number" in page.errors()[0]
    assert_shows(page, Settings(steps=1000, activation="relu", recurrent=("spectral_radius", 1.0)))
    assert not page.test.get("progress"), "a bar stays behind"


def test_an_explosion_leaves_no_progress_bar_behind():
    page = Page({**LONG, "act": "ReLU", "init": "Scaled to a spectral radius ρ",
                 "init_spectral_radius": "3.0"})  # fmt: skip
    assert "stops being a finite number" in page.errors()[0]
    assert not page.test.get("progress")
    assert "Cancel" not in [button.label for button in page.test.button]


def test_growth_without_overflow_is_a_curve():
    page = Page({"act": "ReLU", "init": "Scaled to a spectral radius ρ", "init_spectral_radius": "3.0",
                 "T": "300", "H": "8", "seeds": "3"})  # fmt: skip
    assert not page.errors()
    flows = assert_shows(page, Settings(300, 8, 3, activation="relu", recurrent=("spectral_radius", 3.0)))
    assert flows["RNN"].log10_relative()[-1] > 20
    assert page.said()[0].endswith("it grows in RNN.")


BAD = {
    "T": ("5", "Steps T", "10 to 1000"),
    "H": ("129", "Hidden units H", "1 to 128"),
    "seeds": ("many", "Seeds", "1 to 50"),
    "at": ("-1", "Loss at step", "0 to 1000"),
    "init": ("zzz", "Recurrent weights", "Orthogonal"),
    "act": ("sigmoid", "Activation", "tanh, ReLU"),
    "forget": ("<b>", "Forget gate bias", "Forget bias"),
    "update": ("1", "Update gate bias", "Update bias (positive keeps)"),
    "feed": ("words", "Input", "noise, impulse at step 1"),
    "loss": ("mse", "Loss", "sum of h, random direction"),
    "show": ("all", "View", "Gradient norms, Jacobians"),
}


def test_bad_values_in_the_link_are_told_and_the_default_is_used():
    page = Page({name: value for name, (value, *_) in BAD.items()})
    notices = page.warnings()
    for value, label, allowed in BAD.values():
        said = [notice for notice in notices if notice.startswith(f"The link sets “{label}” to “{value}”; allowed: ")]
        assert said, f"nothing is said of {label}: {notices}"
        assert allowed in said[0]
        assert said[0].endswith("The default is used instead.")
    assert len(notices) == len(BAD)
    assert_shows(page, Settings())


def test_a_bad_number_of_an_initialisation():
    page = Page({"init": "Scaled to a spectral radius ρ", "init_spectral_radius": "9"})
    assert page.warnings() == [
        "The link sets “Spectral radius” to “9”; allowed: 0.1 to 3. The default is used instead."
    ]
    assert page.value("init_spectral_radius") == 1.0


@pytest.mark.parametrize("link", [{"at": "500"}, {"T": "1000", "H": "128", "seeds": "50"}])
def test_a_link_whose_values_do_not_go_together_shows_a_picture_too(link):
    """Each value is allowed, all of them are not: a sentence, and the default's picture."""
    page = Page(link)
    assert page.errors() + page.warnings()
    assert list(page.medians()) == list(CELLS)


# Cancelling


def test_cancelling_keeps_the_last_picture_until_it_is_asked_for_again():
    page = Page({"T": "30", "H": "4", "seeds": "2"})
    page.test.session_state["cancelled_settings"] = Settings(40, 4, 2)  # as its Cancel button does
    page.turn(T=40)
    assert page.warnings() == ["Cancelled. Below is the last setting that could be computed."]
    assert_shows(page, Settings(30, 4, 2))
    page.test.button[-1].click()
    assert page.test.button[-1].label == "Compute it after all"
    page.run()
    assert not page.warnings()
    assert_shows(page, Settings(40, 4, 2))


def test_another_setting_ends_the_cancelling():
    page = Page({"T": "30", "H": "4", "seeds": "2"})
    page.test.session_state["cancelled_settings"] = Settings(40, 4, 2)
    page.turn(T=40)
    page.turn(T=50)
    assert not page.warnings()
    assert_shows(page, Settings(50, 4, 2))
    page.turn(T=40)  # asked for again
    assert not page.warnings()
    assert_shows(page, Settings(40, 4, 2))


@pytest.fixture
def asked(monkeypatch):
    """What is asked of the numerics; they refuse, in a sentence."""
    calls = []

    def refuse(*arguments, **_):
        calls.append(arguments)
        raise GruvizError("Not now.")

    for name in ("gradient_flows", "state_jacobian_singular_values"):
        monkeypatch.setattr(experiment, name, refuse)
    return calls


def test_cancelling_the_first_picture_does_not_compute_it(asked):
    page = Page({"T": "41", "H": "4", "seeds": "2"}, {"cancelled_settings": Settings(41, 4, 2)})
    assert all(arguments[2].shape[1] != 41 for arguments in asked)
    assert not any("the setting before" in each for each in page.warnings())  # there is none


def test_cancelling_the_jacobians_does_not_compute_them(request):
    """The norms of the same setting were shown; then its Jacobians took too long."""
    page = Page({"T": "42", "H": "4", "seeds": "2"})
    asked = request.getfixturevalue("asked")
    page.control("show").set_value("jacobians")
    page.test.session_state["cancelled_settings"] = Settings(42, 4, 2)  # as the button under their progress bar does
    page.run()
    assert not asked


# What is taken away


def test_files():
    page = Page({"T": "30", "H": "4", "seeds": "2"})
    names = [button.proto.label for button in page.test.get("download_button")]
    assert names == [*(f"Norms, {cell}, CSV" for cell in CELLS), "Figure, HTML", "PyTorch program (seed 0)"]
