"""The Gradients page in a browser: what a lecturer sees, turns, sends on, and gives up waiting for."""

import re
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from gruviz import experiment
from gruviz.experiment import ExperimentSettings as Settings
from gruviz.experiment.sentences import pace, summary
from gruviz.experiment.stories import STORIES
from gruviz.reading.stories import STORIES as STEP_STORIES
from gruviz.signals import CELLS, STANDARD
from tests.browser.axe import serious
from tests.browser.fit import FITTED, WIDE
from tests.browser.pages import Pages, Tab
from tests.browser.server import running
from tests.browser.stays import all_stays
from tests.browser.step_page import RESTS
from tests.browser.waiting import becomes, soon, steady

FEED = "a sequence of the Step page"
PANELS = """(prefix) => ["RNN", "LSTM", "GRU"].map((cell) => {
    const plot = document.querySelector(`.st-key-${prefix}-${cell} .js-plotly-plot`)
    const box = plot.getBoundingClientRect()
    return {cell, left: box.left, right: box.right, top: box.top, range: plot.layout.yaxis.range,
            shown: plot._fullLayout.yaxis.range, heading: plot.layout.annotations[0].text,
            curves: plot._fullData.map((curve) => [...curve.y])}
})"""
HEADING = ".st-key-norms-{} .js-plotly-plot .annotation-text"
CLICK_CANCEL = """() => {
    window.cancels = 0
    new MutationObserver(() => {
        const button = [...document.querySelectorAll("button")].find((one) => one.textContent.trim() === "Cancel")
        const bar = document.querySelector("[role=progressbar]")
        if (button && bar && !window.cancels) { window.cancels += 1; button.click() }
    }).observe(document.body, {childList: true, subtree: true})
}"""


class GradientsPage:
    """The page by its controls' names."""

    def __init__(self, opened):
        self.page, self.url, self.choose, self.step_page = opened.page, opened.url, opened.choose, opened
        self.said = self.page.get_by_test_id("stMarkdown").filter(has_text=re.compile("^At lag"))
        self.difference = self.page.get_by_test_id("stMarkdown").filter(has_text=re.compile("^Compared with"))
        self.alerts = self.page.get_by_role("alert")

    def open(self, **link):
        return self.go(f"{self.url}/gradients?{urlencode(link)}")

    def go(self, address):
        self.page.goto(address)
        return self.settled()

    def settled(self, prefix="norms"):
        """Waits until all three panels are drawn and the script rests."""
        for cell in STANDARD:
            self.page.locator(f".st-key-{prefix}-{cell} .js-plotly-plot .main-svg").first.wait_for(timeout=60_000)
        self.page.wait_for_function(RESTS, timeout=60_000)
        return self

    def resized(self, width):
        """Waits until all panels fit a window of that width."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.wait_for_function(FITTED)

    def panels(self, prefix="norms"):
        return self.page.evaluate(PANELS, prefix)

    def drawn(self):
        """What the panels say, wherever they stand."""
        return [(panel["heading"], panel["shown"], panel["curves"]) for panel in self.panels()]

    def heading(self, cell):
        return self.page.locator(HEADING.format(cell.replace(" ", "-"))).first

    def number(self, name, value):
        field = self.page.get_by_role("spinbutton", name=name)
        self.page.wait_for_function(RESTS, timeout=60_000)  # a run that ends now would draw the field again
        field.fill(str(value))
        field.press("Enter")
        self.page.wait_for_function(RESTS, timeout=60_000)

    def menu(self, name, option):
        self.page.wait_for_function(RESTS, timeout=60_000)
        self.page.get_by_role("combobox", name=name).click()
        self.page.get_by_role("option", name=option).click()
        expect(self.page.get_by_role("combobox", name=name)).to_have_value(option)
        self.page.wait_for_function(RESTS, timeout=60_000)

    def shows_sentence(self, settings):
        flows = {cell: experiment.flows(settings.reduced_to(cell), cell).median() for cell in settings.cells}
        expect(self.said).to_have_text([summary(flows)])

    @contextmanager
    def more(self):
        """Opens the knobs that do not stand in the first row, and closes them."""
        seeds = self.page.get_by_role("spinbutton", name="Seeds")
        self.page.get_by_role("button", name="More").click()
        expect(seeds).to_be_visible()
        yield
        self.page.keyboard.press("Escape")
        expect(seeds).to_have_count(0)

    def story(self, story):
        menu = self.page.locator(".st-key-gradient-stories button").first
        button = self.page.get_by_role("button", name=story.title, exact=True)
        menu.click()
        button.click()
        expect(menu).to_have_text(re.compile(f"^Story: {re.escape(story.title)}"))

    def shows(self, settings):
        """Expects the sentence and the headings of settings, the same that gruviz computes without a page."""
        flows = {cell: experiment.flows(settings.reduced_to(cell), cell).median() for cell in settings.cells}
        expect(self.said).to_have_text([summary(flows)])  # one, that is: not the last picture's and this one's
        for cell, flow in flows.items():
            expect(self.heading(cell)).to_have_text(re.compile(re.escape(pace(flow)) + "$"))


@pytest.fixture
def page(pages):
    """The Gradients page, not opened yet."""
    return GradientsPage(pages.new())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_opens_with_three_panels_on_one_scale(pages, scheme):
    page = GradientsPage(pages.new(scheme, 420)).open()
    page.shows(Settings())
    for width in (420, 1024, 1280):
        page.resized(width)
        becomes(lambda: page.page.evaluate(WIDE), [])
        soon(partial(panels_fit, page, scheme, width))


def panels_fit(page, scheme, width):
    panels = page.panels()
    assert [panel["cell"] for panel in panels] == list(STANDARD)
    for cell, panel in zip(STANDARD, panels, strict=True):
        ink = CELLS[cell].colour.on_dark if scheme == "dark" else CELLS[cell].colour.on_light
        assert f"color:{ink}'>{cell}<" in panel["heading"]
        assert panel["left"] >= 0
        assert panel["right"] <= width
        assert panel["range"] == panel["shown"] == panels[0]["range"]
    lefts, tops = ([panel[side] for panel in panels] for side in ("left", "top"))
    along, across = (tops, lefts) if width == 420 else (lefts, tops)
    assert len(set(across)) == 1
    assert along == sorted(set(along))
    headings = [page.heading(cell).bounding_box() for cell in STANDARD]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in headings)


def test_panels_stand_side_by_side_when_a_cell_has_a_knob_more(page):
    """Three curves on one scale can be compared only where equal values stand at equal heights."""
    page.open(update="Update bias (positive keeps)", T=20, H=4, seeds=2)
    expect(page.page.get_by_role("spinbutton", name="Update bias")).to_be_visible()
    becomes(lambda: len({panel["top"] for panel in page.panels()}), 1)


def test_each_story_sets_controls_sentences_and_panels(page):
    page.open()
    for story in STORIES[1], STORIES[4], STORIES[6]:
        page.story(story)
        page.shows(story.settings)
    expect(page.page.get_by_role("combobox", name="Recurrent weights")).to_have_value("Orthogonal")
    page.story(STORIES[1])
    page.shows(STORIES[1].settings)
    expect(page.page.get_by_role("spinbutton", name="Update bias")).to_have_value("4.00")


def test_one_knob_moves_one_panel(page):
    page.open(T=60, H=8, seeds=5)
    before = steady(page.panels)
    page.menu("GRU update bias", "Update bias (positive keeps)")
    page.number("Update bias", 3)
    page.shows(Settings(60, 8, 5, biases=(("update_bias", 3.0),)))
    expect(page.difference).to_have_text(re.compile(r"GRU a factor of [\d.]+ larger .* RNN and LSTM unchanged\.$"))

    def same():
        return [new["curves"] == old["curves"] for new, old in zip(page.panels(), before, strict=True)]

    becomes(same, [True, True, False])


def test_the_step_of_the_loss_is_empty_for_the_last_and_no_click_makes_a_mistake(page):
    page.open(T=40, H=4, seeds=2)
    page.page.get_by_role("button", name="More").click()
    field = page.page.get_by_role("spinbutton", name="Loss at step")
    expect(field).to_have_attribute("placeholder", "the last")
    expect(field).to_have_value("")
    up = page.page.get_by_test_id("stNumberInput").filter(has=field).get_by_test_id("stNumberInputStepUp")
    expect(up).to_be_disabled()  # there is no step after the last
    page.number("Loss at step", 30)
    page.page.keyboard.press("Escape")
    page.shows(Settings(40, 4, 2, at=30))
    expect(page.alerts).to_have_count(0)


def test_the_same_link_shows_the_same_elsewhere(pages, page, browser):
    page.open(T=80, H=6, seeds=4)
    with page.more():
        page.number("Loss at step", 70)
        page.menu("Loss", "random direction")
    page.menu("Input", "impulse at step 1")
    page.menu("Recurrent weights", "Scaled to a spectral radius ρ")
    page.number("Spectral radius", 1.4)
    page.menu("LSTM forget bias", re.compile("^Chrono"))
    page.number("Longest dependency in steps", 50)
    page.menu("RNN activation", "ReLU")
    settings = Settings(80, 6, 4, "impulse", "random", 70, "relu", ("spectral_radius", 1.4), (("chrono_lstm", 50.0),))
    page.shows(settings)
    page.step_page.linked(act="ReLU", at=70, forget_chrono_lstm=50)
    address, panels = page.page.url, steady(page.settled().drawn)
    elsewhere = browser.new_context()
    try:
        other = GradientsPage(pages.new(context=elsewhere)).go(address)
        other.shows(settings)
        becomes(other.drawn, panels)
        expect(other.alerts).to_have_count(0)
    finally:
        elsewhere.close()


def test_jacobians_stand_on_one_scale_and_are_in_the_link(page):
    page.open(T=40, H=5, seeds=2)
    page.menu("View", "Jacobians")
    page.settled("jacobian")
    becomes(lambda: len({tuple(panel["shown"]) for panel in page.panels("jacobian")}), 1)
    page.page.wait_for_function("new URL(location).searchParams.get('show') === 'Jacobians'")
    notes = page.page.locator(".st-key-jacobian-GRU .annotation-text")
    eigenvalues = experiment.jacobians(Settings(40, 5, 2), "GRU")[1]
    expect(notes.last).to_have_text(f"spectral radius at step 40, the loss’s: {abs(eigenvalues[0]):.3g}")
    becomes(lambda: page.page.evaluate(WIDE), [])


def test_the_sequence_of_the_step_page_its_relevance_and_the_way_back(page):
    """Step, Gradients, Step by the links at the top: the sequence, the model and the step are as they were."""
    step_page = page.step_page.open(model="Random weights", seq="a, bc!", hidden=5, step=2)
    step_page.press("ArrowRight")
    step_page.linked(step=3)
    page.page.get_by_role("link", name="Gradients").click()
    page.settled()
    page.menu("Input", FEED)
    expect(step_page.sequence).to_have_value("a, bc!")
    expect(step_page.model).to_contain_text("Random weights")
    strip = page.page.locator(".st-key-relevance .js-plotly-plot")
    strip.locator(".main-svg").first.wait_for()
    drawn = "(plot) => [plot.data[0].y, plot.layout.xaxis.ticktext.length]"
    becomes(lambda: strip.evaluate(drawn), [["RNN", "LSTM", "GRU", "Random weights"], 6])
    expect(strip.locator(".xtick text").first).to_have_text("a")
    page.page.get_by_role("link", name="Step", exact=True).click()
    step_page.status.wait_for()
    expect(step_page.sequence).to_have_value("a, bc!")
    expect(step_page.model).to_contain_text("Random weights")
    step_page.at(3, 6)


def test_a_sequence_that_cannot_be_read_keeps_the_picture(page):
    page.open(feed=FEED, model="Latch", seq="0 1! 0 ?")
    before = steady(page.drawn)
    field = page.page.get_by_role("textbox", name="Sequence")
    with all_stays(page.page):
        field.fill("0 x ?")
        expect(page.alerts.filter(has_text="position 2")).to_be_visible()
    becomes(page.settled().drawn, before)


def test_without_a_sequence_the_step_pages_example_is_read(page):
    page.open(feed=FEED)
    expect(page.page.get_by_role("textbox", name="Sequence")).to_have_value(STEP_STORIES[0].sequence)
    expect(page.page.get_by_role("heading", name="Which inputs matter")).to_be_visible()


def test_long_work_can_be_cancelled_and_asked_for_again(page):
    page.open(H=64, seeds=30, T=20)
    settings, long = Settings(20, 64, 30), Settings(1000, 64, 30)
    page.shows(settings)
    before = steady(page.drawn)
    page.page.evaluate(CLICK_CANCEL)
    with page.more():
        page.number("Steps T", 1000)
    expect(
        page.alerts.filter(has_text="Cancelled. Shown below: the last settings that could be computed.")
    ).to_be_visible()
    page.shows(settings)
    becomes(page.settled().drawn, before)
    expect(page.page.get_by_role("progressbar")).to_have_count(0)
    page.page.get_by_role("button", name="Compute it after all").click()
    page.shows(long)
    expect(page.alerts).to_have_count(0)
    expect(page.page.get_by_role("button", name="Cancel")).to_have_count(0)


def test_bad_values_in_the_link_are_told(page):
    page.open(T=5, init="zzz", update="<b>")
    for label, value in (("Steps T", "5"), ("Recurrent weights", "zzz"), ("GRU update bias", "<b>")):
        expect(page.alerts.filter(has_text=f"The link sets “{label}” to “{value}”")).to_be_visible()
    page.shows(Settings())


@pytest.fixture(scope="module")
def first_visit(browser):
    """What a new server shows that is asked for the Gradients page before anything else; and what it asks for."""
    with running("app.py") as server:
        context = browser.new_context()
        pages = Pages(Tab(context), server)
        page = GradientsPage(pages.new()).open()
        said, panels = steady(page.said.inner_text), steady(page.panels)
        yield said, panels, pages.problems()
        context.close()


def test_the_first_thing_that_a_server_is_asked_for_may_be_this_page(first_visit):
    said, panels, _ = first_visit
    assert said.startswith("At lag 50, the gradient relative to its size at lag 0 is largest in the GRU: 7.85 · 10⁻¹¹")
    assert [panel["cell"] for panel in panels] == list(STANDARD)


def test_the_first_visit_asks_no_other_host(first_visit):
    """Also without a network nothing is missing: icons are files of our own."""
    assert first_visit[2] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe(pages, scheme):
    page = GradientsPage(pages.new(scheme)).open(T=200, H=8, seeds=5)
    assert serious(page) == []
    page.story(STORIES[3])
    page.shows(STORIES[3].settings)
    with page.more():
        page.number("Loss at step", 500)
    expect(page.alerts).to_have_count(1)
    assert serious(page) == []
    with page.more():
        page.number("Loss at step", "")
    page.menu("View", "Jacobians")
    page.menu("Input", FEED)
    page.settled("jacobian")
    page.page.locator(".st-key-relevance .js-plotly-plot .main-svg").first.wait_for()
    assert serious(page) == []


ON_SCREEN = """(selectors) => selectors.flatMap((selector) => {
    const found = [...document.querySelectorAll(selector)]
    if (!found.length) return [`${selector}: not there`]
    return found.map((one) => one.getBoundingClientRect()).filter((box) => box.left < 0 || box.top < 0
        || box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.width < 8 || box.height < 8)
        .map((box) => `${selector}: ${JSON.stringify(box)}`)
})"""
FIRST_SCREEN = ["h1", ".st-key-controls .stSelectbox", ".st-key-controls .stPopover"]
OVERLAPS = """() => {
    const controls = ["stSelectbox", "stNumberInput", "stPopover"].map((name) => `.st-key-controls .${name}`)
    const all = document.querySelectorAll(["h1", ".js-plotly-plot", ...controls].join())
    const boxes = [...all].map((one) => one.getBoundingClientRect())
    return boxes.flatMap((one, place) => boxes.slice(place + 1).filter((other) =>
        one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1
        && other.top < one.bottom - 1))
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080)])
def test_the_curves_and_their_sentence_are_on_the_first_screen(pages, scheme, size):
    """Title, controls, sentence and figures, side by side and in one panel, without scrolling; nothing overlaps."""
    page = GradientsPage(pages.new(scheme, *size)).open()
    page.page.wait_for_function(FITTED)
    expect(page.said).to_be_in_viewport(ratio=1)
    becomes(lambda: page.page.evaluate(ON_SCREEN, [*FIRST_SCREEN, ".js-plotly-plot"]), [])
    assert page.page.evaluate(OVERLAPS) == []
    page.menu("View", "In one panel")
    page.page.locator(".st-key-norms-overlay .js-plotly-plot .main-svg").first.wait_for()
    becomes(lambda: page.page.evaluate(ON_SCREEN, [*FIRST_SCREEN, ".js-plotly-plot"]), [])
    expect(page.page.locator(".st-key-norms-overlay .legendtext")).to_have_count(len(STANDARD))
    assert page.page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_everything_stacks_and_can_be_used(pages, scheme):
    page = GradientsPage(pages.new(scheme, 390, 844))
    page.page.goto(f"{page.url}/gradients?{urlencode({'show': 'In one panel', 'cells': 'MGU'})}")
    screen = page.page
    screen.locator(".st-key-norms-overlay .js-plotly-plot .main-svg").first.wait_for()
    screen.wait_for_function(FITTED)
    assert screen.evaluate(WIDE) == []
    assert screen.evaluate(OVERLAPS) == []
    page.menu("MGU forget bias", "Forget bias (negative keeps)")
    expect(screen.get_by_role("spinbutton", name="Forget bias")).to_have_value("-1.00")
    screen.get_by_role("button", name=re.compile("^Cells: ")).click()
    screen.get_by_role("button", name="JANET", exact=True).click()
    screen.keyboard.press("Escape")
    page.shows_sentence(Settings(biases=(("mgu_bias", -1.0),), cells=("MGU", "JANET")))
    assert screen.evaluate(WIDE) == []
    assert serious(page) == []


def test_cells_are_chosen_with_the_keyboard_and_the_link_keeps_them(page):
    page.open(T=30, H=4, seeds=2)
    menu = page.page.get_by_role("button", name=re.compile("^Cells: "))
    menu.focus()
    page.page.keyboard.press("Enter")
    choice = page.page.get_by_role("button", name="reset-before GRU", exact=True)
    choice.wait_for()
    choice.focus()
    page.page.keyboard.press("Space")
    page.page.keyboard.press("Escape")
    page.shows(Settings(30, 4, 2, cells=("RNN", "LSTM", "GRU", "reset-before GRU")))
    expect(menu).to_contain_text("Cells: RNN, LSTM, GRU, reset-before GRU")
    page.page.wait_for_function("new URL(location).searchParams.getAll('cells').at(-1) === 'reset-before GRU'")
    page.page.reload()
    page.settled()
    page.shows(Settings(30, 4, 2, cells=("RNN", "LSTM", "GRU", "reset-before GRU")))
    expect(menu).to_contain_text("Cells: RNN, LSTM, GRU, reset-before GRU")


def test_a_menu_shows_what_the_link_says_also_after_other_changes(page):
    """What is in a menu is drawn when it is opened."""
    page.open(T=30, H=4, seeds=2)
    page.menu("GRU update bias", "Update bias (positive keeps)")
    page.shows(Settings(30, 4, 2, biases=(("update_bias", 1.0),)))
    with page.more():
        expect(page.page.get_by_role("spinbutton", name="Steps T")).to_have_value("30")
        expect(page.page.get_by_role("spinbutton", name="Seeds")).to_have_value("2")
        page.number("Hidden units H", 5)
    page.shows(Settings(30, 5, 2, biases=(("update_bias", 1.0),)))
