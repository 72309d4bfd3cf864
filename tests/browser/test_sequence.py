"""What a person types: read while they type, shown as text, and told about where it can't be read."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def hello(step_page):
    return step_page.open(model="Random weights", seq="hello", step=3, unit=2)


def test_tokens_follow_while_typing(hello):
    hello.sequence.click()
    hello.press("End")
    hello.page.keyboard.type(" you")
    expect(hello.chips).to_have_text([*"hello", "␣", *"you"])
    hello.at(3, 9, "l")  # the step stays
    hello.linked(seq="hello you")
    hello.button("Last step").click()
    hello.sequence.click()
    hello.press("End")
    hello.page.keyboard.type("!!")
    hello.at(11, 11, "!")  # at the end, it follows the end
    hello.cursor(11)
    hello.sequence.fill("hi")
    hello.at(2, 2, "i")
    expect(hello.unit).to_have_value("2")


def test_a_step_beyond_a_shorter_sequence_falls_on_its_end(hello):
    hello.sequence.fill("he")
    hello.at(2, 2, "e")
    hello.cursor(2)


def test_the_last_picture_stays_on_mistakes(step_page):
    step_page.open(model="Latch", seq="0 1 1! 0 ?", step=3)
    step_page.sequence.fill("0 1 1! x ?")
    alert = step_page.page.get_by_role("alert")
    expect(alert).to_contain_text("“x” at position 4 is not one of this model's symbols. It reads: 0 1 0! 1! . ?")
    step_page.at(3, 5, "1!")
    expect(step_page.chips).to_have_text(["0", "1", "1!", "0", "?"])
    step_page.sequence.fill("")
    expect(alert).to_contain_text("The sequence is empty.")
    step_page.at(3, 5, "1!")
    step_page.sequence.fill("1! ?")
    expect(alert).to_have_count(0)
    step_page.at(2, 2, "?")


TEXTS = {
    "emoji": ("a👩‍👩‍👧é🇪🇺", ["a", "👩‍👩‍👧", "e", "🇪🇺"]),
    "arabic": ("سلام", ["س", "ل", "ا", "م"]),
    "script": ("<script>alert(1)</script>", list("<script>alert(1)</script>")),
    "markdown": ("[a](b) $x$ :red[r]", ["␣" if c == " " else c for c in "[a](b) $x$ :red[r]"]),
}


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_text(step_page, text):
    typed, tokens = TEXTS[text]
    dialogs = []
    step_page.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    step_page.open(model="Random weights", seq=typed, step=1)
    expect(step_page.chips).to_have_text(tokens)
    step_page.at(1, len(tokens), tokens[0])
    step_page.press("End")
    step_page.at(len(tokens), len(tokens), tokens[-1])
    assert not dialogs


def test_words_as_text(step_page):
    """In the sentences around the stepper too, where Markdown could read it."""
    step_page.open(seq="<img src=x onerror=alert(1)> **great** [food](http://example.com) مرحبا 🍜", step=2)
    expect(step_page.chips.nth(1)).to_have_text("img")
    expect(step_page.page.locator(".chip.unknown")).not_to_have_count(0)
    expect(step_page.page.locator("main img[src=x]")).to_have_count(0)
    expect(step_page.page.locator("main a[href*=example]")).to_have_count(0)
