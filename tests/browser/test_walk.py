"""Random walks through the app: whatever a person does, the screen is what its address says, and Back leads back to it.

After each move the address is opened where nobody was before, and the two screens are compared. How many moves:
WALK_MOVES in each of two walks, by default few. Hypothesis draws one number per move and nothing that depends on the
screen, so that a walk is the same walk when it is repeated.
"""

import os
import random
import time
from functools import partial
from pathlib import Path

import hypothesis.strategies as some
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.browser.moves import MOVES
from tests.browser.pages import Pages, Tab

LENGTH = int(os.environ.get("WALK_MOVES", "12"))
SCREEN = (Path(__file__).parent / "walk.js").read_text(encoding="utf-8").partition("\n")[2]
RESTS = f"""() => {{
    const all = (selector) => [...document.querySelectorAll(selector)], screen = {SCREEN}
    const rests = all("[data-test-script-state=notRunning]").length && !all("[data-stale=true]").length
    const drawn = all("[data-testid=stPlotlyChart]").every((chart) => chart.querySelector(".main-svg"))
    const now = rests && drawn && location.href + JSON.stringify(screen())
    if (!now || now !== window.seen) [window.seen, window.since] = [now, performance.now()]
    return Boolean(now) && performance.now() - window.since > 450  // the address follows the stepper after 350 ms
}}"""
DRAWN = "[data-testid=stMain] [role=status], .js-plotly-plot, .train [role=img]"
MOST_ENTRIES = 50  # that a browser keeps
PATIENCE = 30  # s, until two screens are alike


def alike(one, other):
    """Whether two screens are the same. Below a mistake is what was read before, or where nothing was, an example."""
    return one == other or (one[1]["fallsBack"] and one[0] == other[0] and one[1]["alerts"] == other[1]["alerts"])


def differences(name, one, other):
    """Where two screens differ, a line each."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [line for key in one for line in differences(f"{name} {key}", one[key], other[key])]
    if isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        return [
            line for k, pair in enumerate(zip(one, other, strict=True)) for line in differences(f"{name} {k}", *pair)
        ]
    return [f"{name}: {str(one)[:500]} | {str(other)[:500]}"] if one != other else []


class Walk(RuleBasedStateMachine):
    """One person's browser, and another one that only opens links. `left`: the screens in the history, oldest first."""

    def __init__(self, browser, server):
        super().__init__()
        self.contexts = [browser.new_context(permissions=["clipboard-read", "clipboard-write"]), browser.new_context()]
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
        page.mouse.move(0, 0)  # a row under the mouse shows its own arithmetic
        page.locator("[data-testid=stMain] [role=status], .js-plotly-plot, .train [role=img]").first.wait_for(
            timeout=60_000
        )
        page.wait_for_function(RESTS, timeout=60_000)
        return page.evaluate("location.href"), page.evaluate(SCREEN)

    @rule(number=some.integers(0, 2**32 - 1))
    def move(self, number):
        """One of all that can be done on this screen."""
        pick = random.Random(number + len(self.trail)).choice  # also hypothesis' simplest walk, of zeros, is one
        ways = [partial(self.do, move, pick) for move in MOVES if move.possible(self.page)]
        ways += [partial(self.go, by) for by in (-1, 1) if 0 <= self.at + by < len(self.left)]
        pick(ways)()

    def do(self, move, pick):
        """A move, after which the screen is what its address says."""
        before = self.left[self.at][0]
        what, entry = move.do(self.page, pick)
        self.trail.append(what)
        now, link = self.settle(self.page), None
        deadline = time.monotonic() + PATIENCE
        while True:
            if link != now[0]:
                self.other.goto(link := now[0])
            opened, now = self.settle(self.other), self.settle(self.page)
            if alike(now, opened) or time.monotonic() > deadline:
                break
        if entry and now[0] != before:
            self.left = [*self.left[: self.at + 1], now][-MOST_ENTRIES:]
            self.at = len(self.left) - 1
        else:
            self.left[self.at] = now
        self.has_come_to(now, opened)

    def go(self, by):
        """Back or forward: to the screen that was left."""
        self.at += by
        (self.page.go_back if by < 0 else self.page.go_forward)()
        self.trail.append("back" if by < 0 else "forward")
        deadline = time.monotonic() + PATIENCE
        while not alike(self.left[self.at], now := self.settle(self.page)) and time.monotonic() < deadline:
            pass
        self.has_come_to(self.left[self.at], now)

    def has_come_to(self, screen, now):
        assert alike(screen, now), "\n".join(map(str, (self.trail, *differences("", screen, now))))
        index = self.page.evaluate("navigation.currentEntry.index")
        assert index == self.at, (self.trail, index, self.at)


def test_whatever_a_person_does_the_screen_is_what_its_address_says(browser, app):
    run_state_machine_as_test(
        lambda: Walk(browser, app),
        settings=settings(
            max_examples=2, stateful_step_count=LENGTH, derandomize=True, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck), database=None,
        ),
    )  # fmt: skip
