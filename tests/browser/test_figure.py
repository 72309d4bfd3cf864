"""The figures over time: their cursor follows the stepper, and a click in them moves it."""

from functools import partial

import numpy as np
import pytest
from playwright.sync_api import expect

from gruviz.models import load_model
from tests.browser.step_page import FIGURE
from tests.browser.waiting import becomes


@pytest.fixture
def latch(step_page):
    return step_page.open(model="Latch", seq="0 1 1! 0 0 ?", step=2)


def test_the_cursor_follows_and_survives_the_server(latch):
    latch.cursor(2)
    latch.press("ArrowRight", "ArrowRight")
    latch.cursor(4)
    for view in ("Lines", "Heatmaps"):
        latch.view(view)
        latch.cursor(4)
        latch.at(4, 6, "0")
        latch.button("First step").click()
        latch.cursor(1)
        latch.press("ArrowRight", "ArrowRight", "ArrowRight")
        latch.cursor(4)


def test_a_click_in_a_column_goes_to_its_step(latch):
    for step, panel in ((5, 0), (1, 3), (6, 4)):
        x, y = latch.page.evaluate(
            f"""([step, panel]) => {{
                const figure = {FIGURE}
                figure.scrollIntoView({{block: "center"}})
                const layout = figure._fullLayout, box = figure.getBoundingClientRect()
                const axis = layout["yaxis" + (panel ? panel + 1 : "")]
                const x = layout.xaxis._offset + layout.xaxis.d2p(step)
                return [box.left + x, box.top + axis._offset + axis._length / 2]
            }}""", [step, panel])  # fmt: skip
        latch.page.mouse.click(x, y)
        latch.at(step, 6)
        latch.cursor(step)


def test_the_figure_has_a_name_for_those_who_do_not_see_it(latch):
    figure = latch.page.get_by_role("figure", name="Heatmaps: reset gate, update gate, candidate, hidden state")
    expect(figure).not_to_have_count(0)


def at(page, step, panel, unit=None):
    """Where on the screen a step and a unit are in a panel; without a unit, half way down."""
    return page.page.evaluate(
        f"""([step, panel, unit]) => {{
            const figure = {FIGURE}
            figure.scrollIntoView({{block: "center"}})
            const layout = figure._fullLayout, box = figure.getBoundingClientRect()
            const axis = layout["yaxis" + (panel ? panel + 1 : "")]
            const y = unit === null ? axis._length / 2 : axis.l2p(unit)
            return [box.left + layout.xaxis._offset + layout.xaxis.d2p(step), box.top + axis._offset + y]
        }}""", [step, panel, unit])  # fmt: skip


def outlines(page):
    """The units that are outlined, by panel: as drawn, and as the figure says."""
    return page.page.evaluate(f"""() => {{
        const figure = {FIGURE}, layout = figure._fullLayout
        return layout.shapes.slice(1).map((shape, index) => {{
            const path = figure.querySelector(`.shapelayer path[data-index="${{index + 1}}"]`).getBoundingClientRect()
            const axis = layout[shape.yref.replace("y", "yaxis")]
            const top = figure.getBoundingClientRect().top + axis._offset
            return [Math.round(axis.p2l((path.top + path.bottom) / 2 - top)), shape.y0 + 0.5]
        }})
    }}""")


def test_a_click_in_a_heatmap_chooses_the_unit_that_its_tooltip_names(step_page):
    step_page.open(model="Random weights", seq="hello", step=2, unit=1)
    becomes(partial(outlines, step_page), [[1, 1]] * 4)
    for panel, step, unit in ((0, 4, 6), (3, 1, 0), (2, 5, 7)):
        step_page.page.mouse.move(*at(step_page, step, panel, unit))
        tooltip = step_page.page.locator(".hoverlayer .hovertext")
        expect(tooltip).to_contain_text(f"step {step}, unit {unit}")
        step_page.page.mouse.click(*at(step_page, step, panel, unit))
        step_page.at(step, 5, "hello"[step - 1])
        expect(step_page.unit).to_have_value(str(unit))
        step_page.linked(step=step, unit=unit)
        becomes(partial(outlines, step_page), [[unit, unit]] * 4)  # read before the next unit
    step_page.unit.select_option("3")
    becomes(partial(outlines, step_page), [[3, 3]] * 4)


def test_a_click_beside_the_heatmaps_keeps_the_unit(step_page):
    step_page.open(seq="The food was great.", step=2, unit=5)
    step_page.page.mouse.click(*at(step_page, 4, 4))  # the answer's panel
    step_page.at(4, 5, "great")
    expect(step_page.unit).to_have_value("5")


def test_lines_show_the_chosen_unit(step_page):
    model = load_model("random")
    trace = model.trace("hello")
    step_page.open(model="Random weights", seq="hello", step=2, unit=1, view="Lines")
    for unit in (1, 6, 2):
        step_page.unit.select_option(str(unit))
        step_page.page.wait_for_function(f"{FIGURE}.data[0].name === 'unit {unit}, chosen'")
        lines = (
            f"{FIGURE}.data.filter(({{meta}}) => meta?.chosen).map((line) => [line.meta.chosen, Array.from(line.y)])"
        )
        values = [[key, trace[key][:, unit].astype(np.float32).tolist()] for key in "rznh"]
        becomes(partial(step_page.page.evaluate, lines), values)
