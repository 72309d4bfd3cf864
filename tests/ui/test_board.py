"""What goes to the browser of a chess game: positions that python-chess confirms, what may be played, names, pieces."""

import csv
import gzip
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import chess
import pytest

from gruviz.models import by_task, list_models, load_model, opening_names
from gruviz.reading import read
from gruviz.signals import Notation
from gruviz.ui.board import board
from gruviz.ui.step.stepper import Focus, StepperData, payload

NAME = by_task()["openings"]["GRU"]
GAMES = {
    "one move": "e4",
    "a main line": "e4 c5 Nf3 d6 d4 cxd4 Nxd4 Nf6 Nc3 a6",
    "castling": "e4 e5 Nf3 Nc6 Bc4 Bc5 O-O Nf6",
    "en passant": "e4 a6 e5 d5 exd6",
    "promotion": "e4 d5 exd5 c6 dxc6 Nf6 cxb7 Nbd7 bxa8=N",
    "mate": "f3 e5 g4 Qh4#",
    "stalemate": "e3 a5 Qh5 Ra6 Qxa5 h5 h4 Rah6 Qxc7 f6 Qxd7+ Kf7 Qxb7 Qd3 Qxb8 Qh7 Qxc8 Kg6 Qe6",
}


def of(moves):
    return board(read(load_model(NAME), moves))


def grid(position):
    """The 64 squares by python-chess, a8 first."""
    squares = [chess.square(file, rank) for rank in range(7, -1, -1) for file in range(8)]
    return "".join(piece.symbol() if (piece := position.piece_at(square)) else "." for square in squares)


@pytest.mark.parametrize("game", GAMES)
def test_positions_are_those_of_the_game(game):
    shown, position = of(GAMES[game]), chess.Board()
    moves = GAMES[game].split()
    assert list(shown["moves"]) == moves
    assert len(shown["positions"]) == len(moves) + 1
    for place, found in enumerate(shown["positions"]):
        if place:
            position.push_san(moves[place - 1])
        assert found["pieces"] == grid(position)
        assert found["white"] is position.turn
        assert found["last"] == (position.peek().uci() if place else "")
        assert found["legal"] == {position.san(move): move.uci() for move in position.legal_moves}
        ending = "checkmate" if position.is_checkmate() else "stalemate" if position.is_stalemate() else ""
        assert found["over"] == ending
    assert bool(shown["positions"][-1]["over"]) is (game in ("mate", "stalemate"))


def test_the_opening_s_name_is_that_of_the_longest_named_line():
    path = Path(opening_names.DATA)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    moves = GAMES["a main line"].split()
    for place, found in enumerate(of(GAMES["a main line"])["positions"]):
        lines = [row for row in rows if row["moves"].split() == moves[: len(row["moves"].split())]
                 and len(row["moves"].split()) <= place]  # fmt: skip
        longest = max(lines, key=lambda row: len(row["moves"]), default=None)
        if longest is None:
            assert found["name"] == ""
            continue
        assert found["name"].startswith(f"{longest['eco']} {longest['family']}")
        assert found["name"].endswith(longest["variation"])
    names = [position["name"] for position in of("e4 c5 a3 h6 h4")["positions"]]
    assert names[0] == ""
    assert "Sicilian Defense" in names[2]
    assert names[3] == names[4] == names[5]  # a name lasts


def test_the_pieces_are_drawings_with_nothing_to_load_or_run():
    pieces = of("e4")["pieces"]
    assert set(pieces) == set("KQRBNPkqrbnp")
    assert len(set(pieces.values())) == 12
    for drawing in pieces.values():
        root = ElementTree.fromstring(drawing)
        assert root.tag.endswith("svg")
        tags = {node.tag.rpartition("}")[2] for node in root.iter()}
        assert tags <= {"svg", "g", "path", "circle"}
        assert not re.search(r"href|url\(|on\w+=", drawing)


@pytest.mark.parametrize("name", list_models())
def test_only_a_game_has_a_board(name):
    found = read(load_model(name), load_model(name).example)
    assert (board(found) is None) is (load_model(name).task != "openings")
    assert payload(StepperData.of(found), Notation(), Focus("1", 1, 0))["board"] == board(found)


def test_it_is_json_and_a_position_takes_little_of_it():
    shown = of(GAMES["a main line"])
    assert json.loads(json.dumps(shown)) == shown | {"moves": list(shown["moves"])}
    assert len(json.dumps(shown["positions"])) / len(shown["positions"]) < 1500
    assert len(json.dumps(shown["pieces"])) < 20_000


def test_two_games_with_the_same_end_are_two_pictures():
    """The page tells pictures apart by the id of what is sent."""
    ids = set()
    for game in ("e4 e5 Nf3", "Nf3 e5 e4", "e4 e5"):
        ids.add(payload(StepperData.of(read(load_model(NAME), game)), Notation(), Focus("1", 1, 0))["id"])
    assert len(ids) == 3
    assert of("e4 e5 Nf3")["positions"][-1]["pieces"] == of("Nf3 e5 e4")["positions"][-1]["pieces"]
