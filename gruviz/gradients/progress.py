"""Telling the caller how far a computation is."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Progress = Callable[[float], None] | None

_Work = TypeVar("_Work")


def telling(work: Sequence[_Work], progress: Progress, start: float = 0.0, end: float = 1.0) -> Iterator[_Work]:
    """The pieces of work, telling `progress` before each how much is done; what it raises ends the work."""
    for done, piece in enumerate(work):
        if progress is not None:
            progress(start + (end - start) * done / len(work))
        yield piece
    if progress is not None:
        progress(end)
