"""The Train page in a browser: started, watched, paused, left; from a link; with a person's own data."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from gruviz.live.line import AT_ONCE
from gruviz.live.stories import STORIES
from gruviz.ui.train import knobs
from tests.browser.axe import serious
from tests.browser.fit import WIDE
from tests.browser.step_page import StepPage
from tests.browser.waiting import becomes, soon

LINES = "\n".join(f"{word} film {i}\t{label}" for i in range(15) for word, label in (("good", "yes"), ("bad", "no")))


class TrainPage:
    """The page by its controls' names."""

    def __init__(self, opened):
        self.page, self.url, self.linked, self.messages = opened.page, opened.url, opened.linked, opened.messages
        self.picture = self.page.locator(".train")
        starts = re.compile("^(Nothing is trained|The |Waiting)")
        self.status = self.page.get_by_test_id("stMarkdown").filter(has_text=starts)

    def open(self, **link):
        self.page.goto(f"{self.url}/train?{urlencode(link)}")
        self.chart("Gradient norm").wait_for(timeout=60_000)
        return self

    def chart(self, name):
        return self.picture.get_by_role("img", name=re.compile(f"^{name}"))

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def updates(self):
        return int(self.picture.get_attribute("data-updates"))

    def drawn(self):
        return int(self.picture.get_attribute("data-drawn"))

    def has_drawn(self, more):
        assert self.drawn() > more

    def trains(self, more):
        """Waits until there are so many more updates."""
        wanted = self.updates() + more

        def enough():
            assert self.updates() >= wanted

        soon(enough, 60)

    def tell(self, story):
        self.page.locator(".st-key-train-stories button").first.click()
        self.button(story).click()
        expect(self.button(story)).to_be_hidden()

    def choose(self, label, option):
        self.page.get_by_role("combobox", name=label, exact=True).click()
        self.page.get_by_role("option", name=option, exact=True).click()


@pytest.fixture
def page(pages):
    """The Train page, not opened yet."""
    return TrainPage(pages.new())


def link_of(key):
    """A story as its link says it."""
    story, rows = next(story for story in STORIES if story.key == key), {row.key: row for row in knobs.fields()}
    said = {name: rows[name].write(value) for name, value in knobs.controls(story.settings).items()}
    return {name: texts[0] for name, texts in said.items() if texts}


def test_start_watch_pause_and_go_on(page):
    page.open(lag=10, units=8, batch=8)
    expect(page.status).to_contain_text("Nothing is trained yet")
    page.button("Start").click()
    page.trains(10)
    drawings = page.drawn()
    soon(lambda: page.has_drawn(drawings + 5))
    expect(page.chart("Loss per update")).to_have_accessible_name(
        re.compile(r"RNN [\d.e+-]+, LSTM [\d.e+-]+, GRU [\d.e+-]+")
    )
    page.button("Pause").click()
    expect(page.button("Start")).to_be_visible()
    stopped = page.updates()
    expect(page.status).to_contain_text(f"{stopped} update")
    page.button("One update").click()
    becomes(page.updates, stopped + 1)
    page.button("Start").click()
    page.trains(5)
    page.button("Reset").click()
    becomes(page.updates, 0)
    expect(page.button("Start")).to_be_visible()


def test_leaving_the_page_pauses_and_coming_back_goes_on(page):
    page.open(lag=10, units=8, batch=8)
    page.button("Start").click()
    page.trains(3)
    page.page.get_by_role("link", name="Compare").click()
    page.page.get_by_role("heading", name="RNN, LSTM and GRU side by side").wait_for()
    page.page.wait_for_timeout(5_000)  # what is promised: within five seconds it has ended
    page.page.get_by_role("link", name="Train").click()
    page.chart("Gradient norm").wait_for(timeout=60_000)
    expect(page.button("Start")).to_be_visible()
    expect(page.page.get_by_text("It paused by itself, as nobody was watching.")).to_be_visible()
    stopped = page.updates()
    assert stopped >= 3
    page.button("Start").click()
    page.trains(3)
    page.button("Pause").click()


def test_closing_the_tab_ends_the_training_and_the_next_in_line_begins(pages, browser):
    with browser.new_context() as context:  # of tabs, each of which has a session
        first, *others, last = [TrainPage(pages.new(context=context)).open(lag=200) for _ in range(AT_ONCE + 1)]
        for page in (first, *others):
            page.button("Start").click()
            page.trains(1)
        last.button("Start").click()
        expect(last.status).to_contain_text("Waiting")
        assert last.updates() == 0
        first.page.close()
        last.trains(1)
        for page in (*others, last):
            page.button("Pause").click()
            expect(page.button("Start")).to_be_visible()


def test_a_story_from_its_link_learns_and_says_so(page):
    """The RNN at lag 10: the quickest story."""
    page.open(**link_of("rnn10"))
    page.button("Start").click()
    expect(page.status).to_contain_text(re.compile(r"the RNN reached 95% at update \d+", re.IGNORECASE), timeout=90_000)
    page.linked(lag=10)
    page.button("Pause").click()


def test_story_buttons_and_back(page):
    page.open()
    page.tell("The RNN at lag 10")
    page.linked(lag=10)
    page.tell("Clipping off")
    page.linked(learn="Adding two numbers", clip="off", lag=30)
    page.page.go_back()
    page.linked(lag=10)
    expect(page.page.get_by_role("spinbutton", name="Lag")).to_have_value("10")
    page.page.go_back()
    expect(page.page.get_by_role("spinbutton", name="Lag")).to_have_value("60")


def test_a_persons_own_texts(page):
    page.open(learn=knobs.TASK.options["texts"], units=8, batch=8)
    field = page.page.get_by_role("textbox", name="Your labelled texts")
    field.fill(LINES)
    field.press("Control+Enter")
    expect(page.page.get_by_text("24 lines to train and 6 held out")).to_be_visible()
    page.button("Start").click()
    expect(page.picture.get_by_text("held out: 100%").first).to_be_visible(timeout=60_000)
    page.button("Pause").click()
    table = page.picture.get_by_role("table").first
    expect(table.get_by_role("columnheader")).to_have_text(["no", "yes"])
    field.fill("only one\tx\nlabel here\tx")
    field.press("Control+Enter")
    expect(page.page.get_by_role("alert").filter(has_text="All 2 lines have the label “x”")).to_be_visible()
    expect(table.get_by_role("columnheader")).to_have_text(["no", "yes"])  # the last good picture stays


def test_a_network_opens_in_step_while_it_trains_and_back_leads_here(page):
    page.open(lag=10, units=8, batch=8)
    page.button("Start").click()
    page.trains(3)
    page.page.get_by_role("button", name="Open in Step").click()
    page.button("LSTM").click()
    step = StepPage(page.page, page.url, page.messages)
    step.status.wait_for(timeout=60_000)
    expect(step.model).to_contain_text(re.compile(r"First symbol, LSTM, \d+ updates"))
    page.linked("model", seq="B x z w y x x z y w w x z")
    step.rests()
    step.sequence.fill("C w x y")
    expect(step.chips).to_have_text(["C", "w", "x", "y"])
    page.page.get_by_role("link", name="Gradients").click()
    page.page.get_by_role("heading", name="Gradients through time").wait_for()
    page.page.go_back()
    step.status.wait_for(timeout=60_000)
    expect(step.model).to_contain_text(re.compile(r"First symbol, LSTM, \d+ updates"))
    page.page.go_back()
    page.chart("Gradient norm").wait_for(timeout=60_000)
    page.linked(lag=10, units=8, batch=8)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1366, 768)])
def test_curves_and_gates_are_on_the_first_screen(pages, width, height):
    page = TrainPage(pages.new(width=width, height=height)).open(units=8, batch=8)
    page.button("One update").click()
    becomes(page.updates, 1)
    for name in ("Loss per update", "Gradient norm", "output gate", "update gate"):
        soon(lambda name=name: fits(page.chart(name), height))


def fits(drawn, height):
    box = drawn.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= height


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_and_fit(pages, scheme):
    page = TrainPage(pages.new(scheme)).open(lag=10, units=8, batch=8)
    page.button("One update").click()
    becomes(page.updates, 1)
    assert serious(page) == []
    for width in (1280, 1024, 390):
        page.page.set_viewport_size({"width": width, "height": 844})
        becomes(lambda: page.page.evaluate(WIDE), [])
