"""Pages of a server in a browser, and all that goes wrong in them."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Error

from tests.browser.step_page import StepPage

NOT_FOUND = "Failed to load resource: the server responded with a status of 404 (Not Found)"
STREAMLITS_OWN = ("/_stcore/health", "/_stcore/host-config")  # asked for under the page's name when a link names one

# A run that ends while the next one begins: Streamlit gives each a lock of its own for the one state that they share.
STREAMLITS_RACE = re.compile(
    r"Traceback \(most recent call last\):(?:(?!Traceback).)*?in _remove_stale_widgets(?:(?!Traceback|Error:).)*?"
    r"RuntimeError: dictionary changed size during iteration",
    re.DOTALL,
)


class Tab:
    """A page of the browser that hears of everything that goes wrong in it, and of the messages it sends."""

    def __init__(self, context):
        self.page, self.problems, self.messages, self.host = context.new_page(), [], [], ""
        self.page.on("websocket", lambda socket: socket.on("framesent", self._sent))
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._foreign)

    def _sent(self, frame):
        self.messages.append(frame)

    def _said(self, message):
        streamlits = message.text == NOT_FOUND and urlsplit(message.location["url"]).path.endswith(STREAMLITS_OWN)
        if message.type == "error" and not streamlits:
            self.problems.append(f"console: {message.text}")

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # left behind by going to another page
            self.problems.append(f"request failed: {request.url}: {request.failure}")

    def _foreign(self, request):
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != self.host:
            self.problems.append(f"request to another host: {request.url}")


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
        written = STREAMLITS_RACE.sub("", self.server.written()[self.seen :])
        return found + re.findall(r"Traceback.*", written, re.DOTALL)

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
