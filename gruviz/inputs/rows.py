"""Rows of cells to the steps of a sequence, with what stands against it and what is left out."""

from collections.abc import Sequence
from itertools import pairwise

from gruviz.inputs.encoded import counted

TABLE = "This looks like a table"
Row = tuple[int, list[str]]  # its number as typed, from 1, and its cells
Steps = list[tuple[str, list[str]]]  # where each stands, and its cells


def one_column(rows: Sequence[Row]) -> tuple[Steps, list[str], list[str]]:
    """One number per step: rows of one cell, or lines of text that go on; never a table."""
    problems, notes = list[str](), list[str]()
    ends_open = [len(cells) > 1 and not cells[-1] for _, cells in rows]
    full = [cells[:-1] if open_ else cells for (_, cells), open_ in zip(rows, ends_open, strict=True)]
    if len(full) > 1 and len({*map(len, full)}) == 1 and len(full[0]) > 1 and not all(ends_open[:-1]):
        problems.append(_table_problem(len(full[0]), len(full)))
    cells = [cell for row in full for cell in row]
    if ends_open and ends_open[-1]:
        notes.append(f"Nothing follows the last number (position {len(cells)}).")
    return [(f"position {n}", [cell]) for n, cell in enumerate(cells, 1)], problems, notes


def table(rows: Sequence[Row], columns: int) -> tuple[Steps, list[str], list[str]]:
    """One step per row, each of so many cells; empty rows and empty cells behind them are left out with a note."""
    steps, problems = Steps(), list[str]()
    empty, longer = list[int](), list[int]()
    for number, cells in rows:
        if not any(cells):
            empty.append(number)
            continue
        if len(cells) > columns and not any(cells[columns:]):
            longer.append(number)
        elif len(cells) != columns and all(cells):
            problems.append(
                f"Line {number} holds {counted(len(cells), 'numbers')} ({' '.join(cells)[:40]}). "
                f"This model reads {columns} per line."
            )
        steps.append((f"line {number}", cells[:columns] if longer[-1:] == [number] else cells))
    notes = [f"{_lines(empty)} left out as empty."] if empty else []
    notes += [f"{_lines(longer)}: nothing after column {columns}."] if longer else []
    return steps, problems, notes


def _lines(numbers: Sequence[int]) -> str:
    return f"Line {numbers[0]}" if len(numbers) == 1 else f"{len(numbers):,} lines (the first: {numbers[0]})"


def mixed_table(separators: Sequence[str]) -> list[str]:
    """What stands against one column where signs of several kinds stand between numbers: they may end rows."""
    kinds = [_kind(sign) for sign in separators]
    for outer in dict.fromkeys(kinds):
        ends = [-1, *(i for i, kind in enumerate(kinds) if kind == outer), len(kinds)]
        widths = {end - start for start, end in pairwise(ends)}
        if len(widths) == 1 and widths != {1} and len(ends) > 2:
            return [_table_problem(widths.pop(), len(ends) - 1)]
    return []


def _kind(sign: str) -> str:
    return next((kind for kind in ("\n", ";", ",", "\t") if kind in sign), " ")


def _table_problem(columns: int, rows: int) -> str:
    """Refuses a table to a model of one column."""
    return (
        f"{TABLE} of {columns} columns and {rows} rows; this model reads one number per step. "
        "Paste one column, or one row."
    )
