"""What openings are called: known names, and the table they come from."""

import csv
import gzip
import hashlib
import random

import chess
import pytest

from gruviz.models import opening_names as module
from gruviz.models.opening_names import DATA, opening_name, opening_names
from gruviz.models.tasks import openings


def rows():
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    assert lines[0] == ["eco", "family", "variation", "plies", "moves"]
    return lines[1:]


@pytest.mark.parametrize(
    ("moves", "name"),
    [
        ("", ""),
        ("e4", "B00 King's Pawn Game"),
        ("e4 c5", "B20 Sicilian Defense"),
        ("e4 c5 Nf3 g6", "B27 Sicilian Defense: Hyperaccelerated Dragon"),
        ("e4 c5 Nf3 g6 h4 a5", "B27 Sicilian Defense: Hyperaccelerated Dragon"),  # the longest that has a name
        ("e4 e5 Nf3 Nc6 Bb5", "C60 Ruy Lopez"),
        ("e4 e5 Nf3 Nc6 Bb5 a6", "C70 Ruy Lopez: Morphy Defense"),
        ("d4 d5 c4", "D06 Queen's Gambit"),
        ("d4 d5 c4 e6", "D30 Queen's Gambit Declined"),
        ("d4 Nf6 c4 e6 Nc3 Bb4", "E20 Nimzo-Indian Defense"),
        (
            "Nc3 d5 e4 c6 h3",
            "A00 Van Geet Opening: Caro-Kann Variation, St. Patrick's Attack",
        ),  # of two names, the first
        ("e5", ""),
        ("<unk> c5", ""),
    ],
)
def test_known_names(moves, name):
    assert opening_name(moves.split()) == name
    assert opening_name(tuple(moves.split())) == name


def test_names_after_each_move():
    assert opening_names(("e4", "c5", "Nf3", "g6", "h4")) == (
        "",
        "B00 King's Pawn Game",
        "B20 Sicilian Defense",
        "B27 Sicilian Defense",
        "B27 Sicilian Defense: Hyperaccelerated Dragon",
        "B27 Sicilian Defense: Hyperaccelerated Dragon",
    )
    assert opening_names(()) == ("",)


def test_every_line_of_the_table_has_its_name():
    names = {}
    for eco, family, variation, _, moves in rows():
        names.setdefault(moves, f"{eco} {family}: {variation}" if variation else f"{eco} {family}")
    assert {moves: opening_name(moves.split()) for moves in names} == names
    assert len(names) == 3534


def test_real_games_have_the_name_of_their_longest_named_line():
    with gzip.open(openings.DATA, "rt", encoding="utf-8") as file:
        games = [row["moves"] for row in csv.DictReader(file)]
    named = {moves: (eco, family, variation) for eco, family, variation, _, moves in reversed(rows())}
    for game in random.Random(0).sample(games, 25):
        longest = max((line for line in named if f"{game} ".startswith(f"{line} ")), key=len)
        eco, family, variation = named[longest]
        name = opening_name(game.split())
        assert name.startswith(f"{eco} {family}")
        assert name.endswith(variation)
        each = opening_names(game.split())
        assert each == tuple(opening_name(game.split()[:played]) for played in range(25))


def test_the_table_is_of_legal_games_spelled_as_pgn_has_them():
    for eco, _, _, plies, moves in rows()[::10]:
        board = chess.Board()
        for san in moves.split():
            move = board.parse_san(san)
            assert board.san(move) == san
            board.push(move)
        assert board.ply() == int(plies)
        assert eco[0] in "ABCDE"
        assert eco[1:].isdigit()


def test_the_files_are_the_ones_whose_origin_is_told():
    told = (DATA.parent / "PROVENANCE.md").read_text(encoding="utf-8")
    packed = DATA.read_bytes()
    for name, data in (("names.tsv (uncompressed)", gzip.decompress(packed)), ("names.tsv.gz", packed)):
        assert f"| {name} | {len(data)} | {hashlib.sha256(data).hexdigest()} |" in told


def test_the_table_is_read_once(monkeypatch):
    opening_name(("e4",))
    monkeypatch.setattr(module, "DATA", DATA.parent / "nowhere")
    assert opening_name(("d4",)).startswith("A40 ")
