"""The stepper component: mounts the modules of the folder `stepper` with the payload of a trace."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from gruviz.signals import Notation
from gruviz.ui.step.payload import StepperData, payload
from gruviz.ui.wire import Focus, as_bytes

__all__ = ["Focus", "StepperData", "payload", "stepper"]

_COMPONENT = st.components.v2.component(
    "gruviz.stepper", html='<div class="mount"></div>', js="step/stepper.js", css="step/stepper.css"
)


def stepper(
    stepped: StepperData,
    notation: Notation,
    focus: Focus,
    on_played: Callable[[], None] = lambda: None,
    on_changed: Callable[[], None] = lambda: None,
) -> Any:
    """Mounts the stepper. `on_played` is called when a move was played on the board, `on_changed` for a what-if."""
    data = as_bytes(payload(stepped, notation, focus))
    return _COMPONENT(key="stepper", data=data, on_played_change=on_played, on_changed_change=on_changed)
