"""Answers that are probabilities of options."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gruviz.common.quantities import brief_share, points, share
from gruviz.records.answers import ACTUAL, Answers, OldNames
from gruviz.records.trace import Array


@dataclass(frozen=True, eq=False)
class Shares(OldNames):
    """Probabilities (T + 1, K) of K options; a row of zeros where none is possible.

    of: the option that a yes-or-no question is about; None: the likeliest one is told. followed: (T,) the index of the
    option that followed each step, -1 where that is unknown or none of them; empty where nothing is predicted.
    none: what there is where no option is possible, in words.
    """

    asked: str
    options: tuple[str, ...]
    shares: Array
    of: int | None = None
    followed: tuple[int, ...] = ()
    none: str = "no answer"

    def __post_init__(self) -> None:
        self.shares.setflags(write=False)

    def __len__(self) -> int:
        return len(self.shares) - 1

    def told(self, step: int) -> int:
        """The index of the option that the answer is about."""
        return int(self.shares[step].argmax()) if self.of is None else self.of

    def ranking(self, step: int, most: int) -> tuple[tuple[str, float], ...]:
        """At most so many options with their shares, the likeliest first; none whose share is 0."""
        row = self.shares[step]
        best = np.argsort(-row, kind="stable")[:most].tolist()
        return tuple((self.options[option], float(row[option])) for option in best if row[option] > 0)

    def text(self, step: int) -> str:
        """The share of the option told, and its name."""
        return self.none if self.over(step) else self._named(step, self.told(step), share)

    def brief(self, step: int) -> str:
        """The share, with its option's name where that is not always the same."""
        if self.over(step):
            return self.none
        return self._named(step, self.told(step), brief_share) if self.of is None else brief_share(self._told(step))

    @property
    def heading(self) -> str:
        """What is asked."""
        return self.asked

    def actual(self, step: int) -> str:
        """The option that followed, and the share it had."""
        if not self.followed or self.followed[step - 1] < 0:
            return ""
        return self._named(step, self.followed[step - 1], share)

    def actual_short(self, step: int) -> str:
        """The option that followed."""
        return self.options[self.followed[step - 1]] if self.actual(step) else ""

    @property
    def beside(self) -> str:
        """What really followed."""
        return ACTUAL

    def _named(self, step: int, option: int, write: Callable[[float], str]) -> str:
        written, name = write(float(self.shares[step, option])), self.options[option]
        return f"{name}, {written}" if self.of is None else f"{written} {name}"

    def _told(self, step: int) -> float:
        return float(self.shares[step, self.told(step)])

    def over(self, step: int) -> bool:
        """Whether no option is possible."""
        return not self.shares[step].any()

    def moved(self, step: int) -> str:
        """Points gained or lost; where another option is told than before, that one."""
        now, before = self.told(step), self.told(step - 1)
        if now != before:
            return f"before: {self.text(step - 1)}"
        return points(float(self.shares[step, now] - self.shares[step - 1, now]))

    def sizes(self) -> Array:
        """The share of the option told."""
        shown: Array = self.shares[1:].max(1) if self.of is None else self.shares[1:, self.of]
        return shown

    def change(self) -> Array:
        """Total variation: half the sum of what the shares change by."""
        moves: Array = np.abs(np.diff(self.shares, axis=0)).sum(1) / 2
        return moves

    def verdict(self, step: int) -> str | None:
        """The likeliest option."""
        row = self.shares[step]
        return self.options[int(row.argmax())] if row.any() else None

    def distance(self, other: Answers) -> Array:
        """Total variation between the two."""
        if not isinstance(other, Shares) or other.options != self.options:
            raise TypeError("These answers have other options.")
        apart: Array = np.abs(self.shares - other.shares)[1:].sum(1) / 2
        return apart
