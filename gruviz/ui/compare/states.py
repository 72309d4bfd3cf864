"""The states of all cells beside each other, with their answers, under one cursor; and their files."""

from functools import partial
from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.comparison import Comparison
from gruviz.figures.caption import comparison_caption
from gruviz.reading import Reading
from gruviz.reading.sentences import StepAndUnit
from gruviz.ui.compare.screen import panels
from gruviz.ui.downloads import figure_file, files_menu
from gruviz.ui.figure_files import current_cursor, figure_page, watch_figures
from gruviz.ui.over_time import CONFIG, dark, legend
from gruviz.ui.text import escape_markdown


def states(comparison: Comparison, step: int) -> None:
    """The hidden states of all cells beside each other, with their answers, under one cursor."""
    headings = _headings(comparison)
    with panels():
        for cell, reading in comparison.readings.items():
            with st.container(key=f"panel-{cell}", gap=None):
                st.markdown(f"**{escape_markdown(headings[cell])}**")
                st.plotly_chart(
                    _state(reading, step, dark()), key=f"signals-{cell}", theme=None, config=CONFIG, height="stretch",
                    alt=f"{cell}: hidden state and answer over {len(comparison)} steps",
                )  # fmt: skip
    legend(comparison.any, scale=False)


def _state(reading: Reading, step: int, dark: bool) -> Any:
    return figures.signals(reading.trace, None, "heatmap", (), reading.answers, step, dark, ("h",), compact=True)


def state_files(comparison: Comparison, title: str, default: int) -> None:
    """A menu with the states as a page and as pictures."""
    caption = comparison_caption(comparison, title)
    cursor = current_cursor(comparison.any, StepAndUnit(default, 0))
    headings = _headings(comparison)

    def draw() -> list[tuple[str, Any]]:
        return [(headings[cell], _state(reading, cursor.step, False)) for cell, reading in comparison.readings.items()]

    page = partial(figure_page, caption, draw, cursor.step, len(headings))
    files_menu([figure_file(caption.name, page)], "compare", cursor)


def watch_states(comparison: Comparison, title: str) -> None:
    """What the browser needs to make pictures of the states."""
    charts = {f"signals-{cell}": heading for cell, heading in _headings(comparison).items()}
    watch_figures(comparison_caption(comparison, title), charts)


def _headings(comparison: Comparison) -> dict[str, str]:
    return {called: f"{called}, {reading.trace.units} units" for called, reading in comparison.readings.items()}
