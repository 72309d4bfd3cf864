"""The Train page's controls, as its table of knobs says."""

from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from gruviz.live.settings import LiveSettings
from gruviz.live.sources import TASKS
from gruviz.live.stories import STORIES, LiveStory
from gruviz.ui import link
from gruviz.ui.train import knobs


def stories(now: LiveSettings) -> LiveStory | None:
    """A button for each story; the one whose settings these are stands out, and is given back."""
    told = next((story for story in STORIES if story.settings == now), None)
    with st.container(horizontal=True, gap="small", key="train-stories"):
        for story in STORIES:
            look: Literal["secondary", "tertiary"] = "secondary" if story is told else "tertiary"
            st.button(story.title, key=f"train-story-{story.key}", type=look, on_click=_tell, args=(story,))
    return told


def _tell(story: LiveStory) -> None:
    """Sets every control to the story's settings."""
    link.new_entry()
    for key, value in knobs.controls(story.settings).items():
        link.put(key, value)


def settings() -> tuple[LiveSettings, str]:
    """What the controls say, those that tell the story in one row, the others folded away; and the axis of updates."""
    chosen = LiveSettings()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = replace(chosen, task=link.choice(knobs.TASK, look="menu"))
        knob = TASKS[chosen.task].knob
        if knob == "lag":
            chosen = replace(chosen, lag=link.number(knobs.LAG))
        elif knob == "ahead":
            chosen = replace(chosen, ahead=link.number(knobs.AHEAD))
        chosen = _start(chosen, "update")
        chosen = replace(chosen, rate=float(link.choice(knobs.RATE, look="menu")))
        more = st.popover("More knobs", icon=":material/tune:", key="train-more")
    with link.in_menu(more):
        chosen = _start(_start(chosen, "forget"), "recurrent")
        activation: Any = link.choice(knobs.ACTIVATION, look="menu")
        optimizer: Any = link.choice(knobs.OPTIMIZER, look="menu")
        chosen = replace(
            chosen, activation=activation, optimizer=optimizer, clip=link.choice(knobs.CLIP) == "on",
            units=link.number(knobs.UNITS), batch=link.number(knobs.BATCH), seed=link.number(knobs.SEED),
        )  # fmt: skip
        return chosen, link.choice(knobs.AXIS)


def _start(settings: LiveSettings, setting: str) -> LiveSettings:
    """An initialisation, with the number that it takes."""
    name = link.choice(knobs.CHOOSERS[setting], look="menu")
    number = knobs.amount(setting, name)
    return knobs.chosen(settings, setting, name, None if number is None else link.number(number))
