"""Students at their browsers, as a server sees them: each has a session and changes its sequence every few seconds.

All of them live in one process and one thread, and read no more of an answer than whether it is the last of it: they
share the machine with the server that they measure.
"""

import asyncio
import random
import time
import urllib.request
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

EVERY = 5.0  # s from a change to the next one, on average
SPREAD = 0.2  # of that, either way
LARGEST_READ = 4096  # bytes: larger messages are figures and payloads, and never the last
STEPS = 60


def text(number):
    """Another sequence of 60 characters for each number."""
    return "".join(chr(97 + (7 * number + k * (number // 26 + 1)) % 26) for k in range(STEPS))


class Student:
    """One session."""

    def __init__(self, url, query):
        self.url, self.query = url, query
        self.socket, self.page, self.field, self.received = None, "", "", 0
        self.opened = AsyncExitStack()

    async def open(self):
        """Opens the page as a browser does: the page first, whose cookies the socket sends along."""
        cookie = await asyncio.to_thread(_cookie, self.url)
        headers = {"Cookie": cookie} if cookie else {}
        address = f"ws://{urlsplit(self.url).netloc}/_stcore/stream"
        connection = connect(
            address, subprotocols=["streamlit"], origin=self.url, max_size=None, compression=None,
            additional_headers=headers, ping_interval=None,
        )  # fmt: skip
        self.socket = await self.opened.enter_async_context(connection)
        await self.change()

    async def change(self, sequence=None):
        """Runs the script, with a new sequence where one is given; returns when all of the answer is there."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page
        if sequence is not None:
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.string_value = self.field, sequence
        await self.socket.send(message.SerializeToString())
        while not self._last(await self.socket.recv()):
            pass

    def _last(self, data):
        self.received += len(data)
        if len(data) > LARGEST_READ:
            return False
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page = message.new_session.page_script_hash
        elif not self.field and kind == "delta" and message.delta.new_element.WhichOneof("type") == "text_input":
            self.field = message.delta.new_element.text_input.id
        return kind == "script_finished"

    async def close(self):
        """Leaves the page."""
        await self.opened.aclose()


def _cookie(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return (answer.headers["Set-Cookie"] or "").partition(";")[0]


async def type_for(students, seconds, every=EVERY, seed=0):
    """Everyone changes their sequence every five seconds or so (`every`).

    Returns the seconds from each change to the end of its answer. A change that is due while the last one is not
    answered yet counts from when it was due.
    """
    found = []
    start = time.perf_counter()

    async def typing(number, student):
        chance = random.Random(seed * 10_007 + number)
        due, change = start + chance.uniform(0, every), 0
        while due < start + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            change += 1
            await student.change(text(number * 1009 + seed * 101 + change))
            found.append(time.perf_counter() - due)
            due += every * chance.uniform(1 - SPREAD, 1 + SPREAD)

    await asyncio.gather(*(typing(number, student) for number, student in enumerate(students)))
    return found
