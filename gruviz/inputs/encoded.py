"""What an encoder makes of a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import regex

from gruviz.records import Array

_LONGEST_SIGN = 32  # code points that are shown of one character: no script and no emoji needs as many


@dataclass(frozen=True, eq=False)
class Encoded:
    """Tokens as a person reads them, and the (T, D) array that the network reads."""

    tokens: tuple[str, ...]
    values: Array
    known: tuple[bool, ...]  # False: the model has no such token and reads its "unknown" in its place
    read_as: str  # what was understood: "2 numbers, decimal comma"
    warnings: tuple[str, ...] = ()  # what a person should know before believing the answer, each a short sentence


def counted(number: int, what: str) -> str:
    """A number and what is counted, given in the plural: "1 word", "2,000 words"."""
    return f"{number:,} {what.removesuffix('s') if number == 1 else what}"


def unknown_warning(known: Sequence[bool], what: str) -> tuple[str, ...]:
    """How many tokens the model knows, where it is not all of them."""
    return () if all(known) else (f"Knows {sum(known):,} of {counted(len(known), what)}.",)


def label(token: str, longest: int = 40) -> str:
    """A token as it is shown: a space is ␣, a sign that has no shape is its code point, such as U+202E.

    What is longer than `longest` characters is cut, with an ellipsis, and so is a letter under a heap of marks.
    """
    return _kept_label(token, longest) if len(token) <= _COMMON else _label(token, longest)


def _label(token: str, longest: int) -> str:
    if not token.strip():
        return "␣" * max(1, len(token))
    if regex.fullmatch(r"\p{C}+", token):
        token = " ".join(f"U+{ord(sign):04X}" for sign in token[:longest])
    if len(token) <= longest:
        return token
    signs = [sign[:_LONGEST_SIGN] for sign in regex.findall(r"\X", token[: _LONGEST_SIGN * longest])]
    whole = len(signs) <= longest and sum(map(len, signs)) == len(token)
    return token if whole else "".join(signs[: longest - 1]) + "…"


_COMMON = 100  # characters: longer tokens are labelled again each time, so that what is kept stays small
_kept_label = lru_cache(maxsize=4096)(_label)  # most tokens come again, and each is shown in several places


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
