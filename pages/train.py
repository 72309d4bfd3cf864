"""The Train page: RNN, LSTM and GRU learn a task side by side, and one sees gates, gradients and loss while they do."""

import streamlit as st

from gruviz.ui.address import address
from gruviz.ui.frame import page
from gruviz.ui.heading import heading
from gruviz.ui.train import controls
from gruviz.ui.train.data import own_data
from gruviz.ui.train.watch import buttons, files, open_elsewhere, usable_run, watch

with page() as notices:
    with heading("Watch networks learn", "An RNN, an LSTM and a GRU learn the same task from the same batches."):
        open_slot, files_slot, link_slot = (st.container(width="content") for _ in range(3))
    with st.container(key="controls", gap="small"):
        with st.container(horizontal=True, gap="small"):
            stories_slot = st.container(width=230)
            settings, axis = controls.settings()
        with stories_slot:
            story = controls.stories(settings)
        data = own_data(settings.task)
        buttons_slot = st.container(horizontal=True, gap="small")
    notices.here()
    run = usable_run(settings, data, notices)
    if run is not None:
        with buttons_slot:
            buttons(run)
        with open_slot:
            open_elsewhere(run)
        with files_slot:
            files(run)
        watch(run, story, axis)
    with link_slot:
        address()
