"""What all pages share: the browser tab, and the room around the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from gruviz.ui import link, process
from gruviz.ui.printing import PRINT
from gruviz.ui.text import escape_markdown

_ICON = str(Path(__file__).parent / "icon.svg")  # a file of our own: Streamlit would fetch a named icon from the web
_STYLE = f"<style>{(Path(__file__).parent / 'browser/common/page.css').read_text(encoding='utf-8')}</style>"


def frame() -> None:
    """Sets up the page; call first."""
    _tab()
    st.html(_STYLE + PRINT)
    link.begin()
    process.prepare()


def _tab() -> None:
    st.set_page_config("gruviz: inside a GRU", _ICON, layout="wide")


def navigation() -> StreamlitPage:
    """The pages, of which the address names one."""
    pages = [
        st.Page("pages/step.py", title="Step", icon=":material/step:", default=True),
        st.Page("pages/gradients.py", title="Gradients", icon=":material/trending_down:"),
        st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:"),
        st.Page("pages/train.py", title="Train", icon=":material/model_training:"),
    ]
    chosen = st.navigation(pages, position="top")
    if link.begun():
        link.arrive_on(chosen.title)
    return chosen


class Notices:
    """Where a page says what went wrong: in a container that is always there, whether it holds something or not.

    Were elements below to move down for a notice, Streamlit would take them off the screen for a moment.
    """

    def __init__(self) -> None:
        self._slot: Any = None

    def here(self) -> None:
        """Notices appear here. Call it once."""
        self._slot = st.container()

    def error(self, text: str) -> None:
        """A mistake, in Markdown."""
        self._slot.error(text)

    def warning(self, text: str) -> None:
        """Something to know, in Markdown."""
        self._slot.warning(text)


@contextmanager
def page() -> Iterator[Notices]:
    """A page's whole body stands in this; at its end come values in the link that could not be used.

    It goes back to app.py where Streamlit ran the page's file without it: it does so when a link to a page is the first
    thing that a new server is asked for, because until app.py has said otherwise the folder `pages` is a multipage app
    of its own to Streamlit.
    """
    if not link.begun():
        _tab()
        navigation()
        st.rerun()
    notices = Notices()
    yield notices
    for notice in link.notices():
        notices.warning(escape_markdown(notice))
