"""The menu of examples, grouped by what they teach."""

from itertools import groupby

import streamlit as st

from gruviz.reading.stories import STORIES, Story
from gruviz.ui import controls, link
from gruviz.ui.text import escape_markdown

_MENU = "examples"


def examples(now: Story | None) -> None:
    """A menu of all stories; its button names the one that is told."""
    order = list(dict.fromkeys(story.teaches for story in STORIES))
    grouped = groupby(sorted(STORIES, key=lambda story: order.index(story.teaches)), lambda story: story.teaches)
    title = f"Example: {now.title}" if now else "Examples"
    with st.popover(title, key=_MENU, on_change="rerun", width="stretch", wrap=False):
        for teaches, stories in grouped:
            st.markdown(f"**{escape_markdown(teaches)}**")
            for story in stories:
                st.button(story.title, key=f"story-{story.key}", type="tertiary", on_click=_tell, args=(story,))


def _tell(story: Story) -> None:
    link.put(_MENU, False)  # the menu closes
    controls.apply_story(story)
