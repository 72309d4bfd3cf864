"""The one table of the Gradients page's knobs.

A row says which field of the settings a knob sets, its name in the link, its label and limits, how it looks, and which
cells it concerns. The controls, the link, the stories and the captions read it: a new knob is a row, beside its field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.experiment import MAX_SEEDS, MAX_STEPS, MAX_UNITS, MIN_STEPS, ExperimentSettings
from gruviz.experiment.settings import Activation, Feed, Initial, Loss
from gruviz.signals import CELLS, STANDARD, VARIANTS
from gruviz.ui.field_kinds import Number, OneOf, SomeOf

TRAINED = "trained"  # beside the keys of INITIALISATIONS
_DEFAULT_BIAS = "default"
EVERY = tuple(VARIANTS)
Values = Mapping[str, Any]  # of controls, by their names in the link


@dataclass(frozen=True)
class Knob:
    """A control whose value is a field of the settings as it is.

    cells: those whose curves it can change. more: whether it stands behind a button, not in the first row. weights:
    whether it says how weights are drawn, so that it is of no effect on those that training started from.
    """

    setting: str
    control: OneOf[Any] | SomeOf[Any] | Number[Any]
    cells: tuple[str, ...] = EVERY
    look: Literal["segments", "menu"] = "menu"
    weights: bool = False
    more: bool = False

    def amounts(self) -> Mapping[str, Number[float]]:
        """By option, the number that is asked for beside it."""
        return {}

    def controls(self, settings: ExperimentSettings) -> Values:
        """What the controls say for these settings."""
        value = getattr(settings, self.setting)
        return {self.control.key: list(value) if isinstance(value, tuple) else value}

    def turned(self, settings: ExperimentSettings, *said: Any) -> ExperimentSettings:
        """The settings with what the controls say: a value, and the number beside it where there is one."""
        return replace(settings, **{self.setting: said[0]})

    def told(self, settings: ExperimentSettings) -> str:
        """What it is set to, in words."""
        value, *numbers = self.controls(settings).values()
        return f"{self.control.label}: {', '.join([self.control.told(value), *(f'{number:g}' for number in numbers)])}"


class _Initialisation(Knob):
    """A choice of an initialisation, with the number that it takes."""

    control: OneOf[Any]

    def amounts(self) -> Mapping[str, Number[float]]:
        names = [name for name in self.control.options if name in INITIALISATIONS]
        return {name: number for name in names if (number := _amount(self.control.key, name)) is not None}

    def controls(self, settings: ExperimentSettings) -> Values:
        name, number = self._chosen(settings)
        amount = self.amounts().get(name)
        return {self.control.key: name, **({amount.key: number} if amount else {})}

    def _chosen(self, settings: ExperimentSettings) -> Initial:
        raise NotImplementedError


class _Recurrent(_Initialisation):
    def turned(self, settings: ExperimentSettings, *said: Any) -> ExperimentSettings:
        return replace(settings, recurrent=_initial(*said))

    def _chosen(self, settings: ExperimentSettings) -> Initial:
        return (TRAINED, None) if settings.trained else settings.recurrent


class _Bias(_Initialisation):
    def turned(self, settings: ExperimentSettings, *said: Any) -> ExperimentSettings:
        others = tuple(bias for bias in settings.biases if bias[0] not in self.control.options)
        return replace(settings, biases=others if said[0] == _DEFAULT_BIAS else (*others, _initial(*said)))

    def _chosen(self, settings: ExperimentSettings) -> Initial:
        chosen = [bias for bias in settings.biases if bias[0] in self.control.options]
        return chosen[0] if chosen else (_DEFAULT_BIAS, None)


def _initial(name: str, number: float | None = None) -> Initial:
    return name, number


@lru_cache(maxsize=64)
def _amount(part: str, name: str) -> Number[float] | None:
    """The number of an initialisation, where it has one; `part` is the key of the control that chooses it."""
    row = INITIALISATIONS[name]
    if row.knob is None:
        return None
    step = 1.0 if row.knob.high > 10 else 0.1
    return Number(f"{part}_{name}", row.knob.name.capitalize(), row.knob.low, row.knob.high, row.knob.default, step,
                  row.source)  # fmt: skip


def _sharing(cell: str) -> tuple[str, ...]:
    """All that has the weights of a cell."""
    return tuple(name for name, row in VARIANTS.items() if row.base == cell)


def _biases() -> tuple[Knob, ...]:
    """A knob for each cell that has a gate which keeps the past, named in the link after that gate."""
    knobs, taken = list[Knob](), set[str]()
    for cell in CELLS.values():
        rows = {key: row.title for key, row in INITIALISATIONS.items() if row.part == "bias" and cell.name in row.cells}
        if cell.keeps is None or not rows:
            continue
        gate = cell.signal(cell.keeps).name.split()[0]
        key = f"{cell.name.lower()}_{gate}" if gate in taken else gate
        taken.add(key)
        control = OneOf(key, f"{cell.name} {gate} bias", {_DEFAULT_BIAS: "PyTorch default"} | rows)
        knobs.append(_Bias("biases", control, _sharing(cell.name), weights=True))
    return tuple(knobs)


_FEED: dict[Feed, str] = {
    "noise": "noise", "impulse": "impulse at step 1", "sequence": "a sequence of the Step page",
}  # fmt: skip
_LOSS: dict[Loss, str] = {"sum": "sum of h", "random": "random direction", "answer": "the model’s answer"}
_ACTIVATION: dict[Activation, str] = {"tanh": "tanh", "relu": "ReLU"}
_RECURRENT = {key: row.title for key, row in INITIALISATIONS.items() if row.part == "recurrent"}
_CHOOSERS = tuple(name for name, cell in VARIANTS.items() if cell.chooses_activation)

CHOSEN_CELLS = SomeOf("cells", "Cells", {name: name for name in VARIANTS}, STANDARD)
SHOWN = Knob("cells", CHOSEN_CELLS, look="segments")
FEED = Knob("feed", OneOf("feed", "Input", _FEED))
STEPS = Knob("steps", Number("T", "Steps T", MIN_STEPS, MAX_STEPS, 101, help="The length of the sequence."), more=True)
LOSS = Knob("loss", OneOf("loss", "Loss", _LOSS, help="What the gradient is taken of, at the loss’s step."), more=True)
RECURRENT = _Recurrent(
    "recurrent", OneOf("init", "Recurrent weights", _RECURRENT | {TRAINED: "trained, before and after"})
)
UNITS = Knob("units", Number("H", "Hidden units H", 1, MAX_UNITS, 32), weights=True, more=True)
_SEEDS = Number("seeds", "Seeds", 1, MAX_SEEDS, 20, help="The line is their median, the band 10 to 90%.")
SEEDS = Knob("seeds", _SEEDS, more=True)
_AT = Number("at", "Loss at step", 2, MAX_STEPS, 0, 1, "2 to T; empty: the last step, T.", empty="the last")
AT = Knob("at", _AT, more=True)
ACTIVATION = Knob(
    "activation", OneOf("act", f"{' and '.join(_CHOOSERS)} activation", _ACTIVATION), _CHOOSERS, weights=True
)
BIASES = _biases()
KNOBS: tuple[Knob, ...] = (FEED, SHOWN, STEPS, LOSS, RECURRENT, UNITS, SEEDS, AT, ACTIVATION, *BIASES)


def controls(settings: ExperimentSettings) -> Values:
    """What all controls say for these settings."""
    return {key: value for knob in KNOBS for key, value in knob.controls(settings).items()}


def told(settings: ExperimentSettings) -> str:
    """What is set, in words: all that concerns every cell, and of the others what differs from the default."""
    default, told = ExperimentSettings(), []
    for knob in KNOBS:
        own = set(knob.cells) & set(settings.cells) and knob.told(settings) != knob.told(default)
        if (own or knob.cells == EVERY) and not (knob.weights and settings.trained):
            told.append(knob.told(settings))
    return "; ".join(told)
