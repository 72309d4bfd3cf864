"""The test examples as the shipped models read them: against their own encoders, and by the scores they lead to."""

from functools import cache

import chess
import numpy as np
import pytest

from gruviz.cells import trace
from gruviz.models import by_task, load_model
from gruviz.models.shipped import read_card
from gruviz.models.tasks import TASKS
from gruviz.models.test_set import held_out
from tests.models.test_tasks import split_of

MODELS = [(task, cell) for task in sorted(TASKS) for cell in ("RNN", "LSTM", "GRU")]
READ = {
    "openings": lambda text: text.rpartition(" ")[0],  # the last move is only predicted
    "sunspots": lambda text: text.partition(": ")[2].rpartition(" ")[0],
}  # the first month's name stands before


@cache
def read(task, cell):
    """Model, inputs (T, B, D), lengths (B,)."""
    model = load_model(by_task()[task][cell])
    return model, *held_out(model)


@pytest.mark.parametrize(("task", "cell"), MODELS)
def test_they_are_what_the_models_own_encoder_makes_of_the_texts(task, cell):
    model, inputs, lengths = read(task, cell)
    examples = split_of(task).test
    assert inputs.shape == (lengths.max(), len(examples), model.encoder.features)
    assert lengths.shape == (len(examples),)
    assert lengths.dtype.kind == "i"
    for b in range(0, len(examples), max(1, len(examples) // 15)):
        values = model.encode(READ.get(task, str)(examples[b].text)).values
        assert lengths[b] == len(values)
        np.testing.assert_array_equal(inputs[: len(values), b], values.astype(np.float32))
        assert not inputs[len(values) :, b].any()


@cache
def logits(task, cell):
    """What the read-out makes of every state, (T, B, K)."""
    model, inputs, _ = read(task, cell)
    return model.read_out.logits(trace(model.module, inputs)["h"])


def last(task, cell):
    """The logits after the last step of each example, (B, K)."""
    lengths = read(task, cell)[2]
    return logits(task, cell)[lengths - 1, np.arange(len(lengths))]


def targets(task):
    return np.array([example.target for example in split_of(task).test])


def brackets(cell):
    lengths = read("brackets", cell)[2]
    told = logits("brackets", cell).argmax(-1).T
    examples = zip(told, lengths, split_of("brackets").test, strict=True)
    return np.mean([tuple(row[:length]) == example.target for row, length, example in examples])


def sunspots(cell):
    told = 40 * logits("sunspots", cell)[..., 0].T + 50  # as the inputs are scaled, see the card
    return np.abs(told - targets("sunspots"))[:, -12:].mean()


@cache
def games():
    """Right answers by cell: the likeliest move that python-chess takes as it is spelled, and the move played."""
    ranked = {cell: (-logits("openings", cell)).argsort(-1, kind="stable") for cell in ("RNN", "LSTM", "GRU")}
    options = load_model("openings-gru").read_out.options
    right = dict.fromkeys(ranked, 0)
    for b, example in enumerate(split_of("openings").test):
        board = chess.Board()
        for t, (played, following) in enumerate(zip(example.tokens, example.tokens[1:], strict=False)):
            board.push_san(played)
            legal = {}
            for cell, ranks in ranked.items():
                right[cell] += following == next(options[i] for i in ranks[t, b] if playable(board, options[i], legal))
    return right


def playable(board, san, known):
    """Whether a move is legal and spelled as PGN has it; `known` are those asked for before."""
    if san not in known:
        try:
            known[san] = board.san(board.parse_san(san)) == san
        except ValueError:
            known[san] = False
    return known[san]


SCORES = {
    "sentiment": lambda cell: np.mean((last("sentiment", cell)[:, 0] >= 0) == (targets("sentiment") > 0.5)),
    "surnames": lambda cell: np.mean(last("surnames", cell).argmax(-1) == targets("surnames")),
    "first-symbol": lambda cell: np.mean(last("first-symbol", cell).argmax(-1) == targets("first-symbol")),
    "adding": lambda cell: np.abs(last("adding", cell)[:, 0] - targets("adding")).mean(),
    "brackets": brackets,
    "sunspots": sunspots,
    "openings": lambda cell: games()[cell] / (23 * 500),
}


@pytest.mark.parametrize(("task", "cell"), MODELS)
def test_the_shipped_networks_reach_their_cards_score_on_them(task, cell):
    facts = read_card(f"{task}-{cell.lower()}")["card"]
    found = SCORES[task](cell)
    if facts.get("lower_is_better"):
        assert found == pytest.approx(facts["test"], rel=1e-6)
    else:
        assert found == pytest.approx(facts["test"], rel=1e-12)  # as many right ones


@pytest.mark.parametrize("cell", ["RNN", "LSTM", "GRU"])
def test_the_answers_shown_of_a_game_are_those_that_were_counted(cell):
    model, _, _ = read("openings", cell)
    ranks = (-logits("openings", cell)).argsort(-1, kind="stable")
    for b, example in enumerate(split_of("openings").test[:4]):
        told = model.outputs(model.trace(READ["openings"](example.text))).argmax(-1)
        board = chess.Board()
        for t, played in enumerate(example.tokens[:-1]):
            board.push_san(played)
            options = model.read_out.options
            assert told[t] == next(i for i in ranks[t, b] if playable(board, options[i], {}))
