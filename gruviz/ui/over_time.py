"""The figures over time, with their controls."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.common.cache import kept
from gruviz.models import Model
from gruviz.reading import Reading
from gruviz.reading.sentences import StepAndUnit
from gruviz.signals import Notation
from gruviz.ui import fields, link
from gruviz.ui.session import reported, session
from gruviz.ui.step.screen import figure_controls
from gruviz.ui.text import small

CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "zoom2d", "pan2d", "autoScale2d"]}


_BEHIND = {
    "heatmap": "White dots: cells in which the run behind differs by 0.1 or more. Dotted line: its answer.",
    "lines": "Dotted lines: the run behind.",
}
WATCH = "figures"  # the component that sees the page's theme change


def dark() -> bool:
    """Whether the page is shown in its dark theme."""
    return (session().theme or st.context.theme.type) == "dark"


def theme_changed() -> None:
    """The browser says that figures are drawn for another theme than the page has; Streamlit hears of it too late."""
    session().theme = reported(WATCH, "theme")


def over_time(
    reading: Reading, notation: Notation, cursor: StepAndUnit, behind: Reading | None = None
) -> Callable[[StepAndUnit], Any]:
    """Draws the signals over time, with another run behind them if there is one.

    Returns what makes a light figure of them, with the cursor at a step and unit.
    """
    view, units = _controls(reading)
    signals = ", ".join(signal.name for signal in reading.trace.spec.signals)
    figure = _figure(reading, behind, notation, view, units, cursor, dark())
    st.plotly_chart(
        figure, key="signals", theme=None, config=CONFIG, height="stretch",
        alt=f"{fields.VIEW.options[view]}: {signals} over {len(reading.trace)} steps",
    )  # fmt: skip
    legend(reading)
    if behind is not None:
        st.markdown(small(_BEHIND[view]))
    return lambda at: _figure(reading, behind, notation, view, units, at, False)


def legend(reading: Reading, scale: bool = True) -> None:
    """What is drawn of the answers, in small print below the figure; without a scale of colours, what those mean."""
    state = "" if scale else "State: purple is positive, orange negative. "
    with st.container():
        if text := state + (figures.answer_legend(reading.answers, scale) or ""):
            st.markdown(small(text))


def _controls(reading: Reading) -> tuple[str, tuple[int, ...]]:
    units: list[int] = []
    with figure_controls():
        view = link.choice(fields.VIEW, hide_label=True)
    if view == "lines":
        units = link.several(
            fields.LINES, reading.trace.units, max_selections=figures.MOST_LINES,
            placeholder="Units: those that change most", label_visibility="collapsed",
        )  # fmt: skip
    return view, tuple(units)


@kept(megabytes=48, shared=(Model,))  # of which readings, that tell figures apart, are counted
def _figure(
    reading: Reading,
    behind: Reading | None,
    notation: Notation,
    view: str,
    units: tuple[int, ...],
    cursor: StepAndUnit,
    dark: bool,
) -> Any:
    step, unit = cursor
    other = (None, None) if behind is None else (behind.trace, behind.answers)
    return figures.signals(
        reading.trace, notation, view, units, reading.answers, step, dark,  # type: ignore[arg-type]
        unit=unit, behind=other[0], answers_behind=other[1],
    )  # fmt: skip
