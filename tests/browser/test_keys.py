"""The stepper's keys, whatever has the focus: every element of every page that can have it, with every key."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import soon, steady

FOCUSABLE = """() => {
    const all = (root) => [...root.querySelectorAll("*")].flatMap((node) =>
        [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])])
    window.walk = all(document).filter((node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility?.() &&
        node.matches("a[href], button, input, select, textarea, summary, [tabindex]"))
    return walk.map((node) => [node.ariaLabel || node.textContent.trim().slice(0, 40) || node.localName,
        node.matches("input:not([type=range]), textarea, [role=combobox], [role=grid] *") ? "types" :
        node.matches("select, [role=slider], [role=radio], [role=tab]") ? "chooses" : "free"])
}"""
FOCUS = """(index) => {
    walk[index].focus()
    let node = document.activeElement
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement
    return node === walk[index]
}"""
STATE = """() => {
    const all = (root) => [...root.querySelectorAll("*")].flatMap((node) =>
        [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])])
    const nodes = all(document)
    return [nodes.find((node) => node.matches(".status")).textContent,
        nodes.find((node) => node.matches(".play")).getAttribute("aria-label")]
}"""
KEYS = ("Home", "ArrowRight", "ArrowRight", "ArrowLeft", "Shift+ArrowRight", "Shift+ArrowLeft", "End")


def state(page):
    told, play = page.page.evaluate(STATE)
    return told, play == "Pause"


def walk(page, steps):
    """Presses every key on every element; returns how many there are of each kind."""
    wanted = [1, 2, 3, 2, 3, 2, steps["last"]]
    counts = {"free": 0, "chooses": 0, "types": 0}
    elements = page.page.evaluate(FOCUSABLE)
    for index, (name, kind) in enumerate(elements):
        if not page.page.evaluate(FOCUS, index):
            continue
        counts[kind] += 1
        start, _ = state(page)
        for key, step in zip(KEYS, wanted, strict=True):
            page.press(key)
            told, _ = state(page)
            if kind == "free":
                assert told.startswith(f"Step {step} of "), f"{key} on “{name}”: {told}"
                inside = key == "Shift+ArrowRight" and steps["operations"]
                assert ("(1 of " in told) == inside, f"{key} on “{name}”: {told}"
            elif kind == "chooses":
                assert told == start, f"{key} on “{name}”: {told}"
        for playing in (True, False):
            page.press("Space")
            assert state(page)[1] == (playing and kind != "types"), f"Space on “{name}”"
        if kind == "types":
            assert state(page)[0] == start, f"on “{name}”"
            page.press("Escape")
    return counts


def test_every_element_of_the_step_page(step_page):
    step_page.open(seq="The food was great.", step=2)
    counts = walk(step_page, {"operations": True, "last": 5})
    assert counts["free"] > 25
    assert counts["chooses"] >= 4
    assert counts["types"] >= 1
    step_page.linked(model=None)  # no story was pressed, nothing chosen


def test_every_element_of_the_compare_page(step_page):
    step_page.go(f"{step_page.url}/compare?seq=The+food+was+great.&step=2", figure=False)
    step_page.page.get_by_text("What people say").wait_for(timeout=60_000)
    step_page.rests()
    counts = walk(step_page, {"operations": False, "last": 5})
    assert counts["free"] > 10


def test_on_a_page_without_a_stepper_its_keys_are_the_controls_own(step_page):
    step_page.open(model="Random weights", seq="hello", step=2)
    step_page.page.get_by_role("link", name="Gradients").click()
    step_page.page.locator(".st-key-norms-GRU .js-plotly-plot .main-svg").first.wait_for(timeout=60_000)
    step_page.rests()
    before = steady(lambda: step_page.page.url)
    for index, (_, kind) in enumerate(step_page.page.evaluate(FOCUSABLE)):
        if kind != "chooses" and step_page.page.evaluate(FOCUS, index):
            step_page.press(*KEYS)
    assert step_page.page.url == before


@pytest.mark.parametrize("key", ["Enter", "Escape"])
def test_leaving_the_field_hands_the_keys_back(step_page, key):
    step_page.open(model="Random weights", seq="hello", step=3)
    step_page.sequence.click()
    step_page.press("End", "x", key)
    expect(step_page.sequence).not_to_be_focused()
    step_page.press("ArrowLeft")
    step_page.at(2)
    expect(step_page.chips).to_have_text([*"hellox"])
    step_page.at(2, 6, "e")
    step_page.press("Space")
    expect(step_page.button("Pause")).to_be_visible()
    expect(step_page.sequence).to_have_value("hellox")


def test_in_rows_of_numbers_enter_begins_a_line(step_page):
    step_page.open(model="Adding two numbers, GRU", rows="0.5 1\n0.2 0\n0.3 1", step=2)
    step_page.sequence.click()
    step_page.press("Control+End", "Enter")
    step_page.page.keyboard.type("0.1 1")
    step_page.press("Escape")
    expect(step_page.chips).to_have_count(4)
    step_page.press("Home")
    step_page.at(1, 4)


def test_after_a_story_is_chosen_by_keyboard_the_keys_step(step_page):
    step_page.open()
    menu = step_page.page.locator(".st-key-examples").get_by_role("button").first
    for title in ("A negation", "Random weights read “hello”"):
        menu.focus()
        step_page.press("Enter")
        story = step_page.button(title)
        story.focus()
        step_page.press("Enter")
        expect(step_page.sequence).to_have_value(re.compile("This movie|hello"))
        expect(step_page.current).to_have_count(1)
        step_page.rests()
        expect(story).to_have_count(0)
        expect(menu).to_be_focused()
        soon(lambda: steps_on(step_page))


def test_a_menu_that_a_key_opens_takes_the_focus(step_page):
    """Streamlit puts it at the end of the page; Tab goes on inside it, and Escape gives the focus back."""
    step_page.open()
    menu = step_page.page.locator(".st-key-examples").get_by_role("button").first
    dialog = step_page.page.get_by_role("dialog")
    for _ in range(2):
        menu.focus()
        step_page.press("Enter")
        expect(dialog.get_by_role("button").first).to_be_focused()
        step_page.press("Tab")
        expect(dialog.get_by_role("button").nth(1)).to_be_focused()
        step_page.rests()
        step_page.press("Escape")
        expect(dialog).to_have_count(0)
        expect(menu).to_be_focused()
        step_page.rests()


def test_a_menu_that_escape_closes_stays_closed(step_page):
    """Also where the server has not answered yet that it is open."""
    step_page.open()
    menu = step_page.page.locator(".st-key-model-file").get_by_role("button").first
    for _ in range(4):
        menu.focus()
        step_page.press("Enter", "Escape")
        step_page.rests()
        expect(step_page.page.get_by_role("dialog")).to_have_count(0)
        expect(menu).to_have_attribute("aria-expanded", "false")


def steps_on(step_page):
    """Again until it holds: the stepper goes to the story's place once it has heard of it."""
    step_page.press("Home")
    assert step_page.status.inner_text().startswith("Step 1 of")
    step_page.press("ArrowRight")
    assert step_page.status.inner_text().startswith("Step 2 of")


def test_the_slider_takes_operations(step_page):
    step_page.open(model="Random weights", seq="hello", step=2)
    step_page.slider.focus()
    step_page.press("Shift+ArrowRight")
    expect(step_page.status).to_have_text("Step 3 of 5: l, reset (1 of 4)")
    step_page.press("Shift+ArrowLeft")
    step_page.at(2, 5, "e")
    step_page.press("ArrowRight")
    step_page.at(3, 5, "l")


def test_the_focus_goes_along_with_the_tokens(step_page):
    step_page.open(model="Random weights", seq="hello", step=2)
    step_page.current.focus()
    step_page.press("ArrowRight", "ArrowRight")
    step_page.at(4, 5, "l")
    expect(step_page.current).to_be_focused()
    step_page.press("Enter")
    step_page.at(4, 5, "l")
