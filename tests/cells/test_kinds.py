"""Steps of a cell count as one layer; what people pass instead of a module is named, with what to pass."""

import collections

import numpy as np
import pytest
import torch
from torch import nn

import gruviz
from gruviz.errors import GruvizError, ModelError
from tests.cells.cases import build, sequence

X = sequence(6, 3)
ALLOWED = r"gruviz traces a torch\.nn\.GRU, nn\.LSTM or nn\.RNN"
STEPS = {"GRU": nn.GRUCell, "LSTM": nn.LSTMCell, "RNN tanh": nn.RNNCell, "RNN relu": nn.RNNCell}


def step_of(kind, bias=True, dtype=torch.float64):
    """A layer, and the step with its weights."""
    layer = build(kind, bias=bias, dtype=dtype)
    options = {"nonlinearity": kind.split()[1]} if kind.startswith("RNN") else {}
    step = STEPS[kind](3, 4, bias=bias, dtype=dtype, **options)
    step.load_state_dict({name.removesuffix("_l0"): value for name, value in layer.state_dict().items()})
    return layer, step


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", STEPS)
def test_a_step_of_a_cell_is_one_layer(kind, bias):
    layer, step = step_of(kind, bias)
    one, other = gruviz.trace(layer, X), gruviz.trace(step, X)
    assert one.cell == other.cell
    for key in one.values:
        np.testing.assert_array_equal(one[key], other[key])
    flows = [gruviz.gradient_flow(module, X).log10_norm for module in (layer, step)]
    np.testing.assert_array_equal(*flows)
    with torch.no_grad():  # and it is what calling it gives
        state = None
        for x, h in zip(torch.from_numpy(X), other["h"], strict=True):
            state = step(x[None], state)
            np.testing.assert_allclose((state[0] if kind == "LSTM" else state)[0].numpy(), h, atol=1e-12)


@pytest.mark.parametrize("kind", STEPS)
def test_a_step_with_a_hook_is_compared_step_by_step(kind):
    layer, step = step_of(kind)
    step.register_forward_hook(lambda *_: None)
    np.testing.assert_allclose(gruviz.trace(step, X)["h"], gruviz.trace(layer, X)["h"], atol=1e-12)
    step.register_forward_hook(
        lambda module, inputs, output: tuple(o / 2 for o in output) if isinstance(output, tuple) else output / 2
    )
    with pytest.raises(ModelError, match=f"This {type(step).__name__} does not compute"):
        gruviz.trace(step, X)


@pytest.mark.parametrize("options", [{"layer": 1}, {"reverse": True}])
def test_a_step_has_one_layer_and_one_direction(options):
    with pytest.raises(ModelError, match=r"layers 0 to 0|forward only"):
        gruviz.trace(step_of("GRU")[1], X, **options)


@pytest.mark.parametrize("kind", ["GRU", "LSTM", "RNN tanh"])
def test_batch_first_is_obeyed(kind):
    x = sequence(5, 7, 3)  # (B, T, D)
    module, plain = build(kind, batch_first=True), build(kind)
    trace = gruviz.trace(module, x)
    assert trace["h"].shape == (7, 5, 4)
    np.testing.assert_array_equal(trace["h"], gruviz.trace(plain, x.swapaxes(0, 1))["h"])
    with torch.no_grad():
        np.testing.assert_allclose(trace["h"], module(torch.from_numpy(x))[0].numpy().swapaxes(0, 1), atol=1e-12)
    module.register_forward_hook(lambda *_: None)  # and where the module itself is called
    np.testing.assert_array_equal(gruviz.trace(module, x)["h"], trace["h"])
    with pytest.raises(GruvizError, match=r"expected \(T, D\), or \(B, T, D\)"):
        gruviz.trace(module, np.ones((1, 5, 7, 3)))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.blocks = nn.Embedding(9, 3), nn.ModuleList([nn.Linear(3, 3), nn.LSTM(3, 4)])


def quantised():
    kind = type("GRU", (nn.Module,), {"__module__": "torch.ao.nn.quantized.dynamic.modules.rnn"})
    return kind()


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (nn.Sequential(nn.Embedding(9, 3), nn.GRU(3, 4)), r"Sequential holds a recurrent module; pass model\[1\],"),
        (Encoder(), r"Encoder holds a recurrent module; pass model\.blocks\[1\],"),
        (
            nn.Sequential(nn.GRU(3, 4), nn.ReLU(), nn.GRU(4, 4)),
            r"holds 2 recurrent modules; .*model\[0\] or model\[2\]",
        ),
        (nn.DataParallel(nn.GRU(3, 4)), r"DataParallel holds .* pass model\.module,"),
        (build("GRU").state_dict(), r"state_dict, weights without a module: make nn\.GRU\(3, 4\), load it"),
        (build("LSTM").state_dict(), r"make nn\.LSTM\(3, 4\)"),
        (build("RNN relu").state_dict(), r"make nn\.RNN\(3, 4\)"),
        (Encoder().state_dict(), r"state_dict, .*make nn\.LSTM\(3, 4\)"),
        ({"head.weight": torch.ones(2)}, "state_dict, .*make the module"),
        (quantised(), "quantised GRU: its weights are packed integers.*float module"),
        (nn.GRU, r"This is the class GRU, not a module: make one first"),
        (nn.Linear(3, 4), "A Linear can't be traced"),
        (None, "A NoneType can't be traced"),
        ("GRU", "A str can't be traced"),
        ({}, "A dict can't be traced"),
        (nn.GRU(3, 4, device="meta"), "weight_ih_l0 is on the meta device"),
    ],
)
@pytest.mark.parametrize("use", [gruviz.trace, gruviz.gradient_flow])
def test_what_people_pass_instead(module, said, use):
    with pytest.raises(ModelError, match=said) as raised:
        use(module, X)
    assert "meta" in said or ALLOWED.replace("\\", "") in str(raised.value)


def test_weights_of_two_number_types():
    module = build("GRU")
    module.weight_hh_l0 = nn.Parameter(module.weight_hh_l0.float())
    with pytest.raises(ModelError, match=r"different kinds \(float32 on cpu, float64 on cpu\)"):
        gruviz.trace(module, X)


def test_weights_of_inference_mode():
    with torch.inference_mode():
        module, x = build("GRU"), torch.from_numpy(X).clone()
    np.testing.assert_array_equal(gruviz.trace(module, x)["h"], gruviz.trace(build("GRU"), X)["h"])
    np.testing.assert_array_equal(
        gruviz.gradient_flow(module, x).log10_norm, gruviz.gradient_flow(build("GRU"), X).log10_norm
    )


def test_an_ordered_dict_of_settings_is_no_state_dict():
    with pytest.raises(ModelError, match="A OrderedDict can't be traced"):
        gruviz.trace(collections.OrderedDict(lr=0.1), X)
