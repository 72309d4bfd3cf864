"""The largest traces that gruviz takes: they open, they step, and the current token stays in view."""

import pytest
from playwright.sync_api import expect

from gruviz.inputs import MAX_CELLS


@pytest.mark.parametrize(("units", "steps"), [(512, 256), (65, 2000)])
def test_the_largest_traces(cells_page, units, steps):
    assert MAX_CELLS * 0.9 < units * steps <= MAX_CELLS
    cells_page.open(figure=False, cell="GRU", units=units, steps=steps)
    cells_page.at(1, steps, "t1")
    cells_page.press("End")
    cells_page.at(steps, steps, f"t{steps}")
    expect(cells_page.current).to_be_in_viewport(ratio=1)
    cells_page.press("ArrowLeft", "ArrowLeft")
    cells_page.slider.fill(str(steps // 2))
    cells_page.at(steps // 2, steps)
    expect(cells_page.current).to_be_in_viewport(ratio=1)
    cells_page.press("Home", "ArrowRight")
    cells_page.at(2, steps, "t2")
    expect(cells_page.current).to_be_in_viewport(ratio=1)
    expect(cells_page.rows).to_have_count(10)


def test_the_step_page_takes_two_thousand_characters(step_page):
    step_page.open(model="Random weights", hidden=64, seq="hello world. " * 10)
    step_page.sequence.fill(("hello world. " * 200)[:2000])
    expect(step_page.chips).to_have_count(2000)
    step_page.slider.fill("1999")
    step_page.cursor(1999)
    step_page.press("ArrowRight")
    step_page.at(2000, 2000)
    step_page.cursor(2000)
    expect(step_page.current).to_be_in_viewport(ratio=1)


def test_more_than_the_limit_is_told(step_page):
    step_page.open(model="Random weights", seq="hello", step=2)
    step_page.sequence.fill("a" * 2001)
    expect(step_page.page.get_by_role("alert")).to_contain_text("The sequence has 2,001 characters.")
    step_page.at(2, 5, "e")
