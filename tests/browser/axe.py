"""What axe finds wrong in a page."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.step_page import RESTS


def serious(page):
    """Axe's violations of weight, a line each, once all is drawn and nothing fades in."""
    page.page.wait_for_function(RESTS, timeout=60_000)
    page.page.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")
    found = Axe().run(page.page, options={"resultTypes": ["violations"]})
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}: {node['failureSummary'][:300]}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
        if rule["impact"] in {"serious", "critical"}
    ]
