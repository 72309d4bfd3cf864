"""The Compare page's component: transport, the answers of several cells under the same tokens, one cursor."""

from typing import Any

import streamlit as st

from gruviz.comparison import Comparison
from gruviz.inputs import label
from gruviz.reading.sentences import answers_of
from gruviz.signals import CELLS
from gruviz.ui.wire import Focus, as_bytes, placed

_COMPONENT = st.components.v2.component(
    "gruviz.compare", html='<div class="mount"></div>', js="compare/compare.js", css="step/stepper.css"
)


def answers_payload(comparison: Comparison, focus: Focus) -> dict[str, Any]:
    """What the browser needs: tokens, a row of answers for each cell, where they disagree, and where to stand."""
    shared = answers_of(comparison.any)
    steps = range(1, len(comparison) + 1)
    rows = []
    for cell, reading in comparison.readings.items():
        answers, colour = answers_of(reading), CELLS[cell].colour
        rows.append({"cell": cell, "fill": colour.fill, "onDark": colour.on_dark, "bars": answers.sizes(),
                     "texts": [answers.brief(step) for step in steps]})  # fmt: skip
    data: dict[str, Any] = {
        "steps": len(comparison),
        "labels": [label(token) for token in comparison.any.trace.tokens],
        "known": comparison.any.known,
        "asked": shared.heading,
        "rows": rows,
        "actual": [shared.actual_short(step) for step in steps],
        "beside": shared.beside,
        "differ": comparison.differ(),
    }
    return placed(data, focus)


def compare_stepper(comparison: Comparison, focus: Focus) -> None:
    """Mounts the component."""
    _COMPONENT(key="compare", data=as_bytes(answers_payload(comparison, focus)))
