"""Games for tests: an encoder, what it says to bad ones, real and random ones."""

import csv
import gzip
import random

import chess
import chess.pgn
import numpy as np
import pytest
from hypothesis import strategies as st

from gruviz.errors import SequenceError
from gruviz.inputs.moves import MoveEncoder
from gruviz.models.tasks.openings import DATA

VOCABULARY = ("<unk>", "Bc4", "Nc6", "Nf3", "O-O", "e4", "e5", "gxh8=Q+")
ITALIAN = ("e4", "e5", "Nf3", "Nc6", "Bc4", "Bc5", "O-O", "Nf6")
PROMOTION = "e4 d5 e5 f5 exf6 Nc6 fxg7 Nf6 "
MATE = "1. e4 e5 2. Bc4 Nc6 3. Qh5 Nf6 4. Qxf7#"
STALEMATE = "e3 a5 Qh5 Ra6 Qxa5 h5 h4 Rah6 Qxc7 f6 Qxd7+ Kf7 Qxb7 Qd3 Qxb8 Qh7 Qxc8 Kg6 Qe6"
NOT_A_MOVE = "is not a move. Moves are written like e4, Nf3, exd5, O-O, e8=Q or e2e4; the pieces are K, Q, R, B and N."
CASTLING = (
    "To castle, king and rook must not have moved, nothing may be between them, and the king must not cross an "
    "attacked square."
)
ANY = "White can play: Na3, Nc3, Nf3, Nh3, a3, a4, b3, b4 and 12 more."


def encoder(vocabulary=VOCABULARY):
    return MoveEncoder(vocabulary, np.eye(len(vocabulary)))


def tokens(text):
    return encoder().encode(text).tokens


def refusal(text):
    with pytest.raises(SequenceError) as caught:
        encoder().encode(text)
    return str(caught.value)


def all_games():
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        return [row["moves"] for row in csv.DictReader(file)]


GAMES = random.Random(0).sample(all_games(), 40)


@st.composite
def games(draw, longest=40):
    """A legal game, as a board that has played it, and its moves in SAN."""
    board, moves = chess.Board(), []
    for choice in draw(st.lists(st.integers(0, 1000), min_size=1, max_size=longest)):
        legal = sorted(board.legal_moves, key=chess.Move.uci)
        if not legal or board.is_insufficient_material():
            break
        move = legal[choice % len(legal)]
        moves.append(board.san(move))
        board.push(move)
    return board, tuple(moves)
