"""Random walks through the app: whatever a person does, the screen is what its address says, and Back leads back to it.

After each move the address is opened where nobody was before, and the two screens are compared. How many moves:
WALK_MOVES in each of two walks, by default few.
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import hypothesis.strategies as some
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from gruviz.experiment.stories import STORIES as GRADIENT_STORIES
from gruviz.models import entries
from gruviz.models.results import results
from gruviz.reading.stories import STORIES
from tests.browser.pages import Pages, Tab

MOVES = int(os.environ.get("WALK_MOVES", "12"))
SCREEN = (Path(__file__).parent / "walk.js").read_text(encoding="utf-8").partition("\n")[2]
RESTS = f"""() => {{
    const all = (selector) => [...document.querySelectorAll(selector)], screen = {SCREEN}
    const rests = all("[data-test-script-state=notRunning]").length && !all("[data-stale=true]").length
    const drawn = all("[data-testid=stPlotlyChart]").every((chart) => chart.querySelector(".main-svg"))
    const now = rests && drawn && location.href + JSON.stringify(screen())
    if (!now || now !== window.seen) [window.seen, window.since] = [now, performance.now()]
    return Boolean(now) && performance.now() - window.since > 450  // the address follows the stepper after 350 ms
}}"""
PAGES = {"/": "Step", "/gradients": "Gradients", "/compare": "Compare"}
TEXTS = ["hello", "A dull film.", "e4 e5 Nf3", "([]", "0 1! 0 ?", "1 2 3", "", "é & = + # %", "x" * 60]
KEYS = ["ArrowRight", "ArrowLeft", "Home", "End", "Shift+ArrowRight", "Shift+ArrowLeft"]
MOST_ENTRIES = 50  # that a browser keeps


class Walk(RuleBasedStateMachine):
    """One person's browser, and another one that only opens links. `left`: the screens in the history, oldest first."""

    def __init__(self, browser, server):
        super().__init__()
        self.contexts = [browser.new_context(), browser.new_context()]
        self.pages = Pages(Tab(self.contexts[0]), server)
        self.page, self.other = self.pages.new().page, self.pages.new(context=self.contexts[1]).page
        self.trail, self.left, self.at = [], [], 0
        self.page.goto(server.url)
        self.left = [self.settle(self.page)]

    def teardown(self):
        problems = self.pages.problems()
        for context in self.contexts:
            context.close()
        assert not problems, (self.trail, problems)

    def settle(self, page):
        page.locator("[data-testid=stMain] [role=status], .js-plotly-plot").first.wait_for(timeout=60_000)
        page.wait_for_function(RESTS, timeout=60_000)
        return page.url, page.evaluate(SCREEN)

    def on(self, path):
        return urlsplit(self.page.url).path == path

    def says(self, name):
        return parse_qs(urlsplit(self.page.url).query).get(name, [None])[-1]

    def moved(self, what, entry=False):
        """After a move: the screen is what its address says. `entry`: the move leaves the old screen in the history."""
        self.trail.append(what)
        before = self.left[self.at]
        now = self.settle(self.page)
        if entry and now[0] != before[0]:
            self.left = [*self.left[: self.at + 1], now][-MOST_ENTRIES:]
            self.at = len(self.left) - 1
        else:
            self.left[self.at] = now
        self.entry_is_right()
        self.other.goto(now[0])
        self.same(now, self.settle(self.other))

    def entry_is_right(self):
        assert self.page.evaluate("navigation.currentEntry.index") % MOST_ENTRIES == self.at % MOST_ENTRIES, self.trail

    def same(self, one, other):
        if not one[1][
            "fallsBack"
        ]:  # else below the mistake is what could be read before, or where nothing was, an example
            assert one == other, self.trail
        assert one[1]["alerts"] == other[1]["alerts"], self.trail

    # Everywhere

    @rule(name=some.sampled_from(list(PAGES.values())))
    def page_by_its_link(self, name):
        entry = PAGES[urlsplit(self.page.url).path] != name
        self.page.get_by_role("link", name=name, exact=True).click()
        if entry:
            path = next(path for path, title in PAGES.items() if title == name)
            self.page.wait_for_url(lambda url: urlsplit(url).path == path)
        self.moved(f"page {name}", entry)

    @precondition(lambda self: self.at > 0)
    @rule()
    def back(self):
        self.go(-1)

    @precondition(lambda self: self.at < len(self.left) - 1)
    @rule()
    def forward(self):
        self.go(1)

    def go(self, by):
        self.at += by
        (self.page.go_back if by < 0 else self.page.go_forward)()
        self.trail.append("back" if by < 0 else "forward")
        now = self.settle(self.page)
        assert now[0] == self.left[self.at][0], self.trail
        self.same(self.left[self.at], now)
        self.entry_is_right()

    @rule()
    def reload(self):
        if self.trail[-1:] == ["reload"]:  # hypothesis begins with a walk of nothing else
            return
        self.page.reload()
        self.moved("reload")

    # The Step page and the others' sequence

    @precondition(lambda self: self.on("/"))
    @rule(story=some.sampled_from(STORIES))
    def story(self, story):
        self.page.get_by_role("button", name=story.title, exact=True).click()
        self.moved(f"story {story.key}", entry=True)

    @precondition(lambda self: self.page.get_by_role("combobox", name="Model").count() > 0)
    @rule(title=some.sampled_from([entry.title for entry in entries().values()]))
    def model(self, title):
        self.pick("Model", title)
        self.moved(f"model {title}", entry=True)

    @precondition(lambda self: self.on("/compare"))
    @rule(title=some.sampled_from([task.title for task in results().values()]))
    def task(self, title):
        self.pick("Task", title)
        self.moved(f"task {title}", entry=True)

    def pick(self, menu, option):
        self.page.get_by_role("combobox", name=menu).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    @precondition(lambda self: self.page.get_by_role("textbox", name="Sequence").count() > 0)
    @rule(text=some.sampled_from(TEXTS))
    def typing(self, text):
        field = self.page.get_by_role("textbox", name="Sequence")
        field.fill(text)
        field.press("Control+Enter" if self.says("rows") is not None else "Enter")
        self.moved(f"type {text!r}")

    @precondition(lambda self: not self.on("/gradients"))
    @rule(keys=some.lists(some.sampled_from(KEYS), min_size=1, max_size=4))
    def keys(self, keys):
        self.page.evaluate("document.activeElement.blur()")
        for key in keys:
            self.page.keyboard.press(key)
        self.moved(f"keys {keys}")

    @precondition(lambda self: self.on("/"))
    @rule(view=some.sampled_from(["Heatmaps", "Lines"]))
    def view(self, view):
        self.choose("View", view)
        self.moved(view)

    @precondition(lambda self: self.on("/"))
    @rule(order=some.sampled_from(["index", "change"]))
    def order(self, order):
        self.page.get_by_role("combobox", name="Order of units").select_option(order)
        self.moved(f"order {order}")

    def choose(self, group, option):
        group = self.page.get_by_role("radiogroup", name=group, exact=True)
        group.get_by_role("radio", name=option, exact=True).click()

    # Knobs

    @precondition(lambda self: self.page.get_by_role("spinbutton").count() > 0)
    @rule(which=some.integers(0, 9), value=some.sampled_from(["1", "2", "12", "1.5", "-2"]))
    def knob(self, which, value):
        knobs = self.page.get_by_role("spinbutton").all()
        knob = knobs[which % len(knobs)]
        knob.fill(value)
        knob.press("Enter")
        self.moved(f"knob {which} {value}")

    @precondition(lambda self: self.on("/gradients"))
    @rule(story=some.sampled_from(GRADIENT_STORIES))
    def gradient_story(self, story):
        self.page.get_by_role("button", name=story.title, exact=True).click()
        self.moved(f"story {story.key}", entry=True)

    @precondition(lambda self: self.on("/gradients"))
    @rule(feed=some.sampled_from(["noise", "impulse at step 1", "a sequence of the Step page"]))
    def feed(self, feed):
        self.choose("Input", feed)
        self.moved(f"feed {feed}")

    @precondition(lambda self: self.on("/gradients"))
    @rule(show=some.sampled_from(["Gradient norms", "Jacobians"]))
    def show(self, show):
        self.choose("View", show)
        self.moved(show)


def test_whatever_a_person_does_the_screen_is_what_its_address_says(browser, app):
    run_state_machine_as_test(
        lambda: Walk(browser, app),
        settings=settings(
            max_examples=2, stateful_step_count=MOVES, derandomize=True, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck), database=None,
        ),
    )  # fmt: skip
