"""What a page is: heading, a line for newcomers, the title of its tab; and the first screen, with all of the story."""

from html import escape
from typing import Any

import streamlit as st

TAB = "{} · gruviz"


def heading(title: str, line: str) -> Any:
    """Shows what the page is; returns the place for its buttons, at the right of the same line."""
    st.set_page_config(TAB.format(title))  # so that bookmarks and tabs tell pages apart
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="heading"):
        st.html(f'<div class="page-heading"><h1>{escape(title)}</h1><p>{escape(line)}</p></div>', width="stretch")
        return st.container(horizontal=True, horizontal_alignment="right", gap="small", width="content")


def first_screen() -> Any:
    """A container as tall as the window where that is wide: a container in it whose key begins with `screen` takes the
    height that the others leave, and scrolls inside if it must. On a narrow window everything stacks.
    """
    return st.container(key="first")
