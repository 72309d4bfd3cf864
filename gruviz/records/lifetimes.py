"""How long a small change of each unit's memory lives."""

from dataclasses import dataclass

from gruviz.errors import GruvizError
from gruviz.records.trace import Array
from gruviz.signals import CELLS


@dataclass(frozen=True, eq=False)
class Lifetimes:
    """Steps until a change of a unit's memory has fallen to 1/e, (H,): inf where it hadn't after `longest` steps.

    What is changed is one number that is carried on: h of an RNN or GRU, c of an LSTM. What has fallen is the norm of
    the change of the whole state. `sequences` is how many were looked at. The array is read-only.
    """

    cell: str
    steps: Array
    longest: int
    sequences: int

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise GruvizError(f"There is no cell {self.cell!r}; there are {', '.join(CELLS)}.")
        if self.steps.ndim != 1 or not (self.steps >= 0).all():  # a NaN is neither
            raise GruvizError(f"Lifetimes have shape {self.steps.shape}; expected (H,), all of them 0 or more.")
        self.steps.setflags(write=False)
