"""The floor: a page with nothing but a text field."""

import streamlit as st

st.text_input("Sequence", key="seq")
