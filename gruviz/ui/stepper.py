"""The stepper component: mounts the modules of the folder `stepper` with the payload of a trace."""

import json

import streamlit as st

from gruviz.records import Array, Trace
from gruviz.signals import Notation
from gruviz.ui.payload import Focus, payload

__all__ = ["Focus", "payload", "stepper"]

_COMPONENT = st.components.v2.component(
    "gruviz.stepper", html='<div class="mount"></div>', js="stepper.js", css="stepper.css"
)


def stepper(
    trace: Trace,
    known: tuple[bool, ...],
    names: tuple[str, ...],
    notation: Notation,
    answer: tuple[str, Array] | None,
    focus: Focus,
) -> None:
    """Mounts the stepper for a trace."""
    data = payload(trace, known, names, notation, answer, focus)
    # as bytes: in anything else Streamlit looks for data frames, and imports pandas for it
    _COMPONENT(key="stepper", data=json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())
