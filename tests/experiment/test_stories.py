"""The Gradients page's stories: their settings, the reference medians, and titles that are true."""

import numpy as np
import pytest

from gruviz import experiment
from gruviz.experiment.sentences import window
from gruviz.experiment.stories import STORIES
from gruviz.gradients import gradient_flow
from gruviz.signals import STANDARD
from tests.gradient_curves import ORACLE, REFERENCES, STORY, assert_summary_is_true, feed, medians, reading

# The settings


def test_each_story_is_here_and_can_be_told_apart():
    assert list(REFERENCES) == [story.key for story in STORIES]
    assert len({story.settings for story in STORIES}) == len({story.title for story in STORIES}) == len(STORIES)
    for story in STORIES:
        story.settings.check()


@pytest.mark.parametrize(("key", "cell"), [(key, cell) for key, nets in REFERENCES.items() for cell in nets])
def test_stories_show_the_reference_medians(key, cell):
    net, tolerance = REFERENCES[key][cell]
    reference = ORACLE["nets"][net]["joint" if cell == "LSTM" else "h"]
    relative = medians(STORY[key].settings)[cell].relative()
    for lag in ORACLE["lags"]:
        np.testing.assert_allclose(relative[lag], reference["median"][str(lag)], rtol=tolerance)


@pytest.mark.parametrize("key", STORY)
def test_a_story_names_the_activation_that_its_rnn_has(key):
    settings = STORY[key].settings
    used = experiment.drawn(settings.reduced_to("RNN"), "RNN", feed(settings, "RNN")[0]).weights[0].activation
    assert settings.activation == used


def test_titles_are_true():
    rates = {key: {cell: each.rate(50, 100) for cell, each in medians(STORY[key].settings).items()} for key in STORY}
    assert max(rates["default"].values()) < 0.7  # "all three forget"
    assert rates["update"]["GRU"] > 0.98
    assert rates["forget"]["LSTM"] > rates["default"]["LSTM"] + 0.1  # "the fix"
    assert rates["rho15"]["RNN"] < 1  # "not yet exploding"
    assert rates["rho25"]["RNN"] > 1.1  # "exploding"
    assert rates["identity"]["RNN"] > 0.95


def test_what_training_changes():
    """It opens the gates of the GRU further than they stood at the start; nothing keeps the RNN from forgetting."""
    settings = STORY["trained"].settings
    before, after = medians(settings), {}
    for cell in STANDARD:
        found = reading(settings, cell)
        assert len(found.trace) == settings.steps
        assert found.trace.units == settings.reduced_to(cell).units
        inputs, answer = feed(settings, cell)
        after[cell] = gradient_flow(found.model.module, inputs, answer, settings.loss_index)
    lo, hi = window(settings.loss_index)
    assert after["GRU"].half_life(lo, hi) > 2 * before["GRU"].half_life(lo, hi)
    assert after["GRU"].half_life(lo, hi) > max(after[cell].half_life(lo, hi) for cell in ("RNN", "LSTM"))
    assert after["RNN"].half_life(lo, hi) < settings.steps / 20
    assert_summary_is_true(after)
