"""The Gradients page's controls, as the table of knobs says: those of all cells, and each cell's own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.experiment import ExperimentSettings
from gruviz.experiment.stories import STORIES, GradientStory
from gruviz.reading import Reading
from gruviz.reading.stories import STORIES as STEP_STORIES
from gruviz.ui import link
from gruviz.ui.controls import tell
from gruviz.ui.field_kinds import OneOf
from gruviz.ui.gradients import knobs
from gruviz.ui.gradients.knobs import KNOBS, Knob
from gruviz.ui.text import small


def stories(now: ExperimentSettings) -> None:
    """A button a story; the one that is told stands out."""
    with st.container(horizontal=True, gap="small", key="gradient-stories"):
        for story in STORIES:
            look: Literal["secondary", "tertiary"] = "secondary" if story.settings == now else "tertiary"
            st.button(story.title, key=f"gradient-story-{story.key}", type=look, on_click=_tell, args=(story,))


def _tell(story: GradientStory) -> None:
    """Sets every control to the story's settings."""
    link.new_entry()
    if story.reads:
        tell(next(read for read in STEP_STORIES if read.key == story.reads))
    for key, value in knobs.controls(story.settings).items():
        link.put(key, value)


def feed() -> ExperimentSettings:
    """The default settings, with what the cells read."""
    return _asked(knobs.FEED, ExperimentSettings())


def settings(start: ExperimentSettings, reading: Reading | None) -> ExperimentSettings:
    """The knobs that concern all cells. A sequence that was read sets the number of steps."""
    answers, task = (bool(reading.model.answer), reading.model.task) if reading else (False, "")
    without = {"loss": () if answers else ("answer",), "recurrent": () if task else (knobs.TRAINED,)}
    chosen = replace(start, steps=len(reading.trace)) if reading else start
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for knob in KNOBS:
            if knob is knobs.FEED or knob.cells != knobs.EVERY or (knob is knobs.STEPS and reading):
                continue
            if knob is knobs.UNITS and (chosen.trained or (chosen.loss == "answer" and reading)):
                if not chosen.trained and reading:
                    chosen = replace(chosen, units=reading.trace.units)  # the read-out is made for so many
                continue  # each trained network has its own
            chosen = _asked(knob, chosen, without.get(knob.setting, ()), task)
    return chosen


def cell_controls(cell: str, shared: ExperimentSettings) -> ExperimentSettings:
    """The settings with the cell's own knobs, shown above its panel."""
    chosen = shared
    if shared.trained:
        st.markdown(small(f"{shared.reduced_to(cell).units} units, as the trained {cell} has."))
        return shared
    for knob in KNOBS:
        if knob.cells == knobs.EVERY or cell not in knob.cells:
            continue
        if knob is knobs.ACTIVATION and shared.recurrent[0] == "identity_relu":  # it names the activation itself
            st.selectbox(knob.control.label, ["ReLU"], disabled=True, key="act_fixed")
            chosen = replace(chosen, activation="relu")
        else:
            chosen = _asked(knob, chosen)
    return chosen


def _asked(knob: Knob, settings: ExperimentSettings, without: Sequence[str] = (), task: str = "") -> ExperimentSettings:
    """Shows a knob, with the number that its choice takes; the settings with what it says."""
    value: Any
    if isinstance(knob.control, OneOf):
        options = {option: name for option, name in knob.control.options.items() if option not in without}
        value = link.choice(knob.control, options, look=knob.look)
    else:
        value = link.number(knob.control)
    if value == knobs.TRAINED:
        return replace(settings, trained=task)
    amount = knob.amounts().get(value)
    return knob.turned(settings, value, *([] if amount is None else [link.number(amount)]))


def sources(chosen: ExperimentSettings) -> str:
    """Where the initialisations in use come from, Markdown."""
    keys = dict.fromkeys(key for cell in chosen.cells for key in (chosen.recurrent[0], *chosen.choices(cell)))
    return " · ".join(f"{INITIALISATIONS[key].title}: {INITIALISATIONS[key].source}" for key in keys)
