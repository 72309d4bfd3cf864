"""How fast the Step page is: tracing, stepping, changing the sequence, starting, and what goes over the wire."""

import statistics
import time
from pathlib import Path
from urllib.parse import urlencode

import torch
from playwright.sync_api import sync_playwright
from torch import nn

import gruviz
from tests.benchmarks.wire import Wire
from tests.browser.chromium import launch
from tests.browser.server import running
from tests.browser.step_page import StepPage

APPS = Path(__file__).parent / "apps"
CELLS = Path(__file__).parents[1] / "browser" / "apps" / "cells.py"
STEPS, UNITS = 60, 32
LINK = {"model": "Random weights", "hidden": UNITS}
UNCAPPED = ("--disable-frame-rate-limit", "--disable-gpu-vsync")  # so that waiting for the screen is not measured
WATCH = """() => {
    window.painted = []
    addEventListener("keydown", (event) => {
        const start = performance.now()
        requestAnimationFrame(() => requestAnimationFrame(() => painted.push([event.key, performance.now() - start])))
    }, {capture: true})
}"""


def rows():
    """The table's rows: what, value, target, unit."""
    return [*_tracing(), *_stepping(), *_changing(), *_starting()]


def _row(what, value, target, unit):
    return {"what": what, "value": round(value, 3), "target": target, "unit": unit}


def _text(number):
    """Another sequence of 60 characters for each number."""
    return "".join(chr(97 + (7 * number + k * (number + 1)) % 26) for k in range(STEPS))


def _tracing():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        module, x = nn.GRU(16, 64), torch.randn(1000, 1, 16)
        ours, fused = [], []
        with torch.no_grad():
            for _ in range(60):
                for times, work in ((fused, lambda: module(x)), (ours, lambda: gruviz.trace(module, x))):
                    start = time.perf_counter()
                    work()
                    times.append(time.perf_counter() - start)
    finally:
        torch.set_num_threads(threads)
    ours, fused = (statistics.median(times[10:]) for times in (ours, fused))
    shape = "GRU, T=1000, H=64, B=1, one thread"
    return [
        _row(f"trace / fused nn.GRU forward ({shape})", ours / fused, "at most 1.4", "x"),
        _row(f"trace ({shape})", 1000 * ours, "", "ms"),
    ]


def _stepping():
    shape = f"T={STEPS}, H={UNITS}"
    with sync_playwright() as playwright:
        browser = launch(playwright, UNCAPPED)
        try:
            with running(CELLS) as server:
                alone, floor = _painted(browser, server, cell="GRU", steps=STEPS, units=UNITS)
            with running("app.py") as server:
                whole, floor_whole = _painted(browser, server, figure=True, seq=_text(0), **LINK)
                sent = _bytes(browser, server)
        finally:
            browser.close()
    return [
        _row(f"a step, key to painted: stepper alone ({shape})", alone, "under 16", "ms"),
        _row(f"of which for a key that does nothing ({shape})", floor, "", "ms"),
        _row(f"a step, key to painted: with the figures' cursor ({shape})", whole, "under 50", "ms"),
        _row(f"of which for a key that does nothing, with figures ({shape})", floor_whole, "", "ms"),
        _row(f"bytes to the browser when the sequence changes ({shape})", sent / 1000, "under 130", "kB"),
    ]


def _painted(browser, server, figure=False, **link):
    """Medians of key to painted in ms: of steps, and of a key that does nothing."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    step_page = StepPage(page, server.url, [])
    step_page.open(figure=figure, **link)
    page.evaluate(WATCH)
    for number in range(120):
        for key in ("ArrowRight" if number % 40 < 20 else "ArrowLeft", "F9"):
            page.keyboard.press(key)
            page.wait_for_function("(count) => painted.length === count", arg=2 * number + 1 + (key == "F9"))
    times = page.evaluate("painted")
    page.close()
    steps, nothing = ([ms for key, ms in times[40:] if (key == "F9") == idle] for idle in (False, True))
    return statistics.median(steps), statistics.median(nothing)


def _bytes(browser, server):
    """What one change of the sequence brings over the WebSocket, the median of a few."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    step_page = StepPage(page, server.url, []).open(seq=_text(0), **LINK)
    totals = []
    for number in range(1, 6):
        before, text = len(received), _text(number)
        step_page.sequence.fill(text)
        page.wait_for_function(
            "([selector, last]) => document.querySelector(selector)?.layout?.xaxis.ticktext[1] === last",
            arg=[".st-key-signals .js-plotly-plot", text[2]],
        )
        page.wait_for_selector("[data-test-script-state=notRunning]")
        totals.append(sum(received[before:]))
    page.close()
    return statistics.median(totals)


def _changing():
    """Server time from the message with the new sequence to `script_finished`, interleaved with an empty page."""
    with running("app.py") as ours, running(APPS / "empty.py") as empty:
        sessions = [(Wire(ours.url, urlencode({**LINK, "seq": _text(0)})), []), (Wire(empty.url), [])]
        for number in range(1, 41):
            for session, times in sessions:
                times.append(session.rerun(_text(number)))
        page, floor = (statistics.median(times[10:]) for _, times in sessions)
        for session, _ in sessions:
            session.close()
    shape = f"T={STEPS}, H={UNITS}"
    return [
        _row(f"changing the sequence / an empty page's rerun ({shape}, over the wire)", page / floor, "at most 3", "x"),
        _row(f"changing the sequence ({shape}, over the wire)", 1000 * page, "", "ms"),
        _row("an empty page's rerun (over the wire)", 1000 * floor, "", "ms"),
    ]  # fmt: skip


def _starting():
    """From starting the server's process to the picture in a new browser context; the two in turn."""
    picture, figures, imports = [], [], []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for _ in range(4):
            imports.append(_cold(browser, APPS / "imports.py", "text=imported")[0])
            both = _cold(browser, "app.py", ".stepper .table .row", ".st-key-signals .js-plotly-plot .heatmaplayer")
            picture.append(both[0])
            figures.append(both[1])
        browser.close()
    first, all_of_it, floor = (statistics.median(times[1:]) for times in (picture, figures, imports))
    return [
        _row("cold start to the stepper / a page that imports torch and plotly", first / floor, "at most 1.25", "x"),
        _row("cold start to the figures / a page that imports torch and plotly", all_of_it / floor, "", "x"),
        _row("cold start to the stepper", first, "", "s"),
    ]


def _cold(browser, script, *selectors):
    """Seconds until each selector shows."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    start, times = time.perf_counter(), []
    with running(script) as server:
        page = context.new_page()
        page.goto(server.url)
        for selector in selectors:
            page.wait_for_selector(selector, timeout=60_000, state="attached")
            times.append(time.perf_counter() - start)
        context.close()
    return times
