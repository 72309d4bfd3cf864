import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import launch
from tests.browser.pages import Pages, Tab
from tests.browser.server import running

CELLS = "tests/browser/apps/cells.py"
expect.set_options(timeout=20_000)
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
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright):
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def tab(browser):
    """One for all tests: Streamlit's scripts are ready in it, and each address opened is a new session all the same."""
    context = browser.new_context()
    context.set_default_timeout(20_000)
    yield Tab(context)
    context.close()


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
