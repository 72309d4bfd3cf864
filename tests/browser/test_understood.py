"""The line under the field where people read it: always there, of one height; and what a field makes of a paste."""

from playwright.sync_api import expect

from tests.browser.waiting import becomes, steady


def line(step_page):
    return step_page.page.locator(".st-key-read-as")


def height(step_page):
    return line(step_page).bounding_box()["height"]


def test_what_was_understood_stands_under_the_field_and_moves_nothing(step_page):
    step_page.open(model="Sentiment of a review, GRU", seq="good film")
    expect(line(step_page)).to_have_text("Read as 2 words.")
    before = steady(lambda: height(step_page))
    assert before > 0
    step_page.sequence.fill("مرحبا بكم جميعا")
    expect(line(step_page)).to_have_text("Read as 3 words. ⚠ Knows 0 of 3 words.")
    becomes(lambda: height(step_page), before)
    field = step_page.sequence.bounding_box()
    assert field["y"] + field["height"] <= line(step_page).bounding_box()["y"]
    step_page.sequence.fill("")
    expect(line(step_page)).to_have_text("Not read.")
    becomes(lambda: height(step_page), before)


def pasted(step_page, text):
    """As from a sheet: through the clipboard, so that the browser does with line breaks and tabs what it does."""
    step_page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    step_page.page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    step_page.sequence.click()
    step_page.press("Control+A", "Control+V")


def test_columns_pasted_from_a_sheet(step_page):
    step_page.open(model="Sunspots, GRU", seq="1 2")
    pasted(step_page, "58,0\r\n62,6\r\n70\r\n")
    expect(line(step_page)).to_have_text("Read as 3 numbers, decimal comma.")
    expect(step_page.chips).to_have_text(["58,0", "62,6", "70"])
    pasted(step_page, "1\t58,0\r\n2\t62,6\r\n")
    alert = step_page.page.get_by_role("alert")
    expect(alert).to_contain_text("This looks like a table of 2 columns and 2 rows")
    expect(step_page.chips).to_have_text(["58,0", "62,6", "70"])  # the last good picture


def test_a_game_pasted_with_its_tags_and_line_breaks(step_page):
    step_page.open(model="Chess openings, GRU", seq="d4")
    pasted(step_page, '[Event "Open"]\n[Result "*"]\n\n1. e4 {best} (1. d4 d5) 1... c5\n2. Nf3! d6 $1 *\n')
    expect(line(step_page)).to_contain_text("Read as 4 moves, 1 comment and 1 variation left out.")
    expect(step_page.chips).to_have_text(["e4", "c5", "Nf3", "d6"])
