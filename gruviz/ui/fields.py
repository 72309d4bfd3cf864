"""What pages keep in the link: a row for each control, with its name there, its default, how it is read and written.

A control is a widget over one of these rows (`link.py`). A new one that is not in `pages()` fails a test; one that
is there is tried with every kind of bad value.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, Literal, TypeVar

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.experiment import MAX_SEEDS, MAX_STEPS, MAX_UNITS, MIN_STEPS
from gruviz.models import Knob, KnobValue, entries, load_model
from gruviz.models.results import results
from gruviz.reading.stories import STORIES
from gruviz.signals import MeaningOfOne, Symbols

Option = TypeVar("Option", bound=str)
Amount = TypeVar("Amount", int, float)
Loss = Literal["sum", "random", "answer"]
DEFAULT_BIAS = "default"
TRAINED = "trained"  # beside the keys of INITIALISATIONS
_WRITTEN = {int: re.compile(r"[+-]?\d{1,9}(\.0*)?", re.ASCII), float: re.compile(r"[+-]?\d{1,9}(\.\d*)?", re.ASCII)}


@dataclass(frozen=True)
class OneOf(Generic[Option]):
    """One of several options (value -> the name that the page and the link show), the first unless a default is set."""

    key: str
    label: str
    options: Mapping[Option, str]
    first: Option | None = None
    help: str | None = None

    @property
    def default(self) -> Option:
        """What a link that does not name it means."""
        return self.first or next(iter(self.options))

    def read(self, text: str, options: Mapping[Option, str] | None = None) -> Option | None:
        """The option that the link names, among those on offer; None where there is none."""
        return next((option for option, name in (options or self.options).items() if name == text), None)

    def write(self, value: Option) -> list[str]:
        """How the link says it."""
        return [self.options[value]] if value != self.default else []

    def allowed(self, options: Mapping[Option, str] | None = None) -> str:
        """What may be asked for, in words."""
        names = list((options or self.options).values())
        return ("; " if any("," in name for name in names) else ", ").join(names)


@dataclass(frozen=True)
class Number(Generic[Amount]):
    """A number from low to high; with `empty`, what an empty field means, it may be empty: then it is the default."""

    key: str
    label: str
    low: Amount
    high: Amount
    default: Amount
    step: Amount | None = None
    help: str | None = None
    empty: str = ""

    def read(self, text: str) -> Amount | None:
        """The number, also a whole one that is written 101.0; None for anything else and outside the limits."""
        kind = type(self.default)
        if not _WRITTEN[kind].fullmatch(text):
            return None
        value = kind(float(text))
        return value if value == self.default or self.low <= value <= self.high else None

    def write(self, value: Amount) -> list[str]:
        """How the link says it."""
        return [str(int(value)) if value == int(value) else repr(value)] if value != self.default else []

    def allowed(self) -> str:
        """What may be asked for, in words."""
        return f"{self.low:g} to {self.high:g}{f', or none: {self.empty}' if self.empty else ''}"


@dataclass(frozen=True)
class Several:
    """Any of the numbers from 0 up to a limit that the screen sets."""

    key: str
    label: str

    def read(self, text: str, limit: int) -> int | None:
        """One of the numbers; None for anything else."""
        known = text.isascii() and text.isdigit() and len(text) < 5 and int(text) < limit
        return int(text) if known else None

    def write(self, values: Sequence[int]) -> list[str]:
        """How the link says it: one by one."""
        return [str(value) for value in values]

    def allowed(self, limit: int) -> str:
        """What may be asked for, in words."""
        return f"0 to {limit - 1}"


@dataclass(frozen=True)
class Text:
    """Any text; the link always names it."""

    key: str
    label: str

    def write(self, value: str) -> list[str]:
        """How the link says it."""
        return [value]


Field = OneOf[Any] | Number[Any] | Several | Text


def model() -> OneOf[str]:
    """The model."""
    return OneOf("model", "Model", {name: entry.title for name, entry in entries().items()}, STORIES[0].model)


def task() -> OneOf[str]:
    """The task that all three cells were trained on."""
    titles = {name: result.title for name, result in results().items()}
    return OneOf("task", "Task", titles, load_model(STORIES[0].model).task)


def knob(row: Knob) -> OneOf[str] | Number[Any]:
    """A model's knob."""
    if row.options is not None:
        return OneOf(row.key, row.label, row.options, str(row.default), row.help)
    if isinstance(row.default, int):
        return Number(row.key, row.label, int(row.low), int(row.high), row.default, int(row.step), row.help)
    return Number(row.key, row.label, float(row.low), float(row.high), float(row.default), float(row.step), row.help)


SEQUENCE = Text("seq", "Sequence")  # on one line
ROWS = Text("rows", "Sequence")  # numbers in columns, one line per step
_SYMBOLS: dict[Symbols, str] = {"pytorch": "PyTorch", "cho": "Cho et al.", "ng": "Ng’s course"}
_ONE_MEANS: dict[MeaningOfOne, str] = {"keep": "keep the old state", "write": "write the candidate"}
SYMBOLS = OneOf("symbols", "Symbols", _SYMBOLS)
ONE = OneOf(
    "one", "An update gate of 1 means", _ONE_MEANS,
    help="The same network under two labels: PyTorch, Keras, ONNX and Cho et al. 2014 write the gate so that 1 "
    "keeps; Chung et al. 2014 and Ng’s course so that 1 writes.",
)  # fmt: skip
VIEW = OneOf("view", "View", {"heatmap": "Heatmaps", "lines": "Lines"})
LINES = Several("lines", "Units")

_FEED: dict[Literal["noise", "impulse", "sequence"], str] = {
    "noise": "noise", "impulse": "impulse at step 1", "sequence": "a sequence of the Step page",
}  # fmt: skip
_LOSS: dict[Loss, str] = {"sum": "sum of h", "random": "random direction", "answer": "the model’s answer"}
_ACTIVATION: dict[Literal["tanh", "relu"], str] = {"tanh": "tanh", "relu": "ReLU"}
_RECURRENT = {key: row.title for key, row in INITIALISATIONS.items() if row.part == "recurrent"}


def _biases(cell: str) -> dict[str, str]:
    rows = {key: row.title for key, row in INITIALISATIONS.items() if row.part == "bias" and cell in row.cells}
    return {DEFAULT_BIAS: "PyTorch default"} | rows


FEED = OneOf("feed", "Input", _FEED)
STEPS = Number("T", "Steps T", MIN_STEPS, MAX_STEPS, 101, help="The length of the sequence.")
LOSS = OneOf("loss", "Loss", _LOSS, help="What is taken the gradient of, at the loss’s step.")
RECURRENT = OneOf("init", "Recurrent weights", _RECURRENT | {TRAINED: "trained, before and after"})
UNITS = Number("H", "Hidden units H", 1, MAX_UNITS, 32)
SEEDS = Number("seeds", "Seeds", 1, MAX_SEEDS, 20, help="The line is their median, the band 10 to 90 %.")
AT = Number("at", "Loss at step", 2, MAX_STEPS, 0, 1, "2 to T; empty: the last step, T.", empty="the last")
ACTIVATION = OneOf("act", "Activation", _ACTIVATION)
FORGET = OneOf("forget", "Forget gate bias", _biases("LSTM"))
UPDATE = OneOf("update", "Update gate bias", _biases("GRU"))
SHOW = OneOf("show", "View", {"norms": "Gradient norms", "jacobians": "Jacobians"})


@lru_cache(maxsize=64)
def amount(part: str, name: str) -> Number[float] | None:
    """The number of an initialisation, where it has one; `part` is the key of the control that chooses it."""
    row = INITIALISATIONS.get(name)
    if row is None or row.knob is None:
        return None
    step = 1.0 if row.knob.high > 10 else 0.1
    return Number(f"{part}_{name}", row.knob.name.capitalize(), row.knob.low, row.knob.high, row.knob.default, step,
                  row.source)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """What one page keeps in the link. `needs`: for some fields, what else a link must say for them to be shown."""

    path: str
    fields: Mapping[str, Field]
    needs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def _columns() -> str:
    return next(name for name in entries() if load_model(name).encoder.multiline)


def pages() -> Mapping[str, Page]:
    """The table, by the pages' titles."""
    reads: list[Field] = [model(), SEQUENCE, ROWS]
    needs: dict[str, Mapping[str, str]] = {"rows": {"model": entries()[_columns()].title}, "lines": {"view": "Lines"}}
    for entry in entries().values():
        for row in entry.knobs:
            reads.append(knob(row))
            gate = {row.only_if[0]: _name(entry.knobs, row.only_if[0], row.only_if[1][0])} if row.only_if else {}
            needs[row.key] = {"model": entry.title, **gate}
    experiment: list[Field] = [FEED, STEPS, LOSS, RECURRENT, UNITS, SEEDS, AT, ACTIVATION, FORGET, UPDATE, SHOW]
    from_step = {"feed": _FEED["sequence"]}
    gradient_needs = {each.key: {**from_step, **needs.get(each.key, {})} for each in reads}
    for chooser in (RECURRENT, FORGET, UPDATE):
        for name, title in chooser.options.items():
            if (number := amount(chooser.key, name)) is not None:
                experiment.append(number)
                gradient_needs[number.key] = {chooser.key: title}
    return {
        "Step": Page("/", _by_key([*reads, SYMBOLS, ONE, VIEW, LINES]), needs),
        "Gradients": Page("/gradients", _by_key([*experiment, *reads]), gradient_needs),
        "Compare": Page("/compare", _by_key([task(), SEQUENCE, ROWS]),
                        {"rows": {"task": results()[load_model(_columns()).task].title}}),
    }  # fmt: skip


def _name(knobs: Sequence[Knob], key: str, value: KnobValue) -> str:
    options = next(row.options for row in knobs if row.key == key) or {}
    return options[str(value)]


def _by_key(rows: Sequence[Field]) -> dict[str, Field]:
    return {row.key: row for row in rows}
