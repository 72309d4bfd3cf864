"""The Step page as a person finds it: its controls by their names, its numbers as they are shown."""

import re
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import expect

FIGURE = "document.querySelector('.st-key-signals .js-plotly-plot')"
CURSOR = f"{FIGURE}?.layout?.shapes?.[0]?.x0"
RESTS = """() => document.querySelector("[data-test-script-state=notRunning]") &&
    !document.querySelector("[data-stale=true]") && document.fonts.status === "loaded\""""


def choose_model(page, title):
    """Chooses a model from its menu: a task's cell, or one that has no task."""
    task, _, cell = title.rpartition(", ")
    button = page.locator(".st-key-model-menu").get_by_test_id("stPopoverButton")
    button.click()
    section = page.get_by_role("dialog").get_by_role("radiogroup", name=task or "Not trained", exact=True)
    option = section.get_by_role("radio", name=cell, exact=True)
    option.wait_for()
    if option.get_attribute("aria-checked") == "true":
        page.keyboard.press("Escape")  # it is chosen already
    else:
        option.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_contain_text(title)


class StepPage:
    """A page with a stepper on it; `messages` are the frames that the page sent to the server."""

    def __init__(self, page, url, messages):
        self.page, self.url, self.messages = page, url, messages
        self.status = page.get_by_role("status").filter(has_text=re.compile(r"^Step \d+ of \d+"))
        self.slider = page.get_by_role("slider", name="Time step")
        self.sequence = page.get_by_role("textbox", name="Sequence")
        self.model = page.locator(".st-key-model-menu").get_by_test_id("stPopoverButton")
        self.unit = page.get_by_role("combobox", name="Unit", exact=True)
        self.order = page.get_by_role("combobox", name="Order of units")
        self.speed = page.get_by_role("combobox", name="Speed")
        self.chips = page.get_by_role("group", name="Tokens").get_by_role("button")
        self.current = page.locator(".chip[aria-current=step]")
        self.arithmetic = page.locator(".stepper section.arithmetic")  # there also while the figures stand in its place
        self.heading = self.arithmetic.locator("h3")
        self.rows = page.locator(".table g.row")
        self.notice = page.locator(".stepper > .notice")

    def open(self, figure=True, **link):
        """Opens a link by its parameters, and waits for the stepper and the figure."""
        return self.go(f"{self.url}/?{urlencode(link)}" if link else self.url, figure)

    def go(self, address, figure=True):
        """Opens an address."""
        self.page.goto(address)
        self.status.wait_for(timeout=60_000)  # the first one also waits for the server to import torch
        if figure:
            self.page.wait_for_function(f"{CURSOR} !== undefined")
        self.linked("step")
        return self.rests()

    def rests(self):
        """Waits until the script has ended and all that it sent is drawn."""
        self.page.wait_for_function(RESTS, timeout=60_000)
        return self

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def at(self, step, steps=None, token=None):
        """Expects the step (of so many, with that token), whatever is said of the answer behind it."""
        of = r"\d+" if steps is None else steps
        what = ".*" if token is None else rf"{re.escape(token)}(, .*)?"
        expect(self.status).to_have_text(re.compile(rf"^Step {step} of {of}: {what}$", re.DOTALL))

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def params(self):
        """The address's parameters."""
        return dict(parse_qsl(urlsplit(self.page.url).query, keep_blank_values=True))

    def linked(self, *names, **values):
        """Waits until the address has these names, and these values (None: has not that name)."""
        wanted = {name: str(value) if value is not None else None for name, value in values.items()}
        self.page.wait_for_function(
            """([names, wanted]) => {
                const params = new URL(location).searchParams
                return names.every((name) => params.has(name)) &&
                    Object.entries(wanted).every(([name, value]) => params.get(name) === value)
            }""", arg=[names, wanted])  # fmt: skip

    def cursor(self, step):
        """Waits until the figure's cursor stands at a step."""
        self.page.wait_for_function(f"{CURSOR} === {step - 0.5}")

    def choose(self, group, option):
        """Clicks an option of one of Streamlit's segmented controls."""
        controls = self.page.get_by_role("radiogroup", name=group, exact=True)
        controls.get_by_role("radio", name=option, exact=True).click()

    def example(self, title):
        """Chooses a story from the menu of examples, which closes."""
        self.page.locator(".st-key-examples").get_by_role("button").first.click()
        option = self.button(title)
        option.click()
        expect(option).to_have_count(0)

    def beside(self, name):
        """Shows the figures over time or the arithmetic beside the cell."""
        self.page.get_by_role("group", name="Beside the cell").get_by_role("button", name=name).click()

    def choose_model(self, title):
        choose_model(self.page, title)

    def view(self, name):
        """Chooses how the signals are drawn, and waits until they are."""
        self.choose("View", name)
        kind = {"Lines": "scatter", "Heatmaps": "heatmap"}[name]
        self.page.wait_for_function(f"{FIGURE}?.data?.[0]?.type === '{kind}'")

    @contextmanager
    def popover(self, name):
        """What one of Streamlit's popovers holds."""
        self.button(name).click()
        dialog = self.page.get_by_role("dialog", name=name)
        dialog.wait_for()
        yield dialog
        self.page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")

    def units(self):
        """The units of the rows, from the top."""
        return [int(name) for name in self.rows.locator(".name").all_text_contents()]

    def blocks(self):
        """The arithmetic: a block an operation, its lines lists of [text, label], the last one with the result."""
        return self.page.locator(".equations > .block").evaluate_all("""(blocks) => blocks.map((block) => ({
            key: block.querySelector("[data-result]").dataset.result,
            result: block.querySelector("[data-result]").textContent,
            equation: block.querySelector(".equation").innerHTML,
            lines: [...block.querySelectorAll(".line")].map((line) => [...line.querySelectorAll(".term")].map((term) =>
                [term.querySelector("span").textContent, term.querySelector("small")?.textContent ?? null])),
        }))""")

    def record(self):
        """From here on the page keeps each status that it shows, with the moment, for `recorded` and `told`."""
        self.status.evaluate("""(status) => {
            window.told = []
            new MutationObserver(() => told.push([status.textContent, performance.now()])).observe(
                status, {childList: true, characterData: true, subtree: true})
        }""")

    def recorded(self):
        return self.page.evaluate("window.told")

    def told(self, start):
        """Waits until a status that starts so has been shown, however shortly."""
        self.page.wait_for_function("(start) => told.some(([text]) => text.startsWith(start))", arg=start)

    def show(self, step, unit):
        """Goes to a step and a unit by the slider and the menu."""
        self.slider.fill(str(step))
        self.unit.select_option(str(unit))
        expect(self.heading).to_contain_text(f"Unit {unit} at step {step}:")
