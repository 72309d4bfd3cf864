"""LayerStack against PyTorch's own modules of several layers and directions, and against its own forward."""

import numpy as np
import pytest
import torch
from torch import nn

import gruviz
from gruviz.cells.layer_stack import LayerStack, views
from gruviz.errors import GruvizError, ModelError
from gruviz.records import Hold, Shift, Skip


def one_layer(whole, layer, reverse):
    """One layer and direction of a module as a module that reads forward."""
    suffix = f"_l{layer}{'_reverse' if reverse else ''}"
    features = whole.get_parameter(f"weight_ih{suffix}").shape[1]
    part = type(whole)(features, whole.hidden_size, dtype=torch.float64)
    part.load_state_dict({f"{name}_l0": whole.get_parameter(f"{name}{suffix}")
                          for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")})  # fmt: skip
    return part


@pytest.mark.parametrize("kind", [nn.GRU, nn.LSTM, nn.RNN])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_as_pytorchs_own(kind, bidirectional):
    torch.manual_seed(1)
    whole = kind(3, 4, num_layers=2, bidirectional=bidirectional, dtype=torch.float64)
    ways = (False, True) if bidirectional else (False,)
    stack = LayerStack([[(one_layer(whole, layer, way), way) for way in ways] for layer in range(2)])
    assert views(stack) == views(whole) == tuple((layer, way) for layer in range(2) for way in ways)
    for shape in ((6, 3), (6, 2, 3)):
        x = np.random.default_rng(0).normal(size=shape)
        for layer, way in views(whole):
            tokens = "abcdef"
            ours, theirs = (gruviz.trace(m, x, layer=layer, reverse=way, tokens=tokens) for m in (stack, whole))
            assert ours.tokens == theirs.tokens
            assert ours.reverse == theirs.reverse == way
            for key in theirs.values:
                np.testing.assert_allclose(ours[key], theirs[key], rtol=0, atol=1e-12)
            np.testing.assert_allclose(ours.inputs, theirs.inputs, rtol=0, atol=1e-12)
            for key in theirs.initial:
                np.testing.assert_allclose(ours.before(key), theirs.before(key), rtol=0, atol=1e-12)


CHANGES = (
    [Hold("h", 0.5, units=1, steps=slice(1, 3))], [Hold("h", -0.5, steps=-2, layer=0)], [Skip(2)],
    [Shift("h", 1.5, steps=slice(2, None), layer=0)], [Skip(slice(0, 2)), Hold("h", 0.0, steps=4, layer=1)],
)  # fmt: skip


@pytest.mark.parametrize("what_if", CHANGES)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_changed_runs_as_pytorchs_own(what_if, bidirectional):
    torch.manual_seed(4)
    whole = nn.RNN(3, 4, num_layers=2, bidirectional=bidirectional, dtype=torch.float64)
    ways = (False, True) if bidirectional else (False,)
    stack = LayerStack([[(one_layer(whole, layer, way), way) for way in ways] for layer in range(2)])
    x = np.random.default_rng(1).normal(size=(6, 3))
    for view in views(whole):
        ours, theirs = (gruviz.trace(m, x, layer=view[0], reverse=view[1], what_if=what_if) for m in (stack, whole))
        np.testing.assert_allclose(ours["h"], theirs["h"], rtol=0, atol=1e-12)
        assert ours.what_if == theirs.what_if
        assert ours.layer == theirs.layer


def mixed():
    torch.manual_seed(2)
    below = [(gruviz.ResetBeforeGRU(3, 5).double(), False), (nn.GRU(3, 2, dtype=torch.float64), True)]
    return LayerStack([below, [(nn.GRU(7, 4, dtype=torch.float64), True)]])


def test_sizes_kinds_and_directions_that_differ():
    stack, x = mixed(), torch.randn(6, 2, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    assert views(stack) == ((0, False), (0, True), (1, True))
    top = gruviz.trace(stack, x, layer=1, reverse=True)
    with torch.no_grad():
        np.testing.assert_allclose(top["h"], stack(x).numpy(), rtol=0, atol=1e-12)
    assert top.weights.features == 7
    assert gruviz.trace(stack, x, layer=0)["h"].shape == (6, 2, 5)


def test_states_to_start_from():
    stack, x = mixed(), np.ones((4, 3))
    starts = [np.full((1, units), 0.5) for units in (5, 2, 4)]
    top = gruviz.trace(stack, x, starts, layer=1, reverse=True)
    np.testing.assert_array_equal(top.initial["h"], 0.5)
    np.testing.assert_array_equal(top.before("h")[-1], 0.5)
    assert not np.allclose(top["h"], gruviz.trace(stack, x, layer=1, reverse=True)["h"])
    with pytest.raises(GruvizError, match="for 3 layers and directions"):
        gruviz.trace(stack, x, starts[:2])


@pytest.mark.parametrize(("layer", "reverse", "sentence"), [
    (2, False, "has layers 0 to 1"), (1, False, "from the end only"), (0.5, False, "whole number"),
])  # fmt: skip
def test_what_it_does_not_have(layer, reverse, sentence):
    with pytest.raises(GruvizError, match=sentence):
        gruviz.trace(mixed(), np.ones((4, 3)), layer=layer, reverse=reverse)


def test_a_layer_that_only_reads_forward():
    with pytest.raises(ModelError, match="Layer 0 of this network reads forward only"):
        gruviz.trace(LayerStack([[(nn.GRU(3, 4), False)]]), np.ones((4, 3)), reverse=True)


@pytest.mark.parametrize("kind", [nn.GRUCell, nn.LSTMCell, nn.RNNCell])
def test_a_cell_is_one_layer(kind):
    assert views(kind(3, 4)) == ((0, False),)
    assert gruviz.trace(kind(3, 4), np.ones((5, 3)))["h"].shape == (5, 4)
