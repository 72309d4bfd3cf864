"""Gates over many sequences: against hand-written loops without padding, and against closed forms."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import gruviz
import gruviz.measures.gate_statistics as under_test
from gruviz.errors import GruvizError, ModelError
from gruviz.measures.gate_statistics import gate_statistics
from gruviz.signals import CELLS, Blend, CellUpdate
from tests.cells.cases import KINDS, build, sequence
from tests.cells.hand import run_one, sigmoid

GATED = ("GRU", "LSTM", "ResetBeforeGRU")
LENGTHS = np.array([7, 1, 4, 7, 2])


def saturating(kind, **options):
    """Weights large enough for gates on both sides of both bounds."""
    module = build(kind, **options)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(5)
    return module


def by_hand(module, inputs, lengths, keys):
    """Every gate value of every real step, {key: (N, H)}, from one sequence at a time without its padding."""
    initial = [np.zeros(module.hidden_size)] * (2 if isinstance(module, nn.LSTM) else 1)
    runs = [run_one(module, inputs[:length, b], initial, 0, False) for b, length in enumerate(lengths)]
    return {key: np.concatenate([run[key] for run in runs]) for key in keys}


def check(stats, gates):
    assert list(stats.below) == list(stats.above) == list(stats.mean) == list(gates)
    for key, values in gates.items():
        np.testing.assert_allclose(stats.below[key], (values < 0.1).mean(0), rtol=1e-12)
        np.testing.assert_allclose(stats.above[key], (values > 0.9).mean(0), rtol=1e-12)
        np.testing.assert_allclose(stats.mean[key], values.mean(0), rtol=1e-12)
        assert stats.saturated(key) == pytest.approx(((values < 0.1) | (values > 0.9)).mean())


@pytest.mark.parametrize("kind", GATED)
def test_against_a_loop_by_hand(kind):
    module, x = saturating(kind, units=6), sequence(7, 5, 3)
    stats = gate_statistics(module, x, LENGTHS)
    assert (stats.steps, stats.sequences) == (21, 5)
    gates = by_hand(module, x, LENGTHS, [gate.key for gate in CELLS[stats.cell].gates])
    check(stats, gates)
    every = np.concatenate(list(gates.values()))
    assert (every < 0.1).any()
    assert (every > 0.9).any()  # or the comparison would say little


@pytest.mark.parametrize("options", [{"bias": False}, {"layers": 2}, {"bidirectional": True}, {"batch_first": True}])
def test_the_first_layer_forward_of_any_module(options):
    module, x = saturating("GRU", **options), sequence(7, 5, 3)
    check(gate_statistics(module, x, LENGTHS), by_hand(module, x, LENGTHS, "rz"))


@pytest.mark.parametrize("most", [1, 60, 10**9])
@pytest.mark.parametrize("kind", GATED)
def test_chunks_make_no_difference(kind, most, monkeypatch):
    module, x = saturating(kind), sequence(7, 5, 3)
    calls = []
    monkeypatch.setattr(under_test, "_MOST_NUMBERS", most)
    monkeypatch.setattr(under_test, "trace", lambda m, v: calls.append(v.shape) or gruviz.trace(m, v))
    stats = gate_statistics(module, x, LENGTHS)
    assert sum(batch for _, batch, _ in calls) == 5
    assert len(calls) == {1: 5, 10**9: 1}.get(most, len(calls))
    check(stats, by_hand(module, x, LENGTHS, list(stats.mean)))


@settings(deadline=None, max_examples=40, derandomize=True)  # deadline: the first example pays for torch's start
@given(
    kind=st.sampled_from(GATED),
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    more=st.integers(0, 3),
    padding=st.sampled_from([0.0, 1e30, np.nan, -np.inf]),
    seed=st.integers(0, 99),
)
def test_padding_does_not_matter(kind, lengths, more, padding, seed):
    module = saturating(kind, seed=seed)
    x = sequence(max(lengths) + more, len(lengths), 3, seed=seed)
    for b, length in enumerate(lengths):
        x[length:, b] = padding
    stats = gate_statistics(module, x, np.array(lengths))
    assert stats.steps == sum(lengths)
    check(stats, by_hand(module, x, lengths, list(stats.mean)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(("kind", "key"), [("GRU", "z"), ("LSTM", "f")])
def test_a_gate_that_only_its_bias_sets(kind, key, dtype):
    biases = np.array([-3.0, 0.0, 1.0, 4.5])
    module = build(kind, units=4, dtype=dtype)
    block = CELLS[kind].signal(key).rule.block
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.zero_()
        module.bias_ih_l0[4 * block : 4 * block + 4] = torch.from_numpy(biases)
    stats = gate_statistics(module, sequence(7, 5, 3), LENGTHS)
    np.testing.assert_allclose(stats.time_constant(), -1 / np.log(sigmoid(biases)), rtol=1e-4)
    np.testing.assert_array_equal(stats.below[key], [1, 0, 0, 0])
    np.testing.assert_array_equal(stats.above[key], [0, 0, 0, 1])
    assert stats.saturated(key) == 0.5


def test_a_gate_that_never_lets_go():
    module = build("GRU", dtype=torch.float32)
    with torch.no_grad():
        module.bias_hh_l0[4:8] = 100  # float32 rounds its sigmoid to 1
    np.testing.assert_array_equal(gate_statistics(module, sequence(3, 2, 3), [3, 2]).time_constant(), np.inf)


@pytest.mark.parametrize("kind", ["RNN tanh", "RNN relu"])
def test_an_rnn_has_no_gates(kind):
    stats = gate_statistics(build(kind), sequence(7, 5, 3), LENGTHS)
    assert (stats.cell, stats.steps, stats.sequences, dict(stats.mean)) == ("RNN", 21, 5, {})
    assert stats.time_constant() is None


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_the_table_names_the_gate_that_keeps(cell):
    rules = [cell.signal(key).rule for key in cell.state]
    keeping = [rule.gate for rule in rules if isinstance(rule, Blend)]
    keeping += [rule.forget for rule in rules if isinstance(rule, CellUpdate)]
    assert keeping == ([cell.keeps] if cell.keeps else [])
    assert [gate.key for gate in cell.gates] == {
        "RNN": [], "LSTM": ["i", "f", "o"], "GRU": ["r", "z"], "MGU": ["f"], "JANET": ["f", "i"],
    }[cell.name]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_module_and_the_inputs_stay_as_they_are(kind):
    module, x, lengths = build(kind).train(), sequence(7, 5, 3), LENGTHS.copy()
    before, given_x = {name: value.clone() for name, value in module.state_dict().items()}, x.copy()
    random = torch.get_rng_state()
    gate_statistics(module, x, lengths)
    assert module.training
    assert all(p.grad is None and p.requires_grad for p in module.parameters())
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    assert torch.equal(torch.get_rng_state(), random)
    np.testing.assert_array_equal(x, given_x)
    assert x.flags.writeable
    assert lengths.flags.writeable


@pytest.mark.parametrize(
    ("shape", "lengths", "message"),
    [
        ((7, 3), [7], r"shape \(7, 3\); expected \(T, B, 3\)"),
        ((7, 5, 4), LENGTHS, r"expected \(T, B, 3\)"),
        ((7, 0, 3), [], r"expected \(T, B, 3\)"),
        ((7, 5, 3), [7, 7], r"lengths have shape \(2,\)"),
        ((7, 5, 3), LENGTHS.astype(float), "type float64"),
        ((7, 5, 3), [7, 1, 0, 8, 2], "Sequence 2 has the length 0"),
        ((7, 5, 3), [7, 1, 3, 8, 2], "Sequence 3 has the length 8; these inputs allow lengths from 1 to 7"),
    ],
)
@pytest.mark.parametrize("kind", ["GRU", "RNN tanh"])
def test_what_does_not_fit_is_refused(kind, shape, lengths, message):
    with pytest.raises(GruvizError, match=message):
        gate_statistics(build(kind), np.zeros(shape), lengths)


def test_what_trace_refuses():
    with pytest.raises(ModelError, match="Linear"):
        gate_statistics(nn.Linear(3, 4), np.zeros((7, 5, 3)), LENGTHS)
    x = sequence(7, 5, 3)
    x[0, 2] = np.nan  # not in the padding
    with pytest.raises(GruvizError, match="finite"):
        gate_statistics(build("GRU"), x, LENGTHS)
