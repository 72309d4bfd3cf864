"""The Compare page in a browser: one cursor through all cells, stepped without the server, and a link that keeps it."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from gruviz.comparison import compare, summary
from gruviz.models import by_task, load_model
from gruviz.models.results import results
from gruviz.reading.sentences import answers_of
from gruviz.signals import STANDARD
from tests.browser.axe import serious
from tests.browser.fit import FITTED, WIDE
from tests.browser.stays import all_stays
from tests.browser.step_page import RESTS, choose_model
from tests.browser.waiting import becomes

SENTIMENT = "The food was great but the service was terrible."
CURSORS = """() => [...document.querySelectorAll("[class*=st-key-signals] .js-plotly-plot")].map((plot) => {
    const drawn = plot.querySelector(".shapelayer path").getBoundingClientRect(), box = plot._fullLayout._size
    const left = plot.getBoundingClientRect().left + box.l, axis = plot._fullLayout.xaxis
    const first = left + axis.l2p(axis.r2l(0.5)), one = axis.l2p(2) - axis.l2p(1)
    return Math.round((drawn.left + drawn.width / 2 - left - axis.l2p(1)) / one) + 1
})"""


class ComparePage:
    """The page by its controls' names."""

    def __init__(self, opened):
        self.page, self.url, self.linked, self.messages = opened.page, opened.url, opened.linked, opened.messages
        self.status, self.sequence, self.press = opened.status, opened.sequence, opened.press
        self.answers = self.page.get_by_role("group", name="Answers")
        self.current = self.answers.locator(".chip[aria-current=step]")
        self.said = self.page.get_by_test_id("stMarkdown").filter(has_text=re.compile("^After the last step"))

    def open(self, **link):
        self.page.goto(f"{self.url}/compare?{urlencode(link)}")
        return self.settled()

    def settled(self):
        """Waits until the figures are drawn and the script and its fragment rest."""
        self.status.wait_for(timeout=60_000)
        self.page.wait_for_function(f"({CURSORS})().length === 3")
        self.page.get_by_text("What people say").wait_for(timeout=60_000)
        self.page.wait_for_function(RESTS, timeout=60_000)
        return self

    def at(self, step):
        """Expects step in the status, the table of answers, and all three figures."""
        expect(self.status).to_contain_text(f"Step {step} of ")
        expect(self.current).to_have_accessible_name(re.compile(f"^Step {step}:"))
        self.page.wait_for_function(f"({CURSORS})().join() === '{step},{step},{step}'")

    def row(self, name):
        return self.answers.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=name, exact=True))

    def choose(self, task):
        self.page.get_by_role("combobox", name="Task").click()
        self.page.get_by_role("option", name=task).click()


@pytest.fixture
def page(pages):
    """The Compare page, not opened yet."""
    return ComparePage(pages.new())


def test_one_cursor_in_the_answers_and_in_three_figures(page):
    page.open()
    found = compare("sentiment", SENTIMENT)
    page.at(found.widest())
    sent = len(page.messages)
    page.press("Home")
    page.at(1)
    page.press("ArrowRight", "ArrowRight")
    page.at(3)
    page.answers.get_by_role("button", name="Step 6: the").click()
    page.at(6)
    page.answers.get_by_role("row").nth(2).get_by_role("cell").nth(3).click()
    page.at(4)
    figure = page.page.locator(".st-key-signals-GRU .js-plotly-plot .nsewdrag").first
    box = figure.bounding_box()
    figure.click(position={"x": box["width"] * 8.5 / 10, "y": box["height"] / 2})
    page.at(9)
    page.press("End")
    page.at(10)
    page.linked(step=10)
    assert len(page.messages) == sent  # no server was asked


def test_answers_and_where_they_differ(page):
    page.open()
    found = compare("sentiment", SENTIMENT)
    expect(page.said).to_have_text([summary(found)])
    for cell, reading in found.readings.items():
        told = answers_of(reading)
        expect(page.row(cell).get_by_role("cell")).to_have_text([told.brief(t) for t in range(1, len(found) + 1)])
    expect(page.row("differ").get_by_role("cell")).to_have_text(["≠" if yes else "" for yes in found.differ()])


def test_every_task(page):
    page.open()
    for task in [task for task in results() if task != "sentiment"]:
        page.choose(results()[task].title)
        found = compare(task, load_model(by_task()[task]["GRU"]).example)
        expect(page.said).to_have_text([summary(found)])
        expect(page.sequence).to_have_value(found.text)
        page.at(found.widest())
        page.current.press("End")
        page.at(len(found))
        for cell, reading in found.readings.items():
            expect(page.row(cell).get_by_role("cell").last).to_have_text(answers_of(reading).brief(len(found)))


def test_typing_and_choosing_a_task_and_a_link_that_shows_the_same(page):
    page.open()
    page.choose("Surname origin")
    expect(page.sequence).to_have_value(load_model("surnames-gru").example)
    page.sequence.fill("Rossi")
    expect(page.said).to_have_text([summary(compare("surnames", "Rossi"))])
    page.press("Tab")
    page.answers.get_by_role("button", name="Step 4: s").click()
    page.linked(task="Surname origin", seq="Rossi", step=4)
    page.page.goto(page.page.url)
    page.settled().at(4)
    expect(page.sequence).to_have_value("Rossi")
    expect(page.said).to_have_text([summary(compare("surnames", "Rossi"))])


def test_a_mistake_keeps_the_picture(page):
    page.open(task="Chess openings", seq="e4 c5").at(compare("openings", "e4 c5").widest())
    with all_stays(page.page):
        page.sequence.fill("e4 c5 Ke3")
        expect(page.page.get_by_role("alert").filter(has_text="“Ke3” at position 3 (White's 2nd move)")).to_be_visible()
    expect(page.said).to_have_text([summary(compare("openings", "e4 c5"))])
    expect(page.sequence).to_have_value("e4 c5 Ke3")


def test_the_sequence_goes_along_to_the_step_page_and_back(page):
    page.open(task="Balanced brackets", seq="[()]")
    page.page.get_by_role("link", name="Step").click()
    page.page.locator(".stepper .table").wait_for()
    choose_model(page.page, "Balanced brackets, GRU")
    expect(page.sequence).to_have_value("[()]")
    page.sequence.fill("[()")
    expect(page.status).to_contain_text(" of 3: ")
    page.page.get_by_role("link", name="Compare").click()
    page.settled()
    expect(page.sequence).to_have_value("[()")
    expect(page.said).to_have_text([summary(compare("brackets", "[()"))])


def test_times_are_measured_again_when_asked(page):
    page.open()
    times = page.page.get_by_role("row").filter(has_text="training step").first
    before = times.inner_text()
    page.page.get_by_role("button", name="Measure again").click()
    expect(times).not_to_have_text(before)
    expect(times.get_by_role("cell")).to_have_count(len(STANDARD))


@pytest.mark.parametrize(("scheme", "task"), [("light", "First symbol"), ("dark", "Sunspots")])
def test_it_fits_the_screen(pages, scheme, task):
    page = ComparePage(pages.new(scheme)).open(task=task)
    for width in (1280, 1024, 420):
        page.page.set_viewport_size({"width": width, "height": 900})
        page.page.wait_for_function(FITTED)
        becomes(lambda: page.page.evaluate(WIDE), [])


def test_the_search_for_settings_opens_on_a_phone(pages):
    page = ComparePage(pages.new("dark")).open(task="Sunspots")
    page.page.set_viewport_size({"width": 420, "height": 900})
    expect(page.page.get_by_role("heading", name="Which cell is better is a search")).to_be_visible()
    page.page.get_by_text("What mattered, and every trial").click()
    for name in ("importances", "trials-RNN", "trials-LSTM", "trials-GRU"):
        expect(page.page.locator(f".st-key-search-{name} .js-plotly-plot .main-svg").first).to_be_visible()
    page.page.wait_for_function(FITTED)
    becomes(lambda: page.page.evaluate(WIDE), [])
    page.page.set_viewport_size({"width": 1280, "height": 5200})
    assert serious(page) == []


@pytest.mark.parametrize(("scheme", "task"), [("light", "Sentiment of a review"), ("dark", "Chess openings")])
def test_axe(pages, scheme, task):
    page = ComparePage(pages.new(scheme)).open(task=task)
    for more in page.page.get_by_text("More", exact=True).all():
        more.click()
    page.page.set_viewport_size({"width": 1280, "height": 4200})
    page.page.wait_for_function(FITTED)
    assert serious(page) == []
