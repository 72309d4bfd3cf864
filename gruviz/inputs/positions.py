"""Chess positions after each move of a game, by python-chess."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from itertools import accumulate
from sys import intern
from typing import TYPE_CHECKING

from gruviz.errors import SequenceError

if TYPE_CHECKING:  # importing it takes 75 ms, which a session without chess should not have to wait
    import chess

MAX_MOVES = 400  # of both players together


@dataclass(frozen=True)
class Position:
    """What stands where, who is to move and what may be played. Positions are cached and shared: don't change them.

    `over` is "", "checkmate", "stalemate" or "draw by insufficient material". After a draw for want of material,
    `legal` still holds the moves that the pieces could make.
    """

    moves: tuple[str, ...]  # from the initial position, in standard algebraic notation (SAN), spelled as PGN has it
    pieces: str  # 64 characters, a8 first and h1 last: "." or a letter as in FEN, White's in capitals
    last: str  # the move that led here, from square to square ("e2e4", "e7e8q"); "" in the initial position
    white_to_move: bool
    legal: Mapping[str, str] = field(hash=False)  # SAN -> from square to square
    over: str


@dataclass(frozen=True, eq=False)
class _Reached:
    """A position with python-chess's board of it, which is only ever copied."""

    position: Position
    board: "chess.Board"


def check_moves(moves: int) -> None:
    """SequenceError for more moves than are read."""
    if moves > MAX_MOVES:
        raise SequenceError(
            f"The sequence has {moves:,} moves. At most {MAX_MOVES} are read, White's and Black's together."
        )


def position_after(moves: tuple[str, ...]) -> Position:
    """The position after `moves` in SAN; SequenceError where one is not legal or there are more than MAX_MOVES."""
    check_moves(len(moves))
    return reduce(_play, moves, _start()).position


def positions(moves: tuple[str, ...]) -> tuple[Position, ...]:
    """The T + 1 positions of a game of T moves, the initial one first; SequenceError as for `position_after`."""
    check_moves(len(moves))
    return tuple(reached.position for reached in accumulate(moves, _play, initial=_start()))


def moves_into_check(moves: tuple[str, ...]) -> tuple[str, ...]:
    """After `moves`: what the pieces could play, from square to square, if it didn't leave their own king in check."""
    check_moves(len(moves))
    board = reduce(_play, moves, _start()).board.copy(stack=False)
    return tuple(move.uci() for move in board.pseudo_legal_moves if not board.is_legal(move))


@lru_cache(maxsize=1)
def _start() -> _Reached:
    import chess

    return _reached((), chess.Board(), "")


@lru_cache(maxsize=4096)
def _play(before: _Reached, move: str) -> _Reached:
    """One move further. `before` is told from others by identity, so that a long game costs no long comparisons."""
    position = before.position
    if move not in position.legal:
        raise SequenceError(f"“{move[:40]}” is not legal as move {len(position.moves) + 1}.")
    board, last = before.board.copy(stack=False), position.legal[move]
    board.push_uci(last)
    board.clear_stack()
    return _reached((*position.moves, move), board, last)


def _reached(moves: tuple[str, ...], board: "chess.Board", last: str) -> _Reached:
    pieces = "".join(str(board).split())
    # most spellings recur in thousands of cached positions: one string of each
    legal = {intern(board.san(move)): intern(move.uci()) for move in board.legal_moves}
    return _Reached(Position(moves, pieces, last, board.turn, legal, _ending(board)), board)


def _ending(board: "chess.Board") -> str:
    if board.is_checkmate():
        return "checkmate"
    if board.is_stalemate():
        return "stalemate"
    return "draw by insufficient material" if board.is_insufficient_material() else ""
