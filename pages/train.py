"""The Train page: RNN, LSTM and GRU learn a task side by side, and one sees gates, gradients and loss while they do."""

import streamlit as st

from gruviz.ui.address import address
from gruviz.ui.frame import page
from gruviz.ui.heading import heading
from gruviz.ui.train import controls
from gruviz.ui.train.data import own_data
from gruviz.ui.train.watch import buttons, files, open_elsewhere, usable_run, watch

with page() as notices:
    heading("Watch networks learn", "An RNN, an LSTM and a GRU learn the same task from the same batches.")
    stories_slot = st.container()
    settings, axis = controls.settings()
    with stories_slot:
        story = controls.stories(settings)
    data = own_data(settings.task)
    notices.here()
    run = usable_run(settings, data, notices)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if run is not None:
            buttons(run)
        with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            if run is not None:
                open_elsewhere(run)
                files(run)
            address()
    if run is not None:
        watch(run, story, axis)
