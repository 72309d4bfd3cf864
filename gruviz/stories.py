"""Stories: settings that show something, where in the sequence it happens, and a sentence computed from the numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from gruviz.errors import ModelError
from gruviz.inputs import label
from gruviz.models import KnobValue, Model, ReadOut
from gruviz.records import Array, Trace
from gruviz.signals import Blend


@dataclass(frozen=True, eq=False)
class Reading:
    """A model that has read a text: its trace, and its answer after each step where it has one (T,)."""

    model: Model
    text: str
    known: tuple[bool, ...]
    trace: Trace
    answers: Array | None


def read(model: Model, text: str) -> Reading:
    """Reads a text; SequenceError where it can't be read."""
    encoded = model.encode(text)
    trace = model.run(encoded)
    return Reading(model, text, encoded.known, trace, model.read_out(trace))


Place = tuple[int, int]  # step (1 to T) and unit


@dataclass(frozen=True)
class Story:
    """A preset: what to set, where to look, what to say. `find` and `tell` work on what was read."""

    key: str
    title: str
    model: str
    sequence: str
    find: Callable[[Reading], Place]
    tell: Callable[[Reading, Place], str]
    knobs: Mapping[str, KnobValue] = field(default_factory=dict)


def mover(reading: Reading, step: int) -> int:
    """The unit that moves most at a step."""
    return int(reading.trace.change()[step - 1].argmax())


def largest_change(reading: Reading) -> Place:
    """Where the answer changes most; without an answer, where the hidden state moves most."""
    if reading.answers is None:
        step = int(reading.trace.change().sum(1).argmax()) + 1
    else:
        step = int(np.abs(_answer_changes(reading)).argmax()) + 1
    return step, mover(reading, step)


def describe(reading: Reading, place: Place) -> str:
    """What happens at a place, for any reading: Markdown."""
    step, unit = place
    trace = reading.trace
    change = float(trace["h"][step - 1, unit] - trace.before("h")[step - 1, unit])
    moved = f"At step {step} ({_quote(reading, step)}) unit {unit} moves most, by {_signed(change)}"
    rule = trace.spec.signal("h").rule
    if isinstance(rule, Blend):
        z, n = (float(trace[key][step - 1, unit]) for key in (rule.gate, rule.new))
        moved += (
            f": its update gate keeps {z:.0%} of the old state and lets {1 - z:.0%} of the candidate ({_signed(n)}) in"
        )
    moved += "."
    return f"{_answer_at(reading, step)} {moved}" if reading.answers is not None else moved


def _turn(reading: Reading, place: Place) -> str:
    words = [token.casefold() for token in reading.trace.tokens]
    but = words.index("but") + 1
    return (
        f"Before “but” the model says {_answer(reading, but - 1)}, after the last word {_answer(reading, len(words))}. "
        f"{describe(reading, place)}"
    )


def _negation(reading: Reading, place: Place) -> str:
    plain = read(reading.model, reading.text.replace("not ", ""))
    return (
        f"With “not” the model ends at {_answer(reading, len(reading.trace))}, "
        f"without it at {_answer(plain, len(plain.trace))}. {describe(reading, place)}"
    )


def _verdict(reading: Reading, place: Place) -> str:
    step, unit = place
    trace = reading.trace
    later = trace["z"][step:, unit]
    if not len(later):
        return describe(reading, place)
    start, end = trace["h"][step - 1, unit], trace["h"][-1, unit]
    return (
        f"{_answer_at(reading, step)} {len(later)} steps later it says {_answer(reading, len(trace))}. "
        f"Unit {unit} went to {_signed(start)} there and ends at {_signed(end)}; "
        f"on the way its update gate kept {later.mean():.0%} a step on average."
    )


def _peak(reading: Reading, place: Place) -> str:
    answers, _ = _answered(reading)
    high, low = int(answers.argmax()) + 1, int(answers.argmin()) + 1
    return (
        f"The answer runs between {_answer(reading, low)} (at {_quote(reading, low)}, step {low}) and "
        f"{_answer(reading, high)} (at {_quote(reading, high)}, step {high}), and ends at "
        f"{_answer(reading, len(answers))}. {describe(reading, place)}"
    )


def _marker(reading: Reading) -> Place:
    return next(i for i, token in enumerate(reading.trace.tokens, 1) if token.endswith("!")), 0


def _latch(reading: Reading, place: Place) -> str:
    step, unit = place
    trace = reading.trace
    z, h = trace["z"][:, unit], trace["h"][:, unit]
    question = trace.tokens.index("?")
    return (
        f"At the marker ({_quote(reading, step)}) the latch's update gate falls to {z[step - 1]:.4f} and the bit is "
        f"written: h = {_signed(h[step - 1], 3)}. Through the {question - step} steps after it the gate keeps at least "
        f"{z[step:question].min():.2%} a step, so at “?” h is still {_signed(h[question], 3)}. There the reader's "
        f"reset gate opens from {trace['r'][question - 1, 1]:.4f} to {trace['r'][question, 1]:.4f}, and unit 1 says "
        f"{_signed(trace['h'][question, 1], 3)}."
    )


def _signed(value: float, digits: int = 2) -> str:
    return f"{value:+.{digits}f}".replace("-", "−")


def _answered(reading: Reading) -> tuple[Array, ReadOut]:
    if reading.answers is None or reading.model.answer is None:
        raise ModelError(f"{reading.model.title} gives no answers; this story needs a model that does.")
    return reading.answers, reading.model.answer


def _answer_changes(reading: Reading) -> Array:
    """(T,), the first against the answer to nothing read (h = 0)."""
    answers, answer = _answered(reading)
    start = 1 / (1 + np.exp(-answer.bias))
    return np.diff(answers, prepend=start)


def _answer(reading: Reading, step: int) -> str:
    answers, answer = _answered(reading)
    return f"{answers[step - 1]:.0%} {answer.label}"


def _answer_at(reading: Reading, step: int) -> str:
    change = 100 * _answer_changes(reading)[step - 1]
    points = f"{change:+.0f} point{'s' * (round(abs(change)) != 1)}".replace("-", "−")
    return f"At {_quote(reading, step)} the answer becomes {_answer(reading, step)} ({points})."


def _quote(reading: Reading, step: int) -> str:
    return f"“{label(reading.trace.tokens[step - 1])}”"


STORIES: tuple[Story, ...] = (
    Story("turn", "A review that turns at “but”", "sentiment-gru",
          "The food was great but the service was terrible.", largest_change, _turn),
    Story("negation", "A negation", "sentiment-gru", "This movie was not good.", largest_change, _negation),
    Story("verdict", "Verdict first, filler after", "sentiment-gru",
          "Terrible movie. I watched it on a plane with my brother.", largest_change, _verdict),
    Story("cereal", "A cereal review", "sentiment-gru",
          "Amazing! This box of cereal gave me a perfectly balanced breakfast, as all things should be. "
          "I will definitely be buying again!", largest_change, _peak),
    Story("latch", "Store a bit, ignore noise, read it", "latch", "0 1 1! 0 0 1 0 0 1 0 ?", _marker, _latch),
    Story("hello", "Random weights read “hello”", "random", "hello", largest_change, describe),
)  # fmt: skip
