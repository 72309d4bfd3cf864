"""A model that has read a text, with all that there is to show."""

from dataclasses import dataclass

from gruviz.models import Model
from gruviz.records import Answers, Array, Trace


@dataclass(frozen=True, eq=False)
class Reading:
    """A text, whether the model knew each token, its trace, and its answers where it has a read-out."""

    model: Model
    text: str
    known: tuple[bool, ...]
    trace: Trace
    answers: Answers | None

    def direction(self, step: int) -> Array | None:
        """The derivative of the answer told after a step (1 to T) by h, (H,); None where there is no answer."""
        return None if self.model.answer is None else self.model.answer.direction(self.trace, step)


def read(model: Model, text: str) -> Reading:
    """Reads a text; SequenceError where it can't be read."""
    encoded = model.encode(text)
    trace = model.run(encoded)
    return Reading(model, text, encoded.known, trace, model.answers(trace))
