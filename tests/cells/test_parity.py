"""gruviz.trace against a NumPy loop written here, the modules themselves, and single-layer modules stepped by hand."""

import numpy as np
import pytest
import torch
from torch import nn

import gruviz
from tests.cells import hand
from tests.cells.cases import KINDS, ROWS, build, call, parts, places, sequence, state

NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
DEEP = [kind for kind in KINDS if kind not in ROWS]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", DEEP)
def test_numpy_loop_in_every_layer_and_direction(kind, bias):
    module = build(kind, layers=3, bidirectional=True, bias=bias, seed=5)
    x, h0 = sequence(9, 2, 3), state(module, 2)
    for b in range(2):
        expected = hand.run(module, x[:, b], [part[:, b] for part in parts(h0)])
        for layer, reverse in places(module):
            trace = gruviz.trace(module, x, h0, layer, reverse)
            assert set(trace.values) == set(expected[layer][reverse])
            for key, values in expected[layer][reverse].items():
                np.testing.assert_allclose(trace[key][:, b], values, rtol=0, atol=1e-13)
            assert trace.weights.biased is bias


def test_numpy_loop_reset_before():
    module = build("ResetBeforeGRU", seed=3)
    x, h0 = sequence(11, 3), state(module)
    trace = gruviz.trace(module, x, h0)
    for key, values in hand.run(module, x, [h0])[0][0].items():
        np.testing.assert_allclose(trace[key], values, rtol=0, atol=1e-13)
    assert trace.cell == "GRU"
    assert trace.weights.reset_after is False


@pytest.mark.parametrize("kind", KINDS)
def test_without_h0_the_state_starts_at_zero(kind):
    module, x = build(kind), sequence(5, 2, 3)
    zero = np.zeros((1, 2, 4))
    trace, same = gruviz.trace(module, x), gruviz.trace(module, x, (zero, zero) if kind == "LSTM" else zero)
    assert all(not part.any() for part in trace.initial.values())
    assert all(np.array_equal(trace[key], same[key]) for key in trace.values)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("as_given", [np.asarray, np.ndarray.tolist, torch.from_numpy, np.asfortranarray])
def test_any_array_like(kind, as_given):
    module, x = build(kind), sequence(5, 2, 3)
    h0 = state(module, 2)
    given = tuple(as_given(part) for part in h0) if kind == "LSTM" else as_given(h0)
    trace, same = gruviz.trace(module, as_given(x), given), gruviz.trace(module, x, h0)
    for key in trace.values:
        np.testing.assert_allclose(trace[key], same[key], rtol=0, atol=1e-15)
    np.testing.assert_array_equal(trace.inputs, x)


@pytest.mark.parametrize("dtype", ["int64", "uint8", "float16", "float32", ">f8", "bool"])
def test_any_number_type_of_inputs(dtype):
    x = (np.arange(12).reshape(4, 3) % 3).astype(dtype)
    trace = gruviz.trace(build("GRU"), x)
    np.testing.assert_array_equal(trace["h"], gruviz.trace(build("GRU"), x.astype(float))["h"])
    assert trace.inputs.dtype == np.float64


def test_a_view_backwards_in_time():
    x = sequence(6, 3)
    np.testing.assert_array_equal(
        gruviz.trace(build("GRU"), x[::-1])["h"], gruviz.trace(build("GRU"), x[::-1].copy())["h"]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_one_sequence_equals_its_slice_of_the_batch(kind):
    module = build(kind, **({} if kind in ROWS else {"layers": 2, "bidirectional": True}))
    x, h0 = sequence(7, 3, 3), state(module, 3)
    for layer, reverse in places(module):
        batch = gruviz.trace(module, x, h0, layer, reverse)
        for b in range(3):
            alone = [part[:, b] for part in parts(h0)]
            trace = gruviz.trace(module, x[:, b], tuple(alone) if len(alone) == 2 else alone[0], layer, reverse)
            assert trace.inputs.shape == (7, module.input_size if layer == 0 else 8)
            for key in trace.values:
                assert trace[key].shape == (7, 4)
                np.testing.assert_allclose(trace[key], batch[key][:, b], rtol=0, atol=1e-14)
            for key, part in trace.initial.items():
                np.testing.assert_array_equal(part, batch.initial[key][b])


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_of_one_keeps_its_axis(kind):
    trace = gruviz.trace(build(kind), sequence(4, 1, 3))
    assert {trace[key].shape for key in trace.values} == {(4, 1, 4)}
    assert {part.shape for part in trace.initial.values()} == {(1, 4)}
    assert trace.inputs.shape == (4, 1, 3)


@pytest.mark.parametrize("kind", DEEP)
def test_layers_and_directions_are_chained_single_modules(kind):
    module = build(kind, layers=3, bidirectional=True, seed=8)
    h0 = state(module, 2)
    below = sequence(6, 2, 3)
    for layer in range(3):
        outputs = []
        for d, suffix in enumerate(("", "_reverse")):
            single = build(kind, features=below.shape[-1])
            single.load_state_dict(
                {f"{n}_l0": module.get_parameter(f"{n}_l{layer}{suffix}") for n in NAMES}, strict=True
            )
            first = [part[[2 * layer + d]] for part in parts(h0)]
            ordered = below[::-1].copy() if d else below
            out, _ = call(single, ordered, tuple(first) if len(first) == 2 else first[0])
            outputs.append(out[::-1] if d else out)
            trace = gruviz.trace(module, sequence(6, 2, 3), h0, layer, bool(d))
            np.testing.assert_allclose(trace["h"], outputs[-1], rtol=0, atol=1e-14)
            np.testing.assert_allclose(trace.inputs, below, rtol=0, atol=1e-14)
        below = np.concatenate(outputs, -1)


@pytest.mark.parametrize("kind", ["GRU", "LSTM", "RNN tanh"])
@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_half_precisions_are_widened(kind, half):
    module, x = build(kind, dtype=half), sequence(6, 3)
    wide = build(kind, dtype=torch.float32)
    wide.load_state_dict({key: value.float() for key, value in module.state_dict().items()})
    trace = gruviz.trace(module, x)
    np.testing.assert_array_equal(trace["h"], gruviz.trace(wide, x)["h"])
    assert trace["h"].dtype == trace.inputs.dtype == trace.weights.input.dtype == np.float32


@pytest.mark.parametrize("kind", ["GRU", "LSTM", "RNN tanh", "ResetBeforeGRU"])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
def test_long_sequences(kind, dtype, tolerance):
    module = build(kind, units=8, dtype=dtype)
    x, h0 = sequence(2000, 1, 3), state(module, 1)
    out, last = call(module, x, h0)
    trace = gruviz.trace(module, x, h0)
    assert len(trace) == 2000
    np.testing.assert_allclose(trace["h"], out, rtol=0, atol=tolerance)
    assert trace.agreement < tolerance
    if kind == "LSTM":
        np.testing.assert_allclose(trace["c"][-1], last[1][0], rtol=0, atol=tolerance)


def test_a_memory_that_only_grows():
    """An LSTM that forgets nothing and writes all: c counts the steps, far beyond where tanh(c) has digits left."""
    module = build("LSTM", features=1, units=1, dtype=torch.float32)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.zero_()
        module.bias_ih_l0.fill_(50.0)
    trace = gruviz.trace(module, np.zeros((300, 1)))
    np.testing.assert_array_equal(trace["c"][:, 0], np.arange(1, 301))


@pytest.mark.parametrize("kind", KINDS)
def test_a_module_under_autocast_keeps_its_precision(kind):
    module, x = build(kind, dtype=torch.float32), sequence(4, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        trace = gruviz.trace(module, x)
    np.testing.assert_array_equal(trace["h"], gruviz.trace(module, x)["h"])


def test_a_subclass_is_the_cell_it_extends():
    class Mine(nn.GRU):
        pass

    assert gruviz.trace(Mine(3, 4), sequence(2, 3)).cell == "GRU"
