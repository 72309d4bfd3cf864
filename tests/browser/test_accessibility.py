"""axe finds nothing serious, on a screen tall enough that it sees all of the page, and the keyboard reaches all."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import serious


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe(pages, scheme):
    page = pages.new(scheme, height=2400).open(step=3, op=1)
    assert serious(page) == []
    page.press("ArrowRight")
    page.beside("Arithmetic")
    page.arithmetic.get_by_text("Largest single products").click()
    assert serious(page) == []
    page.beside("Over time")
    page.view("Lines")
    page.page.get_by_text("About this model and these numbers").click()
    assert serious(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_in_popovers(pages, scheme):
    page = pages.new(scheme, height=2400).open(model="Random weights", seq="hello", hidden=30)
    for name in ("Probe", "Notation", "Export"):
        with page.popover(name):
            assert serious(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_with_a_mistake_and_a_notice(pages, scheme):
    page = pages.new(scheme, height=2400).open(model="Latch", seq="0 1! ?", step=77)
    assert serious(page) == []
    page.sequence.fill("0 x ?")
    expect(page.page.get_by_role("alert").filter(has_text="position 2")).to_be_visible()
    assert serious(page) == []


def test_all_of_the_stepper_from_the_keyboard(step_page):
    """Tab reaches each control once, the tokens as one stop, and the focus is seen."""
    step_page.open(model="Random weights", seq="hello", step=3)
    step_page.beside("Arithmetic")
    step_page.current.focus()
    names = []
    for _ in range(60):
        name, outline = step_page.page.evaluate("""() => {
            let node = document.activeElement
            while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement
            return [node.ariaLabel ?? node.textContent, getComputedStyle(node).outlineStyle]
        }""")
        names.append(name)
        assert outline != "none" or name == "Step 3: l", f"{name} has no visible focus"
        step_page.press("Tab")
        if name == "Largest single products":
            break
    expected = ["Step 3: l", "First step", "Previous step", "Play", "Next step", "Last step", "Next operation",
                "Time step", "Speed", "Unit", "Order of units", "Largest single products"]  # fmt: skip
    assert [name for name in names if name in expected] == expected


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_with_changes(pages, scheme):
    link = {"what": "z@5-end=1;skip@8;read@9=nice", "without": "left out", "step": 9}
    page = pages.new(scheme, height=2400).open(**link)
    page.press("w")
    expect(page.page.get_by_role("group", name="Change the run")).to_be_visible()
    assert serious(page) == []
