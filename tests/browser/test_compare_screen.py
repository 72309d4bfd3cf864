"""What of the Compare page is on the screen without scrolling, and how it stacks on a phone, by its boxes."""

from functools import partial
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.fit import FITTED, WIDE
from tests.browser.test_compare_page import ComparePage
from tests.browser.waiting import becomes, soon

HEADINGS = "RNN, LSTM and GRU side by side"
HEAT = """() => [...document.querySelectorAll("[class*=st-key-signals-] .js-plotly-plot")].map((plot) => {
    const panel = plot._fullLayout.yaxis
    return {height: panel._length, width: plot._fullLayout._size.w}
})"""


def box(part):
    found = part.bounding_box()
    assert found is not None, part
    return found


def inside(page, part, width, height):
    found = box(part)
    assert found["width"] > 8, (part, found)
    assert found["height"] > 8, (part, found)
    assert found["x"] >= 0, (part, found)
    assert found["y"] >= 0, (part, found)
    assert found["x"] + found["width"] <= width + 1, (part, found)
    assert found["y"] + found["height"] <= height + 1, (part, found)


def below(one, other):
    """Whether one ends before the other begins, a pixel more or less."""
    return box(one)["y"] + box(one)["height"] <= box(other)["y"] + 1


def parts(page):
    """From top to bottom: what stands on the first screen."""
    figures = page.page.locator("[class*=st-key-signals-] .js-plotly-plot")
    return [
        page.page.get_by_role("heading", level=1, name=HEADINGS),
        page.page.get_by_role("combobox", name="Task"),
        page.said,
        page.page.get_by_role("toolbar", name="Stepping"),
        page.answers,
        figures.nth(0),
    ], figures


@pytest.mark.parametrize("task", ["Sentiment of a review", "Sunspots", "Chess openings", "First symbol"])
def test_the_story_is_on_the_first_screen(page, task):
    page.open(task=task)
    for width, height in ((1280, 720), (1366, 768)):
        page.page.set_viewport_size({"width": width, "height": height})
        page.page.wait_for_function(FITTED)
        soon(partial(fits, page, task, width, height))
    expect(page.page).to_have_title(f"{HEADINGS} · gruviz")


LABELS = """() => [...document.querySelectorAll("[class*=st-key-signals-] .js-plotly-plot")].map((plot) =>
    [...plot.querySelectorAll(".xtick text")].filter((text) => text.style.visibility !== "hidden")
        .map((text) => {
            const place = new DOMPoint(Number(text.getAttribute("x")), Number(text.getAttribute("y")))
            return place.matrixTransform(text.transform.baseVal.consolidate().matrix).x
        }))"""
APART = 12  # px between two slanted labels of 12 px, along the axis


def fits(page, task, width, height):
    assert page.page.evaluate(WIDE) == []
    stacked, figures = parts(page)
    for part in [*stacked, page.sequence, *figures.all()]:
        inside(page, part, width, height)
    for one, other in pairwise(stacked):
        assert below(one, other), (one, other)
    tops = {round(box(figure)["y"]) for figure in figures.all()}
    assert len(tops) == 1
    for panel in page.page.evaluate(HEAT):
        assert panel["height"] >= 50
        assert panel["width"] >= 200
    for places in page.page.evaluate(LABELS):
        assert len(places) > 4
        assert min(right - left for left, right in pairwise(places)) >= APART
    if task == "Chess openings":
        inside(page, page.page.get_by_role("grid", name="Board"), width, height)


def test_a_phone_stacks_it_in_order(page):
    page.open(task="Chess openings")
    page.page.set_viewport_size({"width": 390, "height": 844})
    page.page.wait_for_function(FITTED)
    soon(lambda: stacks(page))


def stacks(page):
    assert page.page.evaluate(WIDE) == []
    stacked, figures = parts(page)
    board = page.page.get_by_role("grid", name="Board")
    stacked = [*stacked[:-1], board, *figures.all()]
    for one, other in pairwise(stacked):
        assert below(one, other), (one, other)
    for figure in figures.all():
        assert box(figure)["width"] > 300


def test_tables_scroll_by_themselves_on_a_phone(page):
    page.open(task="Balanced brackets")
    page.page.set_viewport_size({"width": 390, "height": 844})
    page.page.get_by_text("Every difference, with its interval").click()
    for name in ("How well the cells do", "Baselines", "Every difference", "How large and how fast the cells are"):
        table = page.page.get_by_role("region", name=name, exact=True)
        table.scroll_into_view_if_needed()

        def scrolls(table=table):
            assert box(table)["x"] + box(table)["width"] <= 390
            corner = table.locator("tbody tr").first.locator("th")
            assert abs(box(corner)["x"] - box(table)["x"]) <= 1  # stays where it is
            assert box(corner)["width"] <= 160

        soon(scrolls)
        table.evaluate("(node) => (node.scrollLeft = node.scrollWidth)")
        soon(scrolls)
        last = table.locator("tbody tr").first.locator("td").last
        becomes(lambda last=last, table=table: box(last)["x"] < box(table)["x"] + box(table)["width"], True)
    becomes(lambda: page.page.evaluate(WIDE), [])


def test_cards_say_more_when_asked(page):
    page.open()
    card = page.page.get_by_role("article").filter(has_text="A GRU has fewer parameters than an LSTM.")
    expect(card).to_contain_text("supported: follows from the equations")
    more = card.get_by_text("Blocks")
    expect(more).to_be_hidden()
    card.get_by_text("More", exact=True).click()
    expect(more).to_be_visible()
    page.page.set_viewport_size({"width": 390, "height": 844})
    becomes(lambda: page.page.evaluate(WIDE), [])


def test_the_board_shows_where_the_cells_would_go_and_takes_moves(page):
    page.open(task="Chess openings", seq="e4 c5", step=2)
    page.at(2)
    becomes(page.page.locator(".arrows g").count, 3)  # one for each cell
    square = page.page.get_by_role("gridcell", name="g1, white knight")
    square.click()
    page.page.get_by_role("gridcell", name="f3, empty").click()
    expect(page.sequence).to_have_value("e4 c5 Nf3")
    page.at(3)
    expect(page.status).to_contain_text("RNN ")


@pytest.fixture
def page(pages):
    """The Compare page, not opened yet."""
    return ComparePage(pages.new())
