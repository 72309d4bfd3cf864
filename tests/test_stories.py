"""Stories: readable with whatever weights are there, at a place that exists, told with the numbers of the trace."""

import re

import numpy as np
import pytest

from gruviz.errors import SequenceError
from gruviz.models import entries, load_model
from gruviz.stories import STORIES, describe, largest_change, read

STORY = {story.key: story for story in STORIES}
SURE = 1 / (1 + np.exp(-8))


def reading(story):
    return read(load_model(story.model, dict(story.knobs)), story.sequence)


every = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)


def told(key, place=None):
    found = reading(STORY[key])
    place = place or STORY[key].find(found)
    return found, place, STORY[key].tell(found, place)


def ascii_minus(text):
    return text.replace("−", "-")


def percent(text):
    return [float(number) / 100 for number in re.findall(r"(\d+(?:\.\d+)?)%", text)]


def test_there_are_at_least_six_with_their_own_keys_and_titles():
    assert len(STORIES) >= 6
    for field in ("key", "title", "sequence"):
        assert len({getattr(story, field) for story in STORIES}) == len(STORIES)


@every
def test_a_story_is_of_a_model_there_is_with_knobs_there_are(story):
    knobs = {knob.key: knob for knob in entries()[story.model].knobs}
    assert set(story.knobs) <= set(knobs)
    assert all(knobs[key].allows(value) for key, value in story.knobs.items())


@every
def test_a_story_can_be_read_and_finds_a_place_that_exists(story):
    found = reading(story)
    step, unit = story.find(found)
    assert 1 <= step <= len(found.trace)
    assert 0 <= unit < found.trace.units
    assert found.text == story.sequence
    assert len(found.known) == len(found.trace)


@every
def test_a_story_can_be_told_wherever_its_place_falls(story):
    """Other weights move the place, so each step of the sequence must do."""
    found = reading(story)
    only = story.find(found)[1] if story.model == "latch" else None
    steps = range(1, len(found.trace) + 1) if only is None else [story.find(found)[0]]
    for step in steps:
        text = story.tell(found, (step, only or 0))
        assert "nan" not in text
        assert "inf" not in text
        assert text.count(" ") > 8


@every
def test_the_words_of_a_story_are_mostly_known(story):
    known = reading(story).known
    assert sum(known) >= 0.7 * len(known)


# Where


def test_the_place_without_an_answer_is_where_the_state_moves_most():
    found = reading(STORY["hello"])
    assert found.answers is None
    step, unit = largest_change(found)
    change = np.abs(np.diff(found.trace["h"], axis=0, prepend=0))
    assert change[step - 1].sum() == change.sum(1).max()
    assert change[step - 1, unit] == change[step - 1].max()


def test_the_place_with_an_answer_is_where_the_answer_moves_most():
    found = reading(STORY["turn"])
    answers = found.model.read_out(found.trace)
    np.testing.assert_array_equal(found.answers, answers)
    nothing_read = 1 / (1 + np.exp(-found.model.answer.bias))
    moves = np.abs(np.diff(answers, prepend=nothing_read))
    step, unit = largest_change(found)
    assert moves[step - 1] == moves.max()
    change = np.abs(np.diff(found.trace["h"], axis=0, prepend=0))[step - 1]
    assert change[unit] == change.max()


def test_the_latch_looks_at_the_marker():
    found, place, _ = told("latch")
    assert found.trace.tokens[place[0] - 1] == "1!"
    assert place[1] == 0


# What is said


@pytest.mark.parametrize("key", ["hello", "cereal", "turn"])
def test_a_description_holds_the_numbers_of_its_place(key):
    found = reading(STORY[key])
    for step in range(1, len(found.trace) + 1):
        unit = int(found.trace.change()[step - 1].argmax())
        text = ascii_minus(describe(found, (step, unit)))
        h = found.trace["h"][:, unit]
        before = h[step - 2] if step > 1 else 0
        z, n = found.trace["z"][step - 1, unit], found.trace["n"][step - 1, unit]
        said = re.search(
            r"At step (\d+) \(“(.*)”\) unit (\d+) moves most, by ([+-][\d.]+): its update gate keeps (\d+)% of the "
            r"old state and lets (\d+)% of the candidate \(([+-][\d.]+)\) in\.$",
            text,
        )
        assert said, text
        assert (int(said[1]), said[2], int(said[3])) == (step, found.trace.tokens[step - 1], unit)
        assert float(said[4]) == pytest.approx(h[step - 1] - before, abs=0.00501)
        assert float(said[5]) == pytest.approx(100 * z, abs=0.501)
        assert float(said[6]) == pytest.approx(100 * (1 - z), abs=0.501)
        assert float(said[7]) == pytest.approx(n, abs=0.00501)


@pytest.mark.parametrize("key", ["cereal", "turn"])
def test_a_description_holds_the_answer_and_how_far_it_moved(key):
    found, place, _ = told(key)
    step = place[0]
    said = re.match(
        r"At “(.*)” the answer becomes (\d+)% (\w+) \(([+-]\d+) points?\)\.", ascii_minus(describe(found, place))
    )
    assert said
    before = found.answers[step - 2] if step > 1 else 1 / (1 + np.exp(-found.model.answer.bias))
    assert said[1] == found.trace.tokens[step - 1]
    assert int(said[2]) == pytest.approx(100 * found.answers[step - 1], abs=0.501)
    assert said[3] == found.model.answer.label
    assert int(said[4]) == pytest.approx(100 * (found.answers[step - 1] - before), abs=0.501)


def test_the_turn_says_what_the_model_said_before_but_and_at_the_end():
    found, _, text = told("turn")
    but = [token.casefold() for token in found.trace.tokens].index("but")
    assert percent(text)[:2] == pytest.approx([found.answers[but - 1], found.answers[-1]], abs=0.00501)


def test_the_negation_is_compared_with_the_sentence_without_it():
    found, _, text = told("negation")
    without = read(found.model, "This movie was good.")
    assert percent(text)[:2] == pytest.approx([found.answers[-1], without.answers[-1]], abs=0.00501)


def test_the_verdict_says_where_it_ends_and_how_much_was_kept():
    found = reading(STORY["verdict"])
    step, unit = 2, 3
    text = ascii_minus(STORY["verdict"].tell(found, (step, unit)))
    later = len(found.trace) - step
    assert f"{later} steps later it says" in text
    start, end = found.trace["h"][step - 1, unit], found.trace["h"][-1, unit]
    assert f"Unit {unit} went to {start:+.2f} there and ends at {end:+.2f}" in text
    assert percent(text)[1] == pytest.approx(found.answers[-1], abs=0.00501)
    assert percent(text)[2] == pytest.approx(found.trace["z"][step:, unit].mean(), abs=0.00501)


def test_the_cereal_says_how_low_and_how_high_the_answer_went():
    found, _, text = told("cereal")
    assert percent(text)[:3] == pytest.approx(
        [found.answers.min(), found.answers.max(), found.answers[-1]], abs=0.00501
    )
    assert f"step {found.answers.argmin() + 1})" in text
    assert f"step {found.answers.argmax() + 1})" in text


def test_the_latch_tells_closed_form_numbers():
    """z = σ(-8) at the marker and σ(8) after it, h = tanh 3, r from σ(-8) to σ(8)."""
    _, _, text = told("latch")
    assert f"falls to {1 - SURE:.4f}" in text
    assert percent(text) == pytest.approx([SURE], abs=1e-4)
    assert re.search(r"h = \+0\.99\d", text)
    assert f"opens from {1 - SURE:.4f} to {SURE:.4f}" in text
    assert re.search(r"unit 1 says \+0\.99\d\.$", text)


def test_other_text_is_read_with_the_same_words():
    with pytest.raises(SequenceError, match="“x” at position 1"):
        read(load_model("latch"), "x")
