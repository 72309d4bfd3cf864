"""The entry point: `streamlit run app.py`. It only routes to the pages."""

from gruviz.ui.frame import frame, navigation

frame()
navigation().run()
