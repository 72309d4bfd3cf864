import streamlit as st

from gruviz.ui.controls import model_and_sequence
from gruviz.ui.frame import link_notices, through_app
from gruviz.ui.gradients import controls
from gruviz.ui.gradients.results import Question, usable
from gruviz.ui.gradients.view import show
from gruviz.ui.heading import heading
from gruviz.ui.reading import reading

through_app()
heading("Gradients through time", "How fast the gradient fades on its way back through an RNN, an LSTM and a GRU.")
stories = st.container()
start = controls.feed()
source, result = None, None
fields, notices = st.container(), st.container()
if start.feed == "sequence":
    with fields:
        source, result = reading(*model_and_sequence(), notices, usable)
settings = controls.settings(start, result)
for cell, column in zip(settings.cells, st.columns(len(settings.cells)), strict=True):
    with column:
        settings = controls.cell_controls(cell, settings)
with stories:
    controls.stories(settings)
words = st.container()
show(Question(settings, source, result), words, st.columns(len(settings.cells)))
with notices:
    link_notices()
