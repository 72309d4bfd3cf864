"""What a person can do on any page of gruviz, as moves of a random walk: each is possible on some screens."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from gruviz.experiment.stories import STORIES as GRADIENT_STORIES
from gruviz.figures import MOST_LINES
from gruviz.live.stories import STORIES as LIVE_STORIES
from gruviz.models import entries
from gruviz.models.results import results
from gruviz.reading.stories import STORIES
from tests.browser.step_page import choose_model

PAGES = {"/": "Step", "/gradients": "Gradients", "/compare": "Compare", "/train": "Train"}
TEXTS = ["hello", "A dull film.", "e4 e5 Nf3", "([]", "0 1! 0 ?", "1 2 3", "", "é & = + # %", "x" * 60]
KEYS = ["ArrowRight", "ArrowLeft", "Home", "End", "Shift+ArrowRight", "Shift+ArrowLeft"]
BUTTONS = ["First step", "Previous step", "Next step", "Last step", "Next operation"]
AMOUNTS = ["1", "2", "12", "1.5", "-2"]
OPTIONS = {  # of menus that are too long to have all their options on screen
    "Task": [task.title for task in results().values()],
}
MENU, KNOB, CHOICE = "[data-testid=stSelectbox] input:enabled", "input[type=number]:enabled", "[role=radiogroup]"
GRADIENT_SECONDS = {"Hidden units H": ["1", "3", "8"], "Seeds": ["1", "2", "5"], "Steps T": ["10", "12", "60"]}  # short


@dataclass(frozen=True)
class Move:
    """`do(page, pick)` returns what was done, and whether it leaves the old screen in the history."""

    do: Callable
    possible: Callable


MOVES = []


def move(possible):
    """Adds a move; `possible(page)` says whether a screen has it."""

    def add(do):
        MOVES.append(Move(do, possible))
        return do

    return add


def path(page):
    return urlsplit(page.url).path


def says(page, name):
    return parse_qs(urlsplit(page.url).query).get(name, [None])[-1]


def has(selector):
    return lambda page: any(each.is_visible() for each in page.locator(f"[data-testid=stMain] {selector}").all())


def visible(where, selector):
    return [each for each in where.locator(selector).all() if each.is_visible()]


# Everywhere


@move(lambda page: True)
def page_by_its_link(page, pick):
    name = pick(list(PAGES.values()))
    entry = PAGES[path(page)] != name
    page.get_by_role("link", name=name, exact=True).click()
    if entry:
        page.wait_for_url(lambda url: PAGES[urlsplit(url).path] == name)
    return f"page {name}", entry


@move(lambda page: True)
def reload(page, pick):
    page.reload()
    return "reload", False


@move(lambda page: True)
def copied_link(page, pick):
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Link copied").wait_for()
    page.wait_for_function("async () => await navigator.clipboard.readText() === location.href")
    return "copy", False


@move(has("[data-testid=stPopoverButton]"))
def popover(page, pick):
    """Opens one, sets what is in it where it holds a control, and closes it."""
    others = ":not(.st-key-examples, .st-key-model-menu) > .stPopover [data-testid=stPopoverButton]"
    button = pick(visible(page.get_by_test_id("stMain"), others))
    name = button.inner_text().split("\n")[-3]
    button.click()
    body = page.get_by_test_id("stPopoverBody")
    body.locator("button:visible, input:visible").first.wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()  # until then the server may open it once more
    ways = [way for way in (choice, knob, menu) if visible(body, WHERE[way])]
    done = pick(ways)(page, pick, body)[0] if ways else "look"
    page.keyboard.press("Escape")
    body.wait_for(state="hidden")
    return f"{name}: {done}", False


# Controls, wherever they are


@move(has(KNOB))
def knob(page, pick, where=None):
    field = pick(visible(where or page, KNOB))
    name = field.get_attribute("aria-label")
    value = pick(GRADIENT_SECONDS.get(name, AMOUNTS))
    field.fill(value)
    field.press("Enter")
    return f"{name} {value}", False


@move(has(CHOICE))
def choice(page, pick, where=None):
    group = pick(visible(where or page, CHOICE))
    option = pick(group.get_by_role("radio").all())
    what = f"{group.get_attribute('aria-label')}: {option.inner_text()}"
    option.click()
    return what, False


@move(has(MENU))
def menu(page, pick, where=None):
    box = pick(visible(where or page, MENU))
    name = box.get_attribute("aria-label")
    box.click()
    options = page.get_by_role("option")
    options.first.wait_for()
    option = pick(OPTIONS.get(name) or options.all_inner_texts())
    box.fill(option)  # a long list draws its options as it scrolls
    options.get_by_text(option, exact=True).click()
    expect(box).to_have_value(option)
    return f"{name}: {option}", name in OPTIONS


WHERE = {choice: CHOICE, knob: KNOB, menu: MENU}


# The Step page's, and the others' sequence


@move(lambda page: path(page) == "/")
def story(page, pick):
    told = pick(STORIES)
    page.locator(".st-key-examples").get_by_role("button").first.click()
    option = page.get_by_role("button", name=told.title, exact=True)
    option.click()
    expect(option).to_have_count(0)
    return f"story {told.key}", True


@move(lambda page: page.get_by_role("textbox", name="Sequence").count() > 0)
def typing(page, pick):
    text, field = pick(TEXTS), page.get_by_role("textbox", name="Sequence")
    field.fill(text)
    field.press("Control+Enter" if says(page, "rows") is not None else "Enter")
    return f"type {text!r}", False


@move(has(".chip"))
def keys(page, pick):
    page.evaluate("document.activeElement.blur()")
    pressed = [pick(KEYS) for _ in range(pick(range(1, 5)))]
    for key in pressed:
        page.keyboard.press(key)
    return f"keys {pressed}", False


@move(has(".chip"))
def token(page, pick):
    chip = pick(visible(page, ".chip"))
    what = chip.get_attribute("aria-label")
    chip.click()
    return f"token {what}", False


@move(has(".chip"))
def slider(page, pick):
    bar = page.get_by_role("slider", name="Time step")
    step = str(pick(range(1, int(bar.get_attribute("max")) + 1)))
    bar.fill(step)
    return f"slider {step}", False


def pressable(page):
    """The buttons that step from here: none in a sequence of one token whose cells have no operations."""
    buttons = [page.get_by_role("button", name=name, exact=True) for name in BUTTONS]
    return [each for each in buttons if each.count() and each.is_visible() and each.is_enabled()]


@move(pressable)
def transport(page, pick):
    button = pick(pressable(page))
    what = button.get_attribute("aria-label")
    button.click()
    return what, False


@move(has("select[aria-label=Unit]"))
def unit(page, pick):
    select = page.get_by_role("combobox", name="Unit", exact=True)
    value = pick(select.locator("option").evaluate_all("(options) => options.map((option) => option.value)"))
    select.select_option(value)
    return f"unit {value}", False


@move(has("select[aria-label='Order of units']"))
def order(page, pick):
    value = pick(["index", "change"])
    page.get_by_role("combobox", name="Order of units").select_option(value)
    return f"order {value}", False


def has_lines_left(page):
    chosen, units = len(visible(page, "[data-baseweb=tag]")), page.locator("select[aria-label=Unit] option").count()
    return has("[data-testid=stMultiSelect] input")(page) and chosen < min(units, MOST_LINES)


@move(has_lines_left)
def line(page, pick):
    page.get_by_role("combobox", name="Units", exact=True).click()
    options = page.get_by_role("option")
    options.first.wait_for()
    which = pick(range(options.count()))
    options.nth(which).click()
    page.keyboard.press("Escape")
    return f"line {which}", False


@move(has("[role=gridcell]"))
def chess(page, pick):
    """Plays a move on the board where one is found soon."""
    squares, goals = page.get_by_role("gridcell"), page.locator(".square.goal")
    for _ in range(10):
        squares.nth(pick(range(64))).click()
        if goals.count():
            goal = pick(goals.all())
            what = goal.get_attribute("aria-label")
            goal.click()
            return f"board to {what}", False
    return "board", False


@move(has(".st-key-model-menu"))
def model(page, pick):
    title = pick([entry.title for entry in entries().values()])
    choose_model(page, title)
    return f"model {title}", True


# The Gradients page's


@move(lambda page: path(page) == "/gradients")
def gradient_story(page, pick):
    told = pick(GRADIENT_STORIES)
    page.locator(".st-key-gradient-stories button").first.click()
    page.get_by_role("button", name=re.compile(f"^{re.escape(told.title)}$")).click()
    return f"story {told.key}", True


# The Train page's


@move(lambda page: path(page) == "/train")
def train_story(page, pick):
    told = pick(LIVE_STORIES)
    page.locator(".st-key-train-stories button").first.click()
    page.get_by_role("button", name=told.title, exact=True).click()
    return f"story {told.key}", True
