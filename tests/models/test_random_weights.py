"""Random weights: PyTorch's own draw for a seed, with shifts in the right rows and nowhere else."""

import math

import numpy as np
import pytest
import torch
from torch import nn

import gruviz
from gruviz.models import entries, load_model
from gruviz.models.random_weights import ALPHABET
from gruviz.signals import CELLS


def parameters(**knobs):
    return {name: p.detach().numpy().copy() for name, p in load_model("random", knobs).module.named_parameters()}


@pytest.mark.parametrize(("hidden", "seed"), [(1, 0), (8, 0), (8, 7), (64, 9999)])
def test_the_same_weights_as_torch_draws_for_the_seed(hidden, seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        theirs = nn.GRU(len(ALPHABET), hidden)
    ours = load_model("random", {"hidden": hidden, "seed": seed}).module
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for name, tensor in theirs.state_dict().items():
        assert torch.equal(ours.state_dict()[name], tensor), name


@pytest.mark.parametrize("reset", ["after", "before"])
def test_the_range_is_torch_s_default_and_is_filled(reset):
    values = np.concatenate([p.ravel() for p in parameters(hidden=64, reset=reset).values()])
    bound = 1 / math.sqrt(64)
    assert np.abs(values).max() <= bound
    assert values.max() > 0.99 * bound
    assert values.min() < -0.99 * bound
    assert np.std(values) == pytest.approx(bound / math.sqrt(3), rel=0.02)


def test_a_seed_gives_the_same_weights_and_another_seed_others():
    model, again = (gruviz.models.random_weights.build(default(seed=5)) for _ in range(2))  # past the cache
    for a, b in zip(model.module.parameters(), again.module.parameters(), strict=True):
        assert torch.equal(a, b)
    assert all((parameters(seed=5)[k] != parameters(seed=6)[k]).any() for k in parameters())


def default(**changed):
    return {knob.key: knob.default for knob in gruviz.models.entries()["random"].knobs} | changed


@pytest.mark.parametrize("reset", ["after", "before"])
@pytest.mark.parametrize(("knob", "block"), [("reset_shift", 0), ("update_shift", 1)])
def test_a_shift_is_added_to_its_gate_s_bias_alone(reset, knob, block):
    plain, shifted = parameters(hidden=4, reset=reset), parameters(hidden=4, reset=reset, **{knob: 2.5})
    expected = np.zeros(12)
    expected[4 * block : 4 * block + 4] = 2.5
    for name in plain:
        difference = shifted[name].astype(float) - plain[name]
        np.testing.assert_allclose(difference, expected if name == "bias_ih_l0" else 0, atol=1e-6)


@pytest.mark.parametrize(("knob", "gate"), [("reset_shift", "r"), ("update_shift", "z")])
def test_a_shift_moves_its_gate_the_way_its_help_says(knob, gate):
    low, middle, high = (load_model("random", {knob: v}).trace("hello")[gate] for v in (-8.0, 0.0, 8.0))
    assert low.max() < 0.05 < middle.min() < middle.max() < 0.95 < high.min()


def test_the_reset_gate_after_and_before_the_product_share_weights_and_differ_in_result():
    after, before = (load_model("random", {"reset": reset}) for reset in ("after", "before"))
    assert isinstance(after.module, nn.GRU)
    assert isinstance(before.module, gruviz.ResetBeforeGRU)
    for a, b in zip(after.module.parameters(), before.module.parameters(), strict=True):
        assert torch.equal(a, b)
    one, other = after.trace("hello"), before.trace("hello")
    assert (one.weights.reset_after, other.weights.reset_after) == (True, False)
    assert np.abs(one["n"] - other["n"]).max() > 1e-3


def test_characters_are_one_hot_and_named():
    encoder = load_model("random").encoder
    encoded = encoder.encode("A é€")
    assert encoded.known == (True, True, True, False)
    assert [encoder.names[row] for row in encoded.values.argmax(1)] == ["a", " ", "e", "<unk>"]
    np.testing.assert_array_equal(encoded.values.sum(1), 1)


@pytest.mark.parametrize("columns", range(1, 9))
def test_numbers(columns):
    model = load_model("random", {"input": "numbers", "columns": columns})
    trace = model.trace(model.example)
    assert trace.inputs.shape[1] == columns
    assert len(trace) > 1
    assert model.encoder.multiline is (columns > 1)


def test_the_card_says_what_was_drawn():
    summary = load_model("random", {"hidden": 16, "seed": 42, "update_shift": -1.5}).card.summary
    for part in ("±1/√16", "seed 42", "-1.5 on the update gate's bias", "never trained"):
        assert part in summary
    assert "reset gate" not in summary
    assert load_model("random").read_out is None


def test_torch_s_global_generator_is_left_alone():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        expected = torch.rand(3)
        torch.manual_seed(0)
        gruviz.models.random_weights.build(default(seed=77))
        gruviz.models.random_weights.build(default(seed=77, reset="before"))
        gruviz.models.latch.build({"latch_units": "2"})
        assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_of_the_table_can_be_drawn(cell):
    model = load_model("random", {"cell": cell, "hidden": 3})
    trace = model.trace("hello")
    assert trace.cell == cell
    assert trace["h"].shape == (5, 3)
    assert f"Random weights of one {cell}:" in model.card.summary


@pytest.mark.parametrize(
    ("cell", "knob", "key"),
    [("LSTM", "input_shift", "i"), ("LSTM", "forget_shift", "f"), ("LSTM", "output_shift", "o"),
     ("MGU", "forget_shift", "f"), ("JANET", "forget_shift", "f"), ("GRU", "update_shift", "z")],
)  # fmt: skip
def test_a_shift_moves_the_gate_of_its_cell(cell, knob, key):
    low, high = (load_model("random", {"cell": cell, knob: v}).trace("hello")[key] for v in (-8.0, 8.0))
    assert low.max() < 0.05
    assert high.min() > 0.95


@pytest.mark.parametrize("cell", CELLS)
def test_knobs_of_other_cells_are_not_shown_and_change_nothing(cell):
    knobs = {knob.key: knob for knob in entries()["random"].knobs}
    shown = {key for key, knob in knobs.items() if knob.applies(default(cell=cell)) and key.endswith("_shift")}
    gates = {gate.name for gate in CELLS[cell].gates if gate.key in CELLS[cell].blocks}
    assert shown == {f"{name.split()[0]}_shift" for name in gates}
    others = {key: 3.0 for key in knobs if key.endswith("_shift") and key not in shown}
    for name, values in parameters(cell=cell, **others).items():
        np.testing.assert_array_equal(values, parameters(cell=cell)[name])
