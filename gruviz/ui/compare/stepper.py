"""The Compare page's component: transport, the answers of several cells under the same tokens, one cursor, a board."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from gruviz.comparison import Comparison
from gruviz.inputs import label
from gruviz.reading.sentences import answers_of
from gruviz.records import Answers, Shares
from gruviz.signals import CELLS
from gruviz.ui.board import board
from gruviz.ui.wire import Focus, as_bytes, placed

NAME = "compare"
_COMPONENT = st.components.v2.component(
    f"gruviz.{NAME}", html='<div class="mount"></div>', js="compare/compare.js", css="step/stepper.css"
)


def answers_payload(comparison: Comparison, focus: Focus) -> dict[str, Any]:
    """What the browser needs: tokens, a row of answers for each cell, where they disagree, and where to stand."""
    shared, game = answers_of(comparison.any), board(comparison.any)
    steps = range(1, len(comparison) + 1)
    rows = []
    for cell, reading in comparison.readings.items():
        answers, colour = answers_of(reading), CELLS[reading.trace.cell].colour
        rows.append({
            "cell": cell, "fill": colour.fill, "onDark": colour.on_dark, "bars": answers.sizes(),
            "texts": [answers.brief(step) for step in steps], "best": _best(answers) if game else None,
        })  # fmt: skip
    data: dict[str, Any] = {
        "steps": len(comparison),
        "labels": [label(token) for token in comparison.any.trace.tokens],
        "known": comparison.any.known,
        "asked": shared.heading,
        "rows": rows,
        "actual": [shared.actual_short(step) for step in steps],
        "beside": shared.beside,
        "differ": comparison.differ(),
        "board": game,
    }
    return placed(data, focus)


def _best(answers: Answers) -> list[tuple[tuple[str, float], ...]] | None:
    """After each step the likeliest option with its share, if there is one."""
    return [answers.ranking(step, 1) for step in range(1, len(answers) + 1)] if isinstance(answers, Shares) else None


def compare_stepper(comparison: Comparison, focus: Focus, on_played: Callable[[], None]) -> None:
    """Mounts the component. `on_played` is called when a move was played on the board."""
    _COMPONENT(key=NAME, data=as_bytes(answers_payload(comparison, focus)), on_played_change=on_played)
