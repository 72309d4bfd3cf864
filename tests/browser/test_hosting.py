"""Several processes behind the balancer: who was with one that ends has the same screen from the other."""

import os
import shutil
import signal
import subprocess

import pytest
from playwright.sync_api import expect

from tests.browser.hosting import hosted
from tests.browser.server import ROOT
from tests.browser.waiting import becomes

HAPROXY = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
ADDRESS = "/?model=Random+weights&hidden=7&seq=abracadabra&view=Lines&lines=2&lines=5"
LINES = """() => JSON.stringify(
    document.querySelector(".st-key-signals .js-plotly-plot").data.map((line) => [line.name, line.y]))"""


def test_the_balancer_takes_its_configuration_without_a_warning():
    assert HAPROXY, "haproxy is not here; tests/run installs it where it can"
    command = [HAPROXY, "-c", "-f", ROOT / "deploy" / "haproxy.cfg"]
    check = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (check.returncode, check.stderr) == (0, "")


@pytest.fixture
def page(browser):
    """A browser's first page, whose cookies are nobody else's."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_a_process_ends_and_a_reload_shows_the_same_screen(page):
    with hosted(2) as two:
        page.goto(two.url + ADDRESS)
        before, process = screen(page), cookie(page)
        assert before[0] == "abracadabra"
        os.kill(two.process(process), signal.SIGKILL)
        page.reload()
        becomes(lambda: screen(page), before)
        assert {process, cookie(page)} == {"p1", "p2"}
        page.get_by_role("textbox", name="Sequence").fill("abba")
        expect(page.locator(".stepper .status")).to_contain_text("of 4")
        assert "Traceback" not in two.written()


def cookie(page):
    """The process that a person is with."""
    return next(each["value"] for each in page.context.cookies() if each["name"] == "gruviz")


def screen(page):
    """What a person sees of what the address says: text, step, and the figure's lines."""
    expect(page.locator(".st-key-signals .js-plotly-plot .scatterlayer")).not_to_have_count(0, timeout=30_000)
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached(timeout=30_000)
    text = page.get_by_role("textbox", name="Sequence").input_value()
    return text, page.locator(".stepper .status").inner_text(), page.evaluate(LINES)
