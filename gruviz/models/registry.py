"""Models by name. A new trained model is two files in `weights/`; a new kind of model is a row here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from gruviz.common.cache import kept
from gruviz.errors import ModelError
from gruviz.models import latch, random_weights, shipped
from gruviz.models.model import Knob, KnobValue, Model
from gruviz.signals import CELLS


@dataclass(frozen=True)
class Entry:
    """A model that can be asked for: its name, what menus call it, its knobs, and how to build it.

    `task` and `cell` of a trained one; others have none.
    """

    name: str
    title: str
    build: Callable[[Mapping[str, KnobValue]], Model]
    knobs: tuple[Knob, ...] = ()
    task: str = ""
    cell: str = ""


def _trained(name: str, _: Mapping[str, KnobValue]) -> Model:
    return shipped.build(name)


@lru_cache(maxsize=1)
def by_task() -> Mapping[str, Mapping[str, str]]:
    """The tasks that models were trained for: of each the models' names by cell, RNN, LSTM, GRU."""
    names: dict[str, dict[str, str]] = {}
    for name in shipped.names():
        card = shipped.read_card(name)
        names.setdefault(card["task"], {})[card["cell"]] = name
    return {task: {cell: by[cell] for cell in CELLS if cell in by} for task, by in names.items()}


@lru_cache(maxsize=1)
def entries() -> Mapping[str, Entry]:
    """All models by name, the trained ones first."""
    cards = {name: shipped.read_card(name) for name in shipped.names()}
    rows = [Entry(name, card["title"], partial(_trained, name), task=card["task"], cell=card["cell"])
            for name, card in cards.items()]  # fmt: skip
    rows.append(Entry("latch", "Latch", latch.build, latch.KNOBS))
    rows.append(Entry("random", "Random weights", random_weights.build, random_weights.KNOBS))
    return {row.name: row for row in rows}


def list_models() -> list[str]:
    """The names that `load_model` takes."""
    return list(entries())


def load_model(name: str, knobs: Mapping[str, KnobValue] | None = None) -> Model:
    """A model by name; `knobs` override its settings' defaults. Models are cached and shared: don't change them."""
    if name not in entries():
        raise ModelError(f"There is no model called “{name[:40]}”. There are: {', '.join(entries())}.")
    entry, given = entries()[name], dict(knobs or {})
    settings: dict[str, KnobValue] = {}
    for knob in entry.knobs:
        value = given.pop(knob.key, knob.default)
        if not knob.allows(value):
            allowed = ", ".join(knob.options) if knob.options else f"{knob.low:g} to {knob.high:g}"
            raise ModelError(f"{knob.label} is {value!r}; allowed: {allowed}.")
        settings[knob.key] = value
    if given:
        raise ModelError(f"{entry.title} has no setting {', '.join(given)}; it has {', '.join(settings) or 'none'}.")
    return _load(name, tuple(settings.items()))


@kept(megabytes=128)
def _load(name: str, settings: tuple[tuple[str, KnobValue], ...]) -> Model:
    return entries()[name].build(dict(settings))
