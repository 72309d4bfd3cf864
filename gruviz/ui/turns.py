"""Runs of the script take turns: side by side in one interpreter each would only end later, and all of them late."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 0.25  # seconds; then a run begins beside the one before
_TURN = threading.Lock()
_run = threading.local()  # what belongs to the run of this thread


@contextmanager
def turn() -> Iterator[None]:
    """Waits until the runs before have ended, for a moment at most."""
    _run.has_turn = _TURN.acquire(timeout=_PATIENCE)
    try:
        yield
    finally:
        end_turn()


def end_turn() -> None:
    """Lets the next run begin; call it where work may take long."""
    if getattr(_run, "has_turn", False):
        _run.has_turn = False
        _TURN.release()
