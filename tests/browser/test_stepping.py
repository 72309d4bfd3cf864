"""Stepping by keys, buttons, slider, tokens, and by itself."""

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import becomes

HELLO = {"model": "Random weights", "seq": "hello", "step": 1, "unit": 0}


@pytest.fixture
def hello(step_page):
    return step_page.open(**HELLO)


def test_keys(hello):
    hello.at(1, 5, "h")
    keys = ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home", "ArrowLeft")
    for key, step in zip(keys, (2, 3, 2, 5, 5, 1, 1), strict=True):
        hello.press(key)
        hello.at(step, 5, "hello"[step - 1])
    hello.press("Space")
    hello.button("Pause").wait_for()
    hello.press("Space")
    hello.button("Play").wait_for()


def test_operation_by_operation(hello):
    hello.press("ArrowRight")
    told = ["3 of 5: l, reset (1 of 4)", "3 of 5: l, candidate (2 of 4)", "3 of 5: l, update (3 of 4)", "3 of 5: l"]
    for shown, text in enumerate(told, 1):
        hello.press("Shift+ArrowRight")
        expect(hello.status).to_have_text(f"Step {text}")
        becomes(lambda: [block["key"] for block in hello.blocks()], ["r", "n", "z", "h"][:shown])
    for text in [*told[-2::-1], "2 of 5: e"]:
        hello.press("Shift+ArrowLeft")
        expect(hello.status).to_have_text(f"Step {text}")
    hello.button("Next operation").click()
    expect(hello.status).to_have_text(f"Step {told[0]}")
    hello.press("ArrowRight")  # completes the step that was begun
    hello.at(3, 5, "l")


def test_keys_are_the_controls_own_where_they_have_a_use_for_them(hello):
    hello.sequence.click()
    hello.press("Home", "ArrowRight", "End", "ArrowLeft", "Shift+ArrowRight")
    hello.at(1, 5, "h")
    hello.press("End", "Space", "x")
    expect(hello.chips).to_have_count(7)
    hello.at(1, 7, "h")
    expect(hello.button("Play")).to_be_visible()
    hello.slider.focus()
    hello.press("ArrowRight")
    hello.at(2, 7, "e")  # one step, not two
    hello.order.focus()
    hello.press("End")
    expect(hello.order).to_have_value("change")
    hello.at(2, 7, "e")


def test_buttons_slider_and_tokens(hello):
    for name, step in (("Next step", 2), ("Last step", 5), ("Previous step", 4), ("First step", 1)):
        hello.button(name).click()
        hello.at(step, 5)
    expect(hello.button("Previous step")).to_be_disabled()
    expect(hello.button("First step")).to_be_disabled()
    hello.slider.fill("4")
    hello.at(4, 5, "l")
    expect(hello.slider).to_have_attribute("aria-valuetext", "Step 4 of 5: l")
    hello.chips.nth(4).click()
    hello.at(5, 5, "o")
    expect(hello.current).to_have_attribute("aria-label", "Step 5: o")
    expect(hello.button("Next step")).to_be_disabled()
    expect(hello.button("Last step")).to_be_disabled()


def test_play_pauses_stops_at_the_end_and_starts_over(step_page):
    step_page.open(model="Random weights", seq="abcdefghij" * 6, step=1)
    step_page.record()
    step_page.speed.select_option("4")
    step_page.button("Play").click()
    step_page.told("Step 3 of 60")
    step_page.button("Pause").click()
    expect(step_page.button("Play")).to_be_visible()
    statuses = [text for text, _ in step_page.recorded()]
    assert statuses[:2] == ["Step 2 of 60: b", "Step 3 of 60: c"]
    assert len(statuses) < 59
    step_page.slider.fill("58")
    step_page.button("Play").click()
    step_page.at(60, 60, "j")
    expect(step_page.button("Play")).to_be_visible()
    step_page.button("Play").click()
    step_page.told("Step 1 of 60")
    step_page.told("Step 4 of 60")
    step_page.press("Home")  # a step by hand pauses
    step_page.at(1, 60, "a")
    expect(step_page.button("Play")).to_be_visible()


def test_speed(hello):
    gaps = []
    for speed in ("1", "4"):
        hello.press("Home")
        hello.at(1)
        hello.speed.select_option(speed)
        hello.record()
        hello.button("Play").click()
        hello.told("Step 4 of 5")
        hello.press("Home")
        (_, second), _, (_, fourth) = hello.recorded()[:3]
        gaps.append(fourth - second)
    assert gaps[1] < gaps[0] / 2, f"two steps at 1x took {gaps[0]:.0f} ms, at 4x {gaps[1]:.0f} ms"


def test_stepping_asks_nothing_of_the_server(hello):
    hello.cursor(1)
    before = len(hello.messages)
    assert before, "this test must see the page's messages to mean anything"
    hello.press(*["ArrowRight"] * 4, "Home", *["Shift+ArrowRight"] * 5, "Shift+ArrowLeft", "End")
    hello.unit.select_option("3")
    hello.order.select_option("change")
    hello.rows.nth(2).click()
    hello.slider.fill("2")
    hello.speed.select_option("4")
    hello.button("Play").click()
    hello.at(5, 5)
    hello.cursor(5)
    hello.linked(step=5, sort="change")
    assert hello.messages[before:] == []
