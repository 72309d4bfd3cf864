"""A model that has read a text, with all that there is to show."""

from collections.abc import Iterable
from dataclasses import dataclass

from gruviz.inputs import Encoded
from gruviz.models import Model
from gruviz.records import Answers, Array, Intervention, Trace, as_interventions


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
    """Reads a text; SequenceError where it can't be read, GruvizError where it can't be changed so."""
    what_if = as_interventions(what_if)
    encoded = model.encode(text, what_if)
    trace = model.run(encoded, what_if)
    return Reading(model, text, encoded, trace, model.answers(trace), what_if)
