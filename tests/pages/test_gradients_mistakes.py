"""The Gradients page and bad input, explosions, and long work that is cancelled."""

import re

import pytest

from gruviz.errors import GruvizError
from gruviz.experiment import ExperimentSettings as Settings
from gruviz.experiment import runs
from gruviz.experiment.sentences import summary
from gruviz.signals import STANDARD
from gruviz.ui.session import Session
from tests.pages.gradients import LONG, Page, assert_shows, expected

# Bad input


def assert_keeps_the_last(page, turn, sentence, last):
    page.turn(**turn)
    assert page.errors() == [f"{sentence} Shown below: the last settings that could be computed."]
    assert page.said()[0] == summary(expected(last))
    assert_shows(page, last)


def test_outside_the_limits_the_last_good_picture_stays():
    page, last = Page({"T": "30", "H": "4", "seeds": "2"}), Settings(30, 4, 2)
    assert_keeps_the_last(page, {"at": 31}, "The loss is taken at step 31; allowed: 2 to 30.", last)
    assert_keeps_the_last(page, {"at": 40}, "The loss is taken at step 40; allowed: 2 to 30.", last)
    too_much = (
        "1,000 steps of 128 units for 50 seeds are 6,400,000 states per cell; at most 2,000,000: with these units and "
        "seeds, 312 steps."
    )
    assert_keeps_the_last(page, {"at": None, "T": 1000, "H": 128, "seeds": 50}, too_much, last)
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
    assert page.said()[0].endswith("decays in LSTM and GRU, grows in RNN.")


BAD = {
    "T": ("5", "Steps T", "10 to 1000"),
    "H": ("129", "Hidden units H", "1 to 128"),
    "seeds": ("many", "Seeds", "1 to 50"),
    "at": ("-1", "Loss at step", "2 to 1000, or none: the last"),
    "init": ("zzz", "Recurrent weights", "Orthogonal"),
    "act": ("sigmoid", "RNN activation", "tanh, ReLU"),
    "forget": ("<b>", "LSTM forget bias", "Forget bias"),
    "update": ("1", "GRU update bias", "Update bias (positive keeps)"),
    "feed": ("words", "Input", "noise, impulse at step 1"),
    "loss": ("mse", "Loss", "sum of h, random direction"),
    "show": ("all", "View", "Gradient norms, In one panel, Jacobians"),
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
    assert list(page.medians()) == list(STANDARD)


# Cancelling


def test_cancelling_keeps_the_last_picture_until_it_is_asked_for_again():
    page = Page({"T": "30", "H": "4", "seeds": "2"})
    page.test.session_state["gruviz"].cancelled = Settings(40, 4, 2)  # as its Cancel button does
    page.turn(T=40)
    assert page.warnings() == ["Cancelled. Shown below: the last settings that could be computed."]
    assert_shows(page, Settings(30, 4, 2))
    page.test.button[-1].click()
    assert page.test.button[-1].label == "Compute it after all"
    page.run()
    assert not page.warnings()
    assert_shows(page, Settings(40, 4, 2))


def test_another_setting_ends_the_cancelling():
    page = Page({"T": "30", "H": "4", "seeds": "2"})
    page.test.session_state["gruviz"].cancelled = Settings(40, 4, 2)
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
        monkeypatch.setattr(runs, name, refuse)
    return calls


def test_cancelling_the_first_picture_does_not_compute_it(asked):
    page = Page({"T": "41", "H": "4", "seeds": "2"}, {"gruviz": Session(cancelled=Settings(41, 4, 2))})
    assert all(arguments[2].shape[1] != 41 for arguments in asked)
    assert not any("the setting before" in each for each in page.warnings())  # there is none


def test_cancelling_the_jacobians_does_not_compute_them(request):
    """The norms of the same setting were shown; then its Jacobians took too long."""
    page = Page({"T": "42", "H": "4", "seeds": "2"})
    asked = request.getfixturevalue("asked")
    page.control("show").set_value("jacobians")
    page.test.session_state["gruviz"].cancelled = Settings(42, 4, 2)  # as the button under their progress bar does
    page.run()
    assert not asked
