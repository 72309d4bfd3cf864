import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, expect, sync_playwright

from tests.browser.chromium import launch
from tests.browser.server import running
from tests.browser.step_page import StepPage

CELLS = "tests/browser/apps/cells.py"
expect.set_options(timeout=10_000)
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def app():
    with running("app.py") as server:
        yield server


@pytest.fixture(scope="package")
def cells_app():
    """Any cell, any size: the stepper alone."""
    with running(CELLS) as server:
        yield server


@pytest.fixture(scope="package")
def browser():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


class Tab:
    """A page of the browser that hears of everything that goes wrong in it, and of the messages it sends."""

    def __init__(self, context):
        self.page, self.problems, self.messages, self.host = context.new_page(), [], [], ""
        self.page.on("websocket", lambda socket: socket.on("framesent", self._sent))
        self.page.on("console", lambda said: said.type == "error" and self.problems.append(f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._foreign)

    def _sent(self, frame):
        self.messages.append(frame)

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # left behind by going to another page
            self.problems.append(f"request failed: {request.url}: {request.failure}")

    def _foreign(self, request):
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != self.host:
            self.problems.append(f"request to another host: {request.url}")


@pytest.fixture(scope="package")
def tab(browser):
    """One for all tests: Streamlit's scripts are ready in it, and each address opened is a new session all the same."""
    context = browser.new_context()
    context.set_default_timeout(20_000)
    yield Tab(context)
    context.close()


@pytest.fixture(scope="package")
def seen_context(browser, app):
    """For pages opened by their own address: Streamlit's scripts come from its cache, as it opened the app before."""
    context = browser.new_context()
    page = context.new_page()
    StepPage(page, app.url, []).open()
    page.close()
    yield context
    context.close()


class Pages:
    """Opens pages of a server, and says what went wrong in them and in it."""

    def __init__(self, tab, server):
        self.tab, self.server, self.tabs = tab, server, []
        self.seen = len(server.written())

    def new(self, scheme="light", width=1280, height=900, context=None):
        """A blank page; `context` for one more that shares nothing with the others."""
        tab = Tab(context) if context else self.tab
        tab.problems.clear()
        tab.messages.clear()
        tab.host = urlsplit(self.server.url).netloc
        tab.page.set_viewport_size({"width": width, "height": height})
        tab.page.emulate_media(color_scheme=scheme)
        self.tabs.append(tab)
        return StepPage(tab.page, self.server.url, tab.messages)

    def problems(self):
        """Sentences on all that went wrong: in the pages, and in the server's log."""
        found = [problem for tab in self.tabs for problem in tab.problems]
        for tab in self._still_open():
            found += [f"shown: {text}" for text in tab.page.get_by_test_id("stException").all_inner_texts()]
        return found + re.findall(r"Traceback.*", self.server.written()[self.seen :], re.DOTALL)

    def picture(self, folder):
        for number, tab in enumerate(self._still_open()):
            path = folder / f"page-{number}.png"
            try:
                tab.page.screenshot(path=path, full_page=True)
                print(f"What page {number} showed: {path}")
            except Error as error:
                print(f"Page {number} could not be pictured: {error}")

    def leave(self):
        for tab in self._still_open():
            tab.page.goto("about:blank")

    def _still_open(self):
        return [tab for tab in self.tabs if not tab.page.is_closed()]


def _pages(request, tmp_path_factory, tab, server):
    pages = Pages(tab, server)
    yield pages
    problems = pages.problems()
    if problems or request.node.stash.get(FAILED, False):
        pages.picture(tmp_path_factory.mktemp("failure"))
    pages.leave()
    assert not problems, "\n".join(problems)


@pytest.fixture
def pages(request, tmp_path_factory, tab, app):
    """Opens pages of gruviz; the test fails at its end when a page or the server reported an error."""
    yield from _pages(request, tmp_path_factory, tab, app)


@pytest.fixture
def step_page(pages):
    """A page of gruviz, not opened yet."""
    return pages.new()


@pytest.fixture
def cells_page(request, tmp_path_factory, tab, cells_app):
    """A page of the stepper alone, not opened yet."""
    for pages in _pages(request, tmp_path_factory, tab, cells_app):
        yield pages.new()
