"""How long a change lives, beside autograd's own Jacobians."""

import copy
import math

import numpy as np
import pytest
import torch
from torch import nn

from gruviz.errors import GruvizError
from gruviz.measures.lifetimes import FEWEST, lifetimes
from gruviz.records import Lifetimes
from gruviz.signals import CELLS
from tests.cells.cases import build, sequence

KINDS = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}
LENGTHS = np.array([12, 12, 9, 5, 12, 12])


def columns(module, x, length, start):
    """Norms of the columns of ds_(start + k)/d(memory of s_start), (lags, H): autograd through torch's own module."""
    module = copy.deepcopy(module).double()
    parts = len(CELLS[module.mode.split("_")[0]].state)

    def after(memory, steps):
        before = (*(part.detach() for part in states[start][:-1]), memory)
        return torch.cat([part.flatten() for part in run(before, slice(start, start + steps))])

    def run(state, steps):
        part = torch.as_tensor(x[steps], dtype=torch.float64)
        if not len(part):
            return state
        last = module(part, tuple(p[None] for p in state) if parts > 1 else state[0][None])[1]
        return tuple(p[0] for p in last) if parts > 1 else (last[0],)

    zero = tuple(torch.zeros(module.hidden_size, dtype=torch.float64) for _ in range(parts))
    states = [run(zero, slice(0, t)) for t in range(length + 1)]
    memory = states[start][-1].detach()
    jacobians = [
        torch.autograd.functional.jacobian(lambda m, k=k: after(m, k), memory) for k in range(length - start + 1)
    ]
    return np.array([np.linalg.norm(jacobian.numpy(), axis=0) for jacobian in jacobians])


def expected(module, x, lengths):
    changes = [columns(module, x[:, b], n, max(int(n * part), 1)) for b, n in enumerate(lengths) for part in (0, 0.5)]
    curve = []
    for lag in range(max(map(len, changes))):
        living = [change[lag] for change in changes if len(change) > lag]
        if len(living) < min(FEWEST, len(changes)):
            break
        curve.append(np.median(living, axis=0))
    found = []
    for unit in np.log(np.array(curve)).T:
        under = [k for k, log in enumerate(unit) if log <= -1]
        found.append(
            under[0] - 1 + (unit[under[0] - 1] + 1) / (unit[under[0] - 1] - unit[under[0]]) if under else math.inf
        )
    return np.array(found), len(curve) - 1


@pytest.mark.parametrize("kind", list(KINDS))
def test_it_is_what_autograd_finds(kind):
    torch.manual_seed(3)
    module, x = KINDS[kind](3, 5), sequence(12, 6, 3)
    if kind == "LSTM":
        with torch.no_grad():
            module.bias_ih_l0[5:10] += torch.tensor([0.0, 0.5, 1.0, 2.0, 6.0])  # so that some live long
    steps, longest = expected(module, x, LENGTHS)
    found = lifetimes(module, x, LENGTHS)
    assert (found.cell, found.longest, found.sequences) == (kind, longest, 6)
    np.testing.assert_allclose(found.steps, steps, rtol=1e-4)


def test_a_gate_alone_decides_where_nothing_else_acts():
    """With all weights 0, a change of c falls by the forget gate, and 1/e of it is left after the gate's constant."""
    module, biases = nn.LSTM(2, 3), torch.tensor([0.0, 2.0, 30.0])
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.zero_()
        module.bias_ih_l0[3:6] = biases
        module.bias_ih_l0[9:12] = -60.0  # the output gate is shut: h never changes
    found = lifetimes(module, sequence(41, 4, 2), np.full(4, 41))
    np.testing.assert_allclose(found.steps[:2], -1 / np.log(1 / (1 + np.exp(-biases[:2].numpy()))), rtol=1e-4)
    assert found.steps[2] == math.inf
    assert found.longest == 21  # from half-way to the end: further on, too few changes are left for a median


@pytest.mark.parametrize("padding", [0.0, 1e30, np.nan])
def test_padding_does_not_matter(padding):
    module, x = nn.GRU(3, 4), sequence(12, 6, 3)
    plain = lifetimes(module, x, LENGTHS)
    for b, length in enumerate(LENGTHS):
        x[length:, b] = padding
    np.testing.assert_array_equal(lifetimes(module, x, LENGTHS).steps, plain.steps)


def test_the_module_stays_as_it_was():
    module = nn.GRU(3, 4).train()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    lifetimes(module, sequence(12, 6, 3), LENGTHS)
    assert module.training
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    assert module.weight_hh_l0.dtype == torch.float32


@pytest.mark.parametrize("options", [{"layers": 2}, {"bidirectional": True}])
def test_modules_of_more_than_one_layer_are_refused(options):
    with pytest.raises(GruvizError, match="one layer that read forward"):
        lifetimes(build("GRU", **options), sequence(12, 6, 3), LENGTHS)


def test_records_are_checked():
    assert not Lifetimes("GRU", np.array([1.0]), 3, 2).steps.flags.writeable
    for cell, steps, message in (
        ("ELM", [1.0], "no cell 'ELM'"), ("GRU", [-1.0], "0 or more"), ("GRU", [math.nan], "0 or more"),
        ("GRU", [[1.0]], r"shape \(1, 1\)"),
    ):  # fmt: skip
        with pytest.raises(GruvizError, match=message):
            Lifetimes(cell, np.array(steps), 3, 2)
