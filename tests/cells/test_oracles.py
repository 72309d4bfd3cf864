"""gruviz.trace against the reference vectors in tests/oracles, for each layer, direction, batch and number type."""

import numpy as np
import pytest
import torch

import gruviz
from gruviz.errors import ModelError
from tests.cells import oracles

PLACES = [
    pytest.param(name, layer, bool(d), id=f"{name}-l{layer}{'-reverse' if d else ''}")
    for name in oracles.NAMES
    for layer, d in np.ndindex(oracles.arrays(name)["h"].shape[:2])
]
PRECISIONS = [pytest.param(torch.float64, 1e-9, id="float64"), pytest.param(torch.float32, 1e-6, id="float32")]


def test_all_the_files_are_here():
    assert len(oracles.NAMES) == 13
    assert {path.stem for path in oracles.FOLDER.glob("*.npz")} >= {*oracles.NAMES, oracles.PROJECTED}


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@pytest.mark.parametrize(("name", "layer", "reverse"), PLACES)
def test_batch(name, layer, reverse, dtype, tolerance):
    expected = oracles.arrays(name)
    trace = gruviz.trace(oracles.module(name, dtype), expected["x"], oracles.initial(name), layer, reverse)
    assert tuple(trace.values) == tuple(oracles.SIGNALS[trace.cell])
    for key in trace.values:
        assert trace[key].dtype == torch.empty(0, dtype=dtype).numpy().dtype
        np.testing.assert_allclose(trace[key], expected[key][layer, int(reverse)], rtol=0, atol=tolerance)
    assert trace.agreement < tolerance


@pytest.mark.parametrize(("name", "layer", "reverse"), PLACES)
def test_each_sequence_alone(name, layer, reverse):
    expected, module = oracles.arrays(name), oracles.module(name, torch.float64)
    for b in range(expected["x"].shape[1]):
        trace = gruviz.trace(module, expected["x"][:, b], oracles.initial(name, b), layer, reverse)
        for key in trace.values:
            np.testing.assert_allclose(trace[key], expected[key][layer, int(reverse), :, b], rtol=0, atol=1e-9)
        for key, part in trace.initial.items():
            np.testing.assert_allclose(part, expected[f"{key}0"][layer, int(reverse), b], rtol=0, atol=1e-15)


@pytest.mark.parametrize("name", oracles.NAMES)
def test_what_torch_itself_gave(name):
    given, module = oracles.arrays(name), oracles.module(name, torch.float32)
    for layer, direction in np.ndindex(given["h"].shape[:2]):
        trace = gruviz.trace(module, given["x"], oracles.initial(name), layer, bool(direction))
        np.testing.assert_allclose(trace["h"], given["torch_h"][layer, direction], rtol=0, atol=1e-6)
        last = 0 if direction else -1
        np.testing.assert_allclose(trace["h"][last], given["torch_h_n"][layer, direction], rtol=0, atol=1e-6)
        if trace.cell == "LSTM":
            np.testing.assert_allclose(trace["c"][last], given["torch_c_n"][layer, direction], rtol=0, atol=1e-6)


def test_a_bfloat16_module_is_widened_not_rounded():
    name = "torch_gru_L1_uni_bf16"
    module = oracles.module(name, torch.bfloat16)
    trace = gruviz.trace(module, oracles.arrays(name)["x"], oracles.initial(name))
    for key in "rznh":
        assert trace[key].dtype == np.float32
        np.testing.assert_allclose(trace[key], oracles.arrays(name)[key][0, 0], rtol=0, atol=1e-6)
    assert all(parameter.dtype == torch.bfloat16 for parameter in module.parameters())


def test_a_projection_is_refused_by_name():
    module = oracles.module(oracles.PROJECTED, torch.float32)
    with pytest.raises(ModelError, match=r"proj_size=2.*proj_size=0"):
        gruviz.trace(module, oracles.arrays(oracles.PROJECTED)["x"])
