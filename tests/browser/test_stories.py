"""Stories and models: a click leads to the place where something happens."""

import pytest
from playwright.sync_api import expect

from gruviz.models import load_model
from gruviz.reading import read
from gruviz.reading.sentences import StepAndUnit, largest_change
from gruviz.reading.stories import STORIES
from tests.browser.stays import all_stays


def test_every_story(step_page):
    step_page.open()
    with all_stays(step_page.page, ".mount > *"):  # it is the same stepper all along
        for story in (*STORIES[1:], STORIES[0]):
            reading = read(load_model(story.model, story.knobs), story.sequence)
            step, unit = story.find(reading)
            step_page.example(story.title)
            step_page.at(step, len(reading.trace), reading.trace.tokens[step - 1])
            expect(step_page.sequence).to_have_value(story.sequence)
            expect(step_page.model).to_contain_text(reading.model.title.split(" (")[0])
            expect(step_page.unit).to_have_value(str(unit))
            sentence = story.sentence(reading, StepAndUnit(step, unit))
            expect(step_page.page.locator(".sentence")).to_contain_text(sentence)
            step_page.cursor(step)
            step_page.linked(step=step, unit=unit)


def test_a_story_leads_back_to_its_place(step_page):
    story = next(story for story in STORIES if story.key == "latch")
    step_page.open()
    for _ in range(2):
        step_page.example(story.title)
        step_page.at(3, 11, "1!")
        step_page.press("End")
        step_page.at(11, 11, "?")


@pytest.mark.parametrize("name", ["latch", "random"])
def test_another_model_opens_on_its_example_and_remembers_what_was_typed(step_page, name):
    model = load_model(name)
    reading = read(model, model.example)
    step, unit = largest_change(reading)
    title = model.title.split(" (")[0]
    step_page.open(seq="Great food.", step=1)
    step_page.choose_model(title)
    step_page.at(step, len(reading.trace), reading.trace.tokens[step - 1])
    expect(step_page.sequence).to_have_value(model.example)
    expect(step_page.unit).to_have_value(str(unit))
    step_page.linked(model=title, seq=model.example)
    step_page.choose_model(load_model(STORIES[0].model).title)
    expect(step_page.sequence).to_have_value("Great food.")
    expect(step_page.chips).to_have_text(["Great", "food", "."])
