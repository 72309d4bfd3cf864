"""From the controls' choice to what is on screen; on a mistake, the last good one stays."""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from gruviz.comparison import Comparison, compare
from gruviz.errors import GruvizError
from gruviz.reading import Reading, read
from gruviz.stories import STORIES
from gruviz.ui.controls import Choice
from gruviz.ui.text import plain

Found = TypeVar("Found")


@st.cache_resource(max_entries=64, show_spinner=False)
def _read(choice: Choice) -> Reading:
    return read(choice.load(), choice.text)


@st.cache_resource(max_entries=64, show_spinner=False)
def _compare(choice: Choice) -> Comparison:
    return compare(choice.load().task, choice.text)


def reading(choice: Choice, notices: Any) -> tuple[Choice, Reading]:
    """What to show for a choice: it, or the last one of this session that could be read, with a sentence on why.

    The sentence goes into `notices`, a container that is always there: were the elements below to move down for it,
    Streamlit would take them off the screen for a moment.
    """
    return _or_last(choice, _read, "last_good_choice", notices)


def comparison(choice: Choice, notices: Any) -> Comparison:
    """The same for all cells of the choice's task."""
    return _or_last(choice, _compare, "last_good_comparison", notices)[1]


def _or_last(choice: Choice, find: Callable[[Choice], Found], key: str, notices: Any) -> tuple[Choice, Found]:
    try:
        result = find(choice)
    except GruvizError as error:
        last: Choice | None = st.session_state.get(key)
        instead = "Below is the last sequence that could be read." if last else "Below is an example instead."
        last = last or Choice.of(STORIES[0])
        notices.error(plain(f"{error} {instead}"))
        return last, find(last)
    st.session_state[key] = choice
    return choice, result
