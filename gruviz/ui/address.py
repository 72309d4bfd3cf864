"""The page's address: what it must say goes to the browser, which writes it; and a button that copies it as a link."""

from dataclasses import asdict

import streamlit as st

from gruviz.ui import link
from gruviz.ui.wire import as_bytes

_COMPONENT = st.components.v2.component(
    "gruviz.address", html='<div class="mount"></div>', js="common/address.js", css="common/address.css"
)


def address(says: link.Address | None = None) -> None:
    """Shows the button “Copy link”. Call it when all controls of the page have been shown, and before any long work."""
    _COMPONENT(key="address", data=as_bytes(asdict(says or link.published())), width="content", height="content")
