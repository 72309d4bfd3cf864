"""How fast the Gradients page answers a knob, and how its work grows with T and H."""

import statistics
import time
from pathlib import Path
from urllib.parse import urlencode

import torch
from playwright.sync_api import expect, sync_playwright
from streamlit.testing.v1 import AppTest

from gruviz import experiment
from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.experiment import ExperimentSettings as Settings
from gruviz.experiment.sentences import pace
from gruviz.signals import STANDARD
from gruviz.ui.gradients import experiments
from tests.browser.chromium import launch
from tests.browser.server import running

ROOT = Path(__file__).parents[2]
STEPS, UNITS, SEEDS = 200, 32, 20
TURNS = 7  # of the update bias, from 0.1 up by 0.1: only the GRU is computed anew
SHAPE = f"T={STEPS}, H={UNITS}, {SEEDS} seeds"
GRU_HEADING = ".st-key-norms-GRU .js-plotly-plot .annotation-text"


def rows():
    """The table's rows: what, value, target, unit."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [*_on_the_server(), *_in_the_browser(), *_growth()]
    finally:
        torch.set_num_threads(threads)


def _row(what, value, target, unit):
    return {"what": what, "value": round(value, 3), "target": target, "unit": unit}


def _on_the_server():
    """A rerun of the whole page: all three cells computed again, one cell, none."""
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    page.switch_page("pages/gradients.py")
    for name, value in (("T", STEPS), ("H", UNITS), ("seeds", SEEDS), ("update", "Update bias (positive keeps)")):
        page.query_params[name] = str(value)
    page.run()
    times = {"all three cells": [], "one cell": [], "nothing new": []}
    for turn in range(TURNS):
        for what, spent in times.items():
            if what == "all three cells":
                experiments.flows.cache_clear()
            if what == "one cell":
                page.number_input(key="update_update_bias").set_value(1.1 + 0.1 * turn)
            start = time.perf_counter()
            page.run()
            spent.append(time.perf_counter() - start)
            if page.exception or not page.markdown:
                raise RuntimeError(f"The page shows {page.exception or 'no sentence'}.")
    return [
        _row(f"knob to picture, on the server: {what} computed ({SHAPE})", statistics.median(spent), "under 0.5", "s")
        for what, spent in times.items()
    ]


def _in_the_browser():
    """From the key that commits a number to the panel's new heading on screen."""
    shape = {"T": STEPS, "H": UNITS, "seeds": SEEDS}
    names = {key: row.title for key, row in INITIALISATIONS.items()}  # as the page's menus and its link have them
    update = urlencode(shape | {"update": names["update_bias"], "update_update_bias": 1.0})
    spectral = urlencode(shape | {"init": names["spectral_radius"], "init_spectral_radius": 1.0})
    with sync_playwright() as playwright, running("app.py") as server:
        browser = launch(playwright)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            found = []
            for what, knob, address, key in (
                ("one cell", "Update bias", update, "update_bias"),
                ("all three cells", "Spectral radius", spectral, "spectral_radius"),
            ):
                page.goto(f"{server.url}/gradients?{address}")
                expect(page.locator(GRU_HEADING).first).to_be_visible(timeout=30_000)
                page.locator("[data-test-script-state=notRunning]").wait_for()
                times = [_turn(page, knob, 1.1 + 0.1 * turn, key) for turn in range(TURNS)]
                found.append(
                    _row(f"knob to picture, in the browser: {what} computed ({SHAPE})", statistics.median(times),
                         "under 0.5", "s")
                )  # fmt: skip
            return found
        finally:
            browser.close()


def _turn(page, knob, value, key):
    choice = key, round(value, 1)
    given = {"biases": (choice,)} if INITIALISATIONS[key].part == "bias" else {"recurrent": choice}
    settings = Settings(STEPS, UNITS, SEEDS, **given)
    heading = pace(experiment.flows(settings.reduced_to("GRU"), "GRU").median())
    field = page.get_by_role("spinbutton", name=knob)
    field.fill(f"{value:.1f}")
    page.evaluate("""() => addEventListener("keydown", () => { window.pressed = performance.now() }, {once: true})""")
    waiting = page.evaluate_handle(
        """([selector, heading]) => ({until: new Promise((done) => {
            const look = () => [...document.querySelectorAll(selector)].some((one) => one.textContent.endsWith(heading))
                ? done(performance.now() - window.pressed) : requestAnimationFrame(look)
            requestAnimationFrame(look)
        })})""",
        [GRU_HEADING, heading],
    )
    field.press("Enter")
    spent = waiting.evaluate("(waiting) => waiting.until") / 1000
    page.locator("[data-test-script-state=notRunning]").wait_for()
    return spent


def _growth():
    """CPU time of all three cells' flows, the smallest of a few: other work on the machine moves it least."""
    base = _seconds(Settings(STEPS, UNITS, SEEDS))
    longer, wider = _seconds(Settings(2 * STEPS, UNITS, SEEDS)), _seconds(Settings(STEPS, 2 * UNITS, SEEDS))
    return [
        _row(f"gradients of all three cells, CPU ({SHAPE})", base, "", "s"),
        _row(f"the same with twice the steps / this ({SHAPE})", longer / base, "at most 2.5", "x"),
        _row(f"the same with twice the units / this ({SHAPE})", wider / base, "at most 4", "x"),
    ]


def _seconds(settings):
    times = []
    for _ in range(5):
        start = time.process_time()
        for cell in STANDARD:
            experiment.flows(settings, cell)
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    for row in rows():
        print(f"{row['what']:85} {row['value']:8.3f} {row['unit']:2} {row['target']}")
