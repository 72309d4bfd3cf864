"""Everything in the link: the same address shows the same screen, and a bad one says so and shows a good one."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from gruviz.models import entries, load_model
from gruviz.reading import read
from gruviz.reading.sentences import largest_change
from gruviz.reading.stories import STORIES
from tests.browser.chromium import launch
from tests.browser.pages import Pages, Tab
from tests.browser.waiting import becomes, steady

RANDOM = {"model": "Random weights", "hidden": 5, "seed": 42, "update_shift": 1.5, "reset_shift": -2, "seq": "abc, c!"}


def screen(page):
    """All that a person can tell two screens apart by, once it changes no more."""
    return steady(lambda: _screen(page.rests()))


def _screen(page):
    return {
        "status": page.status.inner_text(),
        "tokens": page.chips.all_inner_texts(),
        "sequence": page.sequence.input_value(),
        "model": page.model.inner_text(),
        "unit": page.unit.input_value(),
        "order": page.order.input_value(),
        "rows": page.units(),
        "blocks": page.blocks(),
        "knobs": page.page.get_by_role("spinbutton").evaluate_all("(all) => all.map((one) => one.value)"),
        "choices": page.page.get_by_role("radio", checked=True).all_inner_texts(),
        "panels": page.page.evaluate("document.querySelector('.js-plotly-plot').data.map((d) => [d.type, d.name])"),
    }


def shows(page, expected):
    """Waits until the page shows what was seen before: the field, the figures and the stepper follow one another."""
    becomes(lambda: _screen(page.rests()), expected)


@pytest.fixture
def elsewhere(pages, browser):
    """A page in a browser that never saw gruviz, not opened yet."""
    context = browser.new_context()
    yield pages.new(context=context)
    context.close()


def test_stepping_is_written_to_the_link_and_read_from_it(step_page, elsewhere):
    step_page.open(**RANDOM)
    step_page.press("Home", "ArrowRight")
    step_page.linked(step=2, op=None)
    step_page.press("Shift+ArrowRight", "Shift+ArrowRight")
    step_page.unit.select_option("4")
    step_page.order.select_option("change")
    step_page.linked(step=3, op=1, unit=4, sort="change")
    shows(elsewhere.go(step_page.page.url), screen(step_page))


def test_knobs_view_and_notation(step_page):
    step_page.open(**RANDOM)
    with step_page.popover("Notation"):
        step_page.choose("Symbols", "Ng’s course")
        step_page.choose("An update gate of 1 means", "write the candidate")
        step_page.linked("symbols", "one")
    with step_page.popover("Weights"):
        step_page.choose("Reset gate acts", "before the product")
    step_page.view("Lines")
    step_page.linked("view", "reset")
    expect(step_page.arithmetic).to_contain_text("Γu⟨t⟩ = 1 − σ")
    step_page.button("First step").click()
    step_page.linked(step=1)
    shown = screen(step_page)
    shows(step_page.go(step_page.page.url), shown)


def test_numbers_with_several_columns(step_page):
    step_page.open(model="Random weights", seq="abc")
    with step_page.popover("Weights"):
        step_page.choose("Input", "Numbers")
        columns = step_page.page.get_by_role("spinbutton", name="Columns")
        columns.fill("2")
        columns.press("Enter")
        step_page.linked(columns=2)
    expect(step_page.chips).to_have_text(["1 1"] * 4)
    step_page.sequence.fill("1 0\n0.5 −2\n3, 4")
    step_page.sequence.press("Control+Enter")
    expect(step_page.chips).to_have_text(["1 0", "0.5 −2", "3 4"])
    step_page.slider.fill("2")
    step_page.linked(step=2)
    shown = screen(step_page)
    assert shown["sequence"] == "1 0\n0.5 −2\n3, 4"
    shows(step_page.go(step_page.page.url), shown)


@pytest.mark.parametrize(
    ("link", "sequence"),
    [
        ({"model": "Latch"}, next(story.sequence for story in STORIES if story.model == "latch")),
        ({"model": "Random weights"}, "hello"),
        ({"model": "Random weights", "input": "Numbers"}, "0 1 0 -1 0 1 0 -1"),
        ({"model": "Random weights", "input": "Numbers", "columns": "2"}, "1 1\n1 1\n1 1\n1 1"),
    ],
)
def test_a_link_without_a_sequence_opens_its_models_story_or_example(step_page, link, sequence):
    step_page.open(**link)
    expect(step_page.model).to_contain_text(link["model"])
    expect(step_page.sequence).to_have_value(sequence)
    expect(step_page.page.get_by_role("alert")).to_have_count(0)


def test_bad_steps_units_and_orders_are_told(step_page):
    hello = read(load_model("random"), "hello")
    step, unit = largest_change(hello)
    for link, told in (
        ({"step": "999", "unit": "-1", "sort": "zzz"}, "step.*“999”.* 1 to 5.*unit.*“-1”.* 0 to 7.*order.*“zzz”"),
        ({"step": "abc", "op": "7"}, "step.*“abc”.* 1 to 5.*operation.*“7”.* 0 to 2"),
    ):
        step_page.open(model="Random weights", seq="hello", **link)
        expect(step_page.notice).to_have_text(re.compile(told))
        step_page.at(step, 5, "hello"[step - 1])
        expect(step_page.unit).to_have_value(str(unit))
        step_page.linked(step=step, unit=unit, sort=None, op=None)  # the bad values leave the link


def told(page, text):
    expect(page.page.get_by_role("alert").filter(has_text=text)).to_be_visible()
    expect(page.page.get_by_test_id("stException")).to_have_count(0)


def test_a_bad_model_is_told(step_page):
    step_page.open(model="none")
    told(step_page, "“none”")
    expect(step_page.model).to_contain_text(entries()[STORIES[0].model].title)


def test_bad_knobs_are_told(step_page):
    step_page.open(model="Random weights", seq="hello", seed="abc", hidden=1000, reset="never")
    for name, value, allowed in (
        ("Seed", "abc", "0 to 9999"),
        ("Hidden units", "1000", "1 to 64"),
        ("Reset gate acts", "never", "before the product"),
    ):
        told(step_page, re.compile(rf"{name}.*“{value}”.*{allowed}"))
    step_page.at(largest_change(read(load_model("random"), "hello"))[0], 5)


def test_a_bad_notation_and_view_are_told(step_page):
    step_page.open(model="Random weights", seq="hello", symbols="runes", one="half", view="upside")
    for value in ("runes", "half", "upside"):
        told(step_page, f"“{value}”")


def test_the_same_link_survives_a_reload(step_page):
    step_page.open(**RANDOM, step=2, unit=3)
    step_page.press("ArrowRight")
    step_page.linked(step=3)
    shown = screen(step_page)
    shows(step_page.go(step_page.page.url), shown)


# The history


def test_back_and_forward_show_each_screen_as_it_was_left(step_page):
    step_page.open()
    left = [screen(step_page)]
    for title in ("Brackets four deep", "King’s Pawn, then the Sicilian"):
        story = next(story for story in STORIES if story.title == title)
        reading = read(load_model(story.model), story.sequence)
        step, unit = story.find(reading)
        step_page.example(title)
        step_page.at(step, 10, reading.trace.tokens[step - 1])  # the story has arrived
        step_page.linked(seq=story.sequence, step=step, unit=unit)
        step_page.button("Last step").click()
        step_page.at(10)
        step_page.linked(step=10)
        left.append(screen(step_page))
    page = step_page.page
    page.get_by_role("link", name="Compare").click()
    page.get_by_text("What people say").wait_for(timeout=60_000)
    page.get_by_role("link", name="Gradients").click()
    page.locator(".st-key-gradient-stories button").first.click()
    page.get_by_role("button", name="ρ 2.5: exploding", exact=True).click()
    radius = page.get_by_role("spinbutton", name="Spectral radius")
    expect(radius).to_have_value("2.50")
    step_page.linked(init_spectral_radius="2.5")
    page.reload()
    expect(radius).to_have_value("2.50")
    page.go_back()
    expect(radius).to_have_count(0)
    page.go_back()
    page.get_by_role("group", name="Answers").wait_for()
    for last in reversed(left):
        page.go_back()
        expect(step_page.sequence).to_have_value(last["sequence"])
        shows(step_page, last)
    page.go_forward()
    expect(step_page.sequence).to_have_value(left[1]["sequence"])
    shows(step_page, left[1])


# Copying it


@pytest.fixture
def in_class(playwright, app):
    """A page at http://<the lecturer's machine>:8501, not opened yet: browsers call that an insecure context."""
    server = replace(app, url=app.url.replace("127.0.0.1", "lecture.example"))
    browser = launch(playwright, ["--host-resolver-rules=MAP lecture.example 127.0.0.1"])
    pages = Pages(Tab(browser.new_context()), server)
    yield pages.new()
    problems = pages.problems()
    browser.close()
    assert not problems, "\n".join(problems)


def test_the_link_is_copied_in_a_class(in_class):
    in_class.open(model="Random weights", seq="a b & c", hidden=5, step=2)
    page = in_class.page
    assert not page.evaluate("isSecureContext || Boolean(navigator.clipboard)")
    in_class.press("ArrowRight")
    in_class.linked(step=3)
    link = page.evaluate("location.href")
    in_class.button("Copy link").click()
    expect(in_class.button("Link copied")).to_be_visible()
    in_class.press("ArrowRight")  # the stepper has the keys, not the link that was selected
    in_class.at(4)
    in_class.sequence.click()
    in_class.press("Control+A", "Control+V")
    expect(in_class.sequence).to_have_value(link)
    expect(in_class.chips).to_have_count(len(link))


@pytest.mark.parametrize("path", ["/?model=Latch&seq=0+%3F", "/compare", "/gradients?feed=a+sequence+of+the+Step+page"])
def test_the_link_is_copied_where_browsers_have_no_clipboard(elsewhere, path):
    page = elsewhere.page
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', {value: undefined})")
    page.goto(elsewhere.url + path)
    elsewhere.linked("seq")
    elsewhere.rests()
    page.evaluate("""() => addEventListener("copy", () => (window.copied = [...document.querySelectorAll("*")]
        .map((node) => node.shadowRoot?.activeElement?.value).find((text) => text)))""")
    elsewhere.button("Copy link").click()
    expect(elsewhere.button("Link copied")).to_be_visible()
    becomes(lambda: page.evaluate("window.copied === location.href"), True)


def test_where_nothing_can_be_copied_the_link_is_shown_selected(elsewhere):
    page = elsewhere.page
    page.add_init_script("""Object.defineProperty(Navigator.prototype, 'clipboard', {value: undefined})
        document.execCommand = () => false""")
    elsewhere.open()
    elsewhere.button("Copy link").click()
    field = page.get_by_role("textbox", name="Link to this screen")
    becomes(
        lambda: field.evaluate("""(field) => field.value === location.href &&
        field.selectionEnd - field.selectionStart === location.href.length"""),
        True,
    )
