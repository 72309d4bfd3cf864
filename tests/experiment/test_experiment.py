"""One set of knobs for three cells: limits, which knob concerns which cell, and the reference curves."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from gruviz.cells.draws import build_module
from gruviz.errors import GruvizError
from gruviz.experiment import FEATURES, MAX_UNITS, drawn, flows, jacobians, relevance, runs
from gruviz.experiment import ExperimentSettings as Settings
from gruviz.gradients import gradient_flow
from gruviz.models import results
from gruviz.models.tasks import TASKS
from gruviz.signals import CELLS, STANDARD, VARIANTS
from tests.gradients.unrolled import autograd_jacobian, autograd_norms

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "gradients.json").read_text())
NETS = {
    "rnn_tanh_default": (Settings(), 1e-9),
    "rnn_orthogonal": (Settings(recurrent=("orthogonal", None)), 1e-9),
    "rnn_rho1.5": (Settings(recurrent=("spectral_radius", 1.5)), 1e-6),
    "rnn_rho2.5": (Settings(recurrent=("spectral_radius", 2.5)), 1e-3),
    "irnn_relu": (Settings(recurrent=("identity_relu", None)), 1e-9),
    "gru_default": (Settings(), 1e-9),
    **{f"gru_bz{b}": (Settings(biases=(("update_bias", float(b)),)), 1e-9) for b in (1, 2, 4, -2)},
    "lstm_default": (Settings(), 1e-9),
    **{f"lstm_bf{b}": (Settings(biases=(("forget_bias", float(b)),)), 1e-9) for b in (1, 2, 4)},
}
RESULTS = json.loads((Path(results.__file__).parent / "results.json").read_text(encoding="utf-8"))["tasks"]
SMALL = Settings(steps=12, units=4, seeds=3)
SEQUENCE = np.random.default_rng(5).standard_normal((12, 3))
ANSWER = np.array([0.5, -1.0, 0.25, 2.0])


# Limits


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (Settings(steps=9), "The sequence length is 9; allowed: 10 to 1,000."),
        (Settings(steps=1001), "The sequence length is 1,001; allowed: 10 to 1,000."),
        (Settings(steps=1, feed="sequence"), "The sequence length is 1; allowed: 2 to 1,000."),
        (Settings(units=0), "The number of hidden units is 0; allowed: 1 to 128."),
        (Settings(units=129), "The number of hidden units is 129; allowed: 1 to 128."),
        (Settings(seeds=0), "The number of seeds is 0; allowed: 1 to 50."),
        (Settings(seeds=51), "The number of seeds is 51; allowed: 1 to 50."),
        (
            Settings(steps=1000, units=128, seeds=50),
            "1,000 steps of 128 units for 50 seeds are 6,400,000 states per cell; at most 2,000,000: with these units "
            "and seeds, 312 steps.",
        ),
        (Settings(at=1), "The loss is taken at step 1; allowed: 2 to 101."),
        (Settings(at=102), "The loss is taken at step 102; allowed: 2 to 101."),
        (Settings(steps=1000, at=1001), "The loss is taken at step 1,001; allowed: 2 to 1,000."),
    ],
)
def test_outside_the_limits(settings, sentence, monkeypatch):
    def work(*_, **__):
        raise AssertionError("worked before it checked")

    monkeypatch.setattr(runs, "draw", work)
    for refuse in (Settings.check, lambda one: flows(one, "GRU")):
        with pytest.raises(GruvizError) as refused:
            refuse(settings)
        assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "settings",
    [
        Settings(steps=10), Settings(steps=1000, at=1000), Settings(steps=2, feed="sequence"), Settings(units=1),
        Settings(units=128), Settings(seeds=1), Settings(seeds=50), Settings(at=2), Settings(at=101),
        Settings(steps=312, units=128, seeds=50), Settings(steps=1000, units=40, seeds=50),
    ],
)  # fmt: skip
def test_within_the_limits(settings):
    settings.check()


def test_the_loss_is_at_the_last_step_where_none_is_named():
    assert (Settings().loss_index, Settings(at=101).loss_index, Settings(at=40).loss_index) == (100, 100, 39)
    assert np.array_equal(flows(SMALL, "GRU").log10_norm, flows(replace(SMALL, at=12), "GRU").log10_norm)


# Which knob concerns which cell

TURNS = {
    "act": ({"activation": "relu"}, {"RNN"}),
    "forget": ({"biases": (("forget_bias", 2.0),)}, {"LSTM"}),
    "chrono lstm": ({"biases": (("chrono_lstm", 20.0),)}, {"LSTM"}),
    "update": ({"biases": (("update_bias", 2.0),)}, {"GRU", "reset-before GRU"}),
    "chrono gru": ({"biases": (("chrono_gru", 20.0),)}, {"GRU", "reset-before GRU"}),
    "mgu": ({"biases": (("mgu_bias", -2.0),)}, {"MGU"}),
    "chrono mgu": ({"biases": (("chrono_mgu", 20.0),)}, {"MGU"}),
    "janet": ({"biases": (("janet_bias", 2.0),)}, {"JANET"}),
    "chrono janet": ({"biases": (("chrono_janet", 20.0),)}, {"JANET"}),
    "identity": ({"recurrent": ("identity_relu", None)}, {"RNN"}),
    "orthogonal": ({"recurrent": ("orthogonal", None)}, set(VARIANTS)),
    "rho": ({"recurrent": ("spectral_radius", 1.5)}, set(VARIANTS)),
    "loss": ({"loss": "random"}, set(VARIANTS)),
    "feed": ({"feed": "impulse"}, set(VARIANTS)),
    "at": ({"at": 7}, set(VARIANTS)),
    "units": ({"units": 5}, set(VARIANTS)),
    "seeds": ({"seeds": 4}, set(VARIANTS)),
    "steps": ({"steps": 13}, set(VARIANTS)),
}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("cell", VARIANTS)
def test_a_knob_changes_settings_and_curves_of_the_cells_that_it_concerns(turn, cell):
    change, concerned = TURNS[turn]
    turned = replace(SMALL, **change)
    same = turned.reduced_to(cell) == SMALL.reduced_to(cell)
    assert same == (cell not in concerned)
    assert (hash(turned.reduced_to(cell)) == hash(SMALL.reduced_to(cell))) == same
    before, now = (flows(one, cell).log10_norm for one in (SMALL, turned))
    assert np.array_equal(before, now, equal_nan=True) == same
    assert np.array_equal(now, flows(turned.reduced_to(cell), cell).log10_norm, equal_nan=True)


# The reference


@pytest.mark.parametrize("net", NETS)
def test_reference_curves(net):
    settings, tolerance = NETS[net]
    cell = {"rnn": "RNN", "irnn": "RNN", "gru": "GRU", "lstm": "LSTM"}[net.split("_")[0]]
    assert (settings.steps, settings.units, FEATURES, settings.seeds) == (ORACLE["T"], ORACLE["H"], ORACLE["D"], 20)
    reference = ORACLE["nets"][net]["joint" if cell == "LSTM" else "h"]
    found = flows(settings, cell)
    assert list(found.seeds) == ORACLE["seeds"]
    median = found.median()
    for lag in ORACLE["lags"]:
        np.testing.assert_allclose(median.relative()[lag], reference["median"][str(lag)], rtol=tolerance)
    assert median.rate(50, 100, "ends") == pytest.approx(reference["rate"], rel=tolerance)


# What is read


def alone(settings, cell, inputs, loss="sum"):
    """Each seed by itself, through the module."""
    made = drawn(settings, cell, SEQUENCE if settings.feed == "sequence" else None)
    return [
        gradient_flow(build_module(made.cell, weights), inputs, loss, settings.loss_index, seed).log10_norm
        for seed, weights in zip(made.seeds, made.weights, strict=True)
    ]


@pytest.mark.parametrize("cell", VARIANTS)
def test_an_impulse_is_one_at_step_1_and_nothing_after(cell):
    settings = replace(SMALL, feed="impulse")
    inputs = drawn(settings, cell).inputs
    assert inputs.shape == (3, 12, FEATURES)
    assert (inputs[:, 0] == 1).all()
    assert not inputs[:, 1:].any()
    for got, expected in zip(drawn(settings, cell).weights, drawn(SMALL, cell).weights, strict=True):
        np.testing.assert_array_equal(got.recurrent, expected.recurrent)
    np.testing.assert_allclose(flows(settings, cell).log10_norm, alone(settings, cell, inputs[0]), atol=1e-12)


@pytest.mark.parametrize("cell", VARIANTS)
@pytest.mark.parametrize("loss", ["sum", "random"])
def test_all_seeds_read_the_sequence(cell, loss):
    settings = replace(SMALL, feed="sequence", loss=loss, at=9)
    found = flows(settings, cell, SEQUENCE)
    assert found.at == 8
    np.testing.assert_allclose(found.log10_norm, alone(settings, cell, SEQUENCE, loss), atol=1e-12)
    assert np.ptp(found.log10_norm[:, 0]) > 0  # the seeds differ by their weights


def test_a_sequence_that_is_missing():
    with pytest.raises(GruvizError, match=r"^The input is a sequence, but none was given\.$"):
        flows(replace(SMALL, feed="sequence"), "GRU")


@pytest.mark.parametrize("cell", VARIANTS)
def test_the_answers_row_is_the_loss(cell):
    settings = replace(SMALL, feed="sequence", loss="answer")
    found = flows(settings, cell, SEQUENCE, ANSWER)
    np.testing.assert_allclose(found.log10_norm, alone(settings, cell, SEQUENCE, ANSWER), atol=1e-12)
    np.testing.assert_allclose(found.log10_norm[:, -1], np.log10(np.linalg.norm(ANSWER)))
    with pytest.raises(GruvizError, match=r"^This model gives no answer to take the loss of\."):
        flows(settings, cell, SEQUENCE)
    with pytest.raises(GruvizError, match="this cell needs"):
        flows(settings, cell, SEQUENCE, ANSWER[:3])


@pytest.mark.parametrize("cell", VARIANTS)
def test_curves_are_autograds(cell):
    """Of every seed, unrolled step by step from the equations."""
    settings = replace(SMALL, at=9, biases=(("forget_bias", 1.0), ("update_bias", 1.0), ("mgu_bias", -1.0)))
    made, found = drawn(settings, cell), flows(settings, cell)
    assert found.cell == found.median().cell == cell
    for seed, weights in enumerate(made.weights):
        module = build_module(made.cell, weights)
        by_state, _ = autograd_norms(module, made.inputs[seed], np.ones(4), 8)
        np.testing.assert_allclose(10 ** found.log10_norm[seed, :9], by_state, rtol=1e-9)


def test_the_reset_before_gru_has_the_weights_of_the_gru_and_another_equation():
    settings = replace(SMALL, biases=(("update_bias", 2.0),))
    after, before = (drawn(settings, cell) for cell in ("GRU", "reset-before GRU"))
    np.testing.assert_array_equal(after.inputs, before.inputs)
    for one, other in zip(after.weights, before.weights, strict=True):
        assert one.reset_after
        assert not other.reset_after
        for part in ("input", "recurrent", "input_bias", "recurrent_bias"):
            np.testing.assert_array_equal(getattr(one, part), getattr(other, part))
    curves = [flows(settings, cell).log10_norm for cell in ("GRU", "reset-before GRU")]
    assert np.abs(curves[0] - curves[1]).max() > 1e-3


# Before training

KEEPING = {"RNN": None, "LSTM": 1, "GRU": 1}  # the block of the gate that carries the past on: LSTM's f, GRU's z
TRAINED = Settings(steps=12, seeds=3, feed="sequence", loss="answer", trained="first-symbol")


@pytest.mark.parametrize("cell", STANDARD)
@pytest.mark.parametrize("task", TASKS)
def test_training_starts_from_weights_of_the_networks_size_with_the_keeping_gate_raised(task, cell):
    settings = replace(TRAINED, trained=task)
    hidden = RESULTS[task]["cells"][cell.lower()]["hidden"]
    same_size = Settings(steps=12, units=min(hidden, MAX_UNITS), seeds=3)
    started, plain = (drawn(one, cell, SEQUENCE) for one in (settings.reduced_to(cell), same_size))
    assert settings.reduced_to(cell).units == hidden
    block = KEEPING[cell]
    for weights in started.weights:
        assert weights.recurrent.shape == (len(CELLS[cell].blocks) * hidden, hidden)
        assert weights.input.shape == (len(CELLS[cell].blocks) * hidden, 3)
    if hidden > MAX_UNITS:
        return
    for mine, theirs in zip(started.weights, plain.weights, strict=True):
        for part in ("input", "recurrent", "recurrent_bias"):
            np.testing.assert_array_equal(getattr(mine, part), getattr(theirs, part))
        raised = (mine.input_bias - theirs.input_bias).reshape(-1, hidden)
        wanted = np.zeros_like(raised)
        if block is not None:
            wanted[block] = RESULTS[task]["budget"]["keep"]
        np.testing.assert_allclose(raised, wanted, atol=1e-12)


@pytest.mark.parametrize("cell", STANDARD)
def test_curves_before_training_are_those_of_a_module_built_by_hand(cell):
    settings = TRAINED.reduced_to(cell)
    hidden, keep = settings.units, RESULTS["first-symbol"]["budget"]["keep"]
    answer = np.linspace(-1, 1, hidden)
    found = flows(settings, cell, SEQUENCE, answer)
    plain = drawn(Settings(steps=12, units=hidden, seeds=3), cell, SEQUENCE)
    for seed, weights in enumerate(plain.weights):
        module = getattr(nn, cell)(3, hidden, dtype=torch.float64)
        values = (weights.input, weights.recurrent, weights.input_bias, weights.recurrent_bias)
        with torch.no_grad():
            for parameter, value in zip(module.parameters(), values, strict=True):
                parameter.copy_(torch.tensor(value))
            if KEEPING[cell] is not None:
                module.bias_ih_l0[KEEPING[cell] * hidden : (KEEPING[cell] + 1) * hidden] += keep
        expected = gradient_flow(module, SEQUENCE, answer, 11)
        np.testing.assert_allclose(found[seed].log10_norm, expected.log10_norm, atol=1e-10)


@pytest.mark.parametrize("cell", STANDARD)
@pytest.mark.parametrize("turn", ["act", "forget", "chrono lstm", "update", "chrono gru", "identity", "rho", "units"])
def test_no_knob_of_the_weights_concerns_what_training_started_from(turn, cell):
    turned = replace(TRAINED, **TURNS[turn][0])
    assert turned.reduced_to(cell) == TRAINED.reduced_to(cell)
    assert turned.choices(cell) == {}


def test_networks_larger_than_the_knob_goes_have_curves_too():
    """The RNN of the openings is; nobody chose its size here."""
    large = replace(TRAINED, trained="openings", loss="sum", seeds=1).reduced_to("RNN")
    assert large.units > MAX_UNITS
    assert np.isfinite(flows(large, "RNN", SEQUENCE).log10_norm).all()
    with pytest.raises(GruvizError, match="states per cell; at most"):
        flows(replace(large, steps=1000, seeds=50), "RNN", SEQUENCE)


# What lies behind


@pytest.mark.parametrize("cell", VARIANTS)
def test_jacobians_of_seed_0_are_autograds(cell):
    settings = replace(SMALL, at=6)
    made = drawn(settings, cell)
    module, x = build_module(made.cell, made.weights[0]), made.inputs[0]
    values, eigenvalues = jacobians(settings, cell)
    assert (values.cell, values.at, values.lags) == (cell, 5, tuple(range(6)))
    for place, lag in enumerate(values.lags):
        expected = np.linalg.svd(autograd_jacobian(module, x, 5, lag), compute_uv=False)
        assert 10 ** values.log10_largest[place] == pytest.approx(expected[0], rel=1e-9)
        assert 10 ** values.log10_smallest[place] == pytest.approx(expected[-1], rel=1e-6, abs=1e-14)
    step = np.linalg.eigvals(autograd_jacobian(module, x, 5, 1))
    np.testing.assert_allclose(*(np.sort(np.abs(each)) for each in (eigenvalues, step)), atol=1e-9)


def test_jacobians_of_long_runs_are_taken_at_24_lags_from_0_to_the_loss():
    values, _ = jacobians(Settings(steps=300, units=3, seeds=1, at=250), "GRU")
    assert (len(values.lags), values.lags[0], values.lags[-1]) == (24, 0, 249)
    assert set(np.diff(values.lags)) <= {10, 11}


@pytest.mark.parametrize("cell", VARIANTS)
@pytest.mark.parametrize("loss", ["sum", "answer"])
def test_relevance_of_seed_0_is_autograds(cell, loss):
    settings = replace(SMALL, feed="sequence", loss=loss, at=9)
    found = relevance(settings, cell, SEQUENCE, ANSWER)
    module = build_module(VARIANTS[cell].base, drawn(settings, cell, SEQUENCE).weights[0])
    _, expected = autograd_norms(module, SEQUENCE, ANSWER if loss == "answer" else np.ones(4), 8)
    np.testing.assert_allclose(found.norm[:9], expected, rtol=1e-9)
    assert np.isnan(found.norm[9:]).all()


def test_a_state_that_explodes_is_said_in_a_sentence():
    exploding = Settings(steps=1000, units=8, seeds=2, activation="relu", recurrent=("spectral_radius", 3.0))
    with pytest.raises(GruvizError, match=r"stops being a finite number at step \d+ of 1000: .+\. Use smaller weights"):
        flows(exploding, "RNN")
    for cell in ("LSTM", "GRU"):  # bounded, whatever the weights
        assert np.isfinite(flows(exploding, cell).log10_norm).all()
