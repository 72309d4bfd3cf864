"""The page as Streamlit runs it: its controls, its sentences, its pictures, and what it says to bad input."""

import numpy as np

from gruviz import experiment
from gruviz.experiment import ExperimentSettings as Settings
from gruviz.experiment.sentences import changed, one_knob
from gruviz.reading.stories import STORIES as STEP_STORIES
from gruviz.signals import STANDARD
from gruviz.ui.gradients import knobs
from tests.pages.gradients import STORY, Page, assert_shows, decoded
from tests.pages.opened import unescaped
from tests.wire import says

# What it opens on, and its stories


def test_it_opens_on_the_story_that_all_three_forget():
    page = Page()
    assert_shows(page, Settings())
    assert page.said() == [
        "At lag 50, the gradient relative to its size at lag 0 is largest in the GRU: 7.85 · 10⁻¹¹; LSTM 2.44 · 10⁻¹¹ "
        "(a factor of 3.22 smaller); RNN 8.21 · 10⁻¹⁵ (a factor of 9,558 smaller). "
        "Over lags 50 to 100 it decays in all three."
    ]
    assert not page.warnings() + page.errors()
    names = [control.label for kind in ("number_input", "selectbox") for control in page.test.get(kind)]
    assert sorted(names) == [
        "GRU update bias", "Hidden units H", "Input", "LSTM forget bias", "Loss", "Loss at step", "RNN activation",
        "Recurrent weights", "Seeds", "Steps T", "View",
    ]  # fmt: skip


def test_each_story_sets_all_controls_and_is_compared_with_one_that_differs_by_one_knob():
    page, before = Page({"T": "40", "H": "4", "seeds": "2", "at": "30", "loss": "random direction"}), None
    for key, story in STORY.items():
        page.story(key)
        settings = story.settings
        text = next((step.sequence for step in STEP_STORIES if step.key == story.reads), "")
        flows = assert_shows(page, settings, text=text)
        chosen = {**knobs.controls(settings), "at": None}
        if settings.trained:  # the networks and the sequence set the rest
            assert (page.value("seq"), len(text.split())) == (text, settings.steps)
            assert not any(page.has(name) for name in ("T", "H", "forget", "update", "act"))
            chosen = {name: chosen[name] for name in ("seeds", "at", "loss", "feed", "init")}
        if settings.recurrent[0] == "identity_relu":
            del chosen["act"]  # the identity sets it
        shown = {name: value for name, value in chosen.items() if page.has(name)}
        assert {name: page.value(name) for name in shown} == shown
        assert len(shown) >= (5 if settings.trained else 9)
        if before:
            differences = [said for said in page.said() if "Compared with" in said]
            alike = one_knob(before[0], settings)
            assert differences == list(filter(None, [changed(before[1], flows)] if alike else []))
        before = settings, flows


def test_identity_story_shows_the_activation_in_use():
    page = Page().story("identity")
    assert not page.has("act") or page.value("act") == "relu", "the page says tanh, the RNN runs on ReLU"


# Knobs


def test_one_knob_changes_one_cell_and_the_page_says_so():
    page = Page()
    page.turn(update="update_bias")
    assert page.value("update_update_bias") == 1.0
    first = assert_shows(page, Settings(biases=(("update_bias", 1.0),)))
    page.turn(update_update_bias=2.0)
    second = assert_shows(page, Settings(biases=(("update_bias", 2.0),)))
    assert page.said()[1] == changed(first, second)
    assert page.said()[1].endswith("; RNN and LSTM unchanged.")
    page.turn(forget="forget_bias")
    assert page.said()[1].endswith("; RNN and GRU unchanged.")
    page.turn(act="relu")
    assert page.said()[1].endswith("; LSTM and GRU unchanged.")
    assert_shows(page, Settings(biases=(("update_bias", 2.0), ("forget_bias", 1.0)), activation="relu"))


def test_the_comparison_survives_what_changes_no_curve():
    page = Page().story("update")
    said = page.said()
    assert "GRU a factor of 5.17 · 10⁹ larger" in said[1]
    assert page.turn(show="jacobians").said() == said
    assert page.turn(show="norms").said() == said
    assert page.turn(at=101).said() == said[:1]  # the last step by its number: nothing moved
    assert page.turn(at=None).said() == said[:1]


def test_stories_that_differ_in_more_than_a_knob_are_not_compared():
    page = Page().story("rho25")
    assert "Compared with" in page.said()[-1]  # with the opening one: only the recurrent weights differ
    assert len(page.story("forget").said()) == 1
    page.story("trained")
    assert [said.partition(":")[0] for said in page.said()] == ["Before training", "After training"]


def test_the_step_of_the_loss_is_the_last_unless_it_is_given():
    page = Page({"T": "40", "H": "4", "seeds": "2"})
    assert page.value("at") is None
    assert (page.control("at").min, page.control("at").proto.placeholder) == (2, "the last")
    assert_shows(page, Settings(40, 4, 2))
    assert_shows(page.turn(at=2), Settings(40, 4, 2, at=2))
    assert page.said()[0].startswith("At lag 1, ")
    page = Page({"T": "40", "H": "4", "seeds": "2", "at": "30"})
    assert_shows(page, Settings(40, 4, 2, at=30))
    page.turn(at=None)
    assert_shows(page, Settings(40, 4, 2))
    assert "at" not in says(page.test)


def test_a_link_of_before_that_says_0_means_the_last_step():
    page = Page({"T": "40", "H": "4", "seeds": "2", "at": "0"})
    assert (page.value("at"), page.warnings(), page.errors()) == (None, [], [])
    assert_shows(page, Settings(40, 4, 2))


def test_the_caption_says_which_seeds_are_drawn():
    page = Page({"T": "30", "H": "4", "seeds": "7"})
    assert "Random weights, 7 seeds" in unescaped(page.test.markdown[-1].value)
    caption = unescaped(page.turn(show="jacobians").test.markdown[-1].value)
    assert "Random weights, seed 0" in caption
    assert "7 seeds" not in caption
    assert "band" not in caption
    assert "step 30, the loss’s" in caption


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
    assert_shows(page, Settings(30, 4, 2, biases=(("chrono_gru", 100.0),)))
    assert "Tallec and Ollivier" in page.test.markdown[-1].value


def test_jacobians():
    page = Page({"T": "30", "H": "4", "seeds": "2", "show": "Jacobians"})
    assert len(page.figures()) == 3
    for cell, figure in zip(STANDARD, page.figures(), strict=True):
        values, eigenvalues = experiment.jacobians(Settings(30, 4, 2).reduced_to(cell), cell)
        np.testing.assert_allclose(decoded(figure["data"][0]["y"]), values.log10_largest, atol=1e-9)
        np.testing.assert_allclose(decoded(figure["data"][3]["x"]), eigenvalues.real, atol=1e-9)
    assert len({tuple(figure["layout"]["yaxis"]["range"]) for figure in page.figures()}) == 1


# What is taken away


def test_files():
    page = Page({"T": "30", "H": "4", "seeds": "2"})
    page.test.session_state["files-gradients"] = True
    page.test.run()
    names = [button.proto.label for button in page.test.get("download_button")]
    assert names == [*(f"Norms, {cell}, CSV" for cell in STANDARD), "Figure, HTML", "PyTorch program (seed 0)"]
