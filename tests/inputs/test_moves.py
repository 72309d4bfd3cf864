"""Games to moves: every way of writing them down, what is refused with which words, and python-chess as the judge."""

import io

import chess
import chess.pgn
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gruviz.inputs.moves import MoveEncoder
from tests.inputs.games import GAMES, ITALIAN, PROMOTION, VOCABULARY, encoder, games, refusal, tokens

# What it makes of a game


def test_moves_are_looked_up_and_unknown_ones_are_read_as_row_0():
    vectors = np.random.default_rng(0).standard_normal((len(VOCABULARY), 5))
    encoded = MoveEncoder(VOCABULARY, vectors).encode("e4 e5 Nf3 Nc6 Bc4 Bc5 O-O")
    assert encoded.tokens == ITALIAN[:7]
    assert encoded.known == (True, True, True, True, True, False, True)
    np.testing.assert_array_equal(encoded.values, vectors[[5, 6, 3, 2, 1, 0, 4]])


def test_what_it_says_of_itself():
    made = MoveEncoder(VOCABULARY, np.zeros((len(VOCABULARY), 3)))
    assert (made.what, made.features, made.names, made.multiline) == ("moves", 3, (), False)
    assert made.hint.endswith(".")
    assert tokens("e4 e5 Nf3") == tokens("e2e4 e7e5 g1f3") == ("e4", "e5", "Nf3")  # as the hint has it
    assert "e4 e5 Nf3" in made.hint
    assert "e2e4 e7e5 g1f3" in made.hint


@pytest.mark.parametrize(
    "text",
    [
        "e4 e5 Nf3 Nc6 Bc4 Bc5 O-O Nf6",
        "1. e4 e5 2. Nf3 Nc6 3. Bc4 Bc5 4. O-O Nf6",
        "1.e4 e5 2.Nf3 Nc6 3.Bc4 Bc5 4.O-O Nf6 *",
        "1 e4 e5 2 Nf3 Nc6 3 Bc4 Bc5 4 O-O Nf6",
        "1. e4 1... e5 2. Nf3 2... Nc6 3. Bc4 3...Bc5 4.0-0 4... Nf6",
        "1. e4 ... e5 2. Nf3 … Nc6 3. Bc4 …Bc5 4. O-O 4… Nf6 1-0",
        "e4, e5, Nf3, Nc6, Bc4, Bc5, O-O, Nf6",
        "e4! e5? Nf3!! Nc6?? Bc4!? Bc5?! 0-0 Nf6 !?",
        "e4+ e5# Nf3+! Nc6!+ Bc4++ Bc5 + O-O+ Nf6",
        "e2e4 e7e5 g1f3 b8c6 f1c4 f8c5 e1g1 g8f6",
        "e2-e4 e7-e5 Ng1-f3 Nb8-c6 Bf1-c4 Bf8-c5 o-o Ng8-f6",
        "e4 e5 Ngf3 Nbc6 Bfc4 B8c5 O–O Ng8f6",
        "e4 e5 Nxf3 N:c6 B-c4 Bxc5 0–0 Nf6 ½–½",
        "e4 {best, by test} e5 {} Nf3{a {brace}Nc6 {1. d4 d5} Bc4 $1 Bc5 $14 O-O {\r\n} Nf6 1/2-1/2",
        '[Event "A game"]\r\n[Site "[?]"]\r\n[FEN ""]\r\n\r\n1. e4 e5\r\n2. Nf3 Nc6 3. Bc4\tBc5 4. O-O\u00a0Nf6 0-1',
        "e4 e5 Nf3 Nc6 Bc4 Bc5 O-O Nf6 1-0 1-0",
        "1. e4 (1. d4 d5 (1... Nf6 {(a plan)} 2. c4)) e5 2. Nf3 Nc6 (2... d6 $2) 3. Bc4 Bc5 4. O-O Nf6 *",
        "1. e4 e5 ; the open game (1. d4\n2. Nf3 Nc6 ; 3. d4 exd4\r\n3. Bc4 Bc5 4. O-O Nf6 ; and so on",
        "1. e4 e5 2. Nf3 Nc6 3. Bc4 Bc5 4. O-O Nf6 ; the Italian game",
        "1. e4 {[%clk 0:03:00]} 1... e5 {[%clk 0:02:59] [%eval 0.2]} 2. Nf3 Nc6 3. Bc4 Bc5 4. O-O Nf6",
        "1. e4‼ e5⁉ 2. ♘f3 ♞c6 = 3. ♗c4 ± ♝c5 +- 4. O-O ∞ ♞f6 -+",
        f'[SetUp "1"]\n[FEN "{chess.STARTING_FEN}"]\n[Variant "Standard"]\n1. e4 e5 2. Nf3 Nc6 3. Bc4 Bc5 4. O-O Nf6',
    ],
)
def test_ways_to_write_one_game(text):
    assert tokens(text) == ITALIAN


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("e4 d5 e5 f5 exf6", "exf6"),
        ("e4 d5 e5 f5 exf6 e.p.", "exf6"),
        ("e4 d5 e5 f5 exf6e.p.", "exf6"),
        ("e4 d5 e5 f5 exf6ep!", "exf6"),
        ("e4 d5 e5 f5 exf6!e.p.+", "exf6"),
        ("e4 d5 e5 f5 ef6", "exf6"),
        ("e4 d5 e5 f5 e5f6", "exf6"),
        ("e4 d5 e5 f5 e5xf6", "exf6"),
        (PROMOTION + "gxh8=Q", "gxh8=Q"),
        (PROMOTION + "gxh8Q+", "gxh8=Q"),
        (PROMOTION + "gh8=q", "gxh8=Q"),
        (PROMOTION + "gxh8(R)", "gxh8=R"),
        (PROMOTION + "g7h8n", "gxh8=N"),
        ("d4 e6 c4 Bb4", "Bb4+"),
        ("f3 e5 g4 Qh4", "Qh4#"),
        ("f3 e5 g4 d8h4", "Qh4#"),
        ("d4 d5 Nc3 Nc6 Bf4 Bf5 Qd2 Qd7 0-0-0", "O-O-O"),
        ("d4 d5 Nc3 Nc6 Bf4 Bf5 Qd2 Qd7 e1c1 e8c8", "O-O-O"),
        ("d4 d5 Nf3 Nf6 Nb1d2", "Nbd2"),
        ("d4 d5 Nf3 Nf6 f3d2", "Nfd2"),
    ],
)
def test_moves_are_spelled_as_pgn_has_them(text, last):
    assert tokens(text)[-1] == last


def test_real_games():
    for game in GAMES:
        assert tokens(game) == tuple(game.split())


@settings(deadline=None, max_examples=40, derandomize=True)
@given(games(), st.randoms(use_true_random=False), st.sampled_from(["", "1-0", "0-1", "1/2-1/2", "*"]))
def test_decorations_change_nothing(game, rng, result):
    """Numbers, marks of check, judgements, comments, castling with zeros, or from square to square: one game."""
    board, moves = game
    words = []
    for ply, (san, move) in enumerate(zip(moves, board.move_stack, strict=True)):
        word = rng.choice([san, san, move.uci()])
        if rng.random() < 0.3:
            word = word.rstrip("+#")
        if rng.random() < 0.3:
            word = word.replace("O", "0").replace("x", "")
        word += rng.choice(["", "", "", "+", "#", "!", "?", "!?", "??", " $5", " {a remark}", " {0-0 1. e4}"])
        dots = rng.choice(["", "", ".", ". ", "...", "... ", " ... "])
        words.append(f"{ply // 2 + 1}{dots}{word}" if dots else word)
    assert tokens(" ".join([*words, result])) == moves


@settings(deadline=None, max_examples=40, derandomize=True)
@given(games())
def test_what_was_read_reads_as_itself(game):
    _, moves = game
    encoded = encoder(("<unk>", *moves[::2])).encode(" ".join(moves))
    assert encoded.tokens == moves
    assert encoded.known == tuple(move in moves[::2] for move in moves)
    assert encoded.known == tuple((encoded.values.argmax(1) != 0).tolist())  # row 0 is the unknown's
    assert encoder().encode(" ".join(encoded.tokens)).tokens == moves


@settings(deadline=None, max_examples=20, derandomize=True)
@given(games(longest=60))
def test_python_chess_writes_pgn_that_is_read(game):
    board, moves = game
    written = chess.pgn.Game.from_board(board)
    for number, node in enumerate(written.mainline()):
        node.comment, node.nags = f"move {number}: e4!", {1 + number % 6}
    assert tokens(str(written)) == moves
    read = chess.pgn.read_game(io.StringIO(" ".join(moves)))  # and reads what is made of it
    assert list(read.mainline_moves()) == board.move_stack


@settings(deadline=None, max_examples=25, derandomize=True)
@given(games(longest=16), st.data())
def test_python_chess_writes_variations_and_the_main_line_is_read(game, data):
    """With comments, nested variations, judgements and tags, as python-chess writes and reads them."""
    board, moves = game
    written = chess.pgn.Game.from_board(board)
    for node in list(written.mainline()):
        branch, at = node.parent, node.parent.board()
        for choice in data.draw(st.lists(st.integers(0, 99), max_size=3)):
            legal = sorted(at.legal_moves, key=chess.Move.uci)
            if not legal:
                break
            branch = branch.add_variation(legal[choice % len(legal)], comment="(or; this) 1. e4", nags=[choice])
            at = branch.board()
        node.comment = data.draw(st.sampled_from(["", "best (by test); e4", "1-0 [%clk 0:01]"]))
    text = str(written)
    main = list(chess.pgn.read_game(io.StringIO(text)).mainline_moves())
    assert main == board.move_stack
    encoded = encoder().encode(text)
    assert encoded.tokens == moves
    assert ("left out" in encoded.read_as) is ("(" in text or "{" in text)
    assert encoder().encode(text.replace("\n", " ")).tokens == moves  # as a field of one line has it


def test_what_is_left_out_is_said():
    assert encoder().encode("e4 e5").read_as == "2 moves"
    assert encoder().encode("1. e4 {good} (1. d4 (1. c4)) e5 {a} ; b").read_as == (
        "2 moves, 3 comments and 1 variation left out"
    )
    assert encoder().encode("e4 h6").warnings == ("Knows 1 of 2 moves.",)


spellings = st.builds(
    "{}{}{}{}{}{}{}".format,
    st.sampled_from(["", "", "N", "B", "R", "Q", "K"]),
    st.sampled_from(["", "", *"abcdefgh"]),
    st.sampled_from(["", "", "", *"12345678"]),
    st.sampled_from(["", "x", "-"]),
    st.sampled_from(chess.SQUARE_NAMES),
    st.sampled_from(["", "", "", "=Q", "n"]),
    st.sampled_from(["", "+", "#"]),
)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(st.sampled_from(GAMES), st.integers(0, 24), spellings)
def test_python_chess_judges_any_spelling_alike(game, played, word):
    moves = tuple(game.split()[:played])
    board = chess.Board()
    for move in moves:
        board.push_san(move)
    try:
        meant = board.san(board.parse_san(word))
    except chess.AmbiguousMoveError:
        assert " could be any of " in refusal(" ".join([*moves, word]))
    except chess.IllegalMoveError:
        assert " is not legal " in refusal(" ".join([*moves, word]))
    else:
        assert tokens(" ".join([*moves, word])) == (*moves, meant)


@settings(deadline=None, max_examples=20, derandomize=True)
@given(st.sampled_from(GAMES), st.integers(0, 24))
def test_every_legal_move_is_read_and_every_other_one_is_not(game, played):
    moves = tuple(game.split()[:played])
    board = chess.Board()
    for move in moves:
        board.push_san(move)
    for start in chess.SQUARE_NAMES[played % 5 :: 5]:
        for end in chess.SQUARE_NAMES[played % 7 :: 7]:
            move = chess.Move.from_uci(start + end) if start != end else chess.Move.null()
            if move and move in board.legal_moves:
                assert tokens(" ".join([*moves, start + end])) == (*moves, board.san(move))
            else:
                assert "not legal" in refusal(" ".join([*moves, start + end]))
