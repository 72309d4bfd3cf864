"""Telling the caller how far a computation is, which is also the caller's chance to end it."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Progress = Callable[[float], None] | None

_Work = TypeVar("_Work")


def reporting(work: Sequence[_Work], progress: Progress, start: float = 0.0, end: float = 1.0) -> Iterator[_Work]:
    """The pieces of work, reporting `progress` before each how much is done; what it raises ends the work."""
    for done, piece in enumerate(work):
        if progress is not None:
            progress(start + (end - start) * done / len(work))
        yield piece
    if progress is not None:
        progress(end)


def counting(pieces: int, progress: Progress, most: float = 1.0) -> Callable[[], None]:
    """What tells `progress` of one more of so many pieces at each call, up to `most`; what it raises ends the work."""
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(most * min(done / pieces, 1.0))

    return count


def between(progress: Progress, start: float, end: float) -> Progress:
    """What a part of a computation tells: its 0 to 1 are the whole's `start` to `end`."""
    return None if progress is None else lambda share: progress(start + (end - start) * share)
