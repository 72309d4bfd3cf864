"""Nothing is cut off or overflows: on a laptop, projected, on a phone; light and dark."""

from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser.fit import FITTED, WIDE
from tests.browser.waiting import becomes, soon


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows(pages, scheme):
    page = pages.new(scheme, 420).open(step=3)
    for width in (420, 1024, 1280):
        page.page.set_viewport_size({"width": width, "height": 900})
        page.page.wait_for_function(FITTED)
        if width >= 1000:
            page.beside("Arithmetic")
        soon(partial(fits, page, width))
    ground = "getComputedStyle(document.querySelector('.stApp')).backgroundColor === 'rgb(255, 255, 255)'"
    becomes(lambda: page.page.evaluate(ground), scheme == "light")
    expect(page.page.locator(".stepper.dark")).to_have_count(int(scheme == "dark"))


def fits(page, width):
    assert page.page.evaluate(WIDE) == []
    shown = [page.current, page.slider, page.status, page.unit, page.arithmetic, page.heading, page.rows.first,
             page.sequence, page.model, page.button("Play"), page.button("Next operation"),
             page.page.locator(".equations .line").last, page.page.locator(".equations b").last]  # fmt: skip
    for one in shown:
        expect(one).to_be_visible()
        box = one.bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width + 1, f"{one} stands at {box}; the page is {width} wide"
        assert min(box["width"], box["height"]) > 8, f"{one} is {box}"
    lines = page.page.locator(".equations .line, .equation").evaluate_all(
        "(lines) => lines.filter((line) => line.scrollWidth > line.clientWidth + 1).map((line) => line.textContent)"
    )
    assert lines == []


@pytest.mark.parametrize("width", [1280, 420])
def test_long_and_many(pages, width):
    """The knobs of random weights, a long sequence, a long token."""
    page = pages.new(width=width).open(seq="x" * 200 + " " + "good " * 60, step=1)
    becomes(lambda: page.page.evaluate(WIDE), [])
    page.choose_model("Random weights")
    expect(page.sequence).to_have_value("hello")
    expect(page.chips).to_have_text([*"hello"])
    becomes(lambda: page.page.evaluate(WIDE), [])


def test_the_theme_may_change_while_the_page_is_open(step_page):
    step_page.open(model="Random weights", seq="hello", step=3)
    step_page.press("ArrowRight")
    step_page.page.emulate_media(color_scheme="dark")
    expect(step_page.page.locator(".stepper.dark")).to_have_count(1)
    step_page.at(4, 5, "l")
    step_page.cursor(4)
