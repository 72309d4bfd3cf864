"""The Gradients page: how gradient norms decay through RNN, LSTM and GRU under one set of knobs."""

import streamlit as st

from gruviz.ui import fields, link
from gruviz.ui.address import address
from gruviz.ui.controls import model_and_sequence
from gruviz.ui.frame import page
from gruviz.ui.gradients import controls
from gruviz.ui.gradients.results import Question, usable
from gruviz.ui.gradients.view import columns, show
from gruviz.ui.heading import heading
from gruviz.ui.reading import reading

with page() as notices:
    with heading(
        "Gradients through time", "How fast the gradient fades on its way back through an RNN, an LSTM and a GRU."
    ):
        files_slot, link_slot = st.container(width="content"), st.container(width="content")
    source, result = None, None
    with st.container(key="controls", gap="small"):
        with st.container(horizontal=True, gap="small"):
            stories_slot = st.container(width=230)
            start = controls.feed_and_cells()
            first_slot = st.container(horizontal=True, gap="small", width=220)
            with st.container(width=150):
                view = link.choice(fields.SHOW, look="menu")
            more_slot = st.popover("More", icon=":material/tune:", key="more-menu")
        if start.feed == "sequence":
            with st.container(horizontal=True, gap="small"):
                asked = model_and_sequence()
        cells_slot = st.container()
    notices.here()
    if start.feed == "sequence":
        source, result = reading(*asked, notices, usable)
    settings = controls.settings(start, result, first_slot, more_slot)
    with cells_slot:
        for cell, column in zip(settings.cells, columns(len(settings.cells)), strict=True):
            with column:
                settings = controls.cell_controls(cell, settings)
    with stories_slot:
        controls.stories(settings)
    show(Question(settings, source, result), view, st.container(gap="xsmall"), files_slot)
    with link_slot:
        address()
