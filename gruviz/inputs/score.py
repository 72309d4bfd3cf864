"""The moves of a chess game among all that stands around them in PGN: tags, comments, variations, numbers, remarks.

python-chess reads PGN too, and the tests compare. It passes over words that it can't read and ends a game at a move
that is not legal, which a person has to be told of; so the words of the main line are all kept here.
"""

import re
from collections import Counter
from dataclasses import dataclass

from gruviz.errors import SequenceError
from gruviz.inputs.encoded import counted
from gruviz.inputs.folding import DASHES

RESULTS = ("1-0", "0-1", "1/2-1/2", "½-½", "*")
_INITIAL = "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq -"
_VARIANTS = ("standard", "chess", "from position")
# A promotion in brackets, as in gxh8(Q), is part of its move; other brackets are variations.
_PARTS = re.compile(
    r'(?P<tag>\[\s*(?P<name>\w+)\s+"(?P<value>(?:[^"\\]|\\.)*)"\s*\])'
    r"|(?P<comment>\{[^}]*\})|(?P<line>;[^\r\n]*)|(?P<open>\((?![QRBNqrbn]\)))|(?P<close>(?<!\([QRBNqrbn])\))"
    r"|(?P<word>(?:[^\s,{}();\[]|(?<=\S)\([QRBNqrbn]\))+)|(?P<other>[{}()\[])"
)
_NUMBER = re.compile(r"^(?:\d+(?=[.…]|$))?[.…]*", re.ASCII)  # 12 or 12. or 12... before a move or alone
_REMARK = re.compile(r"(?:e\.?p\.?)?[!?+#‼⁇⁈⁉]*|\$\d+|[=∞⩲⩱±∓□⌓]|\+[-−]|[-−]\+|[+]/[-−]|[-−]/[+]")  # on the move before
_MOVE_LIKE = re.compile(r"(?:^|\s|\.)(?:[KQRBN]?[a-h]?[1-8]?x?[a-h][1-8]|[O0]-[O0])(?=$|[\s+#!?=;,])")
_LINE_BREAK = re.compile(r"[\r\n]")
_SIGNS = str.maketrans({
    **dict.fromkeys(DASHES, "-"), **dict(zip("♔♕♖♗♘♙♚♛♜♝♞♟", "KQRBNPKQRBNP", strict=True)), "\ufe0e": "",
    "‼": "!!", "⁇": "??", "⁈": "?!", "⁉": "!?",
})  # fmt: skip


@dataclass(frozen=True)
class Score:
    """The words that should be moves, and how much of what else stood between them."""

    words: list[str]
    others: dict[str, int]  # "comments" and "variations"

    def left_out(self) -> str:
        """What was left out, for the line under the field."""
        said = [counted(number, what) for what, number in self.others.items()]
        return f", {' and '.join(said)} left out" if said else ""


def read_score(text: str) -> Score:
    """The main line of one game; SequenceError where it can't be told from the rest, or starts somewhere else."""
    words, others, open_at = list[str](), Counter[str](), list[int]()
    for part in _PARTS.finditer(text):
        kind, piece = part.lastgroup or "", part.group()
        if part["tag"] is not None:
            if words or open_at:
                raise SequenceError(f"“{piece[:40]}” begins another game. Give one game.")
            _check_tag(part["name"], part["value"])
        elif kind == "comment":
            others["comments"] += piece.strip("{} \r\n\t") != ""
        elif kind == "line":
            if not _LINE_BREAK.search(text):
                _check_line_comment(piece)
            others["comments"] += 1
        elif kind == "open":
            others["variations"] += not open_at
            open_at.append(part.start())
        elif kind == "close" and open_at:
            open_at.pop()
        elif kind == "other" and piece == "{":
            comment = text[part.start() : part.start() + 40]
            raise SequenceError(f"The comment “{comment}” has no end. A comment is written between {{ and }}.")
        elif not open_at:
            words.append(piece.translate(_SIGNS))
    if open_at:
        variation = text[open_at[0] : open_at[0] + 40]
        raise SequenceError(f"The variation “{variation}” has no end. A variation is written between ( and ).")
    bare = [_NUMBER.sub("", word) for word in words]
    moves = [word for word in bare if not _REMARK.fullmatch(word)]
    while moves and moves[-1] in RESULTS:
        moves.pop()
    return Score(moves, {what: number for what, number in others.items() if number})


def _check_tag(name: str, value: str) -> None:
    if name == "FEN" and value.strip() and value.split()[:4] != _INITIAL.split():
        raise SequenceError(
            f'The game starts from a position of its own ([FEN "{value[:40]}…"]). '
            "This model reads games from the initial position only."
        )
    if name == "Variant" and value.strip().casefold() not in _VARIANTS:
        raise SequenceError(f"The game is of the variant “{value[:40]}”. This model reads standard chess only.")


def _check_line_comment(comment: str) -> None:
    """Where the lines' ends were lost, as when a game is pasted into a field of one line, moves may follow."""
    if _MOVE_LIKE.search(comment):
        raise SequenceError(
            f"“{comment[:40]}” is a comment to the end of its line, and there is no line break after it although moves "
            "seem to follow. Put the comment between { and }, or leave it out."
        )
