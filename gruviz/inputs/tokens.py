"""Text to tokens of a vocabulary, each with its input vector: by words, by characters, or by symbols."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import regex

from gruviz.errors import SequenceError
from gruviz.inputs.encoded import Encoded, label
from gruviz.inputs.limits import check_steps, check_text
from gruviz.inputs.words import UNKNOWN, split_words, vocabulary_form
from gruviz.records import Array


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
        "Any text, a step a word or punctuation mark. Words it never saw are read as “unknown”, and marked.",
    ),
    "characters": Split("characters", split_characters, str.casefold, "Any text, a step a character. Case is ignored."),
    "symbols": Split("symbols", lambda text: tuple(text.split()), _as_typed, "Symbols with spaces between them."),
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
        """Tokens, vectors (T, D), and which tokens the vocabulary knows."""
        check_text(text)
        split = SPLITS[self.kind]
        tokens = split.split(text)
        check_steps(len(tokens), self.what)
        places = [self.index.get(split.form(token)) for token in tokens]
        known = tuple(place is not None for place in places)
        if self.vocabulary[0] != UNKNOWN and not all(known):
            at = known.index(False)
            raise SequenceError(
                f"“{label(tokens[at])}” at position {at + 1} is not one of this model's {self.what}. "
                f"It reads: {' '.join(self.vocabulary)}"
            )
        rows = np.array([0 if place is None else place for place in places])
        return Encoded(tokens, self.vectors[rows], known)
