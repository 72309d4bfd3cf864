"""What all pages share: the browser tab, the room around the page, and the process's threads."""

from pathlib import Path

import streamlit as st
import torch

_ICON = str(Path(__file__).parent / "icon.svg")  # a file of our own: Streamlit would fetch a named icon from the web
_ROOM = (
    "<style>.stMainBlockContainer {padding: 3.2rem 3rem 4rem} @media (max-width: 640px) {"
    ".stMainBlockContainer {padding: 3.2rem 1rem 4rem}}</style>"
)


def frame() -> None:
    """Sets up the page; call first."""
    st.set_page_config("gruviz: inside a GRU", _ICON, layout="wide")
    st.html(_ROOM)
    _one_thread()


@st.cache_resource
def _one_thread() -> None:
    """Cells this small run faster on one thread, and people at the same time don't fight over the cores."""
    torch.set_num_threads(1)
