import streamlit as st

from gruviz.signals import CELLS
from gruviz.ui import gradient_controls as controls
from gruviz.ui.controls import model_and_sequence
from gruviz.ui.frame import link_notices, through_app
from gruviz.ui.gradient_results import Question
from gruviz.ui.gradient_view import show
from gruviz.ui.reading import reading
from gruviz.ui.text import plain

through_app()
controls.stories()
feed = controls.feed()
source, result, mistake = None, None, None
if feed == "sequence":
    source, result, mistake = reading(model_and_sequence())
if mistake:
    st.error(plain(mistake))
notices = st.container()
shared = controls.settings(result)

words = st.container()
columns = st.columns(len(CELLS))
settings = {}
for cell, column in zip(CELLS, columns, strict=True):
    with column:
        settings[cell] = controls.for_cell(cell, shared)
show(Question(settings, source, result), words, columns)
with notices:
    link_notices()
