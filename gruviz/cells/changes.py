"""Interventions as tensors for one layer and direction, checked against the module and the sequence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from gruviz.errors import GruvizError, ModelError
from gruviz.records import Hold, Intervention, Replace, Shift, Skip
from gruviz.signals import Affine, Cell, Signal

Held = Mapping[str, tuple[torch.Tensor, torch.Tensor]]  # by signal: where it is held (bool), and at what


@dataclass(frozen=True, eq=False)
class Changes:
    """What is changed in one layer and direction, time first, in the order in which it reads.

    held: for each signal that is held somewhere, two tensors (T, 1, H). shift: (T, 1, G*H), added to W x + b_i; None
    for no shift. skipped: (T, B, 1), the steps at which the state goes on as it was; None for none.
    """

    held: Held
    shift: torch.Tensor | None = None
    skipped: torch.Tensor | None = None

    def held_at(self, t: int) -> Held:
        """What is held at one step, (1, H) each."""
        return {key: (where[t], value[t]) for key, (where, value) in self.held.items()}

    def shifted(self, from_input: torch.Tensor) -> torch.Tensor:
        """W x + b_i (T, B, G*H) with the shifts."""
        return from_input if self.shift is None else from_input + self.shift


@dataclass(frozen=True)
class Size:
    """What interventions must fit: a cell, its module's size, the sequence's, and the layer and direction looked at."""

    cell: Cell
    units: int
    layers: int
    directions: int
    steps: int
    batch: int
    bounded: bool  # whether the module's own activation stays within the table's bounds
    layer: int = 0
    reverse: bool = False


def check_interventions(what_if: Sequence[Intervention], size: Size) -> None:
    """GruvizError for the first intervention that this module, or a sequence of this length, has no place for."""
    for each in what_if:
        match each:
            case Replace():
                raise GruvizError(
                    "Replace is for texts, which a model reads: model.trace(text, what_if=[...]). Here inputs are "
                    "read; change the row of the inputs instead."
                )
            case Skip():
                _check_indices(each.sequences, size.batch, "sequence", "this batch has sequences")
            case Hold() | Shift():
                _check_placed(each, size)
        selected(each.steps, size.steps)


def _check_placed(each: Hold | Shift, size: Size) -> None:
    signal = next((signal for signal in size.cell.signals if signal.key == each.signal), None)
    if signal is None:
        keys = ", ".join(signal.key for signal in size.cell.signals)
        raise GruvizError(f"Signal {each.signal!r} was to be changed; this {size.cell.name} has {keys}.")
    _check_indices(each.units, size.units, "unit", "this module has units")
    if each.layer is not None and not 0 <= each.layer < size.layers:
        raise ModelError(f"Layer {each.layer} was to be changed; this module has layers 0 to {size.layers - 1}.")
    if each.reverse and size.directions == 1:
        raise ModelError("The reverse direction was to be changed; this module reads forward only.")
    if isinstance(each, Hold):
        _check_value(each.value, signal, size)
    elif not isinstance(signal.rule, Affine):
        own = ", ".join(s.key for s in size.cell.signals if isinstance(s.rule, Affine))
        raise GruvizError(f"{signal.key}, the {signal.name}, has no bias; those of {own} can be shifted.")


def _check_value(value: float, signal: Signal, size: Size) -> None:
    own = isinstance(signal.rule, Affine) and signal.rule.activation == "cell"
    if own and not size.bounded:
        if value < 0:
            raise GruvizError(f"{signal.key} was to be held at {value:g}; after a ReLU it is 0 or more.")
    elif signal.low is not None and signal.high is not None and not signal.low <= value <= signal.high:
        raise GruvizError(
            f"{signal.key}, the {signal.name}, was to be held at {value:g}; it lies between {signal.low:g} and "
            f"{signal.high:g}."
        )


def _check_indices(indices: Any, count: int, what: str, there: str) -> None:
    if indices is not None and indices[-1] >= count:
        raise GruvizError(f"{what.capitalize()} {indices[-1]} was to be changed; {there} 0 to {count - 1}.")


def selected(steps: Any, count: int) -> slice:
    """The steps of a sequence that an intervention selects; GruvizError where there are none."""
    span = slice(None) if steps is None else slice(*steps)
    start, stop, _ = span.indices(count)
    if start >= stop:
        where = f"[{'' if span.start is None else span.start}:{'' if span.stop is None else span.stop}]"
        raise GruvizError(f"Steps {where} were to be changed; this sequence has step indices 0 to {count - 1}.")
    return slice(start, stop)


def changes(what_if: Sequence[Intervention], size: Size, layer: int, reverse: bool, like: torch.Tensor) -> Changes:
    """What checked interventions change in one layer and direction; tensors on the device and of the type of `like`."""
    held: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
    shift = skipped = None
    for each in what_if:
        steps = selected(each.steps, size.steps) if not isinstance(each, Replace) else slice(0)
        if isinstance(each, Skip):
            if skipped is None:
                skipped = torch.zeros(size.steps, size.batch, 1, dtype=torch.bool, device=like.device)
            skipped[steps, _index(each.sequences)] = True
        elif isinstance(each, Hold | Shift) and _acts_on(each, size, layer, reverse):
            if isinstance(each, Hold):
                if each.signal not in held:
                    where = torch.zeros(size.steps, 1, size.units, dtype=torch.bool, device=like.device)
                    held[each.signal] = where, like.new_zeros(where.shape)
                where, value = held[each.signal]
                where[steps, 0, _index(each.units)] = True
                value[steps, 0, _index(each.units)] = each.value
            else:
                if shift is None:
                    shift = like.new_zeros(size.steps, 1, len(size.cell.blocks), size.units)
                rule = size.cell.signal(each.signal).rule
                assert isinstance(rule, Affine)
                shift[steps, 0, rule.block, _index(each.units)] += each.by
    if reverse:
        held = {key: (where.flip(0), value.flip(0)) for key, (where, value) in held.items()}
        shift, skipped = (None if part is None else part.flip(0) for part in (shift, skipped))
    return Changes(held, None if shift is None else shift.flatten(2), skipped)


def _acts_on(each: Hold | Shift, size: Size, layer: int, reverse: bool) -> bool:
    own_layer = size.layer if each.layer is None else each.layer
    own_direction = size.reverse if each.reverse is None else each.reverse
    return (own_layer, own_direction) == (layer, reverse)


def _index(indices: Any) -> Any:
    return slice(None) if indices is None else list(indices)
