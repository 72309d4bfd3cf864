import streamlit as st

from gruviz.signals import STANDARD
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
feed = controls.feed()
source, result = None, None
fields, notices = st.container(), st.container()
if feed == "sequence":
    with fields:
        source, result = reading(*model_and_sequence(), notices, usable)
shared = controls.settings(result)

settings = {}
for cell, column in zip(STANDARD, st.columns(len(STANDARD)), strict=True):
    with column:
        settings[cell] = controls.for_cell(cell, shared)
question = Question(settings, source, result)
with stories:
    controls.stories(question.whole)
words = st.container()
show(question, words, st.columns(len(STANDARD)))
with notices:
    link_notices()
