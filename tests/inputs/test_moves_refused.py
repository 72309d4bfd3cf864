"""What is no game: refused by name and position, in words a player knows."""

import random

import chess
import chess.pgn
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gruviz.errors import SequenceError
from gruviz.inputs.positions import position_after
from tests.inputs.games import ANY, CASTLING, MATE, NOT_A_MOVE, PROMOTION, STALEMATE, encoder, refusal, tokens

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
            "“Nd7!” at position 2 (Black's 1st move) is not legal after 1. e4. Black's own pawn is on d7. "
            "The knights can go to: Na6, Nc6, Nf6, Nh6.",
        ),
        (
            "d4 d5 Nf3 Nf6 Nbd2 h6 Nd4",
            "“Nd4” at position 7 (White's 4th move) is not legal after 1. d4 d5 2. Nf3 Nf6 3. Nbd2 h6. "
            "White's own pawn is on d4. The knights can go to: Nb1, Nb3, Nc4, Ne4, Ne5, Ng1, Ng5, Nh4.",
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
            f"There is nothing on e3. {ANY}",
        ),
        (
            "b1d2",
            "“b1d2” at position 1 (White's 1st move) is not legal in the initial position. "
            "White's own pawn is on d2. The knight on b1 can go to: Na3, Nc3.",
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
        ("e4 )", f"“)” at position 2 (Black's 1st move) {NOT_A_MOVE}"),
        ("e4 [e5]", f"“[” at position 2 (Black's 1st move) {NOT_A_MOVE}"),
        # what stands around moves
        (
            "e4 (1. d4 (1. c4) 1... d5",
            "The variation “(1. d4 (1. c4) 1... d5” has no end. A variation is written between ( and ).",
        ),
        (
            "1. e4 ; best by test 1... e5 2. Nf3",
            "“; best by test 1... e5 2. Nf3” is a comment to the end of its line, and there is no line break after it "
            "although moves seem to follow. Put the comment between { and }, or leave it out.",
        ),
        (
            '[SetUp "1"] [FEN "4k3/8/8/8/8/8/8/4K2R w K - 0 1"] 1. O-O',
            'The game starts from a position of its own ([FEN "4k3/8/8/8/8/8/8/4K2R w K - 0 1…"]). '
            "This model reads games from the initial position only.",
        ),
        ('[Variant "Chess960"] e4', "The game is of the variant “Chess960”. This model reads standard chess only."),
        ('e4 e5 [Event "B"] d4', '“[Event "B"]” begins another game. Give one game.'),
        ("e4 e9", f"“e9” at position 2 (Black's 1st move) {NOT_A_MOVE}"),
        ("e4 a1=K", f"“a1=K” at position 2 (Black's 1st move) {NOT_A_MOVE}"),
        ("<unk>", f"“<unk>” at position 1 (White's 1st move) {NOT_A_MOVE}"),
        ("e4 }", f"“}}” at position 2 (Black's 1st move) {NOT_A_MOVE}"),
        ("x" * 10_000, f"“{'x' * 40}” at position 1 (White's 1st move) {NOT_A_MOVE}"),
        ("e4 {good} {no end", "The comment “{no end” has no end. A comment is written between { and }."),
        ("e4 {one {two", "The comment “{one {two” has no end. A comment is written between { and }."),
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
             "e.p" * 16_666, "[a" + " " * 49_998, "." * 50_000, "(" * 50_000, "()" * 25_000, "(;" * 25_000,
             ")" * 50_000,
             "e4 " + "(" * 20_000 + ")" * 20_000 + "x", "$1 " * 16_000 + "x", "{(" * 25_000],
)  # fmt: skip
def test_hostile_texts_take_no_time(text):
    assert len(refusal(text)) < 400  # each in milliseconds; a pattern that backtracks would take minutes
