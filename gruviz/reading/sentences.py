"""What happens in a reading, in words computed from its numbers, and where to look."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gruviz.errors import ModelError
from gruviz.inputs import label
from gruviz.reading.reading import Reading
from gruviz.records import Answers


class StepAndUnit(NamedTuple):
    """Where to look: a step (1 to T), and a unit counted from 0."""

    step: int
    unit: int


def mover(reading: Reading, step: int) -> int:
    """The unit that moves most at a step."""
    return int(reading.trace.change()[step - 1].argmax())


def largest_change(reading: Reading) -> StepAndUnit:
    """Where the answer changes most; without an answer, where the hidden state moves most."""
    moves = reading.trace.change().sum(1) if reading.answers is None else reading.answers.change()
    step = int(np.argmax(moves)) + 1
    return StepAndUnit(step, mover(reading, step))


def overview(reading: Reading) -> str:
    """Where in any reading most happens; the stepper tells what happens at the step that it shows."""
    step, _ = largest_change(reading)
    if reading.answers is None:
        return f"The hidden state moves most at step {step} ({quote(reading, step)})."
    return f"The answer changes most at step {step}. {answer_at(reading, step)}"


def answers_of(reading: Reading) -> Answers:
    """The answers of a model that gives some."""
    if reading.answers is None:
        raise ModelError(f"{reading.model.title} gives no answers; this story needs a model that does.")
    return reading.answers


def answer_at(reading: Reading, step: int) -> str:
    """What the answer becomes at a step."""
    answers = answers_of(reading)
    if answers.over(step):
        return f"At {quote(reading, step)} there is {answers.text(step)} left."
    return f"At {quote(reading, step)} the answer becomes {answers.text(step)} ({answers.moved(step)})."


def quote(reading: Reading, step: int) -> str:
    """The token of a step in quotes."""
    return f"“{label(reading.trace.tokens[step - 1])}”"


def signed(value: float, digits: int = 2) -> str:
    """A number with its sign, a true minus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def listed(words: Sequence[str]) -> str:
    """Words with commas, the last after "and"."""
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"
