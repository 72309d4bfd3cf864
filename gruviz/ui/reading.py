"""From the controls' choice to what is on screen; on a mistake, the last good one stays."""

import streamlit as st

from gruviz.errors import GruvizError
from gruviz.stories import STORIES, Reading, read
from gruviz.ui.controls import Choice

_LAST = "last_good_choice"


@st.cache_resource(max_entries=64, show_spinner=False)
def _read(choice: Choice) -> Reading:
    return read(choice.load(), choice.text)


def reading(choice: Choice) -> tuple[Choice, Reading, str | None]:
    """What to show for a choice: it, or the last one of this session that could be read, with a sentence on why."""
    try:
        result = _read(choice)
    except GruvizError as error:
        last: Choice | None = st.session_state.get(_LAST)
        instead = "Below is the last sequence that could be read." if last else "Below is an example instead."
        last = last or Choice.of(STORIES[0])
        return last, _read(last), f"{error} {instead}"
    st.session_state[_LAST] = choice
    return choice, result, None
