"""Each story makes its point, within as many updates as a class waits for."""

from dataclasses import replace

import numpy as np

from gruviz.live.made_up import adding, first_symbol
from gruviz.live.race import WINDOW, Race
from gruviz.live.snapshot import snapshot
from gruviz.live.stories import STORIES

BY_KEY = {story.key: story.settings for story in STORIES}


def run(settings, updates):
    race = Race(settings, (adding if settings.task == "adding" else first_symbol)(settings))
    for _ in range(updates):
        race.update()
    return race


def reached(race):
    return {cell for cell, learner in race.learners.items() if learner.reached}


def recent(race, cell, column):
    return race.learners[cell].history[race.updates - WINDOW : race.updates, column].mean()


def test_a_bias_of_2_learns_what_a_bias_of_0_cannot_and_the_gradient_says_why():
    race = run(BY_KEY["bias"], 0)
    left = {}
    for cell, learner in race.learners.items():
        norms = snapshot(learner.network, race.source, race.batch).log10_norm
        left[cell] = norms[-1] - norms[0]
    assert left["GRU"] > -4
    assert max(left["RNN"], left["LSTM"]) < -6
    race = run(BY_KEY["bias"], 120)
    assert reached(race) == {"GRU"}
    assert max(recent(race, cell, 1) for cell in ("RNN", "LSTM")) < 0.6


def test_the_rnn_needs_ever_longer_and_then_fails():
    updates = {"rnn10": 60, "rnn30": 150, "rnn60": 500}
    reached = {key: run(BY_KEY[key], most).learners["RNN"].reached for key, most in updates.items()}
    assert reached["rnn10"] < 45
    assert reached["rnn30"] > 2 * reached["rnn10"]
    assert reached["rnn60"] is None


def test_too_high_a_learning_rate():
    low = run(replace(BY_KEY["rate"], rate=0.01), 60)
    assert reached(low) == {"RNN", "LSTM", "GRU"}
    high = run(BY_KEY["rate"], 60)
    assert "RNN" not in reached(high)
    assert "LSTM" not in reached(high)
    assert recent(high, "RNN", 0) > 2  # worse than knowing nothing: ln 4 is 1.39


def test_clipping_off():
    losses = {
        clip: run(replace(BY_KEY["clip"], clip=clip), 30).learners["RNN"].history[:30, 0] for clip in (True, False)
    }
    assert losses[True][-WINDOW:].mean() < 1
    assert np.nanmax(losses[False]) > 1e3


def test_keys_titles_and_settings_differ():
    assert len({story.settings for story in STORIES}) == len(STORIES)
    assert len({story.key for story in STORIES}) == len({story.title for story in STORIES}) == len(STORIES)
    for story in STORIES:
        story.settings.check()
        assert story.look_for.endswith(".")
