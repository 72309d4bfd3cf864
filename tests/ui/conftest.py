"""The stepper declares its component at import, which Streamlit allows only where an app runs: run one first."""

from tests.pages.step import page

page()
