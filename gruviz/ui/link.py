"""The link: controls bound to the page's address, and what a bad value in an opened link leads to.

Choices stand in the address under the names that the page shows. Streamlit ignores a value that a control can't take;
here the person is told, for as long as the default that stands in for it is untouched.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, cast

import streamlit as st

_OPENED = "link_as_opened"
_NOTICES = "link_notices"

Option = TypeVar("Option", bound=str)
Number = TypeVar("Number", int, float)
_NUMBER = {int: re.compile(r"[+-]?\d{1,9}(\.0*)?", re.ASCII), float: re.compile(r"[+-]?\d{1,9}(\.\d*)?", re.ASCII)}
Changed = Callable[[], None] | None


def begin() -> None:
    """Call first in every run: keeps the address as this session opened it, and forgets the last run's notices."""
    if _OPENED not in st.session_state:
        st.session_state[_OPENED] = st.query_params.to_dict()
    st.session_state[_NOTICES] = []


def begun() -> bool:
    """Whether `begin` was called in this session."""
    return _OPENED in st.session_state


def opened(name: str) -> str | None:
    """A parameter of the address as it was when this session began."""
    link: dict[str, str] = st.session_state[_OPENED]
    return link.get(name)


def drop(name: str) -> None:
    """Takes a parameter out of the address and starts this run over, so that no control reads it."""
    del st.query_params[name]
    st.rerun()


def notices() -> list[str]:
    """What of the opened link could not be used, as sentences, among the controls shown so far in this run."""
    found: list[str] = st.session_state[_NOTICES]
    return found


def choice(
    label: str,
    options: Mapping[Option, str],
    key: str,
    *,
    look: Literal["segments", "menu"] = "segments",
    default: Option | None = None,
    help: str | None = None,  # noqa: A002
    on_change: Changed = None,
    hide_label: bool = False,
) -> Option:
    """One of several options (value -> the name shown), the first where no default is named."""
    default = default or next(iter(options))
    settings: dict[str, Any] = {
        "format_func": options.__getitem__,
        "key": key,
        "bind": "query-params",
        "help": help,
        "on_change": on_change or "rerun",
        "label_visibility": "collapsed" if hide_label else "visible",
    }
    if look == "menu":
        value = st.selectbox(label, list(options), list(options).index(default), **settings)
    else:
        value = st.segmented_control(label, list(options), default=default, required=True, **settings)
    names = list(options.values())
    if opened(key) in names:  # from now on it is the person who chooses
        del st.session_state[_OPENED][key]
    if value == default:
        between = "; " if any("," in name for name in names) else ", "
        note(key, label, lambda text: text in names, between.join(names))
    return cast(Option, value)


def number(
    label: str,
    low: Number,
    high: Number,
    default: Number,
    key: str,
    *,
    step: Number | None = None,
    help: str | None = None,  # noqa: A002
    on_change: Changed = None,
) -> Number:
    """A number from low to high."""

    def good(text: str) -> bool:
        return bool(_NUMBER[type(default)].fullmatch(text)) and low <= type(default)(text) <= high

    if key not in st.session_state and key in st.query_params and not good(st.query_params[key]):
        drop(key)  # Streamlit would cut 2.5 to 2, and fail at 1e999
    value = st.number_input(
        label, low, high, default, step, key=key, help=help, bind="query-params", on_change=on_change or "rerun",
        width=150,
    )  # fmt: skip
    if value == default:
        note(key, label, good, f"{low:g} to {high:g}")
    return value


def note(key: str, label: str, good: Callable[[str], bool], allowed: str) -> None:
    """Notes that the opened link sets `key` to what is not good; call it while the default stands in for it."""
    text = opened(key)
    if text is not None and not good(text):
        notices().append(f"The link sets “{label}” to “{text[:40]}”; allowed: {allowed}. The default is used instead.")
