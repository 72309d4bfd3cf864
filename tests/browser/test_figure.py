"""The figures over time: their cursor follows the stepper, and a click in them moves it."""

import pytest

from tests.browser.step_page import FIGURE


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
    assert latch.page.get_by_role("figure", name="Heatmaps: reset gate, update gate, candidate, hidden state").count()
