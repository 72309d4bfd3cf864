"""Positions after each move: against python-chess, and against what is known of chess without it."""

import csv
import gzip
import random
import subprocess
import sys
from dataclasses import FrozenInstanceError

import chess
import pytest

from gruviz.errors import SequenceError
from gruviz.inputs import positions as module
from gruviz.inputs.positions import MAX_MOVES, moves_into_check, position_after, positions
from gruviz.models.tasks.openings import DATA

MATE = ("f3", "e5", "g4", "Qh4#")
STALEMATE = "e3 a5 Qh5 Ra6 Qxa5 h5 h4 Rah6 Qxc7 f6 Qxd7+ Kf7 Qxb7 Qd3 Qxb8 Qh7 Qxc8 Kg6 Qe6"
SHUFFLE = ("Nf3", "Nf6", "Ng1", "Ng8") * (MAX_MOVES // 4)


def real_games(count):
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        games = [tuple(row["moves"].split()) for row in csv.DictReader(file)]
    return random.Random(0).sample(games, count)


def played_at_random(seed, greedy=False):
    """A game to its end (or MAX_MOVES) by any legal moves, or by captures wherever there are any."""
    rng, board, moves = random.Random(seed), chess.Board(), []
    while len(moves) < MAX_MOVES and any(board.legal_moves) and not board.is_insufficient_material():
        captures = list(board.generate_legal_captures()) if greedy else []
        move = rng.choice(captures or list(board.legal_moves))
        moves.append(board.san(move))
        board.push(move)
    return tuple(moves)


def spread(fen):
    """The first field of a FEN, with a point for each empty square."""
    return "".join("." * int(sign) if sign.isdigit() else sign for sign in fen.split()[0] if sign != "/")


def assert_as_python_chess_has_it(moves):
    board, reached = chess.Board(), positions(moves)
    assert len(reached) == len(moves) + 1
    for played, position in enumerate(reached):
        assert position.moves == moves[:played]
        assert position.pieces == spread(board.fen())
        assert position.white_to_move == (played % 2 == 0)
        assert position.last == (board.peek().uci() if played else "")
        assert position.legal == {board.san(move): move.uci() for move in board.legal_moves}
        ended = {
            "checkmate": board.is_checkmate(),
            "stalemate": board.is_stalemate(),
            "draw by insufficient material": board.is_insufficient_material(),
        }
        assert [position.over] == ([how for how, true in ended.items() if true] or [""])
        if played < len(moves):
            board.push_san(moves[played])


def test_the_initial_position():
    position = position_after(())
    assert position.pieces == "rnbqkbnrpppppppp" + 32 * "." + "PPPPPPPPRNBQKBNR"
    assert (position.moves, position.last, position.white_to_move, position.over) == ((), "", True, "")
    pawns = {f"{file}{rank}": f"{file}2{file}{rank}" for file in "abcdefgh" for rank in "34"}
    assert position.legal == {**pawns, "Na3": "b1a3", "Nc3": "b1c3", "Nf3": "g1f3", "Nh3": "g1h3"}


def test_as_many_lines_of_three_moves_as_are_known():
    """20, 400 and 8,902: "perft" of the initial position, from the literature."""
    first = [position_after((move,)) for move in position_after(()).legal]
    second = [position_after((*before.moves, move)) for before in first for move in before.legal]
    assert (len(first), len(second), sum(len(before.legal) for before in second)) == (20, 400, 8902)


def test_real_games():
    for moves in real_games(12):
        assert_as_python_chess_has_it(moves)


@pytest.mark.parametrize("greedy", [False, True])
def test_games_at_random_to_their_end(greedy):
    games = [played_at_random(seed, greedy) for seed in range(3)]
    for moves in games:
        assert_as_python_chess_has_it(moves)
    together = " ".join(" ".join(moves) for moves in games)
    assert "=" in together  # a pawn was promoted
    assert not greedy or "draw by insufficient material" in {position_after(moves).over for moves in games}


@pytest.mark.parametrize(
    ("moves", "over"), [(MATE, "checkmate"), (tuple(STALEMATE.split()), "stalemate"), (MATE[:3], "")]
)
def test_how_a_game_ended(moves, over):
    position = position_after(moves)
    assert position.over == over
    assert bool(position.legal) == (over == "")
    assert {before.over for before in positions(moves)[:-1]} == {""}


def test_castling_en_passant_and_promotion():
    castled = position_after(("e4", "e5", "Nf3", "Nc6", "Bc4", "Bc5", "O-O"))
    assert (castled.last, castled.pieces[56:]) == ("e1g1", "RNBQ.RK.")
    taken = position_after(("e4", "d5", "e5", "f5", "exf6"))
    assert (taken.last, taken.pieces[24:32]) == ("e5f6", "...p....")  # rank 5 without Black's f-pawn
    promoted = position_after(("e4", "d5", "e5", "f5", "exf6", "Nc6", "fxg7", "Nf6", "gxh8=N"))
    assert (promoted.last, promoted.pieces[:8]) == ("g7h8n", "r.bqkb.N")


def test_a_pinned_piece_may_not_leave_its_king():
    moves = ("d4", "e6", "Nc3", "Bb4")
    assert sorted(moves_into_check(moves)) == ["c3a4", "c3b1", "c3b5", "c3d5", "c3e4"]
    assert not any(move.startswith("c3") for move in position_after(moves).legal.values())
    assert moves_into_check(()) == ()


def test_one_more_move_is_one_more_position():
    moves = real_games(1)[0]
    module._play.cache_clear()
    before = positions(moves[:-1])
    assert module._play.cache_info().misses == len(moves) - 1
    assert position_after(moves) == positions(moves)[-1]
    assert module._play.cache_info().misses == len(moves)
    assert all(one is other for one, other in zip(before, positions(moves), strict=False))
    assert module._play.cache_info().maxsize == 4096


def test_a_long_game_takes_no_deep_recursion():
    frame, depth = sys._getframe(), 0
    while frame:
        frame, depth = frame.f_back, depth + 1
    limit = sys.getrecursionlimit()
    module._play.cache_clear()
    position_after(SHUFFLE[:1])  # imports what it needs
    sys.setrecursionlimit(depth + 100)
    try:
        reached = positions(SHUFFLE)
    finally:
        sys.setrecursionlimit(limit)
    assert len(reached) == MAX_MOVES + 1
    assert reached[-1].pieces == reached[0].pieces
    assert len({position.moves for position in reached}) == MAX_MOVES + 1


@pytest.mark.parametrize("function", [position_after, positions, moves_into_check])
def test_more_moves_than_are_read(function):
    function(SHUFFLE)
    with pytest.raises(SequenceError) as caught:
        function((*SHUFFLE, "Nf3"))
    assert str(caught.value) == "The sequence has 401 moves. At most 400 are read, White's and Black's together."


@pytest.mark.parametrize("move", ["e5", "Ke2", "e2e4", "e4+", "", "<unk>"])
def test_moves_are_legal_and_spelled_as_pgn_has_them(move):
    with pytest.raises(SequenceError) as caught:
        position_after(("d4", "d5", move))
    assert str(caught.value) == f"“{move}” is not legal as move 3."


def test_positions_are_values():
    position = position_after(("e4",))
    assert hash(position) == hash(position_after(("e4",)))
    with pytest.raises(FrozenInstanceError):
        position.over = "checkmate"


def test_a_session_without_chess_does_not_wait_for_python_chess():
    code = "import sys, gruviz.inputs.moves; print('chess' in sys.modules); gruviz.inputs.positions.positions(()); "
    ran = subprocess.run(
        [sys.executable, "-c", code + "print('chess' in sys.modules)"], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["False", "True"]
