"""What a trained model met in training, and what to say of a sequence that is unlike it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gruviz.inputs import Encoded
from gruviz.inputs.encoded import counted
from gruviz.models.tasks import TASKS

FILE = Path(__file__).parent / "ranges.json"  # by task, written by `gruviz.training.ranges`
Range = tuple[float, float]
_WHAT = {"words": "words", "characters": "characters", "moves": "moves"}  # other steps are steps


@dataclass(frozen=True, eq=False)
class TrainedOn:
    """The longest sequence and the ranges of the training examples."""

    longest: int
    what: str  # the steps, in the plural
    numbers: tuple[Range, ...]  # of each column, as people type them; none where it reads tokens
    names: tuple[str, ...]  # of the columns
    quantities: Mapping[str, Range]
    measure: Callable[[Sequence[str], Sequence[Sequence[float]]], Mapping[str, float]]
    scale: float = 1.0
    offset: float = 0.0

    def told(self) -> str:
        """For the model's card."""
        said = [f"up to {counted(self.longest, self.what)}"]
        several = len(self.numbers) > 1
        said += [f"{name if several else 'numbers'} from {low:g} to {high:g}"
                 for name, (low, high) in zip(self.names, self.numbers, strict=True)]  # fmt: skip
        said += [phrase.format(f"{low:g}" if low == high else f"{low:g} to {high:g}")
                 for phrase, (low, high) in self.quantities.items()]  # fmt: skip
        return ", ".join(said)

    def warnings(self, encoded: Encoded) -> tuple[str, ...]:
        """What is outside of it in a sequence."""
        said = list[str]()
        if len(encoded.tokens) > self.longest:
            said.append(f"Longer than any sequence it was trained on ({counted(self.longest, self.what)}).")
        typed = (encoded.values * self.scale + self.offset).round(6) if self.numbers else np.empty((0, 0))
        said += self._outside(typed, encoded.tokens)
        for phrase, value in self.measure(encoded.tokens, typed.tolist()).items():
            low, high = self.quantities[phrase]
            if not low <= value <= high:
                has, end = phrase.format(f"{value:g}"), low if value < low else high
                met = f"{'from' if value < low else 'to'} {phrase.format(f'{end:g}')}"
                if low == high:
                    met = f"with {low:g}" if low else "with none"
                said.append(f"{has[0].upper()}{has[1:]}; trained {met}.")
        return tuple(said)

    def _outside(self, typed: Any, tokens: Sequence[str]) -> list[str]:
        """A sentence on each column that has numbers outside its range."""
        said = list[str]()
        for column, (low, high) in enumerate(self.numbers):
            far = np.flatnonzero((typed[:, column] < low) | (typed[:, column] > high))
            if not len(far):
                continue
            word = tokens[far[0]] if len(self.numbers) == 1 else f"{typed[far[0], column]:g}"
            where = f"position {far[0] + 1}" if len(self.numbers) == 1 else f"step {far[0] + 1}, {self.names[column]}"
            more = f" and {len(far) - 1:,} more" if len(far) > 1 else ""
            said.append(f"“{word[:20]}” ({where}){more} outside the range it was trained on, {low:g} to {high:g}.")
        return said


def read_ranges() -> dict[str, Any]:
    """What was measured of each task's training examples."""
    return dict(json.loads(FILE.read_text(encoding="utf-8"))) if FILE.exists() else {}


def trained_on(task: str, encoder: Mapping[str, Any]) -> TrainedOn | None:
    """What the models of a task met; `encoder` is their card's part. None for a task that was never measured."""
    measured = read_ranges().get(task)
    if measured is None or task not in TASKS:
        return None
    return TrainedOn(
        measured["longest"], _WHAT.get(encoder["kind"], "steps"), tuple(map(tuple, measured["numbers"])),
        tuple(encoder.get("names", ())), {name: tuple(ends) for name, ends in measured["quantities"].items()},
        TASKS[task].quantities, encoder.get("scale", 1.0), encoder.get("offset", 0.0),
    )  # fmt: skip
