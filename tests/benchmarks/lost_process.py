"""A process ends under a class: who loses the page, how long a reload takes, and whether it shows the same screen.

`python -m tests.benchmarks.lost_process` has 200 students typing at two processes behind the real balancer, kills one
of the processes halfway, and lets each student who lost the page reload it at their next change.
"""

import argparse
import asyncio
import hashlib
import os
import random
import signal
import time
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.benchmarks.students import EVERY, SPREAD, Student, text
from tests.browser.hosting import hosted

SECONDS = 60
LONGEST_RELOAD = 60.0  # s


class Reader(Student):
    """A student who remembers what was drawn, and has an address that says it, as a browser has."""

    def __init__(self, url, query):
        super().__init__(url, query)
        self.drawn, self._drawn = {}, {}

    async def change(self, sequence=None):
        await super().change(sequence)
        self.drawn = dict(self._drawn)
        if sequence is not None:  # the browser writes a field's value into the address by itself
            self.query = urlencode(dict(parse_qsl(self.query)) | {"seq": sequence})

    def _last(self, data):
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "delta":
            element = message.delta.new_element
            name = element.WhichOneof("type")
            if name == "bidi_component":
                part = element.bidi_component
                self._drawn[part.component_name] = _digest(part.bytes)
            elif name == "plotly_chart":
                self._drawn[name] = _digest(element.plotly_chart.spec.encode())
            elif name == "markdown":
                self._drawn[tuple(message.metadata.delta_path)] = element.markdown.body
        return super()._last(data)


def _digest(said):
    return hashlib.sha256(said).hexdigest()


async def _reloaded(lost):
    """A new session at the address that the lost one had; asks again while nothing answers, as a person would."""
    end = time.perf_counter() + LONGEST_RELOAD
    while True:
        new = Reader(lost.url, lost.query)
        try:
            await new.open()
            return new
        except (OSError, ConnectionClosed, InvalidHandshake):
            if time.perf_counter() > end:
                raise
            await new.close()
            await asyncio.sleep(0.2)


async def _class(pair, count):
    students = []
    for number in range(count):
        link = {"model": "Random weights", "hidden": 32, "seq": text(number)}
        students.append(Reader(pair.url, urlencode(link)))
        await students[-1].open()
    start = time.perf_counter()
    killed, waits, reloads, others = start + SECONDS / 2, [], [], []

    async def kill():
        await asyncio.sleep(SECONDS / 2)
        os.kill(pair.process("p1"), signal.SIGKILL)

    async def typing(number):
        student, chance = students[number], random.Random(number)
        due, change = start + chance.uniform(0, EVERY), 0
        while due < start + SECONDS:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            change += 1
            try:
                await student.change(text(number * 1009 + change))
                (waits if due < killed else others).append(time.perf_counter() - due)
            except ConnectionClosed:
                began, lost = time.perf_counter(), student
                student = students[number] = await _reloaded(lost)
                reloads.append((time.perf_counter() - began, student.drawn == lost.drawn))
            due += EVERY * chance.uniform(1 - SPREAD, 1 + SPREAD)

    await asyncio.gather(kill(), *map(typing, range(count)))
    await asyncio.gather(*(student.close() for student in students))
    return waits, others, reloads


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--students", type=int, default=200)
    count = options.parse_args().students
    with hosted(2) as pair:
        waits, others, reloads = asyncio.run(_class(pair, count))
    print(f"{count} students, two processes, one killed after {SECONDS // 2} s")
    times = {"a change before": waits, "a change after": others, "a reload": [seconds for seconds, _ in reloads]}
    for name, values in times.items():
        values.sort()
        p50, p95 = values[len(values) // 2], values[int(0.95 * len(values))]
        print(f"{name}: {len(values)}, p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms, worst {values[-1]:.1f} s")
    print(f"{len(reloads)} lost the page; {sum(same for _, same in reloads)} have the same screen after one reload")


if __name__ == "__main__":
    main()
