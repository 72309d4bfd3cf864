"""The entry point: `streamlit run app.py`. It only routes to the pages."""

import streamlit as st

from gruviz.ui.frame import frame

frame()
pages = [st.Page("pages/step.py", title="Step", icon=":material/step:", default=True)]
st.navigation(pages, position="top").run()
