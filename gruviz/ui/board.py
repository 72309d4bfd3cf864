"""The chess board beside a stepper: positions, what may be played in each, and the opening's name."""

from functools import lru_cache
from typing import Any

from gruviz.inputs import MoveEncoder
from gruviz.inputs.positions import Position, positions
from gruviz.models.opening_names import opening_names
from gruviz.reading import Reading


def board(reading: Reading) -> dict[str, Any] | None:
    """T + 1 positions of a game, and the drawings of the pieces; None for what is no game."""
    if not isinstance(reading.model.encoder, MoveEncoder):
        return None
    moves = reading.trace.tokens
    rows = zip(positions(moves), opening_names(moves), strict=True)
    return {"moves": moves, "positions": [_position(*row) for row in rows], "pieces": _pieces()}


def _position(position: Position, name: str) -> dict[str, Any]:
    return {
        "pieces": position.pieces,
        "last": position.last,
        "white": position.white_to_move,
        "legal": position.legal,
        "over": position.over,
        "name": name,
    }


@lru_cache(maxsize=1)
def _pieces() -> dict[str, str]:
    """SVG by letter, white ones in capitals, as python-chess draws them."""
    import chess
    import chess.svg

    return {letter: chess.svg.piece(chess.Piece.from_symbol(letter)) for letter in "KQRBNPkqrbnp"}
