"""Games to moves: every way of writing them down, what is refused with which words, and python-chess as the judge."""

import csv
import gzip
import io
import random

import chess
import chess.pgn
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gruviz.errors import SequenceError
from gruviz.inputs.moves import MoveEncoder
from gruviz.inputs.positions import position_after
from gruviz.models.tasks.openings import DATA

VOCABULARY = ("<unk>", "Bc4", "Nc6", "Nf3", "O-O", "e4", "e5", "gxh8=Q+")
ITALIAN = ("e4", "e5", "Nf3", "Nc6", "Bc4", "Bc5", "O-O", "Nf6")
PROMOTION = "e4 d5 e5 f5 exf6 Nc6 fxg7 Nf6 "
MATE = "1. e4 e5 2. Bc4 Nc6 3. Qh5 Nf6 4. Qxf7#"
STALEMATE = "e3 a5 Qh5 Ra6 Qxa5 h5 h4 Rah6 Qxc7 f6 Qxd7+ Kf7 Qxb7 Qd3 Qxb8 Qh7 Qxc8 Kg6 Qe6"
NOT_A_MOVE = "is not a move. Moves are written like e4, Nf3, exd5, O-O, e8=Q or e2e4; the pieces are K, Q, R, B and N."
CASTLING = "To castle, king and rook must be unmoved, nothing between them, and no square of the king's way attacked."
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


# What it refuses


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # what the piece can do
        (
            "1. e4 e5 2. Nf3 Nc6 3. Qh6",
            "“Qh6” at position 5 (White's 3rd move) is not legal after 1. e4 e5 2. Nf3 Nc6. The queen can go to: Qe2.",
        ),
        (
            "e5",
            "“e5” at position 1 (White's 1st move) is not legal in the initial position. "
            "The pawn on the e-file can go to: e3, e4.",
        ),
        (
            "e4 Nd7!",
            "“Nd7!” at position 2 (Black's 1st move) is not legal after 1. e4. Black's own pawn stands on d7. "
            "The knights can go to: Na6, Nc6, Nf6, Nh6.",
        ),
        (
            "d4 d5 Nf3 Nf6 Nbd2 h6 Nd4",
            "“Nd4” at position 7 (White's 4th move) is not legal after 1. d4 d5 2. Nf3 Nf6 3. Nbd2 h6. "
            "White's own pawn stands on d4. The knights can go to: Nb1, Nb3, Nc4, Ne4, Ne5, Ng1, Ng5, Nh4.",
        ),
        (
            "Ra3",
            "“Ra3” at position 1 (White's 1st move) is not legal in the initial position. The rooks can't move. "
            "White can play: Na3, a3, Nc3, Nf3, Nh3, a4, b3, b4 and 12 more.",  # to the square that was meant, first
        ),
        (
            "d4 d5 dxd3",  # a pawn's, for it names no piece: not the queen's
            "“dxd3” at position 3 (White's 2nd move) is not legal after 1. d4 d5. The pawn on the d-file can't move. "
            "White can play: Qd3, Bd2, Be3, Bf4, Bg5, Bh6, Kd2, Na3 and 19 more.",
        ),
        # the king
        (
            "d4 e6 Nc3 Bb4 Ne4",
            "“Ne4” at position 5 (White's 3rd move) is not legal after 1. d4 e6 2. Nc3 Bb4. "
            "It would leave White's king in check. The knights can go to: Nf3, Nh3.",
        ),
        (
            "d4 e6 Nf3 Bb4+ a3",
            "“a3” at position 5 (White's 3rd move) is not legal after 1. d4 e6 2. Nf3 Bb4+. It would leave White's "
            "king in check. The pawn on the a-file can't move. White can play: Bd2, Nbd2, Nc3, Nfd2, Qd2, c3.",
        ),
        (
            "e4 e5 0-0",
            f"“0-0” at position 3 (White's 2nd move) is not legal after 1. e4 e5. {CASTLING} The king can go to: Ke2.",
        ),
        (
            "e4 O-O-O",
            f"“O-O-O” at position 2 (Black's 1st move) is not legal after 1. e4. {CASTLING} The king can't move. "
            "Black can play: Na6, Nc6, Nf6, Nh6, a5, a6, b5, b6 and 12 more.",
        ),
        (
            "e4 e5 Nf3 Nc6 Bc4 Bc5 Kg1",
            "“Kg1” at position 7 (White's 4th move) is not legal after 1. e4 e5 2. Nf3 Nc6 3. Bc4 Bc5. "
            "The king can go to: O-O, Ke2, Kf1.",
        ),
        # which piece
        (
            "Ncd4",
            "“Ncd4” at position 1 (White's 1st move) is not legal in the initial position. "
            "White has no knight on the c-file. White can play: d4, Na3, Nc3, Nf3, Nh3, a3, a4, b3 and 12 more.",
        ),
        (
            "R8a3",
            "“R8a3” at position 1 (White's 1st move) is not legal in the initial position. White has no rook on "
            "rank 8. White can play: Na3, a3, Nc3, Nf3, Nh3, a4, b3, b4 and 12 more.",
        ),
        (
            "Qa1b1",
            f"“Qa1b1” at position 1 (White's 1st move) is not legal in the initial position. "
            f"White has no queen on a1. {ANY}",
        ),
        (
            "e4 d5 exd5 Qxd5 Nc3 Qe5+ Qe2 Qxe2+ Ngxe2 Qd4",
            "“Qd4” at position 10 (Black's 5th move) is not legal after … 2. exd5 Qxd5 3. Nc3 Qe5+ 4. Qe2 Qxe2+ "
            "5. Ngxe2. Black has no queen. Black can play: Bd7, Be6, Bf5, Bg4, Bh3, Kd7, Kd8, Na6 and 18 more.",
        ),
        (
            "e7e5",
            "“e7e5” at position 1 (White's 1st move) is not legal in the initial position. "
            f"The pawn on e7 is Black's. {ANY}",
        ),
        (
            "e3e5",
            f"“e3e5” at position 1 (White's 1st move) is not legal in the initial position. "
            f"Nothing stands on e3. {ANY}",
        ),
        (
            "b1d2",
            "“b1d2” at position 1 (White's 1st move) is not legal in the initial position. "
            "White's own pawn stands on d2. The knight on b1 can go to: Na3, Nc3.",
        ),
        # more than one
        (
            "d4 d5 Nf3 Nf6 Nd2",
            "“Nd2” at position 5 (White's 3rd move) could be any of 2 moves: Nbd2, Nfd2. Give one of them.",
        ),
        (
            PROMOTION + "gxh8",
            "“gxh8” at position 9 (White's 5th move) could be any of 4 moves: gxh8=B, gxh8=N, gxh8=Q, gxh8=R. "
            "Give one of them.",
        ),
        # no moves
        ("e4 e5 hello", f"“hello” at position 3 (White's 2nd move) {NOT_A_MOVE}"),
        ("nf3", f"“nf3” at position 1 (White's 1st move) {NOT_A_MOVE}"),
        ("e4 --", f"“--” at position 2 (Black's 1st move) {NOT_A_MOVE}"),
        ("e4 (1. d4)", f"“(1.” at position 2 (Black's 1st move) {NOT_A_MOVE}"),
        ("e4 e9", f"“e9” at position 2 (Black's 1st move) {NOT_A_MOVE}"),
        ("e4 a1=K", f"“a1=K” at position 2 (Black's 1st move) {NOT_A_MOVE}"),
        ("<unk>", f"“<unk>” at position 1 (White's 1st move) {NOT_A_MOVE}"),
        ("e4 }", f"“}}” at position 2 (Black's 1st move) {NOT_A_MOVE}"),
        ("x" * 10_000, f"“{'x' * 40}” at position 1 (White's 1st move) {NOT_A_MOVE}"),
        ("e4 {good} {no end", "The comment “{no end” has no end. A comment stands between { and }."),
        ("e4 {one {two", "The comment “{one {two” has no end. A comment stands between { and }."),
        # the end
        (
            f"{MATE} a6",
            "“a6” at position 8 (Black's 4th move) can't be played: the game is over after 4. Qxf7# (checkmate).",
        ),
        (
            "f3 e5 g4 Qh4 nonsense",
            "“nonsense” at position 5 (White's 3rd move) can't be played: "
            "the game is over after 2... Qh4# (checkmate).",
        ),
        (
            f"{STALEMATE} Kh5",
            "“Kh5” at position 20 (Black's 10th move) can't be played: the game is over after 10. Qe6 (stalemate).",
        ),
        (
            "e4 1–0 e5",
            "“1-0” at position 2 (Black's 1st move) is a result, and more comes after it. Give one game.",
        ),
        # how many
        ("", "The sequence is empty. Give 1 to 400 moves."),
        (" \r\n", "The sequence is empty. Give 1 to 400 moves."),
        ("1. ... {e4} 1-0", "The sequence is empty. Give 1 to 400 moves."),
        (
            "Nf3 Nf6 Ng1 Ng8 " * 100 + "e4",
            "The sequence has 401 moves. At most 400 are read, White's and Black's together.",
        ),
        (
            " " * 50_001,
            "The sequence has 50,001 characters. At most 50,000 are read, and at most 2,000 time steps.",
        ),
    ],
)
def test_what_is_refused(text, said):
    assert refusal(text) == said


def test_a_draw_by_insufficient_material_ends_a_game():
    rng, board, moves = random.Random(0), chess.Board(), []
    while not board.is_insufficient_material():
        move = rng.choice(list(board.generate_legal_captures()) or list(board.legal_moves))
        moves.append(board.san(move))
        board.push(move)
        assert any(board.legal_moves)
        assert len(moves) < 399
    assert tokens(" ".join(moves)) == tuple(moves)
    more = board.san(next(iter(board.legal_moves)))
    assert refusal(" ".join([*moves, more])).endswith(" (draw by insufficient material).")


@pytest.mark.parametrize(
    ("number", "ordinal"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
                            (21, "21st"), (102, "102nd"), (111, "111th"), (113, "113th"), (123, "123rd")],
)  # fmt: skip
def test_where_in_a_game(number, ordinal):
    before = ("Nf3 Nf6 Ng1 Ng8 " * 100).split()[: 2 * number - 2]
    assert f" at position {2 * number - 1} (White's {ordinal} move) is " in refusal(" ".join([*before, "Qq"]))
    before = ("Nf3 Nf6 Ng1 Ng8 " * 100).split()[: 2 * number - 1]
    assert f" at position {2 * number} (Black's {ordinal} move) is " in refusal(" ".join([*before, "Qq"]))


def test_as_many_moves_as_are_read():
    game = ("Nf3", "Nf6", "Ng1", "Ng8") * 100
    assert tokens(" ".join(f"{number}.{move}" for number, move in enumerate(game))) == game


odd = st.sampled_from([
    "<script>", "\0", "\u202e", "\u0301", "1.", "1...", "…", "{", "}", "[Event \"x\"]", "e.p.", "!?", "+", "$", "O-O",
    "0-0-0", "1-0", "*", "½-½", "e4", "e5", "e2e4", "Nf3", "Nc6", "Ke2", "exd5", "e8=Q", "--", "0000", "<unk>", "-",
])  # fmt: skip
texts = st.lists(st.text(max_size=6) | odd | st.just(" ") | st.just(" "), max_size=12).map("".join)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(st.sampled_from(["", "e4 ", "e4 e5 ", "f3 e5 g4 "]), texts)
def test_any_text_is_read_or_refused_with_words(before, text):
    try:
        encoded = encoder().encode(before + text)
    except SequenceError as error:
        said = str(error)
    else:
        said = None
    if said is not None:
        assert 0 < len(said) < 400
        return
    assert len(encoded.tokens) == len(encoded.values) == len(encoded.known) >= 1
    assert position_after(encoded.tokens).moves == encoded.tokens  # a legal game


@pytest.mark.parametrize(
    "text", ["{" * 50_000, "{}" * 25_000, "!" * 49_999 + "x", "[" * 50_000, '[a "' * 12_500, "1" * 49_999 + "x",
             "e.p" * 16_666, "[a" + " " * 49_998, "." * 50_000],
)  # fmt: skip
def test_hostile_texts_take_no_time(text):
    assert len(refusal(text)) < 400  # each in milliseconds; a pattern that backtracks would take minutes
