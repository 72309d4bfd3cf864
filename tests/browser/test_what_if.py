"""What if, as a person does it: one gate is held where its equation stands, and the answer turns; and it is undone."""

import re

import pytest
from playwright.sync_api import expect

from gruviz import Hold
from gruviz.models import load_model
from gruviz.reading import read
from tests.browser.waiting import soon
from tests.pages.step import EXAMPLE

HELD = "the update gate held at 1 from step 5 on"
AFTER = read(load_model("sentiment-gru"), EXAMPLE, [Hold("z", 1, steps=slice(4, None))])


class WhatIf:
    """The part of the stepper where a run is changed."""

    def __init__(self, step_page):
        self.page = step_page.page
        self.root = self.page.get_by_role("region", name="What if", exact=True)
        self.form = self.root.get_by_role("group", name="Change the run")
        self.told = self.root.get_by_role("status")
        self.items = self.root.get_by_role("listitem")
        self.ghosts = self.page.locator("svg .ghost[visibility=visible]")

    def button(self, name):
        return self.page.locator(".stepper").get_by_role("button", name=name)

    def choose(self, name, option):
        self.form.get_by_role("combobox", name=name).select_option(option)

    def lists(self, *words):
        """Waits until these are the changes that are listed."""
        expect(self.items).to_have_count(len(words))
        for item, text in zip(self.items.all(), words, strict=True):
            expect(item).to_contain_text(text)


@pytest.fixture
def what_if(step_page):
    step_page.open(step=5)
    return WhatIf(step_page)


@pytest.fixture
def elsewhere(pages, browser):
    """A page in a browser that never saw gruviz, not opened yet."""
    context = browser.new_context()
    yield pages.new(context=context)
    context.close()


def hold_the_update_gate(step_page, what_if):
    step_page.beside("Arithmetic")
    step_page.arithmetic.get_by_role("button", name="Change the update gate").click()
    expect(what_if.form).to_be_visible()
    what_if.choose("Units to change", "of all units")
    what_if.choose("Steps to change", "from step 5 on")
    what_if.form.get_by_role("button", name="Hold at").click()
    what_if.lists(HELD)


def test_one_gate_is_held_the_answer_turns_and_the_receiver_of_the_link_sees_it(step_page, what_if, elsewhere):
    expect(what_if.ghosts).to_have_count(0)
    hold_the_update_gate(step_page, what_if)
    expect(what_if.told).to_contain_text(
        f"the answer after the last step is {AFTER.answers.text(10)}; without the change it is"
    )
    step_page.linked(what="z@5-end=1")
    step_page.press("End")
    step_page.at(10)
    expect(step_page.page.locator(".transport .answer")).to_have_text(AFTER.answers.text(10))
    expect(what_if.ghosts).not_to_have_count(0)
    step_page.linked(step=10)
    elsewhere.go(step_page.page.url)
    other = WhatIf(elsewhere)
    other.lists(HELD)
    expect(other.told).to_have_text(what_if.told.inner_text())
    expect(elsewhere.page.locator(".transport .answer")).to_have_text(AFTER.answers.text(10))
    elsewhere.at(10)


@pytest.mark.parametrize("key", ["u", "Control+z", "Meta+z"])
def test_a_change_is_undone_with_one_key(step_page, what_if, key):
    hold_the_update_gate(step_page, what_if)
    what_if.button("What if …").click()  # closes the form; the key is not for its fields
    expect(what_if.form).to_be_hidden()
    step_page.press(key)
    what_if.lists()
    step_page.linked(what=None)
    expect(what_if.told).to_be_empty()
    expect(what_if.ghosts).to_have_count(0)


def test_undo_goes_back_change_by_change_and_so_does_the_browser(step_page, what_if):
    step_page.press("w")
    what_if.form.get_by_role("button", name="Silence unit").click()
    what_if.lists("the hidden state of unit 2 held at 0")
    what_if.form.get_by_role("button", name="Forget everything").click()
    what_if.lists("the hidden state of unit 2 held at 0", "the hidden state held at 0 at step 5")
    step_page.linked(what="h[2]=0;h@5=0")
    what_if.button("Take back: the hidden state of unit 2").click()
    what_if.lists("the hidden state held at 0 at step 5")
    what_if.button("Undo").click()
    what_if.lists("the hidden state of unit 2", "at step 5")
    step_page.page.go_back()
    what_if.lists("the hidden state held at 0 at step 5")


def test_a_link_that_was_just_opened_is_undone_change_by_change(step_page):
    step_page.open(what="z=1;skip@3", step=5)
    what_if = WhatIf(step_page)
    what_if.lists("the update gate held at 1", "step 3 skipped")
    step_page.press("u")
    what_if.lists("the update gate held at 1")
    step_page.press("u")
    what_if.lists()


def test_a_token_is_skipped_read_as_unknown_and_as_another_one(step_page, what_if):
    step_page.press("w")
    what_if.form.get_by_role("button", name="Skip “but”").click()
    what_if.lists("step 5 skipped")
    expect(step_page.chips.nth(4)).to_have_attribute("aria-label", re.compile("Step 5: but, skipped"))
    step_page.chips.nth(8).click()
    step_page.at(9)
    expect(what_if.form.get_by_role("button", name="Skip “terrible”")).to_be_visible()
    what_if.form.get_by_label("Token to read instead").fill("nice")
    what_if.form.get_by_role("button", name="Read it as", exact=True).click()
    what_if.lists("step 5 skipped", "the token of step 9 read as “nice”")
    step_page.at(9, token="nice")
    expect(step_page.chips.nth(8)).to_have_attribute("aria-label", re.compile("in the run behind: terrible"))
    what_if.form.get_by_role("button", name="Read it as unknown").click()
    step_page.linked(what="skip@5;read@9=nice;unknown@9")


def test_a_span_that_ends_here(step_page, what_if):
    step_page.press("w")
    what_if.choose("Units to change", "of all units")
    what_if.choose("Steps to change", "up to step 5")
    what_if.form.get_by_role("button", name="Hold at").click()
    what_if.lists("held at 1 at steps 1 to 5")
    step_page.linked(what="r@1-5=1")


def test_a_token_is_skipped_with_a_key_where_it_stands(step_page, what_if):
    step_page.current.focus()
    step_page.press("Delete")
    what_if.lists("step 5 skipped")
    step_page.press("u")
    what_if.lists()


def test_what_is_held_skipped_or_shifted_is_told_in_the_arithmetic(step_page):
    step_page.open(what="z[2]@5=1;r+=2;skip@7", step=5, unit=2)

    def held():
        blocks = {block["key"]: block for block in step_page.blocks()}
        assert blocks["z"]["lines"][-1] == [["held at 1.00", None]]
        assert float(blocks["z"]["result"]) == 1
        return blocks

    blocks = soon(held)
    plain = load_model("sentiment-gru")
    bias = float(plain.module.bias_ih_l0[2].detach())
    found = [text for text, label in blocks["r"]["lines"][0] if label and "ir" in label and label.startswith("b")]
    assert float(found[0].replace(" ", "").replace("−", "-").replace("+", "")) == pytest.approx(bias + 2, abs=1e-3)
    step_page.chips.nth(6).click()
    step_page.at(7)
    expect(step_page.arithmetic).to_contain_text("this step is skipped: the state goes on as it was")


def test_another_sequence_behind_and_each_token_left_out(step_page, what_if):
    with step_page.popover("Probe") as menu:
        menu.get_by_role("textbox", name="Compare with").fill("The food was great and the service was nice")
        menu.get_by_role("textbox", name="Compare with").press("Enter")
        step_page.linked(behind="The food was great and the service was nice")
        menu.get_by_role("radio", name="left out").click()
        step_page.linked(without="left out")
    expect(what_if.told).to_contain_text("for “The food was great and the service was nice” it is")
    expect(step_page.chips.nth(4)).to_have_attribute("aria-label", re.compile("in the run behind: and"))
    expect(step_page.page.locator(".left-out")).to_contain_text("Leave-one-out: the answer after step 5")
    expect(step_page.page.locator(".chip .effect")).to_have_count(10)
    step_page.press("End")
    expect(step_page.page.locator(".left-out")).to_contain_text("“but” (step 5) is left out")
    heights = step_page.page.locator(".chip .effect span").evaluate_all("(bars) => bars.map((bar) => bar.style.height)")
    assert heights[4] == "50%"  # the largest
    assert step_page.page.locator(".chip .effect").nth(4).get_attribute("class") == "effect down"


def test_stepping_in_a_changed_run_asks_no_server(step_page):
    step_page.open(what="z@5-end=1", without="left out", step=2)
    sent = len(step_page.messages)
    step_page.press("ArrowRight", "ArrowRight", "ArrowRight")
    step_page.at(5)
    assert len(step_page.messages) == sent


def test_a_value_that_the_gate_can_t_have_is_not_sent(step_page, what_if):
    step_page.press("w")
    what_if.choose("Signal to change", "update gate")
    field = what_if.form.get_by_label("Value to hold at")
    field.fill("1.5")
    sent = len(step_page.messages)
    what_if.form.get_by_role("button", name="Hold at").click()
    assert field.evaluate("(field) => field.validity.rangeOverflow")
    assert len(step_page.messages) == sent
    what_if.lists()
    field.fill("0.5")
    what_if.form.get_by_role("button", name="Hold at").click()
    what_if.lists("the update gate of unit 2 held at 0.5 at step 5")


def test_a_gate_whose_1_means_write_is_held_at_what_is_shown(step_page):
    step_page.open(one="write the candidate", step=5)
    what_if = WhatIf(step_page)
    step_page.press("w")
    what_if.choose("Signal to change", "update gate")
    what_if.form.get_by_label("Value to hold at").fill("0.25")
    what_if.form.get_by_role("button", name="Hold at").click()
    what_if.lists("held at 0.25")
    step_page.linked(what="z[2]@5=0.75")


def test_moves_can_be_skipped_but_not_replaced(step_page):
    step_page.open(model="Chess openings, GRU", seq="e4 e5 Nf3", step=3)
    what_if = WhatIf(step_page)
    step_page.press("w")
    expect(what_if.form.get_by_label("Token to read instead")).to_be_hidden()
    what_if.form.get_by_role("button", name="Skip “Nf3”").click()
    what_if.lists("step 3 skipped")


def test_a_unit_is_silenced_where_it_is_seen(step_page, what_if):
    """On its row, in its arithmetic, and with a key."""
    row = step_page.page.locator(".table .unit").nth(3)
    row.hover()
    button = row.get_by_role("button", name="Silence unit 3")
    expect(button).to_have_css("opacity", "1")
    button.click()
    what_if.lists("the hidden state of unit 3 held at 0")
    expect(button).to_have_attribute("aria-pressed", "true")
    step_page.linked(what="h[3]=0")
    step_page.unit.select_option("5")
    step_page.beside("Arithmetic")
    step_page.arithmetic.get_by_role("button", name="Silence unit 5").click()
    what_if.lists("the hidden state of unit 3 held at 0", "the hidden state of unit 5 held at 0")
    step_page.press("s")
    what_if.lists("the hidden state of unit 3 held at 0")
    button.click()
    what_if.lists()
    step_page.linked(what=None)
