"""Pages opened by an address that names them, as a link does, and all that goes wrong in them."""

import re
from urllib.parse import urlsplit

from tests.browser.step_page import StepPage

NOT_FOUND = "Failed to load resource: the server responded with a status of 404 (Not Found)"
STREAMLITS_OWN = ("/_stcore/health", "/_stcore/host-config")  # asked for under the page's name when a link names one
WIDE = """() => {
    const width = document.documentElement.clientWidth, wide = []
    if (document.documentElement.scrollWidth > width) wide.push(`the page: ${document.documentElement.scrollWidth}`)
    const main = document.querySelector("[data-testid=stMain]")
    if (main.scrollWidth > main.clientWidth) wide.push(`the main part: ${main.scrollWidth} of ${main.clientWidth}`)
    return wide
}"""
FITTED = """() => [...document.querySelectorAll(".js-plotly-plot")].every(
    (plot) => Math.abs(plot._fullLayout.width - plot.clientWidth) < 1)"""


class Visits:
    """Opens pages of one kind by their own address, and hears of all that goes wrong.

    Streamlit's own two requests that fail are none of it.
    """

    def __init__(self, context, server, kind):
        self.context, self.server, self.kind, self.pages, self.found = context, server, kind, [], []
        self.messages = []  # what the pages sent to the server
        self.seen = len(server.written())

    def new(self, scheme="light", width=1280, context=None):
        """A page of that kind, not opened yet; `context` for a browser that never saw it."""
        page = (context or self.context).new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.set_default_timeout(20_000)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.found.append(f"error: {error}"))
        page.on("request", self._asked)
        page.on("websocket", lambda socket: socket.on("framesent", self._sent))
        self.pages.append(page)
        return self.kind(StepPage(page, self.server.url, self.messages))

    def _sent(self, frame):
        self.messages.append(frame)

    def _said(self, message):
        address = urlsplit(message.location["url"])
        known = address.path.endswith(STREAMLITS_OWN) and message.text == NOT_FOUND
        if message.type == "error" and not known:
            self.found.append(f"console: {message.text} ({address.geturl()})")

    def _asked(self, request):
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != urlsplit(self.server.url).netloc:
            self.found.append(f"request to another host: {request.url}")

    def problems(self):
        """Sentences on all that went wrong, in the pages and in the server's log."""
        shown = [text for page in self.pages if not page.is_closed()
                 for text in page.get_by_test_id("stException").all_inner_texts()]  # fmt: skip
        return [*self.found, *shown, *re.findall(r"Traceback.*", self.server.written()[self.seen :], re.DOTALL)]


def visiting(context, server, kind):
    """For a fixture: yields visits; at the end all must have gone well."""
    visits = Visits(context, server, kind)
    yield visits
    problems = visits.problems()
    for page in visits.pages:
        page.close()
    assert not problems, "\n".join(problems)
