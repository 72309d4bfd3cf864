"""Figures that leave the page: light, titled, captioned, with the cursor where the person is; and pages on paper."""

import io
import re
from importlib.metadata import version
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import expect

from gruviz.figures import paper_colours
from gruviz.ui.printing import PAPER
from tests.browser.waiting import soon

SVG = "{http://www.w3.org/2000/svg}"
DARK_INK = next(iter(paper_colours()))
DRAWN = ".js-plotly-plot .main-svg"
INKS = "[...document.querySelectorAll('.js-plotly-plot')].map((figure) => figure.layout.font.color)"
STEP = "/?model=Random+weights&seq=a%2C+b&one=write+the+candidate&step=3&unit=2"
PAGES = {  # address, the chart to wait for, the file's name, what must be written on the figure
    "step": (STEP, "signals", "gruviz_random_a-b", ["Random weights", "Cursor: step 3 of 4, “␣”.",
             "Sequence: a, b", "An update gate of 1 writes the candidate."]),
    "norms": ("/gradients?T=20&H=4&seeds=2", "norms-GRU", "gruviz_gradients_norms_noise_t20",
              ["Gradient norm against lag, for RNN, LSTM and GRU", "RNN", "LSTM", "GRU"]),
    "jacobians": ("/gradients?T=20&H=4&seeds=2&show=Jacobians", "jacobian-GRU", "gruviz_gradients_jacobians_noise_t20",
                  ["Jacobians of the state, for RNN, LSTM and GRU", "largest", "smallest"]),
    "compare": ("/compare?task=Balanced+brackets&seq=%28%5B%5D%29&step=2", "signals-GRU", "gruviz_brackets_",
                ["Balanced brackets: RNN, LSTM, GRU", "Cursor: step 2 of 4, “[”."]),
}  # fmt: skip


@pytest.fixture(params=PAGES)
def opened(request, pages):
    """A page in the dark theme, with what its figures must say."""
    address, chart, name, says = PAGES[request.param]
    page = pages.new("dark")
    settle(page, address, chart)
    return page.page, name, says


def settle(page, address, chart):
    page.page.goto(page.url + address)
    page.page.locator(f".st-key-{chart} {DRAWN}").first.wait_for(timeout=60_000)
    page.rests()
    page.page.wait_for_function(f"{INKS}.every((ink) => ink === '{DARK_INK}')" if dark(page) else f"{INKS}.length > 0")


def dark(page):
    return page.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")


def taken(page, button):
    with page.expect_download() as download:
        button.click()
    return download.value.suggested_filename, download.value.path()


def words(svg):
    return [" ".join("".join(text.itertext()).split()) for text in svg.iter(f"{SVG}text")]


def test_pictures_are_for_paper(opened):
    page, name, says = opened
    page.get_by_role("button", name="Export").click()
    menu = page.get_by_role("dialog", name="Export")
    svg_name, svg_path = taken(page, menu.get_by_role("button", name="Figure, SVG"))
    png_name, png_path = taken(page, menu.get_by_role("button", name="Figure, PNG"))
    assert svg_name.startswith(name)
    assert png_name == svg_name.removesuffix("svg") + "png"

    text = svg_path.read_text(encoding="utf-8")
    svg = ElementTree.fromstring(text)
    width, height = int(svg.get("width")), int(svg.get("height"))
    for sentence in says:
        assert any(sentence in word for word in words(svg)), (sentence, words(svg))
    assert f"gruviz {version('gruviz')}." in words(svg)
    for colour in paper_colours():
        channels = ", ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
        assert f"fill: rgb({channels})" not in text or colour in paper_colours().values()
    legends = [each for each in svg.iter(f"{SVG}g") if each.get("class") == "legend"]
    for background in (each for legend in legends for each in legend.iter(f"{SVG}rect") if each.get("class") == "bg"):
        assert "fill-opacity: 0;" in background.get("style")  # lines are seen through legends
    for each in svg.iter(f"{SVG}text"):
        assert not each.get("y") or float(each.get("y")) <= height

    picture = Image.open(io.BytesIO(png_path.read_bytes()))
    assert picture.size == (3 * width, 3 * height)
    pixels = picture.convert("RGBA")
    for corner in ((0, 0), (3 * width - 1, 3 * height - 1)):
        assert pixels.getpixel(corner) == (255, 255, 255, 255)
    assert pixels.getextrema()[3] == (255, 255)
    assert pixels.convert("L").getextrema()[0] < 90  # and something is on it


def test_the_page_of_figures_opens_and_is_for_paper(opened, tmp_path, browser):
    page, name, says = opened
    page.get_by_role("button", name="Export").click()
    menu = page.get_by_role("dialog", name="Export")
    at = next((step[1] for sentence in says if (step := re.match(r"Cursor: step (\d+)", sentence))), "")
    menu.locator(f".pictures[data-step='{at}']").wait_for()  # the server has heard where the person is
    html_name, path = taken(page, menu.get_by_role("button", name="Figure, HTML"))
    assert html_name.startswith(name)
    file = tmp_path / "figure.html"
    file.write_bytes(path.read_bytes())
    context = browser.new_context(color_scheme="dark")
    try:
        paper, problems = context.new_page(), []
        paper.on("console", lambda said: problems.append(said.text) if said.type in {"error", "warning"} else None)
        paper.on("pageerror", lambda error: problems.append(str(error)))
        paper.on("request", lambda asked: problems.append(asked.url) if asked.url.startswith("http") else None)
        paper.goto(file.as_uri())
        paper.locator(DRAWN).first.wait_for()
        assert problems == []
        assert DARK_INK not in paper.evaluate(INKS)
        hiding = "[...document.querySelectorAll('.legend .bg')].map((part) => getComputedStyle(part).fillOpacity)"
        assert set(paper.evaluate(hiding)) <= {"0"}  # lines are seen through legends
        assert paper.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        said = paper.locator("body").inner_text()
        for sentence in says:
            assert sentence in said
        if step := re.search(r"Cursor: step (\d+)", said):
            assert paper.evaluate("document.querySelector('.js-plotly-plot').layout.shapes[0].x0") == int(step[1]) - 0.5
    finally:
        context.close()


def test_the_cursor_of_files_is_where_the_person_went(step_page):
    """Stepping tells the server nothing; opening the menu does."""
    step_page.open(model="Random weights", seq="a, b", step=1)
    step_page.press("ArrowRight", "ArrowRight")
    step_page.at(3)
    step_page.linked(step=3)
    with step_page.popover("Export") as menu:
        menu.locator(".pictures[data-step='3']").wait_for()
        _, svg = taken(step_page.page, menu.get_by_role("button", name="Figure, SVG"))
        _, html = taken(step_page.page, menu.get_by_role("button", name="Figure, HTML"))
    assert any("step 3 of 4" in word for word in words(ElementTree.fromstring(svg.read_text(encoding="utf-8"))))
    assert "Cursor: step 3 of 4" in html.read_text(encoding="utf-8")


def test_the_camera_of_a_figure_saves_it_alone_for_paper(opened):
    page, name, _ = opened
    figure = page.locator(".js-plotly-plot").first
    figure.scroll_into_view_if_needed()
    figure.hover()
    camera_name, path = taken(page, figure.get_by_role("button", name="Download plot as a PNG"))
    assert camera_name.startswith(name)
    assert camera_name.endswith(".png")
    picture = Image.open(io.BytesIO(path.read_bytes())).convert("RGBA")
    assert picture.getpixel((0, 0)) == (255, 255, 255, 255)
    assert picture.width > 3 * figure.bounding_box()["width"]


def test_without_plotly_a_sentence_says_so(step_page):
    step_page.open(model="Random weights", seq="a, b")
    with step_page.popover("Export") as menu:
        step_page.page.evaluate("delete window.Plotly.toImage; window.Plotly = {...window.Plotly, toImage: undefined}")
        menu.get_by_role("button", name="Figure, PNG").click()
        expect(menu.get_by_role("alert")).to_contain_text("could not draw the picture")


@pytest.mark.parametrize("address", ["/?model=Random+weights&seq=ab", "/gradients?T=20&H=4&seeds=2"])
def test_figures_follow_a_change_of_the_systems_theme(pages, address):
    page = pages.new("light")
    settle(page, address, "norms-GRU" if "gradients" in address else "signals")
    for scheme in ("dark", "light", "dark"):
        page.page.emulate_media(color_scheme=scheme)
        page.page.wait_for_function(
            f"{INKS}.every((ink) => (ink === '{DARK_INK}') === {str(scheme == 'dark').lower()})"
        )


@pytest.mark.parametrize("case", PAGES)
@pytest.mark.parametrize("width", [1280, 1900, 390])
def test_figures_stay_whole_on_paper(pages, case, width):
    address, chart, *_ = PAGES[case]
    page = pages.new("light", width=width)
    settle(page, address, chart)
    page.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.page.emulate_media(media="print")
    try:
        soon(lambda: whole(page.page))
        assert page.page.pdf(format="A4").startswith(b"%PDF")
    finally:
        page.page.emulate_media(media="null")


def whole(page):
    boxes = page.locator(".js-plotly-plot, .stepper > *").evaluate_all("""(parts) =>
        parts.map((part) => part.getBoundingClientRect()).filter((box) => box.width)
            .map((box) => [box.left, box.right])""")
    drawn = page.locator(".js-plotly-plot").evaluate_all(
        """(figures) => figures.map((figure) => {
            const box = figure.getBoundingClientRect()
            return figure.querySelector(".main-svg").getBoundingClientRect().right <= box.right + 1
        })"""
    )
    breaks = page.locator(".stPlotlyChart").evaluate_all(
        "(charts) => charts.map((chart) => getComputedStyle(chart).breakInside)"
    )
    assert boxes
    assert all(0 <= left < right <= PAPER + 1 for left, right in boxes), boxes
    assert set(drawn) == {True}
    assert set(breaks) == {"avoid"}
