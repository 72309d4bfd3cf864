"""The tasks of the Train page, by name. A new one is a function and a row here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from gruviz.live.labelled import By, Labelled, read_labelled
from gruviz.live.made_up import adding, first_symbol, sine
from gruviz.live.own import labelled, numbers
from gruviz.live.recorded import brackets, sunspots
from gruviz.live.settings import LiveSettings
from gruviz.live.source import Source


@dataclass(frozen=True)
class LiveTask:
    """What the menu calls it, what its knob is, and how it is made; None where a person brings the data."""

    title: str
    knob: Literal["", "lag", "ahead"]
    make: Callable[[LiveSettings], Source] | None


TASKS: Mapping[str, LiveTask] = {
    "first-symbol": LiveTask("First symbol", "lag", first_symbol),
    "adding": LiveTask("Adding two numbers", "lag", adding),
    "brackets": LiveTask("Brackets", "", brackets),
    "sine": LiveTask("Sine wave ahead", "ahead", sine),
    "sunspots": LiveTask("Sunspots ahead", "ahead", sunspots),
    "texts": LiveTask("Your own labelled texts", "", None),
    "numbers": LiveTask("Your own numbers ahead", "ahead", None),
}


@dataclass(frozen=True)
class OwnData:
    """What a person brought: a text, and what its tokens are where it is labelled lines."""

    text: str = ""
    by: By = "words"


def source(settings: LiveSettings, data: OwnData) -> tuple[Source, Labelled | None]:
    """The task ready to be learned, and the labelled lines where there are some; GruvizError where it can't be."""
    settings.check()
    make = TASKS[settings.task].make
    if make is not None:
        return make(settings), None
    if settings.task == "numbers":
        return numbers(data.text, settings), None
    lines = read_labelled(data.text, data.by)
    return labelled(lines, settings), lines
