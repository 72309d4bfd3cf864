"""What happens in a reading, in words computed from its numbers, and where to look."""

from collections.abc import Sequence

import numpy as np

from gruviz.errors import ModelError
from gruviz.inputs import label
from gruviz.quantities import share
from gruviz.reading import Reading
from gruviz.records import Answers
from gruviz.signals import Blend

Place = tuple[int, int]  # step (1 to T) and unit


def mover(reading: Reading, step: int) -> int:
    """The unit that moves most at a step."""
    return int(reading.trace.change()[step - 1].argmax())


def largest_change(reading: Reading) -> Place:
    """Where the answer changes most; without an answer, where the hidden state moves most."""
    moves = reading.trace.change().sum(1) if reading.answers is None else reading.answers.change()
    step = int(np.argmax(moves)) + 1
    return step, mover(reading, step)


def describe(reading: Reading, place: Place) -> str:
    """What happens at a place, for any reading."""
    step, unit = place
    trace = reading.trace
    change = float(trace["h"][step - 1, unit] - trace.before("h")[step - 1, unit])
    moved = f"At step {step} ({quote(reading, step)}) unit {unit} moves most, by {signed(change)}"
    rule = trace.spec.signal("h").rule
    if isinstance(rule, Blend):
        z, n = (float(trace[key][step - 1, unit]) for key in (rule.gate, rule.new))
        moved += (
            f": its update gate keeps {share(z)} of the old state and lets {share(1 - z)} of the candidate "
            f"({signed(n)}) in"
        )
    moved += "."
    return f"{answer_at(reading, step)} {moved}" if reading.answers is not None else moved


def answers(reading: Reading) -> Answers:
    """The answers of a model that gives some."""
    if reading.answers is None:
        raise ModelError(f"{reading.model.title} gives no answers; this story needs a model that does.")
    return reading.answers


def answer_at(reading: Reading, step: int) -> str:
    """What the answer becomes at a step."""
    found = answers(reading)
    if found.over(step):
        return f"At {quote(reading, step)} there is {found.text(step)} left."
    return f"At {quote(reading, step)} the answer becomes {found.text(step)} ({found.moved(step)})."


def quote(reading: Reading, step: int) -> str:
    """The token of a step in quotes."""
    return f"“{label(reading.trace.tokens[step - 1])}”"


def signed(value: float, digits: int = 2) -> str:
    """A number with its sign, a true minus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def listed(words: Sequence[str]) -> str:
    """Words with commas, the last after "and"."""
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"
