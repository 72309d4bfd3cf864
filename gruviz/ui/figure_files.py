"""Figures for paper: the browser makes pictures of those on the page, the server makes them a page of their own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.figures.caption import Caption
from gruviz.figures.style import LIGHT
from gruviz.reading import Reading
from gruviz.reading.sentences import StepAndUnit
from gruviz.ui.over_time import WATCH, dark, theme_changed
from gruviz.ui.session import reported, session
from gruviz.ui.wire import as_bytes

_FIGURES = st.components.v2.component("gruviz.figures", html='<div class="mount"></div>', js="common/figures.js")
_PICTURES = st.components.v2.component(
    "gruviz.pictures", html='<div class="mount"></div>', js="common/pictures.js", css="common/pictures.css"
)
_BUTTONS = "pictures"
Drawn = Sequence[tuple[str, Any]]  # light figures, each with a heading or ""


def watch_figures(caption: Caption, charts: Mapping[str, str]) -> None:
    """Call last on a page with figures: their cameras save pictures for paper, and they follow the page's theme.

    `charts` are the keys of those that are saved together, each with a heading or "".
    """
    data = {
        "title": caption.title,
        "lines": caption.lines,
        "name": caption.name,
        "cursor": caption.cursor,
        "tokens": caption.tokens,
        "charts": [{"key": key, "heading": heading} for key, heading in charts.items()],
        "dark": dark(),
        "ink": LIGHT.ink,
        "colours": figures.paper_colours(),
    }
    _FIGURES(key=WATCH, data=as_bytes(data), on_theme_change=theme_changed)


def picture_buttons(cursor: StepAndUnit | None) -> None:
    """Buttons that save the figures that are watched as PNG and SVG.

    They are in a menu with the figures as a page, whose `cursor` is there, if they have one: once the menu is open,
    the browser says where the person is instead.
    """
    _PICTURES(key=_BUTTONS, data=as_bytes({"place": cursor}), on_place_change=_went)


def _went() -> None:
    session().place_in_menu = reported(_BUTTONS, "place")


def figure_page(caption: Caption, draw: Callable[[], Drawn], step: int = 1, columns: int = 1) -> str:
    """The figures as an HTML page; the caption tells of a cursor at this step."""
    return figures.paper_page(draw(), caption.title, caption.at(step), caption.name, columns)


def current_cursor(reading: Reading, default: StepAndUnit) -> StepAndUnit:
    """The step and unit that the person was at when they last opened the menu, where this reading has them."""
    step, unit = session().place_in_menu or default
    fits = 1 <= step <= len(reading.trace) and 0 <= unit < reading.trace.units
    return StepAndUnit(int(step), int(unit)) if fits else default
