"""What a caller is told about a module, an input or a state that can't be used."""

import numpy as np
import pytest
import torch
from torch import nn

import gruviz
from gruviz.errors import GruvizError, ModelError
from tests.cells.cases import KINDS, build, sequence

GRU = build("GRU")  # 3 features, 4 units
SINGLE = build("GRU", dtype=torch.float32)


def with_value(shape, index, value):
    x = np.ones(shape)
    x[index] = value
    return x


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (np.ones((5, 2)), r"2 features.*\(5, 2\).*reads 3"),
        (np.ones((5, 2, 4)), r"4 features.*\(5, 2, 4\).*reads 3"),
        (np.ones(3), r"shape \(3,\).*expected \(T, D\), or \(T, B, D\)"),
        (np.ones((5, 1, 1, 3)), r"shape \(5, 1, 1, 3\).*expected \(T, D\)"),
        (1.5, r"shape \(\).*expected \(T, D\)"),
        ([], r"shape \(0,\).*expected \(T, D\)"),
        (np.ones((0, 3)), r"shape \(0, 3\).*at least one step"),
        (np.ones((0, 2, 3)), r"shape \(0, 2, 3\).*at least one step"),
        (np.ones((5, 0, 3)), r"shape \(5, 0, 3\).*one sequence"),
        (with_value((5, 3), (2, 1), np.nan), r"inputs hold nan at index \(2, 1\)"),
        (with_value((5, 3), (4, 0), np.inf), r"inputs hold inf at index \(4, 0\)"),
        (with_value((5, 2, 3), (3, 1, 2), -np.inf), r"inputs hold -inf at index \(3, 1, 2\)"),
        (torch.from_numpy(with_value((5, 3), (0, 2), np.nan)), r"inputs hold nan at index \(0, 2\)"),
        ([[1, 2, 3], [4, 5]], "inputs can't be read as an array of numbers"),
        ([[1, 2, 3], 4], "inputs can't be read as an array of numbers"),
        ("abc", "inputs can't be read as an array of numbers.*abc"),
        ([["a", "b", "c"]], "inputs can't be read as an array of numbers.*'a'"),
        ({"a": 1}, "inputs can't be read as an array of numbers"),
        ([[1j, 0, 0]], "inputs can't be read as an array of numbers"),
        (None, "inputs"),
    ],
)
def test_inputs(inputs, said):
    with pytest.raises(GruvizError, match=said):
        gruviz.trace(GRU, inputs)


@pytest.mark.parametrize("value", [1e39, -1e300])
@pytest.mark.parametrize("kind", KINDS)
def test_a_value_that_the_modules_number_type_cannot_hold(kind, value):
    """Finite in float64, infinite in the float32 that the module computes with."""
    with pytest.raises(GruvizError, match=r"inputs.*\(3, 1\)"):
        gruviz.trace(build(kind, dtype=torch.float32), with_value((5, 3), (3, 1), value))


def test_an_initial_value_that_the_modules_number_type_cannot_hold():
    with pytest.raises(GruvizError, match=r"h0.*\(0, 1\)"):
        gruviz.trace(build("RNN tanh", dtype=torch.float32), sequence(5, 3), with_value((1, 4), (0, 1), 1e39))


def test_a_whole_number_beyond_float64():
    with pytest.raises(GruvizError, match="inputs"):
        gruviz.trace(GRU, [[10**400, 0, 0]])


@pytest.mark.parametrize("as_given", [np.asarray, torch.tensor])
def test_complex_arrays_are_refused_not_cut_to_their_real_part(as_given):
    with pytest.raises(GruvizError, match="inputs"):
        gruviz.trace(GRU, as_given([[1 + 1j, 0, 0]]))


@pytest.mark.parametrize("kind", ["GRU", "RNN tanh", "ResetBeforeGRU"])
@pytest.mark.parametrize(
    ("shape", "h0", "said"),
    [
        ((5, 3), np.zeros((1, 1, 4)), r"h0 has shape \(1, 1, 4\).*need \(1, 4\)"),
        ((5, 3), np.zeros(4), r"h0 has shape \(4,\).*need \(1, 4\)"),
        ((5, 3), np.zeros((2, 4)), r"h0 has shape \(2, 4\).*need \(1, 4\)"),
        ((5, 2, 3), np.zeros((1, 4)), r"h0 has shape \(1, 4\).*need \(1, 2, 4\)"),
        ((5, 2, 3), np.zeros((1, 3, 4)), r"h0 has shape \(1, 3, 4\).*need \(1, 2, 4\)"),
        ((5, 2, 3), np.zeros((1, 2, 5)), r"h0 has shape \(1, 2, 5\).*need \(1, 2, 4\)"),
        ((5, 3), with_value((1, 4), (0, 3), np.nan), r"h0 hold nan at index \(0, 3\)"),
        ((5, 3), with_value((1, 4), (0, 0), np.inf), r"h0 hold inf at index \(0, 0\)"),
        ((5, 3), "zero", "h0 can't be read as an array of numbers"),
        ((5, 3), (np.zeros((1, 4)), np.zeros((1, 4))), r"h0 is a pair"),
        ((5, 3), [[1, 2], [3]], "h0 can't be read as an array of numbers"),
    ],
)
def test_initial_state(kind, shape, h0, said):
    with pytest.raises(GruvizError, match=said):
        gruviz.trace(build(kind), np.ones(shape), h0)


def test_initial_state_counts_layers_and_directions():
    module = build("GRU", layers=2, bidirectional=True)
    with pytest.raises(GruvizError, match=r"h0 has shape \(2, 4\).*need \(4, 4\)"):
        gruviz.trace(module, np.ones((5, 3)), np.zeros((2, 4)))


ZERO = np.zeros((1, 4))


@pytest.mark.parametrize(
    ("h0", "said"),
    [
        (ZERO, r"h0.*pair \(h0, c0\)"),
        (torch.zeros(1, 4), r"h0.*pair \(h0, c0\)"),
        ((ZERO,), r"1 parts.*pair \(h0, c0\)"),
        ((ZERO, ZERO, ZERO), r"3 parts.*pair \(h0, c0\)"),
        (0.5, r"h0.*pair \(h0, c0\)"),
        (torch.tensor(0.5), r"h0.*pair \(h0, c0\)"),
        ((ZERO, np.zeros((1, 5))), r"c0 has shape \(1, 5\).*need \(1, 4\)"),
        ((np.zeros((2, 4)), ZERO), r"h0 has shape \(2, 4\).*need \(1, 4\)"),
        ((ZERO, with_value((1, 4), (0, 2), np.nan)), r"c0 hold nan at index \(0, 2\)"),
    ],
)
def test_initial_state_of_an_lstm(h0, said):
    with pytest.raises(GruvizError, match=said):
        gruviz.trace(build("LSTM"), np.ones((5, 3)), h0)


@pytest.mark.parametrize("layer", [-1, 2, 99])
def test_layer_out_of_range(layer):
    with pytest.raises(ModelError, match=rf"Layer {layer} .*layers 0 to 1"):
        gruviz.trace(build("GRU", layers=2), np.ones((5, 3)), layer=layer)


@pytest.mark.parametrize("kind", KINDS)
def test_reverse_of_a_one_way_module(kind):
    with pytest.raises(ModelError, match=r"reverse direction.*forward only"):
        gruviz.trace(build(kind), np.ones((5, 3)), reverse=True)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (nn.Linear(3, 4), "Linear"),
        (None, "NoneType"),
        ("GRU", "str"),
    ],
)
def test_unsupported_modules(module, name):
    with pytest.raises(
        ModelError,
        match=rf"A {name} can't be traced; gruviz traces a torch\.nn\.GRU, nn\.LSTM or nn\.RNN.*ResetBeforeGRU",
    ):
        gruviz.trace(module, np.ones((5, 3)))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"])
@pytest.mark.parametrize("kind", KINDS)
def test_weights_that_are_not_numbers(kind, name, value):
    module = build(kind)
    with torch.no_grad():
        module.get_parameter(name).view(-1)[2] = value
    with pytest.raises(ModelError, match=rf"{name} holds 1 value"):
        gruviz.trace(module, np.ones((5, 3)))


@pytest.mark.parametrize("name", ["weight_hh_l0_reverse", "bias_ih_l1", "weight_ih_l1_reverse"])
def test_weights_that_are_not_numbers_in_any_layer_that_is_run(name):
    module = build("LSTM", layers=2, bidirectional=True)
    with torch.no_grad():
        module.get_parameter(name)[:3] = np.nan
    with pytest.raises(ModelError, match=rf"{name} holds \d+ values"):
        gruviz.trace(module, np.ones((5, 3)), layer=1, reverse=name != "bias_ih_l1")


@pytest.mark.parametrize("count", [1, 4, 6, 50])
def test_tokens_of_the_wrong_length(count):
    with pytest.raises(GruvizError, match=rf"{count} tokens were given for 5 time steps"):
        gruviz.trace(GRU, np.ones((5, 3)), tokens=["a"] * count)


def exploding(layers=1, bidirectional=False):
    """h_t = 10 (x_t + h_(t-1)) + 20, which leaves float32 after some 38 steps."""
    module = build("RNN relu", features=1, units=1, layers=layers, bidirectional=bidirectional, dtype=torch.float32)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(10)
    return module


def step_of_the_explosion():
    h, step = np.float32(0), 0
    with np.errstate(over="ignore"):
        while np.isfinite(h):
            h, step = np.float32(10) * (1 + h) + np.float32(20), step + 1
    return step


def test_an_exploding_state_names_the_step():
    steps = step_of_the_explosion()
    assert np.isfinite(gruviz.trace(exploding(), np.ones((steps - 1, 1)))["h"]).all()
    with pytest.raises(GruvizError, match=rf"h stops being a finite number at step {steps} of 100"):
        gruviz.trace(exploding(), np.ones((100, 1)))


def test_an_exploding_state_names_the_step_in_a_batch():
    x = np.zeros((100, 2, 1))
    x[:, 1] = 1
    module = exploding()
    with torch.no_grad():
        module.bias_ih_l0.zero_()
        module.bias_hh_l0.fill_(20)
    with pytest.raises(GruvizError, match=r"h stops being a finite number at step \d\d of 100"):
        gruviz.trace(module, x)


def test_an_exploding_state_names_the_step_in_reverse():
    """Read from the end: the first 38 states read, the last ones in time, are finite."""
    step = 100 + 1 - step_of_the_explosion()
    with pytest.raises(GruvizError, match=rf"h stops being a finite number at step {step} of 100"):
        gruviz.trace(exploding(bidirectional=True), np.ones((100, 1)), reverse=True)


def test_an_explosion_in_the_layer_below_is_not_hidden():
    """relu(-inf) = 0: the upper layer's own state is finite, yet it read infinities."""
    module = exploding(layers=2)
    with torch.no_grad():
        module.weight_ih_l1.fill_(-1)
    with pytest.raises(GruvizError, match="finite"):
        gruviz.trace(module, np.ones((100, 1)), layer=1)


def test_errors_are_of_one_family():
    assert issubclass(ModelError, GruvizError)
    assert issubclass(GruvizError, ValueError)
