"""The Gradients page's controls, as the table of knobs says: those of all cells, and each cell's own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.experiment import ExperimentSettings
from gruviz.experiment.stories import STORIES, GradientStory
from gruviz.models.results import results
from gruviz.reading import Reading
from gruviz.reading.sentences import listed
from gruviz.reading.stories import STORIES as STEP_STORIES
from gruviz.signals import VARIANTS
from gruviz.ui import link
from gruviz.ui.controls import apply_story
from gruviz.ui.field_kinds import OneOf, SomeOf
from gruviz.ui.gradients import knobs
from gruviz.ui.gradients.knobs import KNOBS, Knob
from gruviz.ui.gradients.results import reader_of
from gruviz.ui.text import small

_MENU = "gradient-stories"


def stories(now: ExperimentSettings) -> None:
    """A menu of all stories; its button names the one that is told."""
    story = next((story for story in STORIES if story.settings == now), None)
    title = f"Story: {story.title}" if story else "Stories"
    with st.popover(title, key=_MENU, on_change="rerun", width="stretch", wrap=False):
        for one in STORIES:
            st.button(one.title, key=f"gradient-story-{one.key}", type="tertiary", on_click=_tell, args=(one,))


def _tell(story: GradientStory) -> None:
    """Sets every control to the story's settings."""
    link.put(_MENU, False)  # the menu closes
    link.new_entry()
    if story.reads:
        apply_story(next(read for read in STEP_STORIES if read.key == story.reads))
    for key, value in knobs.controls(story.settings).items():
        link.put(key, value)


def feed_and_cells() -> ExperimentSettings:
    """The default settings, with what is read and by which cells, in the row that is open."""
    with st.container(width=200):
        start = _asked(knobs.FEED, ExperimentSettings())
    with st.container(width=190):
        chosen = link.to_show(knobs.CHOSEN_CELLS) or ExperimentSettings.cells
        title = f"Cells: {', '.join(chosen)}"
        with link.in_menu(st.popover(title, key="cells-menu", width="stretch", wrap=False)):
            return _asked(knobs.SHOWN, start)


def settings(start: ExperimentSettings, reading: Reading | None, first: Any, more: Any) -> ExperimentSettings:
    """The knobs that concern all cells: `first` is the place of those that tell the story, `more` that of the others.

    A sequence that was read sets the number of steps.
    """
    answers, task = (bool(reading.model.read_out), reading.model.task) if reading else (False, "")
    without = {"loss": () if answers else ("answer",), "recurrent": () if task else (knobs.TRAINED,)}
    chosen = replace(start, steps=len(reading.trace)) if reading else start
    for knob in KNOBS:
        if knob in (knobs.FEED, knobs.SHOWN) or knob.cells != knobs.EVERY or (knob is knobs.STEPS and reading):
            continue
        if knob is knobs.UNITS and (chosen.trained or (chosen.loss == "answer" and reading)):
            if not chosen.trained and reading:
                chosen = replace(chosen, units=reading.trace.units)  # the read-out is made for so many
            continue  # each trained network has its own
        with link.in_menu(more) if knob.more else first:
            chosen = _asked(knob, chosen, without.get(knob.setting, ()), task)
    return replace(chosen, cells=_cells(chosen, reading))


def _cells(chosen: ExperimentSettings, reading: Reading | None) -> tuple[str, ...]:
    """Those that were chosen and that there are; where none was, also the one that read the sequence."""
    if chosen.trained:
        known = results()[chosen.trained].cells
        without = [cell for cell in chosen.cells if cell not in known]
        if without:
            st.markdown(small(f"There is no trained network of {listed(without)}."))
        return tuple(cell for cell in chosen.cells if cell in known) or tuple(known)
    if reading is None or chosen.cells != ExperimentSettings.cells:
        return chosen.cells
    reader = reader_of(reading)
    if reader not in chosen.cells:
        st.markdown(small(f"The {reader} that reads the sequence stands beside them."))
    return tuple(cell for cell in VARIANTS if cell in (*chosen.cells, reader))


def cell_controls(cell: str, shared: ExperimentSettings) -> ExperimentSettings:
    """The settings with the cell's own knobs, shown above its panel."""
    chosen = shared
    if shared.trained:
        st.markdown(small(f"{shared.reduced_to(cell).units} units, as the trained {cell} has."))
        return shared
    with st.container(horizontal=True, gap="small"):
        for knob in KNOBS:
            if knob.cells == knobs.EVERY or cell != next((one for one in shared.cells if one in knob.cells), None):
                continue  # what has the same weights has the same knobs: they stand at the first
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
    elif isinstance(knob.control, SomeOf):
        value = link.some(knob.control)
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
