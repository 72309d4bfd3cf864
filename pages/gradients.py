"""The Gradients page: how gradient norms decay through RNN, LSTM and GRU under one set of knobs."""

import streamlit as st

from gruviz.ui.controls import model_and_sequence, row
from gruviz.ui.frame import page
from gruviz.ui.gradients import controls
from gruviz.ui.gradients.results import Question, usable
from gruviz.ui.gradients.view import columns, show
from gruviz.ui.heading import heading
from gruviz.ui.reading import reading

with page() as notices:
    heading("Gradients through time", "How fast the gradient fades on its way back through an RNN, an LSTM and a GRU.")
    stories_slot = st.container()
    start = controls.feed_and_cells()
    source, result = None, None
    field_slot = st.container()
    notices.here()
    if start.feed == "sequence":
        with field_slot:
            with row():
                asked = model_and_sequence()
            source, result = reading(*asked, notices, usable)
    settings = controls.settings(start, result)
    for cell, column in zip(settings.cells, columns(len(settings.cells)), strict=True):
        with column:
            settings = controls.cell_controls(cell, settings)
    with stories_slot:
        controls.stories(settings)
    show(Question(settings, source, result), st.container())
