"""What is on the screen without scrolling, measured against the window; and that nothing lies over anything else."""

from functools import partial
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import expect

from gruviz.models import load_model
from gruviz.reading.stories import STORIES
from tests.browser.waiting import becomes, soon

BOXES = (Path(__file__).parent / "screen.js").read_text(encoding="utf-8").partition("\n")[2]
ONE_SCREEN = [(1280, 720), (1366, 768), (1920, 1080)]
STACKED = [(390, 844), (853, 480)]  # a phone, and 1280 x 720 at 150 %
DREW_FOR_EVER = [(1920, 1105), (1920, 1130)]  # when a row's height followed from its own
TOLD = {
    "title": ".page-heading h1",
    "line for newcomers": ".page-heading p",
    "example": ".st-key-examples",
    "model": ".st-key-model-menu",
    "sequence": ".st-key-seq input",
    "what was read": ".st-key-read-as",
    "sentence": ".sentence",
    "tokens": ".strip",
    "transport": ".transport > *",
}
CELL = {"diagram": ".diagram", "legend": ".under", "order": ".choose", "chosen row": ".pinned", "rows": ".rows"}
BESIDE = {"switch": ".switch", "view": ".st-key-view", "figure": ".st-key-signals"}
PARTS = TOLD | CELL | BESIDE
ROOMY = 1600  # pixels: from there on the arithmetic stands beside the figures, and nothing switches between them
PANELS = {"panels": ".st-key-signals .nsewdrag"}
REDRAWS = """async (rows, frames) => {
    let drawn = 0
    const observer = new MutationObserver(() => drawn++)
    observer.observe(rows, {childList: true})
    for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame)
    observer.disconnect()
    return drawn
}"""


def boxes(page, parts):
    return page.page.evaluate(BOXES, parts)


def box(page, selector):
    """Of the one element that is seen."""
    (found,) = boxes(page, {"one": selector})["one"]
    return found


def overlaps(found):
    """The pairs of parts that lie over each other."""
    flat = [(f"{name} {number}", one) for name, all_ in found.items() for number, one in enumerate(all_)]
    return [f"{a}: {one}, {b}: {other}" for (a, one), (b, other) in combinations(flat, 2)
            if all(min(one[way + 2], other[way + 2]) - max(one[way], other[way]) > 1 for way in (0, 1))]  # fmt: skip


def outside(found, width, height):
    return [f"{name}: {one}" for name, all_ in found.items() for one in all_
            if min(one) < 0 or one[2] > width or one[3] > height]  # fmt: skip


def sees_all(page, width, height, panels):
    found = boxes(page, PARTS)
    assert [name for name in PARTS if not found[name]] == (["switch"] if width >= ROOMY else [])
    assert outside(found, width, height) == []
    assert overlaps(found) == []
    pane = found["rows"][0]
    rows = boxes(page, {"rows": ".table > .unit"})["rows"]
    assert sum(pane[1] <= row[1] and row[3] <= pane[3] for row in rows) >= 8
    drawn = boxes(page, PANELS)["panels"]
    assert len(drawn) == panels
    assert outside({"panel": drawn}, width, height) == []
    assert min(bottom - top for _, top, _, bottom in drawn) > 30


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_of_the_story_is_on_one_screen(pages, scheme):
    page = pages.new(scheme, *ONE_SCREEN[0]).open()
    for width, height in ONE_SCREEN:
        page.page.set_viewport_size({"width": width, "height": height})
        soon(partial(sees_all, page, width, height, panels=5))
    expect(page.arithmetic).to_be_visible()  # beside the figures, where there is room
    page.page.set_viewport_size(dict(zip(("width", "height"), ONE_SCREEN[0], strict=True)))
    expect(page.arithmetic).to_be_hidden()
    pinned, strip = box(page, ".pinned"), box(page, ".strip")
    page.rows.first.hover()
    page.page.mouse.wheel(0, 2000)
    becomes(lambda: page.rows.last.evaluate("(row) => row.getBoundingClientRect().bottom < innerHeight"), True)
    assert (box(page, ".pinned"), box(page, ".strip")) == (pinned, strip)


@pytest.mark.parametrize("size", STACKED, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_small_window_stacks_and_keeps_the_words_in_sight(pages, size):
    width, height = size
    page = pages.new("light", width, height).open()
    order = [".strip", ".transport", ".st-key-signals", ".rows", ".arithmetic"]

    def stacks():
        found = boxes(page, {**TOLD, **CELL, **PANELS, "arithmetic": ".arithmetic", "figure": ".st-key-signals"})
        del found["panels"]
        found.pop("chosen row")  # the rows do not scroll by themselves here
        assert overlaps(found) == []
        assert outside(found, width, 1_000_000) == []
        tops = [box(page, selector)[1] for selector in order]
        assert tops == sorted(tops)

    soon(stacks)
    page.rows.nth(10).scroll_into_view_if_needed()
    for row in (2, 20):
        page.rows.nth(row).click()
        becomes(lambda row=row: page.rows.nth(row).evaluate(
            "(row) => row.closest('.unit').nextElementSibling?.classList.contains('arithmetic')"), True)  # fmt: skip
        assert outside(boxes(page, {"words": ".strip", "transport": ".transport"}), width, height) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_board_is_on_the_screen(pages, scheme):
    story = next(story for story in STORIES if load_model(story.model).task == "openings")
    page = pages.new(scheme, *ONE_SCREEN[0]).open(model=load_model(story.model).title, seq=story.sequence)
    parts = {**PARTS, "board": ".wood", "answer": ".options h3"}  # more answers may scroll

    def sees_board(width, height):
        found = boxes(page, parts)
        assert [name for name in parts if not found[name]] == (["switch"] if width >= ROOMY else [])
        assert outside(found, width, height) == []
        assert overlaps(found) == []
        left, top, right, bottom = found["board"][0]
        assert right - left == pytest.approx(bottom - top, abs=2)
        assert right - left > 180

    for width, height in ONE_SCREEN:
        page.page.set_viewport_size({"width": width, "height": height})
        soon(partial(sees_board, width, height))


@pytest.mark.parametrize(
    "link",
    [{"model": load_model(f"sentiment-{cell}").title} for cell in ("rnn", "lstm", "gru")]
    + [{"model": "Random weights", "cell": "MGU", "hidden": 22, "seq": "hello"}],
    ids=["RNN", "LSTM", "GRU", "MGU"],
)  # fmt: skip
def test_once_all_is_still_nothing_is_drawn_again(pages, link):
    page = pages.new("light", *ONE_SCREEN[-1]).open(**link)
    rows = page.page.locator(".table")
    for width, height in (*ONE_SCREEN, *DREW_FOR_EVER, STACKED[0]):
        page.page.set_viewport_size({"width": width, "height": height})
        becomes(lambda: rows.evaluate(REDRAWS, 12), 0)


@pytest.mark.parametrize("size", [ONE_SCREEN[0], ONE_SCREEN[2]], ids=["1280x720", "1920x1080"])
def test_presenting_fills_the_window_with_larger_type(pages, size):
    width, height = size
    page = pages.new("light", width, height).open()
    number, tick = page.page.locator(".pinned .number").last, page.page.locator(".xtick text").first

    def tall(one):
        return one.evaluate("(text) => text.getBoundingClientRect().height")

    written = number, page.chips.first.locator("bdi"), page.page.locator(".annotation-text").first

    def sizes():
        return [tall(one) for one in written]

    small = soon(sizes)
    page.press("p")
    page.linked(present="yes")
    parts = {"sentence": ".sentence", "tokens": ".strip", "status": ".status", "diagram": ".diagram", "rows": ".rows",
             "figure": ".st-key-signals"}  # fmt: skip
    controls = ".stAppHeader, .page-heading, .st-key-controls, .transport button, .switch, .choose, .st-key-view"

    def presents():
        found = boxes(page, parts)
        assert [name for name in parts if not found[name]] == []
        assert outside(found, width, height) == []
        assert overlaps(found) == []
        left, top = min(found[name][0][0] for name in parts), min(found[name][0][1] for name in parts)
        assert max(left, top, height - found["rows"][0][3], height - found["figure"][0][3]) < 40
        assert boxes(page, {"controls": controls})["controls"] == []
        large = sizes()
        assert all(after > 1.15 * before for before, after in zip(small, large, strict=True)), (small, large)

    soon(presents)
    page.press("ArrowRight")
    page.at(6)
    page.cursor(6)
    page.press("Escape")
    page.linked(present=None)
    becomes(lambda: bool(boxes(page, {"controls": controls})["controls"]), True)
    becomes(lambda: tall(number), pytest.approx(small[0], abs=1))
    page.open(present="yes")
    soon(presents)
    expect(tick).to_be_visible()
