"""The Gradients page's knobs: one set for all three cells, and one for each cell's own trick. All are in the link."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

import streamlit as st

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.experiment import Settings
from gruviz.experiment.stories import STORIES, GradientStory
from gruviz.reading import Reading
from gruviz.reading.stories import STORIES as STEP_STORIES
from gruviz.ui import fields, link
from gruviz.ui.controls import tell
from gruviz.ui.fields import DEFAULT_BIAS, TRAINED
from gruviz.ui.text import small

Option = TypeVar("Option", bound=str)


def stories(now: Settings) -> None:
    """A button a story; the one that is told stands out."""
    with st.container(horizontal=True, gap="small", key="gradient-stories"):
        for story in STORIES:
            look: Literal["secondary", "tertiary"] = "secondary" if story.settings == now else "tertiary"
            st.button(story.title, key=f"gradient-story-{story.key}", type=look, on_click=_tell, args=(story,))


def _tell(story: GradientStory) -> None:
    """Sets every control to the story's settings."""
    settings = story.settings
    link.new_entry()
    if story.reads:
        tell(next(read for read in STEP_STORIES if read.key == story.reads))
    for row, value in (
        (fields.STEPS, settings.steps), (fields.UNITS, settings.units), (fields.SEEDS, settings.seeds), (fields.AT, 0),
        (fields.FEED, settings.feed), (fields.LOSS, settings.loss), (fields.ACTIVATION, settings.activation),
    ):  # fmt: skip
        link.put(row.key, value)
    for chooser, chosen in (
        (fields.RECURRENT, settings.recurrent), (fields.FORGET, settings.forget), (fields.UPDATE, settings.update),
    ):  # fmt: skip
        name, number = chosen or (DEFAULT_BIAS, None)
        link.put(chooser.key, name)
        amount = fields.amount(chooser.key, name)
        if amount is not None:
            link.put(amount.key, amount.default if number is None else number)
    if settings.trained:
        link.put(fields.RECURRENT.key, TRAINED)


def feed() -> Literal["noise", "impulse", "sequence"]:
    """What the cells read."""
    return link.choice(fields.FEED)


def settings(reading: Reading | None) -> Settings:
    """The knobs that all three cells share. With a sequence that was read, it sets the number of steps."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        steps = len(reading.trace) if reading else link.number(fields.STEPS)
        answers = reading and reading.model.answer
        loss = link.choice(fields.LOSS, _without(fields.LOSS, () if answers else ("answer",)), look="menu")
        trained_for = reading.model.task if reading else ""
        weights = _without(fields.RECURRENT, () if trained_for else (TRAINED,))
        recurrent = link.choice(fields.RECURRENT, weights, look="menu")
        if recurrent == TRAINED:
            units = Settings.units  # each network has its own
        elif loss == "answer" and reading:
            units = reading.trace.units  # the read-out is made for so many
        else:
            units = link.number(fields.UNITS)
        seeds, at = link.number(fields.SEEDS), link.number(fields.AT)
        trained = trained_for if recurrent == TRAINED else ""
        recurrent, amount = ("pytorch", None) if trained else (recurrent, _number(fields.RECURRENT, recurrent))
    feed: Literal["noise", "impulse", "sequence"] = "sequence" if reading else link.known(fields.FEED.key)
    return Settings(steps, units, seeds, feed, loss, at or None, recurrent=(recurrent, amount), trained=trained)


def _without(row: fields.OneOf[Option], left_out: Sequence[str]) -> Mapping[Option, str]:
    return {option: name for option, name in row.options.items() if option not in left_out}


def for_cell(cell: str, shared: Settings) -> Settings:
    """The shared knobs with the cell's own, shown above its panel."""
    if shared.trained:
        st.markdown(small(f"{shared.for_cell(cell).units} units, as the trained {cell} has."))
        return shared
    if cell == "RNN" and shared.recurrent[0] == "identity_relu":  # it names the activation itself
        st.selectbox("Activation", ["ReLU"], disabled=True, key="act_fixed")
        return replace(shared, activation="relu")
    if cell == "RNN":
        return replace(shared, activation=link.choice(fields.ACTIVATION, look="menu"))
    chooser = fields.FORGET if cell == "LSTM" else fields.UPDATE
    name = link.choice(chooser, look="menu")
    chosen = None if name == DEFAULT_BIAS else (name, _number(chooser, name))
    return replace(shared, forget=chosen) if cell == "LSTM" else replace(shared, update=chosen)


def _number(chooser: fields.OneOf[str], name: str) -> float | None:
    row = fields.amount(chooser.key, name)
    return None if row is None else link.number(row)


def sources(chosen: Settings) -> str:
    """Where the initialisations in use come from, Markdown."""
    keys = [entry[0] for entry in (chosen.recurrent, chosen.forget, chosen.update) if entry]
    return " · ".join(f"{INITIALISATIONS[key].title}: {INITIALISATIONS[key].source}" for key in keys)
