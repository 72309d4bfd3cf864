"""Read-outs answer as torch does with the same weights, mask illegal moves, and know what they should have said."""

import json

import chess
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file
from torch.nn import functional

from gruviz.common.quantities import share as written
from gruviz.models import load_model
from gruviz.models import shipped as files
from gruviz.models.read_outs import READ_OUTS, TARGETS, Classes, Moves, Number, Probability, read_out
from gruviz.records import Shares, Trace, Values, Weights

NAMES = files.names()
CHESS = [name for name in NAMES if files.read_card(name)["read_out"]["kind"] == "moves"]
FEW = settings(deadline=None, max_examples=40, derandomize=True)
MATE = "f3 e5 g4 Qh4#"
EXACT = {"rtol": 1e-12, "atol": 1e-12}


def shipped(name):
    """The card's read-out and the head's weights as they lie in the package, by no code of gruviz."""
    folder = files.FOLDER
    tensors = load_file(folder / f"{name}.safetensors")
    card = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return card["read_out"], tensors["head.weight"].double(), tensors["head.bias"].double()


def logits_of(name, trace):
    """(T + 1, K), of the zero state first."""
    _, weight, bias = shipped(name)
    states = torch.tensor(np.concatenate([np.zeros_like(trace["h"][:1]), trace["h"]])).double()
    return functional.linear(states, weight, bias)


def legal_moves(moves):
    """The legal moves in SAN after 0, 1, .. moves, by python-chess alone."""
    board, found = chess.Board(), []
    for move in (*moves, None):
        found.append({board.san(legal) for legal in board.legal_moves})
        if move:
            board.push_san(move)
    return found


def masked(logits, options, legal):
    """Softmax among the legal ones, an option at a time."""
    shares = np.zeros(logits.shape)
    for step, possible in enumerate(legal):
        columns = [column for column, option in enumerate(options) if option in possible]
        if columns:
            shares[step, columns] = torch.softmax(logits[step, columns], -1)
    return shares


def of_states(states, tokens=(), inputs=None):
    """A trace with these hidden states (T, H) or (T, B, H), from zero, as if an RNN had computed them."""
    units = states.shape[-1]
    inputs = np.zeros((*states.shape[:-1], 1)) if inputs is None else inputs
    weights = Weights(np.zeros((units, 1)), np.zeros((units, units)), np.zeros(units), np.zeros(units))
    return Trace("RNN", {"h": states}, {"h": np.zeros_like(states[0])}, inputs, weights, 0.0, tokens=tuple(tokens))


# Against torch


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_model_answers_as_torch_does_with_its_weights(name):
    model = load_model(name)
    trace, (card, _, _) = model.trace(model.example), shipped(name)
    answers, logits = model.read_out.answers(trace), logits_of(name, trace)
    if card["kind"] == "value":
        assert isinstance(answers, Values)
        expected = logits[:, 0] * card["scale"] + card["offset"]
        np.testing.assert_allclose(answers.values, expected, **EXACT)
        np.testing.assert_allclose(model.outputs(trace), expected[1:], **EXACT)
        assert (answers.asked, answers.unit) == (card["label"], card["unit"])
        return
    assert isinstance(answers, Shares)
    if card["kind"] == "probability":
        yes = torch.sigmoid(logits[:, 0])
        expected, options, of = torch.stack([yes, 1 - yes], -1), ("positive", "not positive"), 0
        np.testing.assert_allclose(model.outputs(trace), yes[1:], **EXACT)
    else:
        options, of = tuple(card["labels"]), None
        expected = functional.softmax(logits, -1)
        if card["kind"] == "moves":
            expected = masked(logits, options, legal_moves(trace.tokens))
        np.testing.assert_allclose(model.outputs(trace), expected[1:], **EXACT)
    np.testing.assert_allclose(answers.shares, expected, **EXACT)
    assert (answers.asked, answers.options, answers.of) == (card["label"], options, of)


@pytest.mark.parametrize("name", sorted({*NAMES} - {*CHESS}))  # legal moves are those of one game
def test_a_batch_is_answered_like_its_sequences(name):
    model = load_model(name)
    states = np.random.default_rng(0).uniform(-1, 1, (3, 2, model.module.hidden_size)).astype(np.float32)
    together = model.read_out(of_states(states))
    for column in range(2):
        np.testing.assert_allclose(together[:, column], model.read_out(of_states(states[:, column])), **EXACT)


@pytest.mark.parametrize("name", NAMES)
def test_the_direction_is_the_gradient_of_the_logit_that_is_told(name):
    model = load_model(name)
    trace, (_, weight, bias) = model.trace(model.example), shipped(name)
    answers = model.read_out.answers(trace)
    for step in range(1, len(trace) + 1):
        told = answers.told(step) if isinstance(answers, Shares) else 0
        state = torch.tensor(trace["h"][step - 1]).double().requires_grad_()
        functional.linear(state, weight, bias)[told].backward()
        np.testing.assert_allclose(model.read_out.direction(trace, step), state.grad, **EXACT)


@pytest.mark.parametrize("logit", [-800.0, -40.0, 0.0, 40.0, 800.0])
def test_far_logits_are_shares_all_the_same(logit):
    weight, states = np.array([[logit]]), np.ones((1, 1))
    with np.errstate(over="ignore"):
        yes = Probability("yes", weight, np.zeros(1))(of_states(states))
    np.testing.assert_allclose(yes, torch.sigmoid(torch.tensor([logit], dtype=torch.float64)), atol=1e-300)
    shares = Classes("which", np.array([[logit], [0.0]]), np.zeros(2), ("a", "b"))(of_states(states))
    expected = functional.softmax(torch.tensor([[logit, 0.0]], dtype=torch.float64), -1)
    np.testing.assert_allclose(shares, expected, atol=1e-300)


# Moves


@pytest.mark.parametrize(
    "game",
    [
        MATE,
        "e4 e5 Bc4 Nc6 Qh5 Nf6 Qxf7#",
        "e4 d5 exd5 c6 dxc6 Nf6 cxb7 Nbd7 bxa8=Q",
        "e4 a6 e5 d5 exd6 e6 Nf3 Be7 Be2 Nf6 O-O O-O",
        "a4 a5 h4 h5 Na3 Na6",
    ],
)
@pytest.mark.parametrize("name", CHESS)
def test_only_legal_moves_have_a_share(name, game):
    model = load_model(name)
    trace = model.trace(game)
    answers, options, legal = model.read_out.answers(trace), model.read_out.options, legal_moves(trace.tokens)
    np.testing.assert_allclose(answers.shares, masked(logits_of(name, trace), options, legal), **EXACT)
    for step, possible in enumerate(legal):
        assert {options[column] for column in np.flatnonzero(answers.shares[step])} <= possible
        assert {move for move, _ in answers.ranking(step, 1000)} <= possible
    played = [move if move in options else "" for move in (*trace.tokens[1:], "")]
    assert [options[column] if column >= 0 else "" for column in answers.followed] == played
    for step, move in enumerate(played, 1):
        share = answers.shares[step, options.index(move)] if move else None
        assert answers.actual(step) == (f"{move}, {written(share)}" if move else "")


@pytest.mark.parametrize("name", CHESS)
def test_after_mate_no_move_is_told(name):
    model = load_model(name)
    answers = model.read_out.answers(model.trace(MATE))
    assert not answers.shares[-1].any()
    assert (answers.text(4), answers.verdict(4), answers.ranking(4, 5)) == ("no legal move", None, ())
    assert answers.moved(4).startswith(("before: ", "−"))
    np.testing.assert_allclose(answers.shares[:-1].sum(1), 1)
    np.testing.assert_allclose(answers.change()[-1], 0.5)


def test_a_move_that_gives_check_is_another_option_than_one_that_does_not():
    states = np.zeros((3, 1))
    options = ("Bb5", "Bb5+", "Qe7")
    moves = Moves("next", np.zeros((3, 1)), np.array([1.0, 0.0, 0.0]), options)
    np.testing.assert_array_equal(moves(of_states(states, ("e4", "d5", "e5")))[0], [0, 0, 0])
    np.testing.assert_array_equal(moves(of_states(states, ("e4", "d5", "e5")))[1], [0, 1, 0])  # c6 and e6 are empty
    np.testing.assert_array_equal(moves(of_states(states, ("e4", "e5", "Nf3")))[1], [1, 0, 0])


# Numbers and what they were to be


@FEW
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=150))
def test_next_is_the_number_that_follows(numbers):
    target, others = TARGETS["next"][0](np.array(numbers)[:, None])
    assert len(target) == len(numbers)
    assert target[:-1].tolist() == numbers[1:]
    assert np.isnan(target[-1])
    assert others["persistence (same as this month)"].tolist() == numbers
    seasonal = others.get("seasonal (same as 11 years ago)")
    assert (seasonal is not None) is (len(numbers) >= 132)
    for month in range(len(numbers)) if seasonal is not None else ():
        ago = month + 1 - 132  # of the month predicted
        assert np.isnan(seasonal[month]) if ago < 0 else seasonal[month] == numbers[ago]


@pytest.mark.parametrize("months", [1, 2, 131, 132, 133, 264, 400])
def test_11_years_ago_needs_11_years(months):
    numbers = np.arange(months, dtype=float)
    _, others = TARGETS["next"][0](numbers[:, None])
    assert ("seasonal (same as 11 years ago)" in others) is (months >= 132)
    for name, row in others.items():
        assert row.shape == (months,)
        known = ~np.isnan(row)
        assert set(numbers[known] + 1 - row[known]) == ({132.0} if name.startswith("seasonal") else {1.0})


@FEW
@given(st.lists(st.tuples(st.floats(-10, 10), st.sampled_from([0.0, 1.0])), min_size=1, max_size=30))
def test_the_marked_sum_so_far(rows):
    target, others = TARGETS["marked_sum"][0](np.array(rows))
    for step in range(len(rows)):
        assert target[step] == pytest.approx(sum(number for number, mark in rows[: step + 1] if mark))
    assert others == {}


def test_targets_are_in_the_unit_of_the_answer():
    numbers = np.array([10.0, 30.0, 20.0])
    card = {"kind": "value", "label": "next", "unit": "mm", "scale": 4.0, "offset": 10.0, "target": "next"}
    number = read_out(card, np.ones((1, 1), np.float32), np.zeros(1, np.float32))
    assert isinstance(number, Number)
    states = np.array([[0.5], [-0.25], [1.0]])
    found = number.answers(of_states(states, inputs=(numbers[:, None] - 10) / 4))
    np.testing.assert_array_equal(found.values, [10, 12, 9, 14])
    np.testing.assert_array_equal(found.target, [30, 20, np.nan])
    np.testing.assert_array_equal(found.baselines["persistence (same as this month)"], numbers)
    assert found.errors() == {"": 14.5, "persistence (same as this month)": 15.0}


def test_a_read_out_of_another_kind_is_a_row():
    assert set(READ_OUTS) == {"probability", "classes", "moves", "value"}
    with pytest.raises(KeyError):
        read_out({"kind": "none", "label": "x"}, np.ones((1, 1)), np.zeros(1))
    classes = read_out({"kind": "classes", "label": "x", "labels": ["a", "b"]}, np.ones((2, 1)), np.zeros(2))
    assert classes.options == ("a", "b")
    assert classes.weight.dtype == classes.bias.dtype == np.float64
