"""From the steps of a run to their derivatives: the chain rule through the rules of the cell, part by part."""

from collections.abc import Mapping

import torch

from gruviz.cells.rules import activation, pull_back
from gruviz.gradients.maps import Maps, Scaled, Slopes
from gruviz.gradients.runs import Run
from gruviz.signals import Affine

Tensors = Mapping[str, torch.Tensor]


def linearise(run: Run, span: slice) -> Maps:
    """The derivatives of the steps of a span."""
    values, old = run.signals(span), run.old(span)
    parts = [signal.key for signal in reversed(run.cell.operations) if signal.key in run.cell.state]
    slopes = {part: _slopes(run, span, part, values, old) for part in parts}
    return Maps(run.cell.state, slopes, run.stack.recurrent)


def _slopes(run: Run, span: slice, part: str, values: Tensors, old: Tensors) -> Slopes:
    """Goes from a part of the state back through the signals it is computed from, the last one computed first."""

    def rest(gate: str) -> torch.Tensor:
        rule = run.cell.signal(gate).rule
        assert isinstance(rule, Affine)
        return torch.sigmoid(-run.argument(span, rule))

    slopes, by = Slopes(), {part: torch.ones(1, dtype=torch.float64, device="cpu")}  # by: of the part by each signal
    for signal in reversed(run.cell.operations):
        slope = by.pop(signal.key, None)
        if slope is None:
            continue
        if signal.key in run.cell.state and signal.key != part:
            slopes.parts[signal.key] = slope
        elif isinstance(signal.rule, Affine):
            for gate, more in _affine(run, span, signal.rule, slope, values, old, slopes).items():
                by[gate] = by[gate] + more if gate in by else more
        else:
            reads, slopes.kept = pull_back(signal, slope, values, old, rest)
            for key, more in reads.items():
                by[key] = by[key] + more if key in by else more
    if slopes.scaled:  # the gate's own sum is reached through the product, even where nothing else reaches it
        for scaled in slopes.scaled:
            slopes.by_sum.setdefault(scaled.gate_block, torch.zeros_like(scaled.slope))
            slopes.by_product.setdefault(scaled.gate_block, torch.zeros_like(scaled.slope))
    return slopes


def _affine(
    run: Run,
    span: slice,
    rule: Affine,
    slope: torch.Tensor,
    values: Tensors,
    old: Tensors,
    slopes: Slopes,
) -> dict[str, torch.Tensor]:
    """Adds an activation's to `slopes`; returns those by the gate that scales its recurrent part, if one does."""
    own = slope * activation(rule, run.stack.activation).slope(run.argument(span, rule))
    own = own if rule.sign == 1 else -own
    block, gate = rule.block, rule.scaled_by
    slopes.by_sum[block] = slopes.by_sum[block] + own if block in slopes.by_sum else own
    if gate is None:
        slopes.by_product[block] = slopes.by_sum[block]
        return {}
    if run.stack.reset_after:
        slopes.by_product[block] = own * values[gate]
        return {gate: own * run.products[block][span]}
    gate_rule = run.cell.signal(gate).rule
    assert isinstance(gate_rule, Affine)
    to_gate = old["h"] * activation(gate_rule, run.stack.activation).slope(run.argument(span, gate_rule))
    matrix = run.stack.recurrent[:, block * run.stack.units : (block + 1) * run.stack.units]
    slopes.scaled.append(Scaled(block, gate_rule.block, own, matrix, values[gate], to_gate))
    return {}
