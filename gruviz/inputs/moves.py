"""A chess game to its moves in standard algebraic notation (SAN), each with its input vector."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from gruviz.errors import SequenceError
from gruviz.inputs.encoded import Encoded, counted, unknown_warning
from gruviz.inputs.limits import check_text
from gruviz.inputs.positions import MAX_MOVES, Position, check_moves, moves_into_check, position_after
from gruviz.inputs.score import RESULTS, read_score
from gruviz.records import Array

_EN_PASSANT = re.compile(r"e\.?p\.?$")
_CASTLING = re.compile(r"[Oo0](?:-[Oo0]){1,2}")
_MOVE = re.compile(r"([KQRBN])?([a-h])?([1-8])?[-x:]?([a-h][1-8])(?:=?\(?([QRBNqrbn])\)?)?")

_SQUARES = {
    file + rank: 8 * row + column for row, rank in enumerate("87654321") for column, file in enumerate("abcdefgh")
}
_NAMES = {"K": "king", "Q": "queen", "R": "rook", "B": "bishop", "N": "knight", "P": "pawn"}
_SHOWN = 8  # moves named in a refusal
_RECENT = 6  # moves that a refusal repeats of the game so far


@dataclass(frozen=True, eq=False)
class MoveEncoder:
    """Looks moves up in a vocabulary of V entries, "<unk>" first, with vectors (V, D).

    Any legal move is read; one that the vocabulary lacks is read as "<unk>", and marked.
    """

    vocabulary: tuple[str, ...]
    vectors: Array
    what: str = "moves"
    hint: str = (
        "A chess game from its first move, such as e4 e5 Nf3 or e2e4 e7e5 g1f3, with or without numbers, or PGN."
    )
    multiline: bool = False
    names: tuple[str, ...] = ()
    index: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {move: i for i, move in enumerate(self.vocabulary)})

    @property
    def features(self) -> int:
        """D."""
        return int(self.vectors.shape[1])

    def encode(self, text: str) -> Encoded:
        """The moves in SAN as PGN spells them, vectors (T, D), and which moves the vocabulary knows."""
        check_text(text)
        score = read_score(text)
        words = score.words
        if not words:
            raise SequenceError(f"The sequence is empty. Give 1 to {MAX_MOVES} moves.")
        check_moves(len(words))
        moves: tuple[str, ...] = ()
        for word in words:
            moves = (*moves, _read(word, position_after(moves)))
        rows = np.array([self.index.get(move, 0) for move in moves])
        known = tuple(move in self.index for move in moves)
        read_as = counted(len(moves), self.what) + score.left_out()
        return Encoded(moves, self.vectors[rows], known, read_as, unknown_warning(known, self.what))


def _read(word: str, position: Position) -> str:
    """The one legal move that a word stands for, in SAN."""
    played = len(position.moves)
    where = f"“{word[:40]}” at position {played + 1} ({_side(position)}'s {_ordinal(played // 2 + 1)} move)"
    if position.over:
        end = _score(position.moves, played - 1)
        raise SequenceError(f"{where} can't be played: the game is over after {end} ({position.over}).")
    if word in position.legal:
        return word
    if word in RESULTS:
        raise SequenceError(f"{where} is a result, and more comes after it. Give one game.")
    pattern = _pattern(_EN_PASSANT.sub("", word.rstrip("!?+#")).rstrip("!?+#"))
    if pattern is None:
        raise SequenceError(
            f"{where} is not a move. Moves are written like e4, Nf3, exd5, O-O, e8=Q or e2e4; "
            "the pieces are K, Q, R, B and N."
        )
    meant = [san for san, move in position.legal.items() if _fits(_form(move, position), pattern)]
    if not meant:
        raise SequenceError(f"{where} is not legal {_so_far(position.moves)}. {_why_not(pattern, position)}")
    if len(meant) > 1:
        raise SequenceError(
            f"{where} could be any of {len(meant)} moves: {', '.join(sorted(meant))}. Give one of them."
        )
    return meant[0]


# A move's form is six signs: the piece ("C" for a king that castles), its file and rank before and after the move, and
# what a pawn turns into (or a space). A pattern is a form with "." where a person left something open.


def _form(move: str, position: Position) -> str:
    piece = position.pieces[_SQUARES[move[:2]]].upper()
    castles = piece == "K" and abs(ord(move[0]) - ord(move[2])) == 2
    return f"{'C' if castles else piece}{move[:4]}{move[4:].upper():1}"


def _pattern(word: str) -> str | None:
    """None where the word is not spelled as a move is."""
    if _CASTLING.fullmatch(word):
        return "C..g.." if len(word) == 3 else "C..c.."
    parts = _MOVE.fullmatch(word)
    if parts is None:
        return None
    piece, file, rank, to, promotion = parts.groups()
    if piece is None and not (file and rank):  # with both, as in e2e4, it may be any piece
        piece, file = "P", file or to[0]
    return f"{piece or '.'}{file or '.'}{rank or '.'}{to}{(promotion or '.').upper()}"


def _fits(form: str, pattern: str) -> bool:
    return all(wanted in (".", sign) for sign, wanted in zip(form, pattern, strict=True))


def _why_not(pattern: str, position: Position) -> str:
    """Why no legal move fits the pattern, and what may be played: by the same piece if it can move."""
    side, other = ("White", "Black") if position.white_to_move else ("Black", "White")
    standing = {square: position.pieces[place] for square, place in _SQUARES.items() if position.pieces[place] != "."}
    own = {square: sign.upper() for square, sign in standing.items() if sign.isupper() == position.white_to_move}
    kind, start, target = pattern[0].replace("C", "K"), pattern[1:3], pattern[3:5]
    any_move = f"{side} can play: {_some(position.legal, target, position)}."
    if kind == ".":
        if start not in standing:
            return f"There is nothing on {start}. {any_move}"
        if start not in own:
            return f"The {_NAMES[standing[start].upper()]} on {start} is {other}'s. {any_move}"
        kind = own[start]
    movers = [square for square, piece in own.items() if _fits(piece + square, kind + start)]
    name = f"{_NAMES[kind]}{'s' * (len(movers) > 1)}{_whereabouts(start)}"
    if not movers:
        return f"{side} has no {name}. {any_move}"
    reason = ""
    if pattern[0] == "C":
        reason = (
            "To castle, king and rook must not have moved, nothing may be between them, and the king must not cross "
            "an attacked square. "
        )
    elif any(_fits(_form(move, position), pattern) for move in moves_into_check(position.moves)):
        reason = f"It would leave {side}'s king in check. "
    elif target in own:
        reason = f"{side}'s own {_NAMES[own[target]]} is on {target}. "
    moves = [san for san, move in position.legal.items() if move[:2] in movers]
    if moves:
        return f"{reason}The {name} can go to: {_some(moves, target, position)}."
    return f"{reason}The {name} can't move. {any_move}"


def _some(moves: Iterable[str], target: str, position: Position) -> str:
    """Some of the moves, those to the square that was meant first."""
    ranked = sorted(moves, key=lambda san: (position.legal[san][2:4] != target, san))
    more = len(ranked) - _SHOWN
    return ", ".join(ranked[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _whereabouts(start: str) -> str:
    if start == "..":
        return ""
    if start[1] == ".":
        return f" on the {start[0]}-file"
    return f" on rank {start[1]}" if start[0] == "." else f" on {start}"


def _side(position: Position) -> str:
    return "White" if position.white_to_move else "Black"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _so_far(moves: tuple[str, ...]) -> str:
    if not moves:
        return "in the initial position"
    first = max(0, (len(moves) - _RECENT) // 2 * 2)  # White's moves have even numbers from 0
    return f"after {'… ' * (first > 0)}{_score(moves, first)}"


def _score(moves: tuple[str, ...], first: int) -> str:
    """The moves from number `first` (from 0) on, numbered as in a book: 1. e4 e5 2. Nf3."""
    words = [move if n % 2 else f"{n // 2 + 1}. {move}" for n, move in enumerate(moves) if n >= first]
    return (f"{first // 2 + 1}... " if first % 2 else "") + " ".join(words)
