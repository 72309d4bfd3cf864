"""Gradients by lag, gates and timescales of a network in training, against gruviz's own functions and autograd."""

import numpy as np
import pytest
import torch
from torch import nn

import gruviz
from gruviz.live.labelled import read_labelled
from gruviz.live.own import labelled
from gruviz.live.race import Race
from gruviz.live.snapshot import snapshot
from gruviz.measures.gate_statistics import gate_statistics
from gruviz.signals import STANDARD
from tests.live.test_race import SOURCES, race

NAMES = "\n".join(
    f"{name}\t{len(name) % 2}" for name in ("Ada", "Bo", "Cyril", "Dorothea", "Eve", "Flo", "Gus", "Hanna")
)


def own(**knobs):
    from gruviz.live.settings import LiveSettings

    settings = LiveSettings(units=5, batch=9, **knobs)
    return Race(settings, labelled(read_labelled(NAMES, "characters"), settings))


def parts(made, cell):
    """float64 network parts, x (B, T, D), lengths, last targets: by torch alone."""
    network = made.learners[cell].network
    inputs, lengths, targets = made.batch
    x = (inputs if network.embedding is None else network.embedding(inputs)).detach().double().transpose(0, 1)
    last = targets if targets.ndim == 1 else targets[lengths - 1, torch.arange(len(lengths))]
    return network, x, lengths, last


@pytest.mark.parametrize("cell", STANDARD)
@pytest.mark.parametrize("make", [*SOURCES, "own"])
def test_the_curve_is_that_of_gradient_flow_on_the_same_weights_and_batch(make, cell):
    made = own() if make == "own" else race(SOURCES[make], lag=12)
    for _ in range(3):
        made.update()
    network, x, lengths, targets = parts(made, cell)
    rnn, weight = network.rnn, network.head.weight.detach().double()
    squares = np.zeros(x.shape[1])
    for b, length in enumerate(lengths):
        double = rnn.__class__(rnn.input_size, rnn.hidden_size).double()
        double.load_state_dict({key: value.double() for key, value in rnn.state_dict().items()})
        h = double(x[b, :length])[0][-1].detach()
        logits = (h @ weight.T + network.head.bias.detach().double()).requires_grad_(True)
        made.source.answer_loss(logits[None], targets[b : b + 1]).backward()
        flow = gruviz.gradient_flow(double, x[b, :length].numpy(), loss=(logits.grad @ weight).numpy() / len(lengths))
        by_lag = flow.log10_norm[::-1]
        squares[: len(by_lag)] += 10.0 ** (2 * by_lag)
    seen = snapshot(network, made.source, made.batch)
    np.testing.assert_allclose(seen.log10_norm, np.log10(squares) / 2, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("cell", STANDARD)
def test_the_curve_is_that_of_autograd(cell):
    """The gradient of the batch's mean loss by the states of all its sequences, from cells unrolled by hand."""
    made = own()
    network, x, lengths, targets = parts(made, cell)
    kind = {"RNN": nn.RNNCell, "LSTM": nn.LSTMCell, "GRU": nn.GRUCell}[cell]
    one = kind(x.shape[2], 5).double()
    one.load_state_dict({key.removesuffix("_l0"): value.double() for key, value in network.rnn.state_dict().items()})
    states, losses = [], []
    for b, length in enumerate(lengths):
        state, chain = (torch.zeros(1, 5).double(),) * (2 if cell == "LSTM" else 1), []
        for t in range(length):
            state = one(x[b, t][None], state if cell == "LSTM" else state[0])
            state = tuple(part.clone() for part in (state if cell == "LSTM" else (state,)))
            chain.append(state)
        states.append(chain)
        losses.append(made.source.answer_loss(nn.functional.linear(
            state[0], network.head.weight.double(), network.head.bias.double()), targets[b : b + 1]))  # fmt: skip
    loss = torch.stack(losses).mean()
    squares = np.zeros(int(lengths.max()))
    for chain in states:
        for lag, state in enumerate(reversed(chain)):
            for slope in torch.autograd.grad(loss, state, retain_graph=True, allow_unused=True):
                squares[lag] += 0 if slope is None else float((slope**2).sum())
    seen = snapshot(network, made.source, made.batch)
    np.testing.assert_allclose(seen.log10_norm, np.log10(squares) / 2, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("cell", ["LSTM", "GRU"])
def test_gates_and_timescales_are_those_of_gate_statistics(cell):
    made = own()
    network, x, lengths, _ = parts(made, cell)
    seen = snapshot(network, made.source, made.batch)
    measured = gate_statistics(network.rnn, x.transpose(0, 1).float().numpy(), lengths.numpy())
    np.testing.assert_allclose(seen.timescales, measured.time_constant(), rtol=1e-4)
    for key, shares in seen.gates.items():
        assert shares.sum() == pytest.approx(1)
        assert shares[:2].sum() == pytest.approx(measured.below[key].mean(), abs=1e-3)
        assert shares[-2:].sum() == pytest.approx(measured.above[key].mean(), abs=1e-3)


def test_an_rnn_has_no_gates():
    seen = snapshot(race().learners["RNN"].network, race().source, race().batch)
    assert seen.gates == {}
    assert seen.timescales is None


def test_weights_that_are_not_finite_have_no_snapshot():
    made = race()
    made.learners["GRU"].network.rnn.weight_hh_l0.data.fill_(float("nan"))
    assert snapshot(made.learners["GRU"].network, made.source, made.batch) is None


def test_a_snapshot_leaves_the_network_as_it_was():
    made = race(updates=2)
    network = made.learners["GRU"].network
    before = {key: value.clone() for key, value in network.state_dict().items()}
    snapshot(network, made.source, made.batch)
    assert network.training
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())


def test_a_batch_that_is_told_apart_for_certain_has_no_gradient():
    """Logits so far apart that the softmax is exactly right: the loss's gradient is zero, not an error."""
    made = race()
    network = made.learners["RNN"].network
    with torch.no_grad():
        network.head.weight.zero_()
    seen = snapshot(network, made.source, made.batch)
    assert np.isneginf(seen.log10_norm).all()
