"""A class at once: how long students wait for the answer to a change, and what it takes of the machine.

`python -m tests.benchmarks.crowd` prints the table of one process and of two behind the balancer;
`python -m tests.benchmarks.crowd memory` prints memory over 500 sessions and 3,000 changes, with the garbage collector
as gruviz sets it and as Streamlit does. The students share the machine with the server; nothing else should run on it.
"""

import argparse
import asyncio
import os
import time
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmarks.students import EVERY, Student, text, type_for
from tests.browser.hosting import hosted
from tests.browser.server import running

LINK = urlencode({"model": "Random weights", "hidden": 32, "seq": text(0)})
ONE_PROCESS, TWO_PROCESSES = (1, 40, 120, 200), (200, 400)
WARM_UP, MEASURED = 10, 60  # s
ALONE = 1.0  # s between the changes of a student alone: there would be too few of them
SESSIONS, CHANGES, PARTS = 500, 3000, 5
ALWAYS_COLLECT = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"}
TICKS = os.sysconf("SC_CLK_TCK")
HEAD = (
    "processes",
    "students",
    "changes",
    "p50 ms",
    "p95 ms",
    "worst ms",
    "CPU ms/change",
    "clients ms",
    "MB",
    "MB after",
)


def rows():
    """The table's rows for `python -m tests.benchmarks`: what, value, target, unit."""
    found = []
    for processes, students, _, p50, p95, _, cpu, _, _, memory in table(ONE_PROCESS, TWO_PROCESSES, MEASURED):
        who = f"{students} students, {processes} process{'es' if processes > 1 else ''}"
        target = "under 250" if (processes, students) in {(1, 200), (2, 400)} else ""
        values = (("50th percentile", p50, "", "ms"), ("95th percentile", p95, target, "ms"),
                  ("processor time a change", cpu, "", "ms"), ("memory", memory, "", "MB"))  # fmt: skip
        found += [{"what": f"{who}: {what}", "value": value, "target": aim, "unit": unit}
                  for what, value, aim, unit in values]  # fmt: skip
    return found


def table(one, two, seconds):
    """Rows as `HEAD` names them; each crowd has servers of its own."""
    for students in one:
        with running("app.py") as server:
            yield 1, *asyncio.run(_crowd(server.url, [server.process], students, seconds))
    for students in two:
        with hosted(2) as pair:
            yield 2, *asyncio.run(_crowd(pair.url, pair.processes(), students, seconds))


async def _crowd(url, processes, count, seconds):
    students = [Student(url, LINK) for _ in range(count)]
    for student in students:  # one after the other, as a class comes in
        await student.open()
    every = EVERY if count > 1 else ALONE
    await type_for(students, WARM_UP, every)
    memory, busy, own = _megabytes(processes), _seconds(processes), time.process_time()
    waits = sorted(await type_for(students, seconds, every, seed=1))
    busy, own = _seconds(processes) - busy, time.process_time() - own
    after = _megabytes(processes)
    await asyncio.gather(*(student.close() for student in students))
    p50, p95 = waits[len(waits) // 2], waits[int(0.95 * len(waits))]
    times = [1000 * value for value in (p50, p95, waits[-1], busy / len(waits), own / len(waits))]
    return count, len(waits), *(round(ms, 1) for ms in times), round(memory), round(after)


def memory(environment):
    """(sessions so far, changes so far, MB) for one process: at first, and after each part of the load."""
    with running("app.py", environment=os.environ | environment) as server:
        yield from asyncio.run(_load(server))


async def _load(server):
    found, sessions, changes = [], 0, 0
    for part in range(PARTS + 1):
        for number in range(SESSIONS // PARTS if part else 1):
            student = Student(server.url, LINK)
            await student.open()
            for change in range(CHANGES // SESSIONS if part else 1):
                await student.change(text(part * 10_007 + number * 101 + change))
                changes += 1
            await student.close()
            sessions += 1
        found.append((sessions, changes, round(_megabytes([server.process]))))
    return found


def _megabytes(processes):
    pages = sum(int(Path(f"/proc/{process}/statm").read_text().split()[1]) for process in processes)
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _seconds(processes):
    """Processor time of processes so far."""
    fields = [Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split() for process in processes]
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS


def _print(values):
    print("  ".join(f"{value!s:>{max(8, len(head))}}" for value, head in zip(values, HEAD, strict=False)), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", nargs="?", choices=("table", "memory"), default="table")
    options.add_argument("--one", type=int, nargs="*", default=ONE_PROCESS, help="students with one process")
    options.add_argument("--two", type=int, nargs="*", default=TWO_PROCESSES, help="students with two of them")
    options.add_argument("--seconds", type=float, default=MEASURED)
    chosen = options.parse_args()
    if chosen.what == "table":
        _print(HEAD)
        for row in table(chosen.one, chosen.two, chosen.seconds):
            _print(row)
        return
    for name, environment in (("as gruviz sets it", {}), ("a full collection after every run", ALWAYS_COLLECT)):
        print(name)
        start = time.perf_counter()
        for sessions, changes, megabytes in memory(environment):
            print(f"{sessions:5} sessions  {changes:5} changes  {megabytes:5} MB", flush=True)
        print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
