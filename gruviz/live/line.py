"""The line that runs stand in: so many train at once in this process, the others wait their turn."""

import os
import threading

AT_ONCE = max(1, os.cpu_count() or 1)  # a run computes on one thread


class Line:
    """First come, first served. A run is known by any object of its own."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self.at_once = at_once
        self._runs: list[object] = []
        self._moved = threading.Condition()

    def join(self, run: object) -> None:
        """Goes to the end of the line."""
        with self._moved:
            self._runs.append(run)

    def leave(self, run: object) -> None:
        """Makes room."""
        with self._moved:
            if run in self._runs:
                self._runs.remove(run)
                self._moved.notify_all()

    def ahead(self, run: object) -> int:
        """How many must make room before it is this run's turn; 0 where it may train."""
        with self._moved:
            place = self._runs.index(run) if run in self._runs else 0
            return max(0, place - self.at_once + 1)

    def wait(self, run: object, seconds: float) -> bool:
        """Waits at most so long; whether it is this run's turn."""
        with self._moved:
            self._moved.wait_for(lambda: run not in self._runs or self._runs.index(run) < self.at_once, seconds)
            return run in self._runs and self._runs.index(run) < self.at_once

    def __len__(self) -> int:
        with self._moved:
            return len(self._runs)


LINE = Line()
