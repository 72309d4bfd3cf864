"""What a model answers, before anything was read and after each step: what every kind of answer says."""

import warnings
from typing import Protocol

from gruviz.records.trace import Array

ACTUAL = "actual"  # what an answer predicted, once it is known


class Answers(Protocol):
    """T + 1 answers of a model to one sequence: row 0 to nothing read, row t after step t."""

    @property
    def asked(self) -> str:
        """What is asked for, in a word or two: "positive", "origin", "next month"."""
        ...

    def __len__(self) -> int: ...

    def text(self, step: int) -> str:
        """The answer after a step in words: "54% positive", "Italian, 54%", "89.2 sunspots"."""
        ...

    def brief(self, step: int) -> str:
        """The same without what `heading` says already: "54%", "Italian, 54%", "89.2"."""
        ...

    @property
    def heading(self) -> str:
        """What stands above brief answers: "positive", "next month, sunspots"."""
        ...

    def actual(self, step: int) -> str:
        """What was to be predicted, where it is known, in words: "c5, 41%", "89.2 sunspots"; else ""."""
        ...

    def actual_short(self, step: int) -> str:
        """The same without share or unit: "c5", "89.2"."""
        ...

    @property
    def beside(self) -> str:
        """What `actual` and `actual_short` say, in a word or two: "actual", or "sum so far"."""
        ...

    def over(self, step: int) -> bool:
        """Whether nothing is left to answer after a step: `text` then says what there is none of."""
        ...

    def moved(self, step: int) -> str:
        """How the answer after a step differs from the one before, in words."""
        ...

    def sizes(self) -> Array:
        """A number in [0, 1] for each step (T,), for small bars."""
        ...

    def change(self) -> Array:
        """How far each step moves the answer, (T,), not negative."""
        ...

    def verdict(self, step: int) -> str | None:
        """The answer as one of a few words, which another model's can be equal to; None for a number."""
        ...

    def distance(self, other: "Answers") -> Array:
        """How far another model's answers to the same sequence are, (T,): as in `change`."""
        ...


class OldNames:
    """What `actual` and `actual_short` were called; it goes with version 0.3."""

    def actual(self, step: int) -> str:
        """What was to be predicted, in words."""
        raise NotImplementedError

    def actual_short(self, step: int) -> str:
        """The same without share or unit."""
        raise NotImplementedError

    def came(self, step: int) -> str:
        """The old name of `actual`."""
        warnings.warn("Answers.came is now called Answers.actual.", DeprecationWarning, stacklevel=2)
        return self.actual(step)

    def outcome(self, step: int) -> str:
        """The old name of `actual_short`."""
        warnings.warn("Answers.outcome is now called Answers.actual_short.", DeprecationWarning, stacklevel=2)
        return self.actual_short(step)
