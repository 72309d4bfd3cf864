"""What the server keeps of what people typed is bounded by bytes, however long their sequences are."""

import random

import chess
import pytest

from gruviz.common.cache import size_of
from gruviz.inputs.positions import MAX_MOVES
from gruviz.models import Model, by_task, load_model
from gruviz.ui import over_time, reading
from gruviz.ui.compare.controls import Compared
from gruviz.ui.controls import Choice
from gruviz.ui.gradients import experiments
from gruviz.ui.session_models import Group

MEGABYTE = 2**20
SHIPPED = Group("openings", "Chess openings", tuple(by_task()["openings"].items()))


def game(seed):
    """Random legal moves, as many as are read."""
    draws = random.Random(seed)
    while True:
        board, moves = chess.Board(), []
        while len(moves) < MAX_MOVES and not board.is_game_over():
            move = draws.choice(list(board.legal_moves))
            moves.append(board.san(move))
            board.push(move)
        if len(moves) == MAX_MOVES:
            return " ".join(moves)


@pytest.fixture
def compare(monkeypatch):
    """The page's cache, with room for a few of the largest games."""
    reading._compare.cache_clear()
    monkeypatch.setattr(reading._compare, "_most", 12 * MEGABYTE)
    yield reading._compare
    reading._compare.cache_clear()


def test_huge_games_do_not_fill_the_memory(compare):
    choices = [Compared(SHIPPED, game(seed)) for seed in range(4)]
    sizes = []
    for choice in choices:
        comparison = compare(choice)
        sizes.append(size_of(comparison, (Model,)))
        numbers = sum(each.answers.shares.nbytes for each in comparison.readings.values())
        assert sizes[-1] > numbers  # it is counted with its largest arrays
        assert compare.size <= 12 * MEGABYTE
    assert sum(sizes) > 12 * MEGABYTE
    assert 0 < len(compare) < len(choices)
    assert compare(choices[-1]) is comparison


def test_all_that_is_kept_for_people_has_a_bound():
    """Together well below a gigabyte, whatever they type."""
    caches = [reading._read, reading._compare, over_time._figure, experiments.flows, experiments.jacobians,
              experiments.relevance, experiments.own_flow, experiments.own_relevance, experiments._read]  # fmt: skip
    assert sum(cache._most for cache in caches) < 512 * MEGABYTE


def test_a_model_that_a_reading_refers_to_is_not_counted_with_it():
    reading._read.cache_clear()
    choice = Choice("sentiment-gru", (), "not bad at all")
    found = reading._read(choice)
    assert reading._read.size < size_of(load_model("sentiment-gru"))
    assert reading._read(choice) is found
