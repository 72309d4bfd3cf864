"""ResetBeforeGRU as a module: nn.GRU's weights, another arithmetic."""

import numpy as np
import pytest
import torch
from torch import nn

import gruviz
from tests.cells import hand
from tests.cells.cases import build, sequence, state


def test_state_dicts_go_both_ways():
    here, there = build("ResetBeforeGRU", seed=1), build("GRU", seed=2)
    assert list(here.state_dict()) == list(there.state_dict())
    assert [p.shape for p in here.parameters()] == [p.shape for p in there.parameters()]
    back = build("ResetBeforeGRU", seed=3)
    there.load_state_dict(here.state_dict(), strict=True)
    back.load_state_dict(there.state_dict(), strict=True)
    assert all(torch.equal(a, b) for a, b in zip(here.parameters(), back.parameters(), strict=True))


def test_same_weights_different_result():
    before, after = build("ResetBeforeGRU", seed=1), build("GRU")
    after.load_state_dict(before.state_dict())
    x, h0 = sequence(8, 3), state(before)
    one, other = gruviz.trace(before, x, h0), gruviz.trace(after, x, h0)
    np.testing.assert_allclose(one["r"][0], other["r"][0], rtol=0, atol=1e-15)  # the gates see the same state first
    assert np.abs(one["n"] - other["n"]).max() > 1e-2
    assert np.abs(one["h"] - other["h"]).max() > 1e-2


def test_same_result_where_nothing_is_reset_and_the_bias_is_shared():
    before, after = build("ResetBeforeGRU", seed=1), build("GRU")
    with torch.no_grad():
        before.bias_ih_l0[:4] = 1e3  # r = 1
    after.load_state_dict(before.state_dict())
    x, h0 = sequence(8, 3), state(before)
    np.testing.assert_allclose(gruviz.trace(before, x, h0)["h"], gruviz.trace(after, x, h0)["h"], rtol=0, atol=1e-14)


def test_forward_by_hand():
    module = build("ResetBeforeGRU", seed=7)
    x, h0 = sequence(6, 2, 3), state(module, 2)
    with torch.no_grad():
        out, last = module(torch.from_numpy(x), torch.from_numpy(h0))
        from_zero, _ = module(torch.from_numpy(x))
    assert out.shape == (6, 2, 4)
    assert torch.equal(last, out[-1:])
    for b in range(2):
        np.testing.assert_allclose(out[:, b], hand.run(module, x[:, b], [h0[:, b]])[0][0]["h"], rtol=0, atol=1e-14)
        zero = [np.zeros((1, 4))]
        np.testing.assert_allclose(from_zero[:, b], hand.run(module, x[:, b], zero)[0][0]["h"], rtol=0, atol=1e-14)


def test_it_can_be_trained():
    module = build("ResetBeforeGRU", features=2, units=2)
    x = torch.from_numpy(sequence(4, 1, 2))
    assert torch.autograd.gradcheck(lambda *_: module(x)[0], tuple(module.parameters()))


@pytest.mark.parametrize("units", [1, 4, 100])
def test_default_weights_are_pytorchs(units):
    module = build("ResetBeforeGRU", units=units, dtype=torch.float32)
    bound = 1 / np.sqrt(units)
    values = torch.cat([p.flatten() for p in module.parameters()])
    assert 0.8 * bound < values.abs().max() <= bound
    torch_values = torch.cat([p.flatten() for p in build("GRU", units=units, dtype=torch.float32).parameters()])
    assert torch.equal(values, torch_values)  # the same draws in the same order


def test_it_is_a_module_like_any_other():
    module = build("ResetBeforeGRU")
    assert isinstance(module, nn.Module)
    assert all(p.requires_grad for p in module.parameters())
    assert (module.input_size, module.hidden_size, module.num_layers, module.bidirectional) == (3, 4, 1, False)
