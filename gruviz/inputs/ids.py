"""Tokens by their numbers in an embedding, for a network whose vocabulary is not known."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gruviz.errors import SequenceError
from gruviz.inputs.encoded import Encoded, counted
from gruviz.inputs.limits import check_steps, check_text
from gruviz.records import Array

_GAP = re.compile(r"[\s,;\[\]()]+")
_ID = re.compile(r"\d{1,9}", re.ASCII)


def without_padding(
    tokens: list[str], rows: list[int], padding: int | None, what: str
) -> tuple[list[str], list[int], tuple[str, ...]]:
    """The steps that are read: a network that was built with a mask skips the padding, and keeps its state there."""
    kept = [place for place, row in enumerate(rows) if row != padding]
    skipped = len(rows) - len(kept)
    if not skipped:
        return tokens, rows, ()
    if not kept:
        raise SequenceError(f"All of the sequence is padding (token {padding}), which the network skips. Give {what}.")
    are = "token is" if skipped == 1 else "tokens are"
    note = f"{skipped:,} padding {are} skipped, as the network’s mask says."
    return [tokens[place] for place in kept], [rows[place] for place in kept], (note,)


@dataclass(frozen=True, eq=False)
class IdEncoder:
    """Reads whole numbers 0 to V - 1, and looks up their vectors (V, D). `padding`: the one that is skipped, if any."""

    vectors: Array
    padding: int | None = None
    what: str = "token numbers"
    names: tuple[str, ...] = ()
    multiline: bool = False

    @property
    def features(self) -> int:
        """D."""
        return int(self.vectors.shape[1])

    @cached_property
    def hint(self) -> str:
        """What may be typed."""
        return f"Token numbers from 0 to {len(self.vectors) - 1:,} with spaces or commas between them, such as 3, 1, 2."

    def encode(self, text: str) -> Encoded:
        """Tokens (the numbers as typed) and vectors (T, D)."""
        check_text(text)
        tokens = [token for token in _GAP.split(text) if token]
        check_steps(len(tokens), self.what)
        for place, token in enumerate(tokens, 1):
            if not _ID.fullmatch(token) or int(token) >= len(self.vectors):
                raise SequenceError(f"“{token[:40]}” at position {place} is not a token number. {self.hint}")
        tokens, rows, notes = without_padding(tokens, [int(token) for token in tokens], self.padding, self.what)
        vectors = self.vectors[np.array(rows)].astype(np.float64)
        return Encoded(tuple(tokens), vectors, (True,) * len(tokens), counted(len(tokens), self.what), notes)
