"""A caller's module, arrays and random state are the same after a trace as before it."""

import random

import numpy as np
import pytest
import torch

import gruviz
from gruviz.errors import ModelError
from tests.cells.cases import KINDS, build, call, parts, sequence, state


def snapshot(module):
    return {
        name: (p, p.detach().clone(), p._version, p.dtype, p.device, p.requires_grad, p.grad, p.data_ptr())
        for name, p in module.named_parameters()
    }


def assert_same(before, after):
    assert list(before) == list(after)
    for name, (one, values, *rest) in before.items():
        other, now, *rest_now = after[name]
        assert one is other
        assert torch.equal(values, now)
        for a, b in zip(rest, rest_now, strict=True):
            assert a is b or a == b


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("kind", KINDS)
def test_parameters_grads_mode_and_type(kind, dtype, training):
    module = build(kind, dtype=dtype).train(training)
    module.weight_hh_l0.requires_grad_(False)
    module.bias_ih_l0.grad = torch.full_like(module.bias_ih_l0, 7)
    grad = module.bias_ih_l0.grad
    before, attributes = snapshot(module), dict(vars(module))
    gruviz.trace(module, sequence(5, 3), state(module))
    assert_same(before, snapshot(module))
    assert module.training is training
    assert module.bias_ih_l0.grad is grad
    assert torch.equal(grad, torch.full_like(grad, 7))
    assert module.weight_ih_l0.grad is None
    assert dict(vars(module)) == attributes
    assert not module._forward_hooks
    assert not module._forward_pre_hooks


@pytest.mark.parametrize("kind", KINDS)
def test_random_states(kind):
    module = build(kind, dtype=torch.float32).train()
    before = torch.get_rng_state(), np.random.get_state(), random.getstate()  # noqa: NPY002
    gruviz.trace(module, sequence(5, 3))
    assert torch.equal(before[0], torch.get_rng_state())
    np.testing.assert_equal(np.random.get_state(), before[1])  # noqa: NPY002
    assert before[2] == random.getstate()


@pytest.mark.parametrize("enabled", [True, False])
def test_grad_mode(enabled):
    with torch.set_grad_enabled(enabled):
        gruviz.trace(build("GRU"), sequence(5, 3))
        with pytest.raises(ModelError):
            gruviz.trace(build("GRU"), sequence(5, 3), layer=9)
        assert torch.is_grad_enabled() is enabled


@pytest.mark.parametrize("kind", ["GRU", "LSTM", "RNN tanh"])
@pytest.mark.parametrize("training", [True, False])
def test_dropout_does_not_matter(kind, training):
    plain = build(kind, layers=3, bidirectional=True)
    module = build(kind, layers=3, bidirectional=True, dropout=0.9).train(training)
    x = sequence(6, 3)
    for layer in range(3):
        np.testing.assert_array_equal(
            gruviz.trace(module, x, layer=layer)["h"], gruviz.trace(plain, x, layer=layer)["h"]
        )
    assert module.dropout == 0.9


@pytest.mark.parametrize("as_given", [np.asarray, torch.from_numpy])
@pytest.mark.parametrize("shape", [(5, 3), (5, 2, 3)])
@pytest.mark.parametrize("kind", KINDS)
def test_the_callers_arrays(kind, shape, as_given):
    module = build(kind)
    x, h0 = sequence(*shape), state(module, *shape[1:-1])
    copies = [x.copy(), *(part.copy() for part in parts(h0))]
    given = tuple(as_given(part) for part in h0) if kind == "LSTM" else as_given(h0)
    trace = gruviz.trace(module, as_given(x), given)
    for mine, copy in zip([x, *parts(h0)], copies, strict=True):
        assert mine.flags.writeable
        np.testing.assert_array_equal(mine, copy)
        mine[...] = 9  # what the caller does later does not reach the trace
    np.testing.assert_array_equal(trace.inputs, copies[0])
    for part, copy in zip(trace.initial.values(), copies[1:], strict=True):
        np.testing.assert_array_equal(part, copy[0])


@pytest.mark.parametrize("kind", KINDS)
def test_later_training_does_not_reach_the_trace(kind):
    module = build(kind)
    trace = gruviz.trace(module, sequence(5, 3))
    kept = {key: trace[key].copy() for key in trace.values}, trace.weights.recurrent.copy(), trace.weights.input.copy()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(1)
    assert all(np.array_equal(trace[key], kept[0][key]) for key in trace.values)
    np.testing.assert_array_equal(trace.weights.recurrent, kept[1])
    np.testing.assert_array_equal(trace.weights.input, kept[2])


@pytest.mark.parametrize("kind", KINDS)
def test_inputs_that_want_gradients(kind):
    module = build(kind)
    x = torch.from_numpy(sequence(5, 3)).requires_grad_()
    trace = gruviz.trace(module, x * 1)
    assert x.grad is None
    np.testing.assert_array_equal(trace["h"], gruviz.trace(module, x.detach())["h"])


def test_a_graph_under_way_can_still_be_differentiated():
    module = build("GRU")
    out, _ = module(torch.from_numpy(sequence(5, 2, 3)))
    gruviz.trace(module, sequence(5, 3))
    out.sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in module.parameters())


def test_the_module_answers_as_before():
    module = build("LSTM", layers=2, bidirectional=True).train()
    x, h0 = sequence(5, 2, 3), state(module, 2)
    before, _ = call(module, x, h0)
    gruviz.trace(module, x, h0, layer=1, reverse=True)
    np.testing.assert_array_equal(call(module, x, h0)[0], before)
