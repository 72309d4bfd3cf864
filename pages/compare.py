"""The Compare page: one sequence through the trained RNN, LSTM and GRU of a task, side by side."""

import streamlit as st

from gruviz.comparison import summary
from gruviz.models.results import results
from gruviz.ui import reading
from gruviz.ui.address import address
from gruviz.ui.compare.stepper import compare_stepper
from gruviz.ui.compare.view import measured, scores, state_files, states, watch_states
from gruviz.ui.controls import focus_on, row, task_and_sequence
from gruviz.ui.frame import page
from gruviz.ui.heading import heading
from gruviz.ui.text import escape_markdown

with page() as notices:
    heading("RNN, LSTM and GRU side by side", "One sequence through three trained networks of about the same size.")
    with row():
        choice, under_field = task_and_sequence()
    notices.here()
    comparison = reading.comparison(choice, under_field, notices)
    task = results()[comparison.task]

    sentence, links = st.columns([3, 1], vertical_alignment="center")
    sentence.markdown(escape_markdown(summary(comparison)))
    with links.container(horizontal=True, horizontal_alignment="right"):
        state_files(comparison, task.title, comparison.widest())
        address()
    compare_stepper(comparison, focus_on(comparison.widest(), 0))
    states(comparison, comparison.widest())
    scores(task)
    measured(task)
    watch_states(comparison, task.title)
