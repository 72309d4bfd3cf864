"""Numbers as typed or pasted from a spreadsheet: one or several columns."""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import regex

from gruviz.errors import SequenceError
from gruviz.inputs.encoded import Encoded
from gruviz.inputs.limits import check_steps, check_text
from gruviz.inputs.readings import MISSING, meant

_SIGNS = str.maketrans({"，": ",", "、": ",", "；": ";", "．": ".", "＋": "+", "\ufeff": " ", "ｅ": "e", "Ｅ": "E"})
_LINE = re.compile(r"\r\n|\r|\n")
_GAP = re.compile(r"[\s,;]+")
_NOTHING = re.compile(r"[\s,;]*")
_CELL = re.compile(r"[,;\t]")
_NUMBER_LIKE = re.compile(r"[-+−–.,]*\d", re.ASCII)


@dataclass(frozen=True)
class NumberEncoder:
    """Reads `columns` numbers per step; the network gets (number - offset) / scale.

    One column: numbers with commas, spaces, tabs, semicolons or line breaks between them. Several: one line per step,
    its numbers with commas, semicolons, spaces or tabs between them; a semicolon may end a step, too. Decimals have a
    point or a comma, and thousands may be grouped, where the whole text can be read in one way only.
    """

    columns: int = 1
    what: str = "numbers"
    called: tuple[str, ...] = ()  # the columns' names, where they have any
    scale: float = 1.0
    offset: float = 0.0

    @property
    def features(self) -> int:
        """D, the columns."""
        return self.columns

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names; else their numbers, from 1."""
        return self.called or tuple(str(column) for column in range(1, self.columns + 1))

    @property
    def multiline(self) -> bool:
        """With several columns, a line is a step."""
        return self.columns > 1

    @property
    def hint(self) -> str:
        """What may be typed."""
        if self.columns == 1:
            return "Numbers separated by spaces, commas, semicolons or line breaks, such as 1.5, 2, 0.25."
        names = f" ({', '.join(self.called)})" if self.called else ""
        such_as = " ".join(["0.5"] * self.columns)
        return f"{self.columns} numbers per line{names}, such as {such_as}; a line, or a semicolon, ends a step."

    def encode(self, text: str) -> Encoded:
        """Tokens (the numbers as typed), values (T, columns)."""
        check_text(text)
        bare, warnings = self._without_header(_plain_digits(text))
        if _NOTHING.fullmatch(bare):
            check_steps(0, "numbers" if self.columns == 1 else "lines of numbers")
        reading = meant(bare, self.columns, self.hint)
        warnings += [*_empty_lines(bare), *reading.notes]
        tokens = tuple(" ".join(cells) for cells in reading.cells)
        values = (np.array(reading.values) - self.offset) / self.scale
        return Encoded(tokens, values, (True,) * len(tokens), reading.told(), tuple(warnings))

    def _without_header(self, text: str) -> tuple[str, list[str]]:
        """The text without the words before its first number, and a note of them; lines keep their numbers."""
        start = len(text) - len(text.lstrip())
        end = _first_number(text) if self.columns == 1 else _header_line(text, start)
        header = text[start:end].strip(" \t\r\n,;")
        if not end or not regex.search(r"\p{L}", header):
            return text, []
        words = [word.strip('"“” ') for word in (_CELL.split(header) if _CELL.search(header) else header.split())]
        if any(len(word) > 1 and MISSING.fullmatch(word) for word in words):
            return text, []
        names = [word.casefold() for word in words]
        if names != [*self.called] and sorted(names) == sorted(self.called):
            raise SequenceError(
                f"The header names {', '.join(words)}; this model reads {', '.join(self.called)}, in that order."
            )
        breaks = "\n" * len(_LINE.findall(text[:end]))
        return breaks + text[end:], [f"The header “{header[:40]}{'…' * (len(header) > 40)}” is left out."]


def _plain_digits(text: str) -> str:
    """Digits of any script, and full-width signs, as ASCII has them."""
    if text.isascii():
        return text
    digits = {sign: str(unicodedata.decimal(sign, "")) for sign in {*text} if not sign.isascii()}
    return text.translate(_SIGNS | {ord(sign): digit for sign, digit in digits.items() if digit})


def _first_number(text: str) -> int:
    """Where the first word that begins as a number does starts; 0 where there is none, or it is the first."""
    position = 0
    for word in _GAP.split(text):
        position = text.index(word, position)
        if _NUMBER_LIKE.match(word):
            return position
        position += len(word)
    return 0


def _header_line(text: str, start: int) -> int:
    """Where the first line ends if it has no number and others follow; else 0."""
    line = _LINE.search(text, start)
    if line is None or not text[line.end() :].strip():
        return 0
    header = text[start : line.start()]
    words = _CELL.split(header) if _CELL.search(header) else header.split()
    return 0 if any(_NUMBER_LIKE.match(word.strip(' "')) for word in words) else line.start()


def _empty_lines(text: str) -> list[str]:
    lines = [line.strip() for line in _LINE.split(text.strip())]
    empty = lines.count("")
    return [f"{empty} empty line{'s are' if empty > 1 else ' is'} left out."] if empty else []
