"""What the networks are like at a moment of their training: gradients by lag, gates, timescales."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch

from gruviz.errors import GruvizError
from gruviz.gradients.backward import go_back
from gruviz.gradients.runs import run
from gruviz.gradients.stack import Stack, stack_module
from gruviz.live.source import Source
from gruviz.records import Array
from gruviz.signals import CELLS
from gruviz.training.loop import Batch
from gruviz.training.network import Network

BINS = 20  # of a gate's histogram, from 0 to 1
MOST_SEQUENCES = 32  # of the batch
MOST_STATES = 2**19  # steps x sequences x units: fewer sequences are looked at where they are long


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One network at one moment.

    log10_norm (T,): by lag, from 0 on, log10 of the norm of dL/ds_(end - lag), L the mean loss of the last answers of
    some sequences and s the states of all of them. gates: by key, the share of all values in each of BINS (BINS,).
    timescales (H,): steps in which a unit's keeping gate lets its state fall to 1/e; None where no gate keeps.
    """

    log10_norm: Array
    gates: Mapping[str, Array]
    timescales: Array | None


def snapshot(network: Network, source: Source, batch: Batch) -> Snapshot | None:
    """Of the first sequences of a batch, computed in float64; None where the network's numbers are not finite."""
    with torch.no_grad():
        try:
            one = stack_module(network.rnn)
            x, lengths, targets = _first(network, batch, one.units)
            stack = _repeated(one, len(x))
            states = run(stack, x)
            ends = lengths - 1  # (S,)
            last = states.states[1:][ends, torch.arange(len(ends)), 0]  # (S, H)
            start = _loss_gradient(network, source, last, targets)
            adjoints = go_back(states, start, ends=ends)
        except GruvizError:
            return None
    log10_norm = adjoints.log10_norm().numpy()  # (T, S)
    steps = np.arange(len(log10_norm))[:, None]
    by_lag = np.full(log10_norm.shape, -np.inf)
    real = steps <= ends.numpy()
    by_lag[(ends.numpy() - steps)[real], np.broadcast_to(np.arange(len(ends)), real.shape)[real]] = log10_norm[real]
    gates, kept = {}, None
    for gate in CELLS[stack.cell].gates:
        values = states.values[gate.key][:, :, 0].numpy()[real]  # (real steps, H)
        gates[gate.key] = np.histogram(values, BINS, (0.0, 1.0))[0] / values.size
        if gate.key == CELLS[stack.cell].keeps:
            with np.errstate(divide="ignore"):
                kept = 1 / np.abs(np.log(values).mean(0))
    return Snapshot(_root_of_squares(by_lag), gates, kept)


def _first(network: Network, batch: Batch, units: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """x (S, T, D) float64, lengths (S,), the targets of the last answers (S,)."""
    inputs, lengths, targets = batch
    some = max(1, min(MOST_SEQUENCES, MOST_STATES // (len(inputs) * units)))
    inputs, lengths = inputs[:, :some], lengths[:some]
    x = inputs if network.embedding is None else network.embedding(inputs)
    last = targets[:some] if targets.ndim == 1 else targets[lengths - 1, torch.arange(len(lengths))]
    return x.transpose(0, 1).double(), lengths, last


def _repeated(stack: Stack, sequences: int) -> Stack:
    """A stack of one as a stack of many, without copies."""
    many = {
        name: getattr(stack, name).expand(sequences, -1, -1)
        for name in ("input", "recurrent", "input_bias", "recurrent_bias")
    }
    return replace(stack, **many)


def _loss_gradient(network: Network, source: Source, states: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """dL/dh (S, H) of the mean loss of the answers to these last states."""
    weight, bias = network.head.weight.double(), network.head.bias.double()
    with torch.enable_grad():
        logits = (states @ weight.T + bias).requires_grad_(True)
        loss = source.answer_loss(logits, targets)
    (slope,) = torch.autograd.grad(loss, logits)
    return slope @ weight


def _root_of_squares(log10: Array) -> Array:
    """log10 of the root of the sum of squares over the last axis, of numbers given as log10."""
    top = log10.max(-1)
    with np.errstate(divide="ignore", invalid="ignore"):  # where all are zero
        total = np.log10((10.0 ** (2 * (log10 - top[:, None]))).sum(-1)) / 2
    return np.where(np.isfinite(top), top + total, -math.inf)
