"""What an encoder makes of a text."""

from dataclasses import dataclass
from typing import Protocol

from gruviz.records import Array


@dataclass(frozen=True, eq=False)
class Encoded:
    """Tokens as a person reads them, and the (T, D) array that the network reads."""

    tokens: tuple[str, ...]
    values: Array
    known: tuple[bool, ...]  # False: the model has no such token and reads its "unknown" in its place


def label(token: str) -> str:
    """A token as it is shown where white space alone would be invisible: a space is ␣."""
    return token if token.strip() else "␣" * max(1, len(token))


class Encoder(Protocol):
    """Text to tokens and a (T, D) array; SequenceError where the text can't be read."""

    @property
    def what(self) -> str:
        """The tokens in the plural: "words"."""
        ...

    @property
    def hint(self) -> str:
        """What may be typed, one sentence."""
        ...

    @property
    def multiline(self) -> bool:
        """Whether line breaks mean something."""
        ...

    @property
    def features(self) -> int:
        """D."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """What the D features are called; empty where they have no names."""
        ...

    def encode(self, text: str) -> Encoded:
        """Reads a text."""
        ...
