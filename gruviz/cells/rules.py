"""Each rule of the table of signals as torch computes it, beside its derivative.

A rule works on tensors of any shape that ends in the H units, all at once or a step at a time. `Affine` is cut in two:
what makes its sum (the products with the weights) belongs to whoever runs the cell; here are its activation and slope.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import torch

from gruviz.signals import Affine, Blend, CellUpdate, Gated, Signal

Tensors = Mapping[str, torch.Tensor]
Combination = Blend | CellUpdate | Gated  # the rules that combine signals


@dataclass(frozen=True)
class Activation:
    """A function of a sum, and its slope there.

    Slopes come from the sum, sigmoid(a) sigmoid(-a) and 4 sigmoid(2a) sigmoid(-2a): 1 - tanh(a)^2 would round to zero
    from |a| = 19 on, and the gradient with it.
    """

    value: Callable[..., torch.Tensor]  # of a sum; with out= into another tensor
    slope: Callable[[torch.Tensor], torch.Tensor]


ACTIVATIONS: Mapping[str, Activation] = {
    "sigmoid": Activation(torch.sigmoid, lambda a: torch.sigmoid(a) * torch.sigmoid(-a)),
    "tanh": Activation(torch.tanh, lambda a: 4 * torch.sigmoid(2 * a) * torch.sigmoid(-2 * a)),
    "relu": Activation(partial(torch.clamp, min=0), lambda a: (a > 0).to(a.dtype)),
}


def activation(rule: Affine, own: str) -> Activation:
    """The activation of an affine signal; `own` is the one that the module was built with."""
    return ACTIVATIONS[own if rule.activation == "cell" else rule.activation]


def argument(rule: Affine, total: torch.Tensor) -> torch.Tensor:
    """What the activation is taken of, from the sum W x + b_i + (recurrent part)."""
    return total if (rule.sign, rule.shift) == (1, 0.0) else rule.shift + rule.sign * total


def combine(signal: Signal, values: Tensors, old: Tensors, out: torch.Tensor | None = None) -> torch.Tensor:
    """The value of a signal that combines others, from theirs at this step and from the state one step before."""
    match signal.rule:
        case Blend(gate, new, writes):
            start, end = (old[signal.key], values[new]) if writes else (values[new], old[signal.key])
            return torch.lerp(start, end, values[gate], out=out)
        case CellUpdate(forget, write, new):
            return torch.addcmul(values[write] * values[new], values[forget], old[signal.key], out=out)
        case Gated(gate, inner):
            return torch.mul(values[gate], torch.tanh(values[inner]), out=out)
        case Affine():
            raise TypeError(f"{signal.key} is an activation of a sum; it combines no signals")


def kept(signal: Signal, values: Tensors) -> torch.Tensor:
    """The share of its own value one step before that a signal keeps."""
    match signal.rule:
        case Blend(gate, _, writes):
            return 1 - values[gate] if writes else values[gate]
        case CellUpdate(forget):
            return values[forget]
    raise TypeError(f"{signal.key} keeps nothing of the step before")


def pull_back(
    signal: Signal, slope: torch.Tensor | float, values: Tensors, old: Tensors, rest: Callable[[str], torch.Tensor]
) -> tuple[dict[str, torch.Tensor], torch.Tensor | None]:
    """The derivatives of `combine` times `slope`: by each signal it reads, and by this signal one step before.

    rest: 1 - value of a gate, without the rounding of the subtraction where the gate is close to 1.
    """
    match signal.rule:
        case Blend(gate, new, writes):
            kept, written = (rest(gate), values[gate]) if writes else (values[gate], rest(gate))
            towards_old = old[signal.key] - values[new]
            return {gate: slope * (-towards_old if writes else towards_old), new: slope * written}, slope * kept
        case CellUpdate(forget, write, new):
            by = {forget: slope * old[signal.key], write: slope * values[new], new: slope * values[write]}
            return by, slope * values[forget]
        case Gated(gate, inner):
            shown = values[inner]
            by = {gate: slope * torch.tanh(shown), inner: slope * values[gate] * ACTIVATIONS["tanh"].slope(shown)}
            return by, None
        case Affine():
            raise TypeError(f"{signal.key} is an activation of a sum; it combines no signals")
