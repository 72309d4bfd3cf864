"""The Compare page: one sequence through a trained RNN, LSTM and GRU, side by side."""

import streamlit as st

from gruviz.comparison import summary
from gruviz.models.results import results
from gruviz.ui import reading
from gruviz.ui.address import address
from gruviz.ui.compare.controls import focus, networks_and_sequence, played
from gruviz.ui.compare.screen import screen
from gruviz.ui.compare.sections.measured import measured
from gruviz.ui.compare.sections.of_session import of_session
from gruviz.ui.compare.sections.scores import scores
from gruviz.ui.compare.sections.searched import searched
from gruviz.ui.compare.states import state_files, states, watch_states
from gruviz.ui.compare.stepper import compare_stepper
from gruviz.ui.controls import row
from gruviz.ui.frame import page
from gruviz.ui.heading import first_screen, heading
from gruviz.ui.text import escape_markdown

with page() as notices:
    with first_screen():
        with heading(
            "RNN, LSTM and GRU side by side",
            "One sequence through three trained networks; further down, how good, large and fast they are.",
        ):
            files_slot, link_slot = st.container(width="content"), st.container(width="content")
        with row():
            choice, under_field = networks_and_sequence()
        notices.here()
        comparison = reading.comparison(choice, under_field, notices)

        st.markdown(escape_markdown(summary(comparison)))
        with screen():
            compare_stepper(comparison, focus(comparison), played)
            states(comparison, comparison.widest())
    with files_slot:
        state_files(comparison, choice.group.title, comparison.widest())
    with link_slot:
        address()
    task = results().get(choice.group.name)
    if task is None:
        of_session(comparison)
    else:
        scores(task)
        searched(task)
        measured(task)
    watch_states(comparison, choice.group.title)
