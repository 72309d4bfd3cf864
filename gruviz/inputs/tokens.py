"""Text to tokens of a vocabulary, each with its input vector: by words, by characters, or by symbols."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import regex

from gruviz.errors import SequenceError
from gruviz.inputs.encoded import Encoded, counted, label, unknown_warning
from gruviz.inputs.folding import plain_letters
from gruviz.inputs.limits import check_steps, check_text
from gruviz.inputs.words import UNKNOWN, split_words, vocabulary_form
from gruviz.records import Array

_SHOWN = 3  # letters that are said to be read as others


def split_characters(text: str) -> tuple[str, ...]:
    """Characters as a person counts them (Unicode's extended grapheme clusters), line breaks read as spaces."""
    one_line = regex.sub(r"\R", " ", unicodedata.normalize("NFC", text))
    return tuple(regex.findall(r"\X", one_line))


def _as_typed(token: str) -> str:
    return token


@dataclass(frozen=True)
class Split:
    """How a text falls into tokens, and the spelling under which a token stands in a vocabulary."""

    what: str
    split: Callable[[str], tuple[str, ...]]
    form: Callable[[str], str]
    hint: str


SPLITS: Mapping[str, Split] = {
    "words": Split(
        "words",
        split_words,
        vocabulary_form,
        "Any text, one step per word or punctuation mark. Words it never saw in training are read as “unknown” and "
        "marked.",
    ),
    "characters": Split(
        "characters", split_characters, str.casefold, "Any text, one step per character. Case and accents are ignored."
    ),
    "symbols": Split("symbols", lambda text: tuple(text.split()), _as_typed, "Symbols separated by spaces."),
}


@dataclass(frozen=True, eq=False)
class TokenEncoder:
    """Looks tokens up in a vocabulary of V entries with vectors (V, D).

    A vocabulary that starts with "<unk>" reads any other token as that one, and marks it; one without refuses it.
    """

    kind: str
    vocabulary: tuple[str, ...]
    vectors: Array
    hint: str
    names: tuple[str, ...] = ()
    multiline: bool = False
    index: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {token: i for i, token in enumerate(self.vocabulary)})

    @property
    def what(self) -> str:
        """The tokens in the plural."""
        return SPLITS[self.kind].what

    @property
    def features(self) -> int:
        """D."""
        return int(self.vectors.shape[1])

    def encode(self, text: str) -> Encoded:
        """Tokens, vectors (T, D), and which tokens the vocabulary knows.

        A token that the vocabulary lacks is read in plain letters where it has those ("ü" as "u"), and shown as read.
        """
        check_text(text)
        split = SPLITS[self.kind]
        typed = split.split(text)
        check_steps(len(typed), self.what)
        tokens, rows, folds = list[str](), list[int | None](), dict[str, str]()
        for position, token in enumerate(typed, 1):
            pieces, token_rows = self._look_up(token)
            if token_rows is None and self.vocabulary[0] != UNKNOWN:
                raise SequenceError(
                    f"“{label(token)}” at position {position} is not one of this model's {self.what}. "
                    f"It reads: {' '.join(self.vocabulary)}"
                )
            if pieces != (token,) and token.strip():
                folds[token] = "".join(pieces)
            tokens += pieces
            rows += [None] if token_rows is None else token_rows
        check_steps(len(tokens), self.what)
        known = tuple(row is not None for row in rows)
        vectors = self.vectors[np.array([0 if row is None else row for row in rows])]
        read_as = counted(len(tokens), self.what) + _folded(folds)
        return Encoded(tuple(tokens), vectors, known, read_as, unknown_warning(known, self.what))

    def rows(self, text: str) -> list[int]:
        """The rows of a text's tokens in the vocabulary, as `encode` reads them, 0 for unknown ones; of any length."""
        tokens = SPLITS[self.kind].split(text)
        return [row for token in tokens for row in self._look_up(token)[1] or [0]]

    def _look_up(self, token: str) -> tuple[tuple[str, ...], list[int] | None]:
        """The token as it is read, in one or several pieces, and their rows; None where it is not known."""
        split = SPLITS[self.kind]
        row = self.index.get(split.form(token))
        if row is not None:
            return (token,), [row]
        plain = plain_letters(token)
        pieces = tuple(plain) if self.kind == "characters" else (plain,)
        rows = [self.index.get(split.form(piece)) for piece in pieces]
        known = [row for row in rows if row is not None]
        return (pieces, known) if len(known) == len(rows) else ((token,), None)


def _folded(folds: Mapping[str, str]) -> str:
    """What was read in plain letters, the first few."""
    if not folds:
        return ""
    some = [f"{label(token, 12)} as {label(plain, 12)}" for token, plain in list(folds.items())[:_SHOWN]]
    more = f" and {len(folds) - _SHOWN} more" if len(folds) > _SHOWN else ""
    return f" ({', '.join(some)}{more})"
