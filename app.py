"""The entry point: `streamlit run app.py`. It only routes to the pages."""

import streamlit as st

st.set_page_config("gruviz: inside a GRU", ":material/memory:", layout="wide")
pages = [st.Page("pages/step.py", title="Step", icon=":material/step:", default=True)]
st.navigation(pages, position="top").run()
