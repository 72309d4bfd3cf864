"""Work ends when the person moves on: nothing computes for who has left, whatever the computation."""

import json
import shutil
import time

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.benchmarks.wire import Wire
from tests.browser.server import ROOT, running

LONG = "T=1000&H=128&seeds=1&show=Jacobians"  # computes for seconds, most of them for the Jacobians
SOON = 5.0  # seconds, in which all is over that was left: far less than the work would take
BEGINS = 60.0

COUNT = '''
import os, threading, time
from pathlib import Path
import streamlit
from gruviz.ui.gradients import experiments

@streamlit.cache_resource
def count_what_runs():
    """Writes the lengths of the sequences that are computed now, again and again."""
    works = (experiments.flows, experiments.jacobians)
    def write():
        while True:
            lengths = [args[0].steps for work in works for args, _ in list(work._running)]
            Path("running.new").write_text(str(lengths))
            os.replace("running.new", "running")
            time.sleep(0.02)
    threading.Thread(target=write, daemon=True).start()

count_what_runs()
'''


class Visit(Wire):
    """A session that turns a knob without waiting for the answer."""

    def __init__(self, url, query):
        self.knobs = {}
        super().__init__(url, query, "gradients")
        self.socket.close_timeout = 0.1  # as a tab that is closed: nobody reads what is still on its way

    def rerun(self, text=None):
        """Asks for the page, and reads until its knobs are there: what it computes goes on."""
        self.turn()

    def turn(self, **numbers):
        """Turns knobs, and reads until the run that this begins has come to its own."""
        self.send(**numbers)
        self.knobs = {}
        while "Steps T" not in self.knobs:
            received = ForwardMsg.FromString(self.socket.recv(timeout=BEGINS))
            kind = received.WhichOneof("type")
            if kind == "new_session":
                self.page, self.knobs = received.new_session.page_script_hash, {}
            elif kind == "delta" and received.delta.new_element.WhichOneof("type") == "number_input":
                knob = received.delta.new_element.number_input
                self.knobs[knob.label] = knob.id

    def send(self, page="", **numbers):
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = "" if page else self.page
        message.rerun_script.page_name = page or ("" if self.page else self.name)
        for label, value in numbers.items():
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.double_value = self.knobs[label], value
        self.socket.send(message.SerializeToString())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The app, and the file that says what it computes now."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "pages", folder / "pages", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "app.py").write_text(COUNT + (ROOT / "app.py").read_text(encoding="utf-8"), encoding="utf-8")
    with running("app.py", folder) as server:
        yield server, folder / "running"


def becomes(site, lengths, seconds):
    """Waits until just sequences of these lengths are computed, for these seconds at most."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if site[1].exists() and json.loads(site[1].read_text()) == lengths:
            return True
        time.sleep(0.01)
    return False


@pytest.fixture
def visit(site):
    visit = Visit(site[0].url, LONG)
    assert becomes(site, [1000], BEGINS)
    yield visit
    visit.close()
    assert becomes(site, [], SOON)


def test_ten_quick_changes_leave_one_computation(site, visit):
    for steps in range(990, 980, -1):
        visit.turn(**{"Steps T": steps})
    assert becomes(site, [981], SOON)
    assert "Traceback" not in site[0].written()


def test_closing_the_tab_ends_it(site, visit):
    visit.close()
    assert becomes(site, [], SOON)


def test_another_page_ends_it(site, visit):
    visit.send(page="step")
    assert becomes(site, [], SOON)
