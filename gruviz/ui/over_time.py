"""The figures over time, with their controls."""

from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.signals import Notation
from gruviz.stories import Reading
from gruviz.ui import link
from gruviz.ui.controls import Choice

_VIEWS = {"heatmap": "Heatmaps", "lines": "Lines"}
CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "zoom2d", "pan2d", "autoScale2d"]}


def dark() -> bool:
    """Whether the page is shown in its dark theme."""
    return st.context.theme.type == "dark"


def over_time(choice: Choice, reading: Reading, notation: Notation, step: int) -> Any:
    """Draws the signals over time; returns the figure."""
    view, units = _controls(reading)
    figure = _figure(choice, reading, notation, view, units, step, dark())
    st.plotly_chart(
        figure, key="signals", theme=None, config=CONFIG,
        alt=f"{_VIEWS[view]}: {', '.join(s.name for s in reading.trace.spec.signals)} over {len(reading.trace)} steps",
    )  # fmt: skip
    return figure


def _controls(reading: Reading) -> tuple[str, tuple[int, ...]]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader("Over time", anchor=False, width="content")
        view = link.choice("View", _VIEWS, "view", hide_label=True)
        units: list[int] = []
        if view == "lines":
            units = st.multiselect(
                "Units", range(reading.trace.units), key="lines", max_selections=figures.MOST_LINES,
                bind="query-params", placeholder="those that change most", label_visibility="collapsed",
            )  # fmt: skip
    return view, tuple(units)


@st.cache_resource(max_entries=64, show_spinner=False)
def _figure(
    choice: Choice,  # noqa: ARG001
    _reading: Reading,
    notation: Notation,
    view: str,
    units: tuple[int, ...],
    step: int,
    dark: bool,
) -> Any:
    # `choice` is what the cache tells readings apart by
    answer = None
    if _reading.model.answer is not None and _reading.answers is not None:
        answer = (_reading.model.answer.label, _reading.answers)
    return figures.signals(_reading.trace, notation, view, units, answer, step, dark)  # type: ignore[arg-type]
