"""The Train page's controls, as its table of knobs says."""

from dataclasses import replace
from typing import Any

import streamlit as st

from gruviz.live.settings import LiveSettings
from gruviz.live.sources import TASKS
from gruviz.live.stories import STORIES, LiveStory
from gruviz.ui import link
from gruviz.ui.train import knobs

_MENU = "train-stories"


def stories(now: LiveSettings) -> LiveStory | None:
    """A menu of all stories; its button names the one whose settings these are, which is given back."""
    told = next((story for story in STORIES if story.settings == now), None)
    title = f"Story: {told.title}" if told else "Stories"
    with st.popover(title, key=_MENU, on_change="rerun", width="stretch", wrap=False):
        for story in STORIES:
            st.button(story.title, key=f"train-story-{story.key}", type="tertiary", on_click=_tell, args=(story,))
    return told


def _tell(story: LiveStory) -> None:
    """Sets every control to the story's settings."""
    link.put(_MENU, False)  # the menu closes
    link.new_entry()
    for key, value in knobs.controls(story.settings).items():
        link.put(key, value)


def settings() -> tuple[LiveSettings, str]:
    """What the controls say, those that tell the story in one row, the others folded away; and the axis of updates."""
    with st.container(width=200):
        chosen = replace(LiveSettings(), task=link.choice(knobs.TASK, look="menu"))
    knob = TASKS[chosen.task].knob
    if knob == "lag":
        chosen = replace(chosen, lag=link.number(knobs.LAG))
    elif knob == "ahead":
        chosen = replace(chosen, ahead=link.number(knobs.AHEAD))
    with st.container(horizontal=True, gap="small"):
        chosen = _start(chosen, "update")
    with st.container(width=120):
        chosen = replace(chosen, rate=float(link.choice(knobs.RATE, look="menu")))
    more = st.popover("More", icon=":material/tune:", key="train-more")
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
