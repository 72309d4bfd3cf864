"""The sentence above the rows speaks of the step and the unit that the stepper shows, with the trace's own numbers."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from gruviz.common.quantities import share
from gruviz.models import load_model
from gruviz.reading import read
from gruviz.reading.sentences import answer_at, largest_change, mover, signed
from gruviz.reading.stories import STORIES
from tests.browser.apps.traces import make_trace
from tests.browser.waiting import steady

FULL = 230  # characters that leave no room for more
TEXT = "This movie was bad, but I liked it."


def sentence(page):
    return page.page.locator(".stepper .sentence")


def moved(trace, step, unit):
    before, now = (signed(float(values[step - 1, unit])) for values in (trace.before("h"), trace["h"]))
    before, now = (text if float(text.replace("−", "-")) else "0.00" for text in (before, now))
    return f"stays at {now}" if before == now else f"goes from {before} to {now}"


def said(reading, step, unit):
    """What is to be said of a GRU."""
    trace, most = reading.trace, mover(reading, step)
    z, n = (float(trace[key][step - 1, unit]) for key in "zn")
    answer = answer_at(reading, step) + " " if reading.answers is not None else ""
    largest = ", the largest move of all" if most == unit else ""
    other = "" if most == unit else f" Unit {most} moves most: it {moved(trace, step, most)}."
    where, what = (
        largest_change(reading)[0],
        "The hidden state moves" if reading.answers is None else "The answer changes",
    )
    text = (
        f"{answer}At step {step} unit {unit} {moved(trace, step, unit)}{largest}: its update gate keeps {share(z)} of "
        f"the old state and lets {share(1 - z)} of the candidate ({signed(n)}) in.{other}"
    )
    return text if where == step or len(text) >= FULL else f"{text} {what} most at step {where}."


def test_it_stays_with_the_stepper_while_the_person_types_and_steps(step_page):
    step_page.open(step=4, unit=13)
    step_page.sequence.fill(TEXT)
    expect(step_page.chips).to_have_count(10)
    reading = read(load_model("sentiment-gru"), TEXT)
    assert largest_change(reading) != (4, 13)
    step_page.at(4, 10)
    expect(sentence(step_page)).to_have_text(said(reading, 4, 13))
    step_page.sequence.press("Enter")
    expect(step_page.sequence).not_to_be_focused()
    before = len(step_page.messages)
    for step in (5, 6, 7):
        step_page.press("ArrowRight")
        step_page.at(step, 10)
        expect(sentence(step_page)).to_have_text(said(reading, step, 13))
    step_page.unit.select_option(str(mover(reading, 7)))
    expect(sentence(step_page)).to_have_text(said(reading, 7, mover(reading, 7)))
    assert step_page.messages[before:] == []


@pytest.mark.parametrize(
    ("cell", "because"),
    [
        ("LSTM", r"its output gate lets (\d+)% of tanh of the cell state \(([+−]\d\.\d\d)\) out"),
        ("RNN", r"([+−]\d\.\d\d) from the input and ([+−]\d\.\d\d) from the old state go into tanh"),
    ],
)
def test_every_cell_is_told_by_its_own_rules(cells_page, cell, because):
    trace = make_trace(cell, 6, 8)
    cells_page.open(figure=False, cell=cell, step=5, unit=2)
    expect(sentence(cells_page)).to_have_text(re.compile("^At step 5 unit 2 " + re.escape(moved(trace, 5, 2))))
    text = steady(sentence(cells_page).text_content)
    one, two = (float(number.replace("−", "-")) for number in re.search(because, text).groups())
    h = float(trace["h"][4, 2])
    assert (one / 100 * two if cell == "LSTM" else np.tanh(one + two)) == pytest.approx(h, abs=0.012)


def test_inside_a_step_nothing_is_given_away(step_page):
    step_page.open(model="Random weights", seq="hello", step=2, unit=1, op=1)
    expect(sentence(step_page)).to_be_hidden()
    step_page.press("ArrowRight")
    expect(sentence(step_page)).to_be_visible()


def test_a_step_a_unit_and_a_gate_that_are_named_are_links(step_page):
    step_page.open(seq=TEXT, step=7, unit=13)
    reading = read(load_model("sentiment-gru"), TEXT)
    links = sentence(step_page).get_by_role("button")
    unit = mover(reading, 7)
    assert unit != 13
    links.get_by_text(f"Unit {unit}", exact=True).click()
    expect(step_page.unit).to_have_value(str(unit))
    expect(sentence(step_page)).to_have_text(said(reading, 7, unit))
    links.get_by_text("update gate", exact=True).click()
    z = float(reading.trace["z"][6, unit])
    explained = step_page.page.locator(".explained")
    expect(explained).to_contain_text(f"Unit {unit} at step 7: z = {z:.2f}: it keeps {share(z)} of the old state")
    step_page.press("Home")
    z = float(reading.trace["z"][0, unit])
    expect(explained).to_contain_text(f"Unit {unit} at step 1: z = {z:.2f}")
    links.get_by_text(f"step {largest_change(reading)[0]}", exact=True).click()
    step_page.at(largest_change(reading)[0])
    step_page.press("Escape")
    expect(explained).to_be_hidden()


def test_a_story_tells_at_its_place_what_it_is_about(step_page):
    step_page.open()
    story = STORIES[0]
    reading = read(load_model(story.model), story.sequence)
    place = story.find(reading)
    expect(sentence(step_page)).to_contain_text(story.sentence(reading, place))
    step_page.press("Home")
    expect(sentence(step_page)).to_have_text(said(reading, 1, place[1]))
