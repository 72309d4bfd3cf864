"""The link: every choice is a widget bound to the page's address. Here: what a bad value in an opened link leads to."""

from collections.abc import Sequence

import streamlit as st

from gruviz.models import Knob

_OPENED = "link_as_opened"


def opened(name: str) -> str | None:
    """A parameter of the address as it was when this session opened the page, before any widget read it.

    Choices stand in the address under the names that the page shows.
    """
    if _OPENED not in st.session_state:
        st.session_state[_OPENED] = dict(st.query_params)
    link: dict[str, str] = st.session_state[_OPENED]
    return link.get(name)


def first_run() -> bool:
    """Whether this session has not read its link yet."""
    return _OPENED not in st.session_state


def bad_choice(name: str, what: str, allowed: Sequence[str]) -> str | None:
    """A sentence where the opened link asks for a choice that there is not."""
    text = opened(name)
    if text is None or text in allowed:
        return None
    return f"The link asks for {what} “{text[:40]}”; there are {', '.join(allowed)}. The default is shown."


def bad_knob(knob: Knob) -> str | None:
    """A sentence where the opened link sets a knob to what it can't be."""
    if knob.options is not None:
        return bad_choice(knob.key, knob.label, tuple(knob.options.values()))
    text = opened(knob.key)
    if text is None:
        return None
    try:
        value = type(knob.default)(text)
    except ValueError:
        value = text
    if knob.allows(value):
        return None
    return f"The link sets {knob.label} to “{text[:40]}”; allowed: {knob.low:g} to {knob.high:g}. The default is used."
