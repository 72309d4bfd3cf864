"""What is changed in a run to see what follows: a signal is held, a bias shifted, a step skipped, a token replaced.

Steps are counted as in the arrays, from 0: `steps` is an index, a slice without a stride, or None for all of them, and
means what it means in `trace["z"][steps]`. `units` is a unit's index, several of them, or None for all. The records
keep both in one form, so that equal interventions are equal: steps as a pair (start, stop), units as a tuple.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from gruviz.errors import GruvizError, whole_number

Span = tuple[int | None, int | None]  # start and stop, as in a slice


@dataclass(frozen=True)
class Hold:
    """A signal is `value` whatever it would have been: a gate, the candidate, or a part of the state.

    What is computed from the signal uses the held value: step t + 1 starts from a state that is held at step t, and the
    answer is read from it. `Hold("h", 0.0, units=3)` silences unit 3; `Hold("h", 0.0, steps=5)` makes the network
    forget what it read up to step index 5. Where two holds overlap, the later one counts. layer, reverse: None for
    those that the trace looks at.
    """

    signal: str
    value: float
    units: int | Iterable[int] | None = None
    steps: int | slice | Span | None = None
    layer: int | None = None
    reverse: bool | None = None

    def __post_init__(self) -> None:
        _settle(self, value=_finite(self.value, "value"))


@dataclass(frozen=True)
class Shift:
    """`by` is added to the input bias b_i of the signal's rows of weights; shifts add up.

    Of signals that share rows (JANET's f and i) both are shifted.
    """

    signal: str
    by: float
    units: int | Iterable[int] | None = None
    steps: int | slice | Span | None = None
    layer: int | None = None
    reverse: bool | None = None

    def __post_init__(self) -> None:
        _settle(self, by=_finite(self.by, "by"))


@dataclass(frozen=True)
class Skip:
    """These steps are not read: in every layer and direction the state goes on as it was, as if they were not there.

    They keep their place in the trace. What the gates and the candidate would have been is shown there; it has no
    effect. sequences: the indices of the sequences of a batch that skip them, None for all.
    """

    steps: int | slice | Span
    sequences: int | Iterable[int] | None = None

    def __post_init__(self) -> None:
        if self.steps is None:
            raise GruvizError("A network that skips every step reads nothing; say which steps to skip.")
        object.__setattr__(self, "steps", _span(self.steps))
        object.__setattr__(self, "sequences", _indices(self.sequences, "sequences"))


@dataclass(frozen=True)
class Replace:
    """The token of a step (an index) is read as another one; with None, as the vocabulary's unknown token.

    It is for texts, which a `Model` reads. `gruviz.trace` reads inputs: change their row instead.
    """

    step: int
    token: str | None

    def __post_init__(self) -> None:
        if whole_number(self.step, "step", "an index counted from 0") < 0:
            raise GruvizError(f"step is {self.step}; it is an index counted from 0.")
        if self.token is not None and not isinstance(self.token, str):
            raise GruvizError(f"token is {self.token!r}; give a text, or None for the unknown token.")


Intervention = Hold | Shift | Skip | Replace


def from_the_end(change: Intervention, count: int) -> Intervention:
    """The same change of a sequence of `count` steps that are counted from its end: step 0 is then the last one.

    What lies outside of the sequence stays as it is.
    """
    if isinstance(change, Replace):
        return replace(change, step=count - 1 - change.step) if change.step < count else change
    if change.steps is None:
        return change
    start, stop, _ = slice(*change.steps).indices(count)  # type: ignore[misc]
    return replace(change, steps=(count - stop, count - start)) if start < stop else change


def as_interventions(what_if: Any) -> tuple[Intervention, ...]:
    """One intervention or several, as a tuple; GruvizError for anything else."""
    if isinstance(what_if, Intervention):
        return (what_if,)
    given = tuple(what_if) if isinstance(what_if, Iterable) and not isinstance(what_if, str) else (what_if,)
    for each in given:
        if not isinstance(each, Intervention):
            kinds = ", ".join(kind.__name__ for kind in (Hold, Shift, Skip, Replace))
            raise GruvizError(f"what_if holds {each!r}; give interventions ({kinds}), as in [Hold('z', 1.0)].")
    return given


def _settle(record: Hold | Shift, **numbers: float) -> None:
    if not isinstance(record.signal, str):
        raise GruvizError(f"signal is {record.signal!r}; give its key, as in 'z'.")
    if record.layer is not None:
        numbers["layer"] = whole_number(record.layer, "layer", "counted from 0")
    values = {"units": _indices(record.units, "units"), "steps": _span(record.steps), **numbers}
    for name, value in values.items():
        object.__setattr__(record, name, value)


def _finite(value: Any, name: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or isinstance(value, str | bool):
        raise GruvizError(f"{name} is {value!r}; it is a finite number.")
    return number + 0.0  # no -0.0: equal numbers are written alike


def _indices(given: Any, name: str) -> tuple[int, ...] | None:
    """None, or indices from 0 up in order, each once."""
    if given is None:
        return None
    several = given if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    indices = sorted({whole_number(each, name, "an index counted from 0, or several") for each in several})
    if not indices or indices[0] < 0:
        value = "empty" if not indices else str(indices[0])
        raise GruvizError(f"{name} is {value}; give indices counted from 0, or None for all.")
    return tuple(indices)


def _span(given: Any) -> Span | None:
    """None for all steps, or start and stop."""
    meaning = "an index, a slice as in slice(4, 9), or None for all steps"
    if isinstance(given, slice):
        if given.step not in (None, 1):
            raise GruvizError(f"steps is {given!r}; a slice of steps takes no stride.")
        given = (given.start, given.stop)
    if isinstance(given, tuple) and len(given) == 2:
        start, stop = (None if end is None else whole_number(end, "steps", meaning) for end in given)
        if start is not None and stop is not None and (start < 0) == (stop < 0) and stop <= start:
            raise GruvizError(f"steps is {start} to {stop}, which holds no step; it is {meaning}.")
        return None if start is stop is None else (start, stop)
    if given is None:
        return None
    index = whole_number(given, "steps", meaning)
    return index, None if index == -1 else index + 1
