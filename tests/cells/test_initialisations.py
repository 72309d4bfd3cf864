import numpy as np
import pytest
import torch

from gruviz.cells import trace
from gruviz.cells.draws import build_module, draw
from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.errors import ModelError
from gruviz.signals import CELLS

H = 12


def one(cell, **choices):
    return draw(cell, H, 3, 6, [5], choices=choices).weights[0]


@pytest.mark.parametrize("key", INITIALISATIONS)
def test_every_row_works_for_its_cells_and_no_other(key):
    row = INITIALISATIONS[key]
    assert row.key == key
    assert row.title
    assert row.source
    if row.knob is not None:
        assert row.knob.low <= row.knob.default <= row.knob.high
    for cell in CELLS:
        if cell in row.cells:
            values = [None] if row.knob is None else [None, row.knob.low, row.knob.high]
            for value in values:
                drawn = one(cell, **{key: value})
                assert np.isfinite(drawn.recurrent).all()
        else:
            with pytest.raises(ModelError, match=f"not for {cell}"):
                one(cell, **{key: None})


@pytest.mark.parametrize("cell", CELLS)
def test_the_draw_is_the_documented_one(cell):
    drawn = draw(cell, H, 3, 6, [5, 6])
    assert drawn.inputs.shape == (2, 6, 3)
    rng, rows = np.random.default_rng(6), len(CELLS[cell].blocks) * H
    k = 1 / np.sqrt(H)
    assert np.array_equal(drawn.inputs[1], rng.standard_normal((6, 3)))
    weights = drawn.weights[1]
    for name, shape in (("input", (rows, 3)), ("recurrent", (rows, H)), ("input_bias", rows), ("recurrent_bias", rows)):
        assert np.array_equal(getattr(weights, name), rng.uniform(-k, k, shape))


@pytest.mark.parametrize("cell", CELLS)
def test_orthogonal_and_spectral_radius_hold_in_every_block(cell):
    for block in one(cell, orthogonal=None).recurrent.reshape(-1, H, H):
        np.testing.assert_allclose(block @ block.T, np.eye(H), atol=1e-12)
    for block in one(cell, spectral_radius=1.7).recurrent.reshape(-1, H, H):
        assert np.abs(np.linalg.eigvals(block)).max() == pytest.approx(1.7)


def test_identity_and_relu():
    weights = one("RNN", identity_relu=0.5)
    assert weights.activation == "relu"
    assert np.array_equal(weights.recurrent, 0.5 * np.eye(H))
    assert not weights.input_bias.any()
    assert not weights.recurrent_bias.any()
    assert np.array_equal(weights.input, one("RNN").input)


@pytest.mark.parametrize(("cell", "key", "gate"), [("LSTM", "forget_bias", "f"), ("GRU", "update_bias", "z")])
def test_gate_biases_touch_their_gate_alone(cell, key, gate):
    weights, plain = one(cell, **{key: 2.5}), one(cell)
    block = CELLS[cell].blocks.index(gate)
    mine = np.arange(len(plain.input_bias)) // H == block
    assert (weights.input_bias[mine] == 2.5).all()
    assert (weights.recurrent_bias[mine] == 0).all()
    assert np.array_equal(weights.input_bias[~mine], plain.input_bias[~mine])
    assert np.array_equal(weights.recurrent_bias[~mine], plain.recurrent_bias[~mine])
    assert np.array_equal(weights.recurrent, plain.recurrent)


def test_chrono_biases_lie_in_their_range_and_mirror():
    seeds = range(50)
    forget = np.stack([w.input_bias for w in draw("LSTM", H, 2, 3, seeds, choices={"chrono_lstm": 200}).weights])
    i, f = forget[:, :H], forget[:, H : 2 * H]
    assert np.array_equal(i, -f)
    steps = np.exp(f)  # uniform from 1 to 199
    assert steps.min() >= 1
    assert steps.max() <= 199
    assert steps.mean() == pytest.approx(100, rel=0.1)
    update = np.stack([w.input_bias for w in draw("GRU", H, 2, 3, seeds, choices={"chrono_gru": 200}).weights])
    assert (update[:, H : 2 * H] >= 0).all()


def test_a_recurrent_and_a_bias_choice_combine():
    weights = one("LSTM", orthogonal=None, forget_bias=3)
    assert np.array_equal(weights.recurrent, one("LSTM", orthogonal=None).recurrent)
    assert np.array_equal(weights.input_bias, one("LSTM", forget_bias=3).input_bias)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"choices": {"xavier": None}}, "no initialisation 'xavier'"),
        ({"choices": {"orthogonal": None, "pytorch": None}}, "choose one of them"),
        ({"choices": {"orthogonal": 2.0}}, "takes no number"),
        ({"choices": {"forget_bias": float("nan")}}, "takes a finite number"),
        ({"choices": {"chrono_lstm": 2}}, "more than 2"),
        ({"cell": "Elman"}, "no cell 'Elman'"),
        ({"units": 0}, "units is 0"),
        ({"features": 0}, "features is 0"),
        ({"steps": 0}, "steps is 0"),
        ({"seeds": []}, "at least one"),
        ({"seeds": [-1]}, "from 0 on"),
        ({"activation": "gelu"}, "'tanh' or 'relu'"),
    ],
)
def test_refusals(arguments, says):
    with pytest.raises(ModelError, match=says):
        draw(**{"cell": "LSTM", "units": 3, "features": 2, "steps": 4, "seeds": [0], **arguments})


@pytest.mark.parametrize("cell", CELLS)
def test_a_built_module_has_the_weights_and_draws_nothing(cell):
    state = torch.get_rng_state()
    weights = one(cell)
    module = build_module(cell, weights)
    assert torch.equal(torch.get_rng_state(), state)
    x = torch.ones(4, 1, 3, dtype=torch.float64)
    outputs = module(x)[0]
    found = trace(module, x[:, 0])
    np.testing.assert_allclose(found["h"], outputs[:, 0].detach().numpy(), atol=1e-12)
    for name in ("input", "recurrent", "input_bias", "recurrent_bias"):
        assert np.array_equal(getattr(found.weights, name), getattr(weights, name))
    with torch.no_grad():
        module.weight_hh_l0.zero_()
    assert weights.recurrent.any()


def test_relu_and_reset_before_modules_are_built():
    weights = draw("RNN", H, 3, 6, [0], activation="relu").weights[0]
    assert build_module("RNN", weights).nonlinearity == "relu"
    from dataclasses import replace

    module = build_module("GRU", replace(one("GRU"), reset_after=False))
    assert type(module).__name__ == "ResetBeforeGRU"
    with pytest.raises(ModelError, match="no cell"):
        build_module("Elman", weights)
