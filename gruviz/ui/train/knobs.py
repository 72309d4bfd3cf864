"""The one table of the Train page's knobs: a row for each field of the settings, with its name in the link."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.live.settings import MAX_AHEAD, MAX_BATCH, MAX_LAG, MAX_UNITS, MIN_LAG, Chosen, LiveSettings
from gruviz.live.sources import TASKS
from gruviz.ui.field_kinds import Field, Number, OneOf

_DEFAULT = LiveSettings()
_PYTORCH = "default"  # the bias that PyTorch draws, beside the keys of INITIALISATIONS
_RATES = ("0.0001", "0.0003", "0.001", "0.003", "0.01", "0.015", "0.03", "0.05", "0.1", "0.3", "1")


def _biases(cell: str) -> dict[str, str]:
    rows = {key: row.title for key, row in INITIALISATIONS.items() if row.part == "bias" and cell in row.cells}
    return {_PYTORCH: "PyTorch default"} | rows


TASK = OneOf("learn", "Task to learn", {name: task.title for name, task in TASKS.items()}, _DEFAULT.task)
LAG = Number("lag", "Lag", MIN_LAG, MAX_LAG, _DEFAULT.lag, 5, "Steps from what must be kept to the question.")
AHEAD = Number("ahead", "Steps ahead", 1, MAX_AHEAD, _DEFAULT.ahead, 1, "How far in the future the number lies.")
RATE = OneOf("rate", "Learning rate", {rate: rate for rate in _RATES}, f"{_DEFAULT.rate:g}")
BY = OneOf("by", "Read by", {"words": "words", "characters": "characters"})
AXIS = OneOf("axis", "Axis of updates", {"linear": "linear", "log": "logarithmic"})
UNITS = Number("units", "Hidden units", 1, MAX_UNITS, _DEFAULT.units)
BATCH = Number("batch", "Batch", 1, MAX_BATCH, _DEFAULT.batch, help="Sequences per update.")
SEED = Number("draw", "Seed", 0, 9999, _DEFAULT.seed, help="Draws the weights and the batches.")
OPTIMIZER = OneOf("optimizer", "Optimiser", {"adam": "Adam", "momentum": "SGD with momentum 0.9"})
CLIP = OneOf("clip", "Clipping", {"on": "on", "off": "off"},
             help="On: a gradient of all weights whose norm is above 1 is scaled down to 1.")  # fmt: skip
ACTIVATION = OneOf("rnn", "RNN activation", {"tanh": "tanh", "relu": "ReLU"})
CHOOSERS: Mapping[str, OneOf[str]] = {
    "update": OneOf("gru", "GRU update bias", _biases("GRU"), "update_bias"),
    "forget": OneOf("lstm", "LSTM forget bias", _biases("LSTM")),
    "recurrent": OneOf("weights", "Recurrent weights",
                       {key: row.title for key, row in INITIALISATIONS.items() if row.part == "recurrent"}),
}  # fmt: skip


@lru_cache(maxsize=64)
def amount(setting: str, name: str) -> Number[float] | None:
    """The number of an initialisation, where it has one."""
    row = INITIALISATIONS.get(name)
    if row is None or row.knob is None:
        return None
    step = 1.0 if row.knob.high > 10 else 0.5
    chosen = getattr(_DEFAULT, setting)
    default = chosen[1] if chosen and chosen[0] == name and chosen[1] is not None else row.knob.default
    return Number(f"{CHOOSERS[setting].key}_{name}", row.knob.name.capitalize(), row.knob.low, row.knob.high, default,
                  step, row.source)  # fmt: skip


def fields() -> list[Field]:
    """Every control of the page."""
    amounts = [amount(setting, name) for setting, row in CHOOSERS.items() for name in row.options]
    return [TASK, LAG, AHEAD, RATE, BY, AXIS, UNITS, BATCH, SEED, OPTIMIZER, CLIP, ACTIVATION, *CHOOSERS.values(),
            *(each for each in amounts if each is not None)]  # fmt: skip


def needs() -> Mapping[str, Mapping[str, str]]:
    """For some controls, what else a link must say for them to be shown."""
    own, sine = TASK.options["texts"], TASK.options["sine"]
    gates = {
        number.key: {row.key: title}
        for setting, row in CHOOSERS.items()
        for name, title in row.options.items()
        if (number := amount(setting, name)) is not None
    }
    return {AHEAD.key: {TASK.key: sine}, BY.key: {TASK.key: own}, **gates}


def controls(settings: LiveSettings) -> Mapping[str, Any]:
    """What all controls say for these settings."""
    values: dict[str, Any] = {
        TASK.key: settings.task, LAG.key: settings.lag, AHEAD.key: settings.ahead, RATE.key: f"{settings.rate:g}",
        UNITS.key: settings.units, BATCH.key: settings.batch, SEED.key: settings.seed,
        OPTIMIZER.key: settings.optimizer, CLIP.key: "on" if settings.clip else "off",
        ACTIVATION.key: settings.activation,
    }  # fmt: skip
    for setting, row in CHOOSERS.items():
        name, number = getattr(settings, setting) or (_PYTORCH, None)
        values[row.key] = name
        if (own := amount(setting, name)) is not None:
            values[own.key] = own.default if number is None else number
    return values


def chosen(settings: LiveSettings, setting: str, name: str, number: float | None) -> LiveSettings:
    """The settings with an initialisation and its number."""
    value: Chosen | None = None if name == _PYTORCH else (name, number)
    return replace(settings, **{setting: value})  # type: ignore[arg-type]  # a field's name is its key
