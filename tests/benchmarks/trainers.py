"""Ten people train at once: how long a change of the sequence on the Step page takes then, over its quiet time.

All of them watch as browsers do, five looks a second; they share the machine with the server.
`python -m tests.benchmarks.trainers` prints the rows alone.
"""

import statistics
import threading
import time
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from gruviz.live.line import AT_ONCE
from tests.benchmarks.students import text
from tests.benchmarks.wire import Wire
from tests.browser.server import running

TRAINERS, CHANGES, PAUSE = 10, 65, 0.1  # s between two changes
POLL = 0.18  # s between two looks, as the page asks for them
LINK = urlencode({"model": "Random weights", "hidden": 32, "seq": text(0)})


class Trainer(Wire):
    """Someone on the Train page who has pressed Start, and watches."""

    def __init__(self, url):
        self.start, self.fragment, self.looks = "", "", []
        super().__init__(url, page="", query="")

    def rerun(self, text=None):
        """Opens the Train page."""
        message = BackMsg()
        message.rerun_script.page_name = "train"
        return self._answered(message)

    def press_start(self):
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id, widget.trigger_value = self.start, True
        self._answered(message)

    def watch(self, stop):
        """Looks until it is told to stop."""
        while not stop.wait(POLL):
            message = BackMsg()
            message.rerun_script.page_script_hash = self.page
            message.rerun_script.fragment_id = self.fragment
            self.looks.append(self._answered(message))

    def _answered(self, message):
        start = time.perf_counter()
        self.socket.send(message.SerializeToString())
        while True:
            received = ForwardMsg.FromString(self.socket.recv(timeout=60))
            kind = received.WhichOneof("type")
            if kind == "script_finished":
                return time.perf_counter() - start
            if kind == "navigation":
                self.page = received.navigation.page_script_hash
            elif kind == "new_session":
                self.markdown = []
            elif kind == "auto_rerun":
                self.fragment = received.auto_rerun.fragment_id
            elif kind == "delta":
                self._see(received.delta.new_element)

    def _see(self, element):
        super()._see(element)
        if element.WhichOneof("type") == "button" and element.button.label == "Start":
            self.start = element.button.id


def rows():
    """The table's rows: what, value, target, unit."""
    with running("app.py") as server:
        person = Wire(server.url, LINK)
        quiet = _changes(person, 0)
        trainers = [Trainer(server.url) for _ in range(TRAINERS)]
        stop = threading.Event()
        for trainer in trainers:
            trainer.press_start()
        watching = [threading.Thread(target=trainer.watch, args=(stop,)) for trainer in trainers]
        for thread in watching:
            thread.start()
        try:
            busy = _changes(person, CHANGES)
        finally:
            stop.set()
            for thread in watching:
                thread.join()
        waiting = sum(any("Waiting" in text for text in trainer.markdown) for trainer in trainers)
        assert waiting == TRAINERS - AT_ONCE, waiting  # and the others train
        looks = [look for trainer in trainers for look in trainer.looks]
        for each in (person, *trainers):
            each.close()
    who = f"{TRAINERS} people train"
    values = (
        (f"changing the sequence while {who} / in quiet, medians", busy[0] / quiet[0], "at most 3", "x"),
        (f"changing the sequence while {who} / in quiet, 95th percentiles", busy[1] / quiet[1], "at most 3", "x"),
        ("changing the sequence in quiet, median", 1000 * quiet[0], "", "ms"),
        (f"changing the sequence while {who}, median", 1000 * busy[0], "", "ms"),
        (f"a look at the training while {who}, median", 1000 * statistics.median(looks), "", "ms"),
    )
    return [{"what": what, "value": round(value, 3), "target": target, "unit": unit}
            for what, value, target, unit in values]  # fmt: skip


def _changes(person, first):
    """The median and the 95th percentile of some changes, a moment apart."""
    times = []
    for number in range(1, CHANGES + 1):
        times.append(person.rerun(text(first + number)))
        time.sleep(PAUSE)
    return statistics.median(times[5:]), statistics.quantiles(times[5:], n=20)[-1]


if __name__ == "__main__":
    for row in rows():
        print(f"{row['what']:70}  {row['value']:10.3f} {row['unit']:3} {row['target']}")
