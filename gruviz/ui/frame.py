"""What all pages share: the browser tab, and the room around the page."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from gruviz.ui import link, process
from gruviz.ui.printing import PRINT
from gruviz.ui.text import plain

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
    ]
    page = st.navigation(pages, position="top")
    if link.begun():
        link.arrive_on(page.title)
    return page


def through_app() -> None:
    """Call first in every page: goes back to app.py where Streamlit ran the page file without it.

    It does so when a link to a page is the first thing that a new server is asked for: until app.py has said
    otherwise, the folder `pages` is a multipage app of its own to Streamlit.
    """
    if not link.begun():
        _tab()
        navigation()
        st.rerun()


def link_notices() -> None:
    """Values in the link that could not be used. Call it last: it speaks of the controls shown before."""
    for notice in link.notices():
        st.warning(plain(notice))
