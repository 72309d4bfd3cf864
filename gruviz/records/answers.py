"""What a model answers, before anything was read and after each step: shares of options, or a number."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from gruviz.common.quantities import brief_share, points, share
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


class _OldNames:
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


@dataclass(frozen=True, eq=False)
class Shares(_OldNames):
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


@dataclass(frozen=True, eq=False)
class Values(_OldNames):
    """Numbers (T + 1,) in a unit, with the numbers that were to be predicted, (T,), NaN where they are unknown.

    baselines: what methods without a network would answer, (T,) each, NaN where they can't. beside: what the target
    is, in a word or two.
    """

    asked: str
    unit: str
    values: Array
    target: Array
    baselines: Mapping[str, Array] = field(default_factory=dict)
    beside: str = ACTUAL

    def __post_init__(self) -> None:
        for array in (self.values, self.target, *self.baselines.values()):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.values) - 1

    @property
    def others(self) -> Mapping[str, Array]:
        """The old name of `baselines`; it goes with version 0.3."""
        warnings.warn("Values.others is now called Values.baselines.", DeprecationWarning, stacklevel=2)
        return self.baselines

    def number(self, value: float) -> str:
        """A value of this kind as it is written: with its unit, two decimals where all are small."""
        digits = 1 if np.abs(self.values).max() >= 10 else 2
        return f"{value:,.{digits}f} {self.unit}".strip().replace("-", "−")

    def bare(self, value: float) -> str:
        """The same without its unit."""
        return self._bare(self.number(value))

    def text(self, step: int) -> str:
        """The number with its unit."""
        return self.number(float(self.values[step]))

    def brief(self, step: int) -> str:
        """The number."""
        return self._bare(self.text(step))

    def _bare(self, text: str) -> str:
        return text.removesuffix(self.unit).rstrip()

    @property
    def heading(self) -> str:
        """What is asked, and its unit."""
        return f"{self.asked}, {self.unit}" if self.unit else self.asked

    def actual(self, step: int) -> str:
        """The number that was to be predicted."""
        target = float(self.target[step - 1])
        return "" if np.isnan(target) else self.number(target)

    def actual_short(self, step: int) -> str:
        """The number that was to be predicted, without its unit."""
        return self._bare(self.actual(step))

    def over(self, step: int) -> bool:  # noqa: ARG002
        """There is always a number."""
        return False

    def moved(self, step: int) -> str:
        """The difference, with its sign."""
        by = float(self.values[step] - self.values[step - 1])
        return ("+" if by > 0 else "") + self.number(by)

    def sizes(self) -> Array:
        """Where the number lies between the lowest and the highest of the sequence."""
        shown = self.values[1:]
        low, high = float(min(shown.min(), 0)), float(shown.max())
        scaled: Array = (shown - low) / (high - low) if high > low else np.zeros_like(shown)
        return scaled

    def change(self) -> Array:
        """The size of the difference, in the unit."""
        moves: Array = np.abs(np.diff(self.values))
        return moves

    def verdict(self, step: int) -> None:  # noqa: ARG002
        """A number is no word."""
        return

    def distance(self, other: Answers) -> Array:
        """The size of the difference, in the unit."""
        if not isinstance(other, Values) or other.unit != self.unit:
            raise TypeError("These answers are in another unit.")
        apart: Array = np.abs(self.values - other.values)[1:]
        return apart

    def errors(self) -> Mapping[str, float]:
        """Mean absolute error over the steps whose target is known: "" is the model's, then those of the baselines.

        A baseline that has no answer at some of these steps is left out: it would be judged on easier ones.
        """
        known = ~np.isnan(self.target)
        if not known.any():
            return {}
        rows = {"": self.values[1:], **self.baselines}
        means = {name: float(np.abs(row - self.target)[known].mean()) for name, row in rows.items()}
        return {name: mean for name, mean in means.items() if not np.isnan(mean)}
