"""What an opening is called: the longest named line that a game begins with."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "openings" / "names.tsv.gz"


def opening_name(moves: Sequence[str]) -> str:
    """ECO code and name, "B27 Sicilian Defense: Hyperaccelerated Dragon", by moves in SAN; "" before any has a name.

    The order of moves counts: a position that is reached by another way may go by another name.
    """
    return opening_names(moves)[-1]


def opening_names(moves: Sequence[str]) -> tuple[str, ...]:
    """The name after 0, 1, .. T moves, T + 1 of them; one lasts until a longer line has another."""
    names = [""]
    for played in range(1, len(moves) + 1):
        names.append(_names().get(tuple(moves[:played]), names[-1]))
    return tuple(names)


@lru_cache(maxsize=1)
def _names() -> Mapping[tuple[str, ...], str]:
    """Line of moves -> name, of the 3,534 lines that have one."""
    names: dict[tuple[str, ...], str] = {}
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            name = f"{row['eco']} {row['family']}" + (f": {row['variation']}" if row["variation"] else "")
            # one line has two names; the first goes on with the name of the moves before
            names.setdefault(tuple(row["moves"].split()), name)
    return names
