"""Answers that are numbers in a unit, beside those that were to be predicted."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gruviz.records.answers import ACTUAL, Answers, OldNames
from gruviz.records.trace import Array


@dataclass(frozen=True, eq=False)
class Values(OldNames):
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
