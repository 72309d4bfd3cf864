"""The Step page's screen: the stepper and the figures over time in one grid, laid out by `browser/step/screen.css`."""

from typing import Any

import streamlit as st


def screen() -> Any:
    """The container that the stepper and `beside_cell` stand in; the stepper looks for it by its key."""
    return st.container(key="screen")


def beside_cell() -> Any:
    """The place of the figures, beside the cell; with their controls first, in `figure_controls`."""
    return st.container(key="over-time", gap=None)


def figure_controls() -> Any:
    """A row for the figures' controls, at its right: the stepper's own switch stands at its left."""
    return st.container(
        key="over-time-controls",
        horizontal=True,
        horizontal_alignment="right",
        vertical_alignment="center",
        gap="small",
    )
