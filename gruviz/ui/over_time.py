"""The figures over time, with their controls."""

from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.cache import kept
from gruviz.models import Model
from gruviz.reading import Reading
from gruviz.signals import Notation
from gruviz.telling import Place
from gruviz.ui import link
from gruviz.ui.text import small

_VIEWS = {"heatmap": "Heatmaps", "lines": "Lines"}
CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "zoom2d", "pan2d", "autoScale2d"]}


def dark() -> bool:
    """Whether the page is shown in its dark theme."""
    return st.context.theme.type == "dark"


def over_time(reading: Reading, notation: Notation, place: Place) -> Any:
    """Draws the signals over time; returns the figure."""
    view, units = _controls(reading)
    figure = _figure(reading, notation, view, units, place, dark())
    st.plotly_chart(
        figure, key="signals", theme=None, config=CONFIG,
        alt=f"{_VIEWS[view]}: {', '.join(s.name for s in reading.trace.spec.signals)} over {len(reading.trace)} steps",
    )  # fmt: skip
    legend(reading)
    return figure


def legend(reading: Reading) -> None:
    """What is drawn of the answers, in small print below the figure."""
    with st.container():
        if text := figures.answer_legend(reading.answers):
            st.markdown(small(text))


def _controls(reading: Reading) -> tuple[str, tuple[int, ...]]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader("Over time", anchor=False, width="content")
        view = link.choice("View", _VIEWS, "view", hide_label=True)
        units: list[int] = []
        if view == "lines":
            _drop_bad_lines(reading.trace.units)
            units = st.multiselect(
                "Units", range(reading.trace.units), key="lines", max_selections=figures.MOST_LINES,
                bind="query-params", placeholder="those that change most", label_visibility="collapsed",
            )  # fmt: skip
    return view, tuple(units)


def _drop_bad_lines(units: int) -> None:
    """Leaves out of the opened link the units that this model does not have, with a notice."""
    asked = st.query_params.get_all("lines")
    good = [text for text in asked if text.isascii() and text.isdigit() and len(text) < 4 and int(text) < units]
    if "lines" not in st.session_state and good != asked:
        st.query_params["lines"] = good
    link.note("lines", "Units", lambda text: not text or (text.isdigit() and int(text) < units), f"0 to {units - 1}")


@kept(megabytes=48, shared=(Model,))  # of which readings, that tell figures apart, are counted
def _figure(
    reading: Reading,
    notation: Notation,
    view: str,
    units: tuple[int, ...],
    place: Place,
    dark: bool,
) -> Any:
    step, unit = place
    return figures.signals(reading.trace, notation, view, units, reading.answers, step, dark, unit=unit)  # type: ignore[arg-type]
