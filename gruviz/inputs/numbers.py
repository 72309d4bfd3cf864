"""Numbers as typed or pasted from a spreadsheet: one or several columns."""

import math
import re
from dataclasses import dataclass

import numpy as np

from gruviz.errors import SequenceError
from gruviz.inputs.encoded import Encoded
from gruviz.inputs.limits import check_steps, check_text

_GAP = re.compile(r"[\s,;]+")
_ROW_END = re.compile(r";|\r\n|\r|\n")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
LARGEST = 1e6


@dataclass(frozen=True)
class NumberEncoder:
    """Reads `columns` numbers a step; the network gets (number - offset) / scale.

    One column: numbers with commas, spaces, tabs, semicolons or line breaks between them, in any mix. Several: a
    step a line (or semicolon), its numbers with commas, spaces or tabs between them. Decimals use a point.
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
            return "Numbers with commas, spaces, semicolons or line breaks between them; decimals use a point."
        names = f" ({', '.join(self.called)})" if self.called else ""
        return f"{self.columns} numbers a line{names}, or with semicolons: one line is one step. Decimals use a point."

    def encode(self, text: str) -> Encoded:
        """Tokens (the numbers as typed), values (T, columns)."""
        check_text(text)
        lines = [[word for word in _GAP.split(line) if word] for line in _ROW_END.split(text)]
        if self.columns == 1:
            lines = [[word] for line in lines for word in line]
        rows = [(number, line) for number, line in enumerate(lines, 1) if line]  # a line's number is as typed
        check_steps(len(rows), "numbers" if self.columns == 1 else "lines of numbers")
        values = np.empty((len(rows), self.columns))
        for step, (number, row) in enumerate(rows):
            if len(row) != self.columns:
                raise SequenceError(
                    f"Line {number} holds {len(row)} number{'s' * (len(row) != 1)} ({' '.join(row)[:40]}). "
                    f"This model reads {self.columns} a line."
                )
            for column, word in enumerate(row, 1):
                where = f"position {number}" if self.columns == 1 else f"line {number}, column {column}"
                values[step, column - 1] = self._number(word, where)
        tokens = tuple(" ".join(row) for _, row in rows)
        return Encoded(tokens, (values - self.offset) / self.scale, (True,) * len(rows))

    def _number(self, word: str, where: str) -> float:
        plain = word.replace("−", "-")  # the minus sign that spreadsheets and web pages use
        if not _NUMBER.fullmatch(plain):
            raise SequenceError(f"“{word[:40]}” at {where} is not a number. {self.hint}")
        value = float(plain)
        if not math.isfinite(value) or abs(value) > LARGEST:
            raise SequenceError(
                f"“{word[:40]}” at {where} is outside the range: numbers from {-LARGEST:,.0f} to {LARGEST:,.0f}."
            )
        return value
