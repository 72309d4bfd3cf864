"""How numbers may be written: which sign is the decimal mark, which groups thousands, and what stands between.

A notation takes a text apart into rows of cells. Which notation a person meant is for `readings` to judge.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

FIRM = "\u00a0\u202f\u2009\u2007"  # spaces that programs put between thousands
MINUS = "−–－﹣-"  # the hyphen last, as these stand in classes of patterns
GROUPS = {
    ",": ("[,]", "commas between thousands"),
    ".": ("[.]", "points between thousands"),
    "'": ("['’ʼ`´′]", "apostrophes between thousands"),
    "firm": (f"[{FIRM}]", "spaces between thousands"),
    " ": ("[ ]", "spaces between thousands"),
}  # the signs as a pattern, and how they are told of
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": "[^\\S\t\r\n]"}
_LINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Notation:
    """One way to write numbers. `between` is a key of SEPARATORS, "any" of them, or "line": a line is one cell."""

    decimal: str = "."  # or ","
    group: str = ""  # or a key of GROUPS
    between: str = "space"
    semicolons_end_rows: bool = False

    def told(self) -> str:
        """What is special about it."""
        marks = ["decimal comma"] * (self.decimal == ",") + ([GROUPS[self.group][1]] if self.group else [])
        return "".join(f", {mark}" for mark in marks)

    def rows(self, text: str) -> list[tuple[int, list[str]]]:
        """The rows that hold anything, each with its number as typed, from 1; a cell may be empty."""
        lines = _LINE.split(text)
        if self.semicolons_end_rows:
            lines = [part for line in lines for part in line.split(";")]
        return [(number, self._cells(line)) for number, line in enumerate(lines, 1) if line.strip()]

    def _cells(self, line: str) -> list[str]:
        if '"' in line and self.between in ("comma", "semicolon", "tab"):
            try:
                return [cell.strip() for cell in next(csv.reader([line], delimiter=SEPARATORS[self.between]))]
            except csv.Error:
                return [line]
        line = line.replace('"', "")
        if self.between == "line":
            return [line.strip()]
        pattern = _splitter(self.between, "," in (self.decimal, self.group), self.group == "firm")
        line = line.strip() if self.between in ("space", "any") else line
        return [cell.strip() for cell in pattern.split(line)]

    def separators(self, text: str) -> list[str]:
        """What stands between the cells of a line."""
        pattern = _splitter(self.between, "," in (self.decimal, self.group), self.group == "firm")
        return [match.group() for match in pattern.finditer(text.strip())]

    def number(self, cell: str) -> float | None:
        """The number that a cell is, or None."""
        if not _pattern(self.decimal, self.group).fullmatch(cell):
            return None
        bare = re.sub(GROUPS[self.group][0], "", cell) if self.group else cell
        return float(re.sub(f"[{MINUS}]", "-", bare.replace(self.decimal, ".")))

    def groups(self, cell: str) -> int:
        """How many signs in a number group its thousands."""
        return len(re.findall(GROUPS[self.group][0], cell)) if self.group else 0


@lru_cache(maxsize=32)
def _splitter(between: str, comma_in_numbers: bool, firm: bool) -> re.Pattern[str]:
    """What stands between cells. Where commas are parts of numbers, a comma between two digits is one."""
    comma = r"(?<!\d),|,(?!\d)" if comma_in_numbers else ","
    space = r"[ \f\v]" if firm else SEPARATORS["space"]
    if between == "any":
        return re.compile(rf"\s*(?:{comma}|;)\s*|{space}*\t{space}*|{space}+")
    return re.compile({"comma": comma, "space": f"{space}+"}.get(between) or SEPARATORS[between])


@lru_cache(maxsize=32)
def _pattern(decimal: str, group: str) -> re.Pattern[str]:
    whole = r"\d+(?:\.\d*)?|\.\d+" if decimal == "." else r"\d+(?:,\d+)?"
    pattern = rf"(?:{whole})(?:[eE][+{MINUS}]?\d+)?"
    if group:
        pattern = rf"[1-9]\d{{0,2}}(?:{GROUPS[group][0]}\d{{3}})+(?:{re.escape(decimal)}\d+)?|{pattern}"
    return re.compile(rf"[+{MINUS}]?(?:{pattern})", re.ASCII)


def notations(text: str, columns: int) -> Iterator[Notation]:
    """Those that are worth a try on a text, as all signs that they give a part to are in it."""
    betweens = [name for name, sign in SEPARATORS.items() if name == "space" or sign in text]
    betweens += ["any"] if len(betweens) > 1 else []
    betweens += ["line"] if columns == 1 else []
    several_points = re.search(r"\d\.\d{3}\.\d{3}", text) is not None
    for decimal in (".", ",") if "," in text or several_points else (".",):
        groups = [key for key, (sign, _) in GROUPS.items() if key != decimal and re.search(rf"\d{sign}\d{{3}}", text)]
        for group in ["", *groups]:
            for between in betweens:
                if (group, decimal) == (".", ".") or (group == " " and between in ("space", "any")):
                    continue  # `thousands` takes numbers apart that have the same sign within and between
                yield Notation(decimal, group, between)
                if ";" in text and columns > 1 and between != "semicolon":
                    yield Notation(decimal, group, between, semicolons_end_rows=True)
