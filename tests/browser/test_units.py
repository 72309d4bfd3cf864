"""Rows: order, choice, hover, and what is left of them with more units than fit."""

import numpy as np
import pytest
from playwright.sync_api import expect

from gruviz.models import load_model
from tests.browser.waiting import becomes

STEP = 3


@pytest.fixture
def hello(step_page):
    return step_page.open(model="Random weights", seq="hello", step=STEP, unit=0)


def by_change(hidden, step):
    change = load_model("random", {"hidden": hidden}).trace("hello").change()[step - 1]
    return np.argsort(-change, kind="stable").tolist()


def test_rows_by_change(hello):
    becomes(hello.units, list(range(8)))
    hello.order.select_option("by |change|")
    becomes(hello.units, by_change(8, STEP))
    hello.press("Home")
    hello.at(1)
    becomes(hello.units, by_change(8, 1))
    hello.order.select_option("by index")
    becomes(hello.units, list(range(8)))


def test_a_row_is_chosen_by_click_and_shown_on_hover(hello):
    hello.rows.nth(5).click()
    hello.linked(unit=5)
    expect(hello.unit).to_have_value("5")
    expect(hello.heading).to_contain_text("Unit 5 at step 3")
    hello.rows.nth(2).hover()
    expect(hello.heading).to_contain_text("Unit 2 at step 3")
    expect(hello.page.locator(".table .row.hovered .name")).to_have_text("2")
    hello.order.hover()
    expect(hello.heading).to_contain_text("Unit 5 at step 3")
    expect(hello.page.locator(".table .row.hovered")).to_have_count(0)


def test_a_unit_is_chosen_from_the_keyboard(hello):
    hello.unit.focus()
    hello.press("ArrowDown", "ArrowDown")
    expect(hello.heading).to_contain_text("Unit 2 at step 3")
    expect(hello.page.locator(".table .row.chosen .name")).to_have_text("2")
    hello.at(STEP)


def test_numbers_in_a_row_are_the_traces(hello):
    trace = load_model("random").trace("hello")
    for row in (0, 6):
        numbers = hello.rows.nth(row).locator(".number")
        before, now = trace.before("h")[STEP - 1, row], [float(trace[key][STEP - 1, row]) for key in "rnzh"]

        def shown(numbers=numbers):
            return [float(text.replace("−", "-")) for text in numbers.all_text_contents()]

        becomes(shown, pytest.approx([before, *now], abs=0.00501))


def test_with_many_units_those_that_change_most_stay_readable(step_page):
    step_page.open(model="Random weights", seq="hello", hidden=64, step=STEP, unit=0)
    largest = by_change(64, STEP)
    quiet = largest[-1]
    expect(step_page.rows).to_have_count(10)
    step_page.unit.select_option(str(quiet))
    becomes(step_page.units, sorted([*largest[:9], quiet]))
    step_page.order.select_option("change")
    becomes(step_page.units, [*largest[:9], quiet])
    strips = step_page.page.get_by_role("img", name="All 64 units at step 3")
    box = strips.bounding_box()
    strips.click(position={"x": box["width"] / 2, "y": box["height"] * 0.5 / 64})  # the first strip: the largest change
    step_page.linked(unit=largest[0])
    colours = """(canvas) => {
        const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
        return new Set(new Uint32Array(data.buffer)).size
    }"""
    becomes(lambda: strips.evaluate(colours) > 20, True)
