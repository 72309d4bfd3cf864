"""A cell computed as its row of the table says: one step, or all steps at once where the states are known."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import linear

from gruviz.cells.changes import Changes, Held
from gruviz.cells.rules import activation, argument, combine, kept
from gruviz.signals import Affine, Cell, Signal

Signals = dict[str, torch.Tensor]
_NOTHING_HELD: Held = {}


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer and direction: recurrent (G*H, H), bias (G*H,) or None; and how its module differs from the row."""

    cell: Cell
    recurrent: torch.Tensor
    bias: torch.Tensor | None
    activation: str = "tanh"  # of a signal whose activation the module chooses
    reset_after: bool = True  # where the gate that scales the recurrent part acts

    @property
    def units(self) -> int:
        """H, the number of hidden units."""
        return int(self.recurrent.shape[1])


def signals(
    layer: Layer,
    from_input: torch.Tensor,
    initial: Mapping[str, torch.Tensor],
    old: Signals,
    held: Held = _NOTHING_HELD,
) -> Signals:
    """Every signal (..., H) in the order of computing, from W x + b_i (..., G*H) and the state one step before.

    old: each part of the state one step before. Where a part is not known it is carried along the first axis, time,
    from `initial`; h must be known, and with `held` every part. held: for signals that are held somewhere, where and at
    what.
    """
    size, h, values = layer.units, old["h"], Signals()
    rows = slice(None) if layer.reset_after else slice(size * layer.cell.plain_blocks)
    from_state = _product(layer, h, rows)
    for signal in layer.cell.operations:
        rule = signal.rule
        if isinstance(rule, Affine):
            block = slice(rule.block * size, (rule.block + 1) * size)
            if rule.scaled_by is None:
                recurrent = from_state[..., block]
            elif layer.reset_after:
                recurrent = values[rule.scaled_by] * from_state[..., block]
            else:
                recurrent = _product(layer, values[rule.scaled_by] * h, block)
            act = activation(rule, layer.activation)
            values[signal.key] = act.value(argument(rule, from_input[..., block] + recurrent))
        elif signal.key in layer.cell.state and signal.key not in old:
            values[signal.key] = _carried(signal, values, initial[signal.key])
        else:
            values[signal.key] = combine(signal, values, old)
        if signal.key in held:
            where, value = held[signal.key]
            values[signal.key] = torch.where(where, value, values[signal.key])
    return values


def states(
    layer: Layer, from_input: torch.Tensor, initial: Mapping[str, torch.Tensor], changes: Changes | None = None
) -> Mapping[str, list[torch.Tensor]]:
    """Every part of the state after each step, from W x + b_i (T, ..., G*H): a loop over time, for want of a kernel.

    changes: see there; its shift is in `from_input` already.
    """
    old, after = dict(initial), {part: list[torch.Tensor]() for part in layer.cell.state}
    for t, step in enumerate(from_input):
        values = signals(layer, step, initial, old, _NOTHING_HELD if changes is None else changes.held_at(t))
        if changes is not None and changes.skipped is not None:
            values |= {part: torch.where(changes.skipped[t], old[part], values[part]) for part in layer.cell.state}
        old = {part: values[part] for part in layer.cell.state}
        for part, value in old.items():
            after[part].append(value)
    return after


def _product(layer: Layer, h: torch.Tensor, rows: slice) -> torch.Tensor:
    return linear(h, layer.recurrent[rows], None if layer.bias is None else layer.bias[rows])


def _carried(signal: Signal, values: Signals, first: torch.Tensor) -> torch.Tensor:
    """A part of the state that the kernel does not return, step by step: NumPy is quicker at such small sums."""
    share = kept(signal, values).cpu().numpy()
    written = combine(signal, values, {signal.key: torch.zeros_like(first)}).cpu().numpy()
    part, parts = first.cpu().numpy(), np.empty_like(written)
    for t in range(len(parts)):
        part = share[t] * part + written[t]
        parts[t] = part
    return torch.from_numpy(parts).to(first.device)
