"""Which numbers a person meant: every notation that reads the whole text, and the sentence that refuses the rest."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gruviz.errors import SequenceError
from gruviz.inputs.encoded import counted
from gruviz.inputs.limits import MAX_STEPS, check_steps
from gruviz.inputs.notations import Notation, notations
from gruviz.inputs.rows import TABLE, Row, mixed_table, one_column, table
from gruviz.inputs.thousands import certain, divisions, joined

LARGEST = 1e6
_DIGITS = re.compile(r"\d+", re.ASCII)
_MOST_PARTS = 5  # runs of digits in a number that is not too large: 1 000 000.0e1
_BARE_ZERO = re.compile(r"\d{1,7},0\d{1,7}", re.ASCII)
MISSING = re.compile(
    r"nan|n/?a|null|none|nil|inf(?:inity)?|[-–—?.]|#(?:N/A|(?:REF|DIV/0|VALUE|NUM|NULL|SPILL)!|NAME\?|#*)",
    re.IGNORECASE,
)
_SHOWN = 3  # readings, and numbers of a reading that a refusal repeats
_ADVICE = "Write decimals with a point, thousands without a separator, and “, ” or spaces between the numbers."


@dataclass(frozen=True, eq=False)
class NumberReading:
    """One way to read a text: cells as typed and their values by step, or what stands against it."""

    notation: Notation
    cells: tuple[tuple[str, ...], ...] = ()
    values: tuple[tuple[float, ...], ...] = ()
    problems: tuple[str, ...] = ()
    too_large: str = ""  # a problem of numbers, not of the notation
    notes: tuple[str, ...] = ()
    too_many: int = 0  # steps, where there are more than are read
    mixed: bool = False  # whether different signs stand between the numbers

    def told(self) -> str:
        """What was understood: "2 numbers, decimal comma"."""
        width = len(self.values[0])
        steps = counted(len(self.values), "numbers" if width == 1 else "steps")
        return steps + (f" of {width} numbers" if width > 1 else "") + self.notation.told()

    def shown(self) -> str:
        """Its first values."""
        some = [" ".join(f"{value:.12g}" for value in step) for step in self.values[:_SHOWN]]
        return "; ".join(some) + ("; …" if len(self.values) > _SHOWN else "")


def meant(text: str, columns: int, hint: str) -> NumberReading:
    """The one reading of a text as numbers, so many to a step; SequenceError where there is none, or several.

    `hint` says what may be typed.
    """
    if len(_DIGITS.findall(text)) > MAX_STEPS * columns * _MOST_PARTS:
        what = "numbers" if columns == 1 else "lines of numbers"
        raise SequenceError(f"The sequence has more than {MAX_STEPS:,} {what}. At most {MAX_STEPS:,} are shown.")
    tries = [reading for notation in notations(text, columns) for reading in _readings(notation, text, columns)]
    good = [reading for reading in tries if not reading.problems and not reading.too_many]
    good = [reading for reading in good if reading.mixed == min(other.mixed for other in good)]
    if not good:
        _refuse(tries, columns, hint)
    fitting = [reading for reading in good if not reading.too_large] or good
    several = list({reading.values: reading for reading in reversed(fitting)}.values())[::-1]
    if len(several) > 1:
        ways = "; or ".join(f"as {reading.told()} ({reading.shown()})" for reading in several[:_SHOWN])
        raise SequenceError(f"This can be read in {len(several)} ways: {ways}. {_ADVICE}")
    if several[0].too_large:
        raise SequenceError(several[0].too_large)
    return several[0]


def _readings(notation: Notation, text: str, columns: int) -> Iterator[NumberReading]:
    """Usually one; more where spaces stand between numbers and perhaps within."""
    rows = notation.rows(text)
    spaced = notation.between in ("space", "any") and notation.group != "firm"
    grouped = certain(text) if spaced else ""
    one_or_two = grouped or ("" if "," in (notation.decimal, notation.group) else _bare_zero(text))
    plain = _judged(notation, rows, columns, text)
    if one_or_two:
        plain = replace(plain, problems=(f"“{one_or_two}” may be one number or several. {_ADVICE}",))
    if notation.group == " ":
        yield from _with_rival(plain, notation, text, columns)
    elif _uses(notation, plain):
        yield plain
    if notation.between == "space" and not notation.group and (plain.problems or notation.decimal == ","):
        within = replace(notation, group=" ")
        for cells in _joined(rows, notation.decimal, columns, forced=bool(grouped)):
            reading = _judged(within, cells, columns)
            if _uses(within, reading):
                yield reading


def _bare_zero(text: str) -> str:
    """A comma before 05 or the like, which nobody writes for 5; "" where there is none."""
    match = _BARE_ZERO.search(text)
    return match.group() if match else ""


def _joined(rows: Sequence[Row], decimal: str, columns: int, *, forced: bool) -> Iterator[list[Row]]:
    """Rows with words joined in the ways that are likely enough to count."""
    if columns > 1:
        ways = [divisions(words, decimal, columns) for _, words in rows]
        several = 2 if any(len(way) > 1 for way in ways) else 1
        for choice in range(several) if all(ways) else ():
            yield [(number, way[min(choice, len(way) - 1)]) for (number, _), way in zip(rows, ways, strict=True)]
        return
    most = [(number, joined(words, decimal, all_that_can=True)) for number, words in rows]
    if forced:
        yield [(number, joined(words, decimal, all_that_can=False)) for number, words in rows]
        yield most
    elif decimal == ",":  # where people write these, many group thousands by spaces
        yield most


def _with_rival(plain: NumberReading, notation: Notation, text: str, columns: int) -> Iterator[NumberReading]:
    """Where spaces within cells may be between numbers instead: both, unless something tells for certain."""
    if plain.problems or not _uses(notation, plain):
        return
    rival = replace(notation, group="", between="any")
    rows = rival.rows(text)
    flat = [(number, [cell]) for number, cells in rows for cell in cells]
    other = _judged(rival, flat, 1) if columns == 1 else _judged(rival, rows, columns)
    if other.problems or certain(text):
        yield plain
    elif any(sign in text for sign in ",;\t\n\r"):
        yield plain
        yield replace(other, mixed=plain.mixed)


def _uses(notation: Notation, reading: NumberReading) -> bool:
    """Whether what is special about a notation is there in the cells; else a plainer one reads the same."""
    cells = [cell for step in reading.cells for cell in step]
    comma = notation.decimal == "," and any("," in cell for cell in cells)
    groups = max(map(notation.groups, cells), default=0)
    if notation.group and groups < 1:
        return False
    return notation.decimal == "." or comma or (notation.group == "." and groups > 1)


def _judged(notation: Notation, rows: Sequence[Row], columns: int, text: str = "") -> NumberReading:
    """The reading of rows of cells."""
    if columns > 1 and len(rows) > MAX_STEPS:
        return NumberReading(notation, too_many=len(rows))
    steps, problems, notes = one_column(rows) if columns == 1 else table(rows, columns)
    problems += mixed_table(notation.separators(text)) if columns == 1 and notation.between == "any" else []
    mixed = notation.between == "any" or (columns == 1 and 1 < len(rows) < len(steps))
    if not steps:
        return NumberReading(notation, problems=("There is no number here.",))
    if len(steps) > MAX_STEPS:
        return NumberReading(notation, too_many=len(steps), mixed=mixed)
    values, too_large = list[tuple[float, ...]](), ""
    for where, cells in steps:
        numbers = list[float]()
        for column, cell in enumerate(cells, 1):
            place = where if columns == 1 else f"{where}, column {column}"
            number = notation.number(cell)
            if number is None:
                problems.append(_problem(cell, place))
            elif not math.isfinite(number) or abs(number) > LARGEST:
                too_large = too_large or (
                    f"“{cell[:40]}” at {place} is outside the range: numbers from {-LARGEST:,.0f} to {LARGEST:,.0f}."
                )
            numbers.append(math.nan if number is None else number)
        values.append(tuple(numbers))
    typed = tuple(tuple(cells) for _, cells in steps)
    return NumberReading(notation, typed, tuple(values), tuple(problems), too_large, tuple(notes), mixed=mixed)


def _problem(cell: str, place: str) -> str:
    """Why a cell is not a number."""
    if not cell:
        return f"{place[0].upper()}{place[1:]} is empty. Give a number there."
    if MISSING.fullmatch(cell):
        return f"“{cell[:40]}” at {place} is not a number but a missing value. Give a number there."
    return f"“{cell[:40]}” at {place} is not a number."


def _refuse(tries: Sequence[NumberReading], columns: int, hint: str) -> None:
    """Raises the first problem of the try that fails least; or says how many steps there are."""
    many = [reading.too_many for reading in tries if reading.too_many]
    if many:
        check_steps(min(many), "numbers" if columns == 1 else "lines of numbers")
    failed = [reading for reading in tries if reading.problems]
    best = min(failed, key=_distance)
    problem = best.problems[0]
    raise SequenceError(f"{problem} {hint}" if problem.endswith("is not a number.") else problem)


def _distance(reading: NumberReading) -> tuple[bool, bool, bool, float, bool, bool]:
    """How far a reading that fails is from one that doesn't, for the sentence that helps most."""
    only_a_table = len(reading.problems) == 1 and reading.problems[0].startswith(TABLE)
    share = len(reading.values) if only_a_table else len(reading.problems) / max(1, len(reading.values))
    several_in_one = re.search(r"\S[,;\t].*”", reading.problems[0]) is not None
    return (
        not only_a_table, share >= 1, reading.mixed, share, several_in_one, not reading.notation.semicolons_end_rows,
    )  # fmt: skip
