"""The Compare page's screen: answers, states and board of all cells; and the page's style sheet."""

from pathlib import Path
from typing import Any

import streamlit as st

_STYLE = f"<style>{(Path(__file__).parents[1] / 'browser/compare/page.css').read_text(encoding='utf-8')}</style>"


def screen() -> Any:
    """The container that the answers and the states stand in; it takes the height that the first screen leaves."""
    st.html(_STYLE)
    return st.container(key="screen-compare", gap=None)


def panels() -> Any:
    """The places of the states, side by side where the window is wide."""
    return st.container(key="panels", gap="small")
