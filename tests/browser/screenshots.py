"""Takes the README's pictures from the real app: python -m tests.browser.screenshots [NAME.png ...]"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch
from tests.browser.server import running

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PICTURES = {
    "step.png": ("", ".stepper .table .row", 1000),
    "gradients.png": (
        "/gradients?update=Update+bias+%28positive+keeps%29&update_update_bias=4",
        ".js-plotly-plot",
        900,
    ),
    "compare.png": ("/compare?task=First+symbol", "[class*=st-key-signals-GRU] .js-plotly-plot", 768),
    "train.png": ("/train", ".train svg text.name", 1000),
}


def learned(page):
    """Trains until the first network has learned the task."""
    page.get_by_role("button", name="Start").click()
    page.get_by_text("The GRU reached 95%").wait_for(timeout=120_000)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Start").wait_for()


def main(*names):
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, running("app.py") as server:
        browser = launch(playwright)
        for name in names or PICTURES:
            path, selector, height = PICTURES[name]
            page = browser.new_page(viewport={"width": 1360, "height": height})
            page.goto(server.url + path)
            page.wait_for_selector(selector)
            page.wait_for_selector("[data-test-script-state=notRunning]")
            page.wait_for_function("document.fonts.status === 'loaded'")
            if path == "/train":
                learned(page)
            page.screenshot(path=IMAGES / name)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
