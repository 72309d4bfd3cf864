"""A model that has read a text, with all that there is to show."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from gruviz.inputs import Encoded
from gruviz.models import Model
from gruviz.records import Answers, Array, Intervention, Trace, as_interventions
from gruviz.records.interventions import from_the_end


@dataclass(frozen=True, eq=False)
class Reading:
    """A text, what was understood of it, its trace, and its answers where the model has a read-out."""

    model: Model
    text: str
    encoded: Encoded
    trace: Trace
    answers: Answers | None
    what_if: tuple[Intervention, ...] = ()  # what was changed in the run

    @property
    def known(self) -> tuple[bool, ...]:
        """Whether the model knew each token."""
        return self.encoded.known

    def direction(self, step: int) -> Array | None:
        """The derivative of the answer told after a step (1 to T) by h, (H,); None where there is no answer."""
        return None if self.model.read_out is None else self.model.read_out.direction(self.trace, step)


def read(model: Model, text: str, what_if: Iterable[Intervention] = ()) -> Reading:
    """Reads a text; a layer that reads from the end is told in the order in which it reads: step 1 is the last token.

    The steps of `what_if` are counted in that order, too, as they are on screen, where `Model.trace` counts those of
    the text. SequenceError where the text can't be read, GruvizError where the run can't be changed so.
    """
    what_if = as_interventions(what_if)
    if model.view[1]:
        count = len(model.encode(text).tokens)
        by_token = tuple(from_the_end(change, count) for change in what_if)
        encoded = model.encode(text, by_token)
        trace = _turned_trace(model.run(encoded, by_token), what_if)
        encoded = _turned(encoded)
    else:
        encoded = model.encode(text, what_if)
        trace = model.run(encoded, what_if)
    answers = model.answers(trace) if model.view == model.answers_at else None
    return Reading(model, text, encoded, trace, answers, what_if)


def _turned_trace(trace: Trace, what_if: tuple[Intervention, ...]) -> Trace:
    """The trace of a layer that reads from the end, in the order in which it reads."""
    return replace(
        trace,
        values={key: np.ascontiguousarray(signal[::-1]) for key, signal in trace.values.items()},
        inputs=np.ascontiguousarray(trace.inputs[::-1]),
        tokens=trace.tokens[::-1],
        reverse=False,
        from_end=True,
        what_if=what_if,
    )


def _turned(encoded: Encoded) -> Encoded:
    return replace(
        encoded,
        tokens=encoded.tokens[::-1],
        values=np.ascontiguousarray(encoded.values[::-1]),
        known=encoded.known[::-1],
        read_as=f"{encoded.read_as}, right to left: the last one first",
    )
