"""Labelled lines that a person brings: read, checked line by line, and cut into a part to train and a part held out."""

import csv
import io
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from gruviz.common.quantities import count
from gruviz.errors import GruvizError
from gruviz.inputs import SPLITS

By = Literal["words", "characters"]
MAX_CHARACTERS, MAX_LINES = 2_000_000, 20_000
MAX_TOKENS = 200  # of a text
MAX_LABELS = 20
MAX_VOCABULARY = 5_000
LONGEST_LABEL = 40  # characters
HELD_OUT = 0.2  # of each label, at least one
_SPLIT_SEED = 0
_NUMBER_LIKE = re.compile(r"[\d\s.,;eE+-]+")
_NUMBERS = " If these are numbers to look ahead in, choose the task “Your own numbers ahead”."
_NAMED = 5  # bad lines that are named one by one


@dataclass(frozen=True)
class Line:
    """One labelled text."""

    number: int  # from 1, as in an editor
    text: str
    tokens: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class Labelled:
    """What was read: the lines of both parts in random order, the labels, and sentences on the lines left out."""

    by: By
    training: tuple[Line, ...]
    held_out: tuple[Line, ...]
    labels: tuple[str, ...]
    vocabulary: tuple[str, ...]  # of the training part, the most common first
    problems: tuple[str, ...]

    @property
    def balance(self) -> Mapping[str, tuple[int, int]]:
        """By label, how many lines there are to train, and how many are held out."""
        train, test = (Counter(line.label for line in part) for part in (self.training, self.held_out))
        return {label: (train[label], test[label]) for label in self.labels}


def read_labelled(text: str, by: By) -> Labelled:
    """Reads lines `text<TAB>label`, or CSV with a header: two columns, or those called text and label.

    A line that can't be used is left out and named. Raises GruvizError where nothing can be learned from what is left.
    """
    if not text.strip():
        raise GruvizError("There is no data yet. Paste lines of a text, a tab and its label, or CSV with a header.")
    if len(text) > MAX_CHARACTERS:
        raise GruvizError(f"The data have {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.")
    lines = text.count("\n") + 1
    if lines > MAX_LINES:
        raise GruvizError(f"The data have {lines:,} lines; at most {MAX_LINES:,} are read.")
    good, bad = list[Line](), list[str]()
    for number, cells, problem in _cells(text):
        reason = problem or _problem(cells)
        tokens = () if reason else SPLITS[by].split(cells[0])
        if not reason and len(tokens) > MAX_TOKENS:
            reason = f"has {len(tokens):,} {by}; at most {MAX_TOKENS}"
        if reason:
            bad.append(f"Line {number} {reason}.")
        else:
            good.append(Line(number, cells[0].strip(), tokens, cells[1].strip()))
    _check(good, bad, _NUMBERS if _NUMBER_LIKE.fullmatch(text) else "")
    labels = tuple(sorted({line.label for line in good}))
    training, held_out = _cut(good, labels)
    form = SPLITS[by].form
    common = Counter(form(token) for line in training for token in line.tokens).most_common(MAX_VOCABULARY)
    return Labelled(by, training, held_out, labels, tuple(token for token, _ in common), tuple(_named(bad)))


def _cells(text: str) -> Iterator[tuple[int, list[str], str]]:
    """The number of each line that is not empty, its text and label, and what is wrong with it."""
    first = next(line for line in text.splitlines() if line.strip())
    if "\t" in first or "," not in first:
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                cells = line.rstrip("\r").split("\t")
                yield number, cells, "" if len(cells) == 2 else f"has {count(len(cells) - 1, 'tab')}; expected 1"
        return
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    try:
        header = [name.strip().casefold() for name in next(row for row in rows if row)]
        named = "text" in header and "label" in header
        if not named and len(header) != 2:
            raise GruvizError(
                f"The CSV's header has {count(len(header), 'column')}: {', '.join(header)[:80]}. It needs columns "
                "called text and label, or two columns."
            )
        places = (header.index("text"), header.index("label")) if named else (0, 1)
        for row in rows:
            if row:
                problem = "" if len(row) == len(header) else f"has {count(len(row), 'column')}; expected {len(header)}"
                yield rows.line_num, [] if problem else [row[place] for place in places], problem
    except csv.Error as error:
        raise GruvizError(f"Line {rows.line_num} is not CSV: {error}.") from error


def _problem(cells: list[str]) -> str:
    text, label = cells
    if not text.strip():
        return "has no text"
    if not label.strip():
        return "has no label"
    if len(label.strip()) > LONGEST_LABEL:
        return f"has a label of {len(label.strip())} characters; at most {LONGEST_LABEL}"
    return ""


def _check(good: list[Line], bad: list[str], hint: str) -> None:
    """GruvizError where nothing can be learned from these lines."""
    if not good:
        raise GruvizError(
            f"No line can be used. {' '.join(_named(bad))} Each line is a text, a tab and its label.{hint}"
        )
    sizes = Counter(line.label for line in good)
    if len(sizes) == 1:
        raise GruvizError(f"All {len(good):,} lines have the label “{good[0].label}”; at least two labels are needed.")
    if len(sizes) > MAX_LABELS:
        raise GruvizError(f"There are {len(sizes):,} labels; at most {MAX_LABELS} are allowed.")
    for label, size in sizes.items():
        if size < 2:
            line = next(line for line in good if line.label == label)
            raise GruvizError(
                f"Only line {line.number} has the label “{label}”; each needs two lines, one of which is held out."
            )


def _cut(good: list[Line], labels: tuple[str, ...]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The part to train and the part held out, alike for each label; a text that is there twice is in one part."""
    rng, training, held_out = random.Random(_SPLIT_SEED), list[Line](), list[Line]()
    for label in labels:
        lines = [line for line in good if line.label == label]
        texts = list(dict.fromkeys(line.text for line in lines))
        rng.shuffle(texts)
        chosen = set(texts[: max(1, round(HELD_OUT * len(texts)))]) if len(texts) > 1 else set()
        held_out += [line for line in lines if line.text in chosen]
        training += [line for line in lines if line.text not in chosen]
    rng.shuffle(training)
    rng.shuffle(held_out)
    if not held_out:
        raise GruvizError("Every label has one text only, repeated; nothing can be held out to score.")
    return tuple(training), tuple(held_out)


def _named(bad: list[str]) -> list[str]:
    more = [f"The same goes for {count(len(bad) - _NAMED, 'more line')}."] if len(bad) > _NAMED else []
    return [*bad[:_NAMED], *more]
