"""Numbers whose thousands are grouped by the very spaces that stand between numbers: 1 000 2 000."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from gruviz.inputs.notations import FIRM, MINUS

_START = re.compile(rf"[+{MINUS}]?[1-9]\d{{0,2}}", re.ASCII)
_GROUP = {mark: re.compile(rf"\d{{3}}(?:{re.escape(mark)}\d+)?", re.ASCII) for mark in ".,"}
_CERTAIN = re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}(?:[ {FIRM}]\d{{3}})*[ {FIRM}]0\d\d(?!\d)", re.ASCII)


def certain(text: str) -> str:
    """Where spaces group thousands for certain, as nobody writes 0 as 000, or 50 as 050; "" if nowhere."""
    match = _CERTAIN.search(text)
    return match.group() if match else ""


def joined(words: Sequence[str], decimal: str, *, all_that_can: bool) -> list[str]:
    """The words of a row with their groups joined: all that can be, or only those that begin with 0."""
    cells: list[str] = []
    open_ = False  # whether the last cell may go on
    for word in words:
        if open_ and _GROUP[decimal].fullmatch(word) and (all_that_can or word[0] == "0"):
            cells[-1] += f" {word}"
            open_ = word.isdigit()
        else:
            cells.append(word)
            open_ = _START.fullmatch(word) is not None
    return cells


def divisions(words: Sequence[str], decimal: str, columns: int, most: int = 2) -> list[list[str]]:
    """Up to `most` ways to join words into so many cells; none for a row of too many words to be one."""
    return [] if len(words) > 4 * columns else list(islice(_divisions(list(words), decimal, columns), most))


def _divisions(words: list[str], decimal: str, columns: int) -> Iterator[list[str]]:
    if columns == 0:
        if not words:
            yield []
        return
    if not words or (len(words[0]) == 3 and words[0][0] == "0" and words[0].isdigit()):
        return
    length = 1
    while True:
        for rest in _divisions(words[length:], decimal, columns - 1):
            yield [" ".join(words[:length]), *rest]
        goes_on = words[length - 1].isdigit() if length > 1 else _START.fullmatch(words[0]) is not None
        if not goes_on or length == len(words) or not _GROUP[decimal].fullmatch(words[length]):
            return
        length += 1
