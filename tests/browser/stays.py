"""Whether something drawn leaves the screen, if only for a moment."""

from contextlib import contextmanager

from tests.browser.step_page import RESTS

PICTURES = ".mount > *, [role=grid], .js-plotly-plot, h3"
WATCH = """(kept) => {
    window.gone = new Set()
    const look = () => kept.filter((node) => !node.isConnected).forEach((node) =>
        gone.add(`${node.tagName} ${node.className} ${node.textContent}`))
    for (const root of new Set([document, ...kept.map((node) => node.getRootNode())]))  // components have their own
        new MutationObserver(look).observe(root, {childList: true, subtree: true})
    return kept.length
}"""


@contextmanager
def all_stays(page, pictures=PICTURES):
    """Nothing that is drawn at the start is taken off the screen before the script of the last change rests."""
    assert page.locator(pictures).evaluate_all(WATCH) > 0
    yield
    page.wait_for_function(RESTS, timeout=60_000)
    assert page.evaluate("[...gone]") == []
