"""A race in a thread of its own, that a page starts, watches, pauses and resumes.

It trains only while somebody watches: a page that looks at it says so with every look, and where nobody has looked for
a while it pauses by itself. A paused run has no thread and no place in the line.
"""

import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import torch

from gruviz.live.line import LINE, Line
from gruviz.live.race import MAX_UPDATES, Race
from gruviz.live.settings import LiveSettings
from gruviz.live.snapshot import Snapshot, snapshot
from gruviz.live.source import Source
from gruviz.records import Array
from gruviz.training.network import Network

MAX_SECONDS = 120.0  # of training, however often it was paused
PATIENCE = 3.0  # seconds without a look until it pauses by itself; browsers slow hidden tabs down to a look a second
SNAPSHOTS = 0.2  # seconds between two
SCORINGS = 2.0  # seconds between two scores of the held-out part
_WAIT = 0.25  # seconds until a run that waits in line asks again whether it is watched
_NICE = 10  # lowers the thread's priority: pages come first

State = Literal["ready", "waiting", "training", "paused", "finished"]
Ended = Literal["", "updates", "time", "broken", "unwatched"]


@dataclass(frozen=True, eq=False)
class Look:
    """A run at one moment. Its arrays are not changed later."""

    state: State
    why: Ended  # it stopped, where it was not paused by hand
    ahead: int  # how many runs are before it in the line
    updates: int
    seconds: float
    history: Mapping[str, Array]  # by cell (updates, 2): loss and score of each batch
    reached: Mapping[str, int | None]
    broken: Mapping[str, int | None]
    first: Mapping[str, Snapshot | None]  # before any update
    now: Mapping[str, Snapshot | None]
    held_out: Mapping[str, tuple[float, Any]]


class Run:
    """One race, from ready over training and paused to finished. All methods may be called from any thread."""

    def __init__(self, settings: LiveSettings, source: Source, line: Line = LINE) -> None:
        self.settings, self.source = settings, source
        self._race, self._line = Race(settings, source), line
        self._lock = threading.Lock()  # of the race
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._state: State = "ready"
        self._why: Ended = ""
        self._seen = time.monotonic()
        self._seconds = 0.0
        self._first = self._now = self._snapshots()
        self._held_out = self._race.held_out()

    def start(self) -> None:
        """Starts, or goes on; nothing where it trains or waits already, or is finished."""
        self.see()
        if self._thread is not None and self._thread.is_alive() and not self._stop.is_set():
            return
        self.pause()
        if self._state == "finished":
            return
        self._stop = threading.Event()
        self._state, self._why = "waiting", ""
        self._line.join(self)
        self._thread = threading.Thread(target=self._work, args=(self._stop,), name="gruviz training", daemon=True)
        self._thread.start()

    def pause(self) -> None:
        """Stops after the update that is under way; it can go on from there."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._thread = None

    def step(self) -> None:
        """One update, here and now."""
        self.see()
        self.pause()
        if self._state == "finished":
            return
        with self._lock:
            start = time.monotonic()
            self._race.update()
            self._seconds += time.monotonic() - start
            self._now, self._held_out = self._snapshots(), self._race.held_out()
        self._state, self._why = "paused", ""
        self._finish()

    def see(self) -> None:
        """Says that somebody watches."""
        self._seen = time.monotonic()

    def look(self) -> Look:
        """How it is now; counts as watching."""
        self.see()
        race, updates = self._race, self._race.updates
        learners = race.learners.items()
        return Look(
            self._state, self._why, self._line.ahead(self) if self._state == "waiting" else 0, updates, self._seconds,
            {cell: learner.history[:updates].copy() for cell, learner in learners},
            {cell: learner.reached for cell, learner in learners}, {cell: learner.broken for cell, learner in learners},
            self._first, self._now, self._held_out,
        )  # fmt: skip

    def networks(self) -> Mapping[str, Network]:
        """Copies of the networks as they are now, between two updates."""
        with self._lock:
            return self._race.networks()

    @property
    def alive(self) -> bool:
        """Whether a thread of it runs."""
        return self._thread is not None and self._thread.is_alive()

    def _work(self, stop: threading.Event) -> None:
        _step_back()
        try:
            while not self._line.wait(self, _WAIT):
                if stop.is_set() or self._unwatched():
                    return
            self._state = "training"
            drawn = scored = time.monotonic()
            while not (stop.is_set() or self._unwatched() or self._finish()):
                start = time.monotonic()
                with self._lock:
                    self._race.update()
                now = time.monotonic()
                self._seconds += now - start
                if now - drawn >= SNAPSHOTS:
                    self._now, drawn = self._snapshots(), now
                if now - scored >= SCORINGS:
                    self._held_out, scored = self._race.held_out(), now
            self._now, self._held_out = self._snapshots(), self._race.held_out()
        finally:
            self._line.leave(self)
            if self._state != "finished":
                self._state = "paused" if self._race.updates else "ready"

    def _unwatched(self) -> bool:
        if time.monotonic() - self._seen <= PATIENCE:
            return False
        self._why = "unwatched"
        return True

    def _finish(self) -> bool:
        """Whether it has come to a limit, or has nothing left to train."""
        if all(learner.broken is not None for learner in self._race.learners.values()):
            self._why = "broken"
        elif self._race.updates >= MAX_UPDATES:
            self._why = "updates"
        elif self._seconds >= MAX_SECONDS:
            self._why = "time"
        else:
            return False
        self._state = "finished"
        return True

    def _snapshots(self) -> Mapping[str, Snapshot | None]:
        race = self._race
        return {
            cell: None if learner.broken else snapshot(learner.network, self.source, race.batch)
            for cell, learner in race.learners.items()
        }


def _step_back() -> None:
    """This thread computes alone, and after everyone else. (The number of threads is each thread's own.)"""
    torch.set_num_threads(1)
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
