"""A vocabulary that a person brings for an embedding: a JSON list or map, or a text file of one token per line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gruviz.errors import SequenceError
from gruviz.inputs.encoded import Encoded, counted, label, unknown_warning
from gruviz.inputs.ids import without_padding
from gruviz.inputs.limits import check_steps, check_text
from gruviz.inputs.tokens import split_characters
from gruviz.inputs.words import split_words, vocabulary_form
from gruviz.records import Array

MAX_BYTES = 16 * 2**20
_UNKNOWN = ("<unk>", "[unk]", "<oov>", "unk", "<unknown>", "[oov]", "oov")


def read_vocabulary(data: bytes, rows: int) -> tuple[str, ...]:
    """The token of each row of an embedding with so many rows; "" for rows that the file gives none.

    data: UTF-8 text. JSON: a list of tokens in the order of their rows, or a map from token to row (or from row to
    token); anything else is read as one token per line. SequenceError for a file that does not fit.
    """
    if len(data) > MAX_BYTES:
        raise SequenceError(f"The vocabulary has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SequenceError(f"The vocabulary is not UTF-8 text (byte {error.start:,}). Save it as UTF-8.") from None
    by_row = _from_json(text) if text.lstrip()[:1] in ("[", "{") else None
    if by_row is None:
        if text.lstrip()[:1] in ("[", "{") and "\n" not in text.strip():
            raise SequenceError("The vocabulary begins like JSON, but is not. Give a JSON list, or a token per line.")
        lines = text.split("\n")
        by_row = {row: line.rstrip("\r") for row, line in enumerate(lines[:-1] if lines[-1] == "" else lines)}
    if not by_row:
        raise SequenceError("The vocabulary is empty. Give one token per line, or a JSON list.")
    last = max(by_row)
    if last >= rows or min(by_row) < 0:
        wrong = last if last >= rows else min(by_row)
        raise SequenceError(
            f"The vocabulary has a token number {wrong:,} (“{label(by_row[wrong])}”), and the embedding has "
            f"{counted(rows, 'rows')}, 0 to {rows - 1:,}. Give the vocabulary that this network was trained with."
        )
    return tuple(by_row.get(row, "") for row in range(rows))


def _from_json(text: str) -> dict[int, str] | None:
    """By row; None for a text that only looks like JSON."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(content, list):
        if not all(isinstance(token, str) for token in content):
            raise SequenceError("The vocabulary is a JSON list, but not only of texts. Give a list of tokens.")
        return dict(enumerate(content))
    if all(type(row) is int for row in content.values()):
        by_row = {row: token for token, row in content.items()}
    elif all(key.isascii() and key.isdigit() and len(key) < 10 for key in content) and all(
        isinstance(token, str) for token in content.values()
    ):
        by_row = {int(row): token for row, token in content.items()}
    else:
        raise SequenceError(
            'The vocabulary is a JSON map, but not from token to number, such as {"the": 1, "a": 2}. Give such a map, '
            "or a list of tokens."
        )
    if len(by_row) < len(content):
        raise SequenceError("The vocabulary gives one number to several tokens. Each token has a row of its own.")
    return by_row


@dataclass(frozen=True, eq=False)
class VocabularyEncoder:
    """Looks up tokens of a vocabulary that a person brought, with vectors (V, D); "" is a row without a token.

    Text is split into words, or into characters where every token is one. A word is looked up as it is typed, then in
    small letters; what the vocabulary lacks is read as its token for the unknown, or refused where it has none.
    """

    vocabulary: tuple[str, ...]
    vectors: Array
    padding: int | None = None
    names: tuple[str, ...] = ()
    multiline: bool = False
    index: Mapping[str, int] = field(init=False, repr=False)
    unknown: int | None = field(init=False)

    def __post_init__(self) -> None:
        index = {token: row for row, token in reversed(list(enumerate(self.vocabulary))) if token}
        unknown = [row for token, row in index.items() if token.casefold() in _UNKNOWN]
        object.__setattr__(self, "index", index)
        object.__setattr__(self, "unknown", min(unknown) if unknown else None)

    @property
    def _by_character(self) -> bool:
        plain = [
            token for row, token in enumerate(self.vocabulary) if token and row not in (self.unknown, self.padding)
        ]
        return all(len(token) == 1 for token in plain)

    @property
    def what(self) -> str:
        """Characters or words."""
        return "characters" if self._by_character else "words"

    @property
    def hint(self) -> str:
        """What may be typed."""
        which = "is read as “unknown”, and marked" if self.unknown is not None else "is refused"
        one = "character" if self._by_character else "word or punctuation mark"
        return f"Text, one step per {one}. What is not among the vocabulary’s {len(self.index):,} tokens {which}."

    @property
    def features(self) -> int:
        """D."""
        return int(self.vectors.shape[1])

    def encode(self, text: str) -> Encoded:
        """Tokens, vectors (T, D), and which tokens the vocabulary has."""
        check_text(text)
        tokens = self._split(text)
        check_steps(len(tokens), self.what)
        rows = list[int]()
        known = list[bool]()
        for place, token in enumerate(tokens, 1):
            row = next((self.index[form] for form in (token, vocabulary_form(token)) if form in self.index), None)
            if row is None and self.unknown is None:
                raise SequenceError(
                    f"“{label(token)}” at position {place} is not in the vocabulary, and it has no token for the "
                    f"unknown, such as <unk>. {self.hint}"
                )
            known.append(row is not None)
            rows.append(self.unknown if row is None else row)  # type: ignore[arg-type]
        known = [flag for flag, row in zip(known, rows, strict=True) if row != self.padding]
        tokens, rows, notes = without_padding(tokens, rows, self.padding, self.what)
        vectors = self.vectors[np.array(rows)].astype(np.float64)
        warnings = (*notes, *unknown_warning(known, self.what))
        return Encoded(tuple(tokens), vectors, tuple(known), counted(len(tokens), self.what), warnings)

    def _split(self, text: str) -> list[str]:
        if self._by_character:
            return list(split_characters(text))
        tokens = list[str]()
        for piece in text.split():  # what the vocabulary has whole, such as <pad> or "don't", stays so
            tokens += [piece] if piece in self.index else split_words(piece)
        return tokens
