"""A stack of layers run over its inputs, keeping what going back needs.

It works in spans of steps: what is computed for a span stays in the processor's cache, where arrays of a whole run
would be written to memory and read again. Tensors of a run have axes (T, S, 1, H): the 1 is the R of `maps`.

Derivatives of sigmoid and tanh come from their arguments, sigmoid(a) sigmoid(-a) and 4 sigmoid(2a) sigmoid(-2a):
1 - tanh(a)^2 would round to zero from |a| = 19 on, and the gradient with it.
"""

from functools import partial
from typing import Protocol

import numpy as np
import torch

from gruviz.errors import GruvizError
from gruviz.gradients.maps import GRUMaps, LSTMMaps, Maps, ResetBeforeMaps, RNNMaps, product
from gruviz.gradients.stack import Stack
from gruviz.progress import Progress, telling

SPAN = 32


class Run(Protocol):
    """A run of T steps. states (T + 1, S, 1, H) starts with the zero state; `size` is N, the numbers of the state."""

    states: torch.Tensor
    size: int

    def extend(self, span: slice, sums: torch.Tensor) -> None:
        """Runs the steps of a span from sums (steps, S, 1, G*H) = W x_t + b, which it may overwrite."""

    def maps(self, span: slice) -> Maps:
        """The derivatives of the steps of a span."""


def spans(steps: int) -> list[slice]:
    """All steps in spans, in order."""
    return [slice(start, min(start + SPAN, steps)) for start in range(0, steps, SPAN)]


@np.errstate(over="ignore", invalid="ignore")  # what overflows is found below, and said in words
def run(stack: Stack, x: torch.Tensor, progress: Progress = None, end: float = 1.0) -> Run:
    """Runs a stack from a zero state over x (S, T, D); GruvizError where a state stops being a finite number.

    Tells `progress` from 0 to `end`.
    """
    steps = x.shape[1]
    kinds = {"RNN": _RNNRun, "LSTM": _LSTMRun, "GRU": _GRURun if stack.reset_after else _ResetBeforeRun}
    done: Run = kinds[stack.cell](stack, steps)
    weights = stack.input.transpose(1, 2)
    for span in telling(spans(steps), progress, 0.0, end):
        sums = product(x[:, span], weights).add_(stack.input_bias)  # (S, steps, G*H)
        done.extend(span, sums.transpose(0, 1).contiguous()[:, :, None])
    finite = torch.isfinite(done.states[1:]).flatten(1).all(1)
    if not finite.all():
        raise GruvizError(
            f"The state stops being a finite number at step {int(finite.int().argmin()) + 1} of {steps}: "
            "it grew beyond what float64 can hold. Use smaller weights or fewer steps."
        )
    return done


class _RNNRun:
    def __init__(self, stack: Stack, steps: int) -> None:
        self.size = stack.units
        self.recurrent, self.bias = stack.recurrent, stack.recurrent_bias
        self.relu = stack.activation == "relu"
        self.states = _room(stack, steps + 1)
        self.sums = _room(stack, steps)

    def extend(self, span: slice, sums: torch.Tensor) -> None:
        self.sums[span] = sums + self.bias
        act = partial(torch.clamp, min=0) if self.relu else torch.tanh
        to_sums, h = self.recurrent.transpose(1, 2), self.states[span.start]
        for a, h_t in zip(self.sums[span].unbind(0), self.states[_after(span)].unbind(0), strict=True):
            act(a.add_(product(h, to_sums)), out=h_t)
            h = h_t

    def maps(self, span: slice) -> RNNMaps:
        a = self.sums[span]
        return RNNMaps(self.recurrent, (a > 0).double() if self.relu else _tanh_slope(a))


class _GRURun:
    def __init__(self, stack: Stack, steps: int) -> None:
        self.size = stack.units
        self.recurrent, self.bias = stack.recurrent, stack.recurrent_bias
        self.states = _room(stack, steps + 1)
        self.sums, self.gates = _room(stack, steps, 3), _room(stack, steps, 2)
        self.n, self.q = _room(stack, steps), _room(stack, steps)

    def extend(self, span: slice, sums: torch.Tensor) -> None:
        size = self.size
        sums[..., : 2 * size] += self.bias[..., : 2 * size]
        self.sums[span] = sums
        rz_to_sums, n_to_sums = self.recurrent.transpose(1, 2).split_with_sizes((2 * size, size), -1)
        n_bias, h = self.bias[..., 2 * size :], self.states[span.start]
        rows = (
            *self.sums[span].split_with_sizes((2 * size, size), -1),
            self.gates[span],
            *self.gates[span].chunk(2, -1),
            self.q[span],
            self.n[span],
            self.states[_after(span)],
        )
        for a_rz, a_n, gates, r, z, q, n, h_t in zip(*(row.unbind(0) for row in rows), strict=True):
            torch.sigmoid(a_rz.add_(product(h, rz_to_sums)), out=gates)
            torch.add(product(h, n_to_sums), n_bias, out=q)
            torch.tanh(a_n.addcmul_(r, q), out=n)
            h = torch.lerp(n, h, z, out=h_t)

    def maps(self, span: slice) -> GRUMaps:
        r, z = self.gates[span].chunk(2, -1)
        a_r, a_z, a_n = self.sums[span].chunk(3, -1)
        n_sum = torch.sigmoid(-a_z) * _tanh_slope(a_n)
        r_sum = n_sum * self.q[span] * r * torch.sigmoid(-a_r)
        z_sum = (self.states[span] - self.n[span]) * z * torch.sigmoid(-a_z)
        return GRUMaps(self.recurrent, z, torch.stack([r_sum, z_sum, n_sum * r], -2), n_sum)


class _ResetBeforeRun:
    def __init__(self, stack: Stack, steps: int) -> None:
        self.size = stack.units
        self.recurrent, self.bias = stack.recurrent, stack.recurrent_bias
        self.states = _room(stack, steps + 1)
        self.sums, self.gates, self.n = _room(stack, steps, 3), _room(stack, steps, 2), _room(stack, steps)

    def extend(self, span: slice, sums: torch.Tensor) -> None:
        size = self.size
        self.sums[span] = sums + self.bias
        rz_to_sums, n_to_sums = self.recurrent.transpose(1, 2).split_with_sizes((2 * size, size), -1)
        h = self.states[span.start]
        rows = (
            *self.sums[span].split_with_sizes((2 * size, size), -1),
            self.gates[span],
            *self.gates[span].chunk(2, -1),
            self.n[span],
            self.states[_after(span)],
        )
        for a_rz, a_n, gates, r, z, n, h_t in zip(*(row.unbind(0) for row in rows), strict=True):
            torch.sigmoid(a_rz.add_(product(h, rz_to_sums)), out=gates)
            torch.tanh(a_n.add_(product(r * h, n_to_sums)), out=n)
            h = torch.lerp(n, h, z, out=h_t)

    def maps(self, span: slice) -> ResetBeforeMaps:
        r, z = self.gates[span].chunk(2, -1)
        a_r, a_z, a_n = self.sums[span].chunk(3, -1)
        return ResetBeforeMaps(
            self.recurrent,
            r=r,
            z=z,
            r_sum=self.states[span] * r * torch.sigmoid(-a_r),
            z_sum=(self.states[span] - self.n[span]) * z * torch.sigmoid(-a_z),
            n_sum=torch.sigmoid(-a_z) * _tanh_slope(a_n),
        )


class _LSTMRun:
    def __init__(self, stack: Stack, steps: int) -> None:
        self.size = 2 * stack.units
        self.recurrent, self.bias = stack.recurrent, stack.recurrent_bias
        self.states, self.cells = _room(stack, steps + 1), _room(stack, steps + 1)
        self.sums, self.gates, self.shown = _room(stack, steps, 4), _room(stack, steps, 4), _room(stack, steps)

    def extend(self, span: slice, sums: torch.Tensor) -> None:
        self.sums[span] = sums + self.bias
        to_sums, h, c = self.recurrent.transpose(1, 2), self.states[span.start], self.cells[span.start]
        rows = (
            self.sums[span],
            self.sums[span].chunk(4, -1)[2],
            self.gates[span],
            *self.gates[span].chunk(4, -1),
            self.cells[_after(span)],
            self.shown[span],
            self.states[_after(span)],
        )
        for a, a_g, gates, i, f, g, o, c_t, shown, h_t in zip(*(row.unbind(0) for row in rows), strict=True):
            torch.sigmoid(a.add_(product(h, to_sums)), out=gates)
            torch.tanh(a_g, out=g)
            c = torch.addcmul(i * g, f, c, out=c_t)
            h = torch.mul(o, torch.tanh(c, out=shown), out=h_t)

    def maps(self, span: slice) -> LSTMMaps:
        i, f, g, o = self.gates[span].chunk(4, -1)
        a_i, a_f, a_g, a_o = self.sums[span].chunk(4, -1)
        i_sum, f_sum = g * i * torch.sigmoid(-a_i), self.cells[span] * f * torch.sigmoid(-a_f)
        return LSTMMaps(
            self.recurrent,
            c=o * _tanh_slope(self.cells[_after(span)]),
            ifg=torch.stack([i_sum, f_sum, i * _tanh_slope(a_g)], -2),
            o=self.shown[span] * o * torch.sigmoid(-a_o),
            f=f,
        )


def _room(stack: Stack, steps: int, blocks: int = 1) -> torch.Tensor:
    return stack.input.new_zeros(steps, stack.input.shape[0], 1, blocks * stack.units)


def _after(span: slice) -> slice:
    """Where states with the zero state in front hold what the steps of a span lead to."""
    return slice(span.start + 1, span.stop + 1)


def _tanh_slope(a: torch.Tensor) -> torch.Tensor:
    return 4 * torch.sigmoid(2 * a) * torch.sigmoid(-2 * a)
