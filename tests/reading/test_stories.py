"""Stories: readable with whatever weights are there, at a place that exists, told with the numbers of the trace."""

import csv
import gzip
import re

import numpy as np
import pytest

from gruviz.common.quantities import share
from gruviz.models import by_task, entries, load_model, opening_names
from gruviz.models.tasks.sunspots import read as all_months
from gruviz.reading import read
from gruviz.reading.sentences import StepAndUnit
from gruviz.reading.stories import STORIES

STORY = {story.key: story for story in STORIES}
SURE = 1 / (1 + np.exp(-8))


def reading(story):
    return read(load_model(story.model, dict(story.knobs)), story.sequence)


every = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)


def told(key, place=None):
    found = reading(STORY[key])
    place = place or STORY[key].find(found)
    return found, place, STORY[key].sentence(found, place)


def ascii_minus(text):
    return text.replace("−", "-")


def percent(text):
    return [float(number) / 100 for number in re.findall(r"(\d+(?:\.\d+)?)%", text)]


def yes(reading):
    """The share of the yes-or-no question's answer before the first step and after each, (T + 1,)."""
    return reading.answers.shares[:, 0]


def test_there_is_one_of_every_task_with_their_own_keys_and_titles():
    assert {load_model(story.model).task for story in STORIES} >= set(by_task()) - {"adding"}
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
    only = story.find(found)[1] if story.model == "latch" else None  # it is told of the marker
    steps = range(1, len(found.trace) + 1) if only is None else [story.find(found)[0]]
    for step in steps:
        text = story.sentence(found, StepAndUnit(step, only or 0))
        assert "nan" not in text
        assert "inf" not in text
        assert text.count(" ") > 8


@every
def test_the_words_of_a_story_are_mostly_known(story):
    known = reading(story).known
    assert sum(known) >= 0.7 * len(known)


# Where


def test_the_latch_looks_at_the_marker():
    found, place, _ = told("latch")
    assert found.trace.tokens[place[0] - 1] == "1!"
    assert place[1] == 0


@pytest.mark.parametrize(("key", "step"), [("sicilian", 1), ("surname", 10), ("brackets", 4), ("kept", 101)])
def test_the_step_that_a_story_is_about(key, step):
    found, place, _ = told(key)
    assert place[0] == step
    if key != "kept":
        change = np.abs(np.diff(found.trace["h"], axis=0, prepend=0))[step - 1]
        assert change[place[1]] == change.max()


def test_the_sunspots_look_at_the_lowest_month():
    found, place, _ = told("sunspots")
    numbers = list(map(float, found.text.split()))
    assert place[0] == numbers.index(min(numbers)) + 1 == 139
    assert found.trace.tokens[138] == "1.9"


def test_the_unit_that_keeps_most_is_told():
    found, place, _ = told("kept")
    kept = [found.trace["z"][1:, unit].mean() for unit in range(found.trace.units)]
    assert kept[place[1]] == max(kept)


# What is said


def test_the_turn_says_what_the_model_said_before_but_and_at_the_end():
    found, _, text = told("turn")
    but = [token.casefold() for token in found.trace.tokens].index("but")
    assert percent(text) == pytest.approx([yes(found)[but], yes(found)[-1]], abs=0.00501)


def test_the_negation_is_compared_with_the_sentence_without_it():
    found, _, text = told("negation")
    without = read(found.model, "This movie was good.")
    assert percent(text) == pytest.approx([yes(found)[-1], yes(without)[-1]], abs=0.00501)


def test_not_bad_and_not_good_are_compared_with_bad_and_good():
    found, _, text = told("pairs")
    alone = [yes(read(found.model, words))[-1] for words in ("bad", "not bad", "good", "not good")]
    assert percent(text) == pytest.approx([*alone, yes(found)[2], yes(found)[-1]], abs=0.00501)
    assert alone[0] < 0.5 < alone[1]
    assert alone[2] > 0.5 > alone[3]


def test_the_verdict_says_where_it_ends_and_how_much_was_kept():
    found = reading(STORY["verdict"])
    step, unit = 2, 3
    text = ascii_minus(STORY["verdict"].sentence(found, StepAndUnit(step, unit)))
    later = len(found.trace) - step
    assert f"{later} steps later it says" in text
    start, end = found.trace["h"][step - 1, unit], found.trace["h"][-1, unit]
    assert f"Unit {unit} went to {start:+.2f} there and ends at {end:+.2f}" in text
    kept = found.trace["z"][step:, unit].mean()
    assert percent(text) == pytest.approx([yes(found)[step], yes(found)[-1], kept], abs=0.00501)


def test_the_cereal_says_how_low_and_how_high_the_answer_went():
    found, _, text = told("cereal")
    after = yes(found)[1:]
    assert percent(text) == pytest.approx([after.min(), after.max(), after[-1]], abs=0.00501)
    assert f"step {after.argmin() + 1})" in text
    assert f"step {after.argmax() + 1})" in text


def test_the_sicilian_says_the_likeliest_replies_and_the_names():
    found, _, text = told("sicilian")
    moves, shares, options = found.text.split(), found.answers.shares, found.model.read_out.options
    best = np.argsort(-shares[1])[:3]
    replies = re.search(r"After 1\. e4 \((.+?)\) the likeliest replies are (.+)\. With 1… c5 it is", text)
    assert re.findall(r"(\S+) \((\d+)%\)", replies[2]) == [(options[i], f"{100 * shares[1, i]:.0f}") for i in best]
    with gzip.open(opening_names.DATA, "rt", encoding="utf-8", newline="") as file:
        lines = {row["moves"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}

    def name(played):
        row = next(lines[line] for n in range(played, 0, -1) if (line := " ".join(moves[:n])) in lines)
        return f"{row['eco']} {row['family']}" + (f": {row['variation']}" if row["variation"] else "")

    assert replies[1] == name(1)
    assert f"With 1… c5 it is {name(2)}, and in the end {name(10)}." in text
    assert "Sicilian" in name(2)
    assert "Najdorf" in name(10)
    right = sum(options[shares[step].argmax()] == moves[step] for step in range(1, 10))
    assert f"Of the 9 moves that follow the first, the model's likeliest one was played {right} times." in text


def test_the_surname_says_what_the_last_letter_changed():
    found, place, text = told("surname")
    before, after = found.answers.shares[-2:]
    options = found.model.read_out.options
    said = re.fullmatch(r"Before the last letter the model says (\w+), (\d+)%, with it (\w+), (\d+)%\.", text)
    assert said, text
    assert (said[1], said[3]) == (options[before.argmax()], options[after.argmax()])
    assert [int(said[2]), int(said[4])] == pytest.approx([100 * before.max(), 100 * after.max()], abs=0.501)
    assert place[0] == len("Ferentinos")
    assert said[1] != said[3]  # it does change its mind


def test_the_sunspots_say_what_came_and_how_far_off_the_model_is():
    found, place, text = told("sunspots")
    numbers, step = list(map(float, found.text.split())), place[0]
    predicted = found.answers.values[1:]
    off = np.mean([abs(predicted[t] - numbers[t + 1]) for t in range(len(numbers) - 1)])
    persistence = np.mean([abs(numbers[t] - numbers[t + 1]) for t in range(len(numbers) - 1)])
    said = re.match(
        r"At “(.+)”, the lowest month, the model predicts (\S+) sunspots \(persistence "
        r"(\S+), seasonal (\S+), actual (\S+)\)\. Over the (\d+) "
        r"months whose next one is known it is off by (\S+) sunspots on average; persistence by (\S+) sunspots\.",
        ascii_minus(text),
    )
    assert said, text
    assert (said[1], float(said[5]), int(said[6])) == (f"{min(numbers):g}", numbers[step], len(numbers) - 1)
    expected = [predicted[step - 1], numbers[step - 1], numbers[step - 132], off, persistence]
    assert [float(said[i]) for i in (2, 3, 4, 7, 8)] == pytest.approx(expected, abs=0.0501)


def test_the_sunspots_are_those_of_1965_to_1978():
    months, numbers = all_months()
    first, last = months.index("1965-01"), months.index("1978-12")
    assert [float(word) for word in STORY["sunspots"].sequence.split()] == numbers[first : last + 1]


def balance(text):
    """What a string of brackets is after each character, by taking pairs out until none is left."""
    found = []
    for end in range(1, len(text) + 1):
        rest, size = text[:end], -1
        while size != len(rest):
            size = len(rest)
            rest = re.sub(r"\(\)|\[\]|\{\}", "", rest)
        found.append("broken" if re.search(r"[)\]}]", rest) else f"{len(rest)} deep" if rest else "balanced")
    return found


def test_the_brackets_say_how_deep_they_are_and_where_the_model_is_wrong_first():
    found, place, text = told("brackets")
    right = balance(found.text)
    assert right[place[0] - 1] == "4 deep"
    shares, options = found.answers.shares[1:], found.model.read_out.options
    answers = [options[row.argmax()] for row in shares]
    wrong = [step for step, (a, b) in enumerate(zip(answers, right, strict=True), 1) if a != b]
    verdict = f"wrong first at step {wrong[0]}" if wrong else "right after each of them"
    assert text == (
        f"At step 4 the string is 4 deep, and the model says {answers[3]}, {share(shares[3].max())}. Over the "
        f"{len(right)} characters it is {verdict}."
    )


@pytest.mark.parametrize("text", ["]", "([)]", "(((((", "()"])
def test_other_brackets_are_judged_too(text):
    found = read(load_model("brackets-gru"), text)
    story = STORY["brackets"]
    sentence = story.sentence(found, story.find(found))
    right, options = balance(text), found.model.read_out.options
    depths = [-1 if answer == "broken" else options.index(answer) if answer in options else 4 for answer in right]
    assert story.find(found)[0] == depths.index(max(depths)) + 1
    truth = [answer if answer in options else "4 deep" for answer in right]  # deeper than it was ever asked
    wrong = [t for t, row in enumerate(found.answers.shares[1:]) if options[row.argmax()] != truth[t]]
    assert ("right after each of them" in sentence) is not wrong
    assert not wrong or f"wrong first at step {wrong[0] + 1}" in sentence


def test_the_first_letter_is_kept_by_the_gru_and_compared_with_the_rnn():
    found, (step, unit), text = told("kept")
    text = ascii_minus(text)
    rnn = read(load_model("first-symbol-rnn"), found.text)
    assert (found.trace.tokens[0], step) == ("B", 101)

    def said(reading):
        row = reading.answers.shares[-1]
        return f"{reading.model.read_out.options[row.argmax()]}, {share(row.max())}"

    assert f"The first letter is B. After 100 steps of noise the GRU says {said(found)}; an RNN" in text
    assert f"after the same trials, says {said(rnn)}." in text
    h, kept = found.trace["h"][:, unit], found.trace["z"][1:, unit].mean()
    assert f"Unit {unit} of the GRU went to {h[0]:+.2f} at the first letter and is at {h[-1]:+.2f}" in text
    assert percent(text)[-1] == pytest.approx(kept, abs=0.000501)


def test_the_noise_says_nothing_of_the_letter():
    noise = STORY["kept"].sequence.split()[1:]
    assert len(noise) == 100
    assert set(noise) == set("wxyz")


def test_the_latch_tells_closed_form_numbers():
    """z = σ(-8) at the marker and σ(8) after it, h = tanh 3, r from σ(-8) to σ(8)."""
    _, _, text = told("latch")
    assert f"falls to {1 - SURE:.4f}" in text
    assert percent(text) == pytest.approx([SURE], abs=1e-4)
    assert re.search(r"h = \+0\.99\d", text)
    assert f"opens from {1 - SURE:.4f} to {SURE:.4f}" in text
    assert re.search(r"unit 1 says \+0\.99\d\.$", text)
