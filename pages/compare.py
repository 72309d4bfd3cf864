import streamlit as st

from gruviz.comparison import summary
from gruviz.models.results import results
from gruviz.ui.address import address
from gruviz.ui.compare.stepper import compare_stepper
from gruviz.ui.compare.view import measured, scores, state_files, states, watch_states
from gruviz.ui.controls import focus_on, task_and_sequence
from gruviz.ui.frame import link_notices, through_app
from gruviz.ui.heading import heading
from gruviz.ui.reading import comparison
from gruviz.ui.text import plain

through_app()
heading("RNN, LSTM and GRU side by side", "One sequence through three trained networks of about the same size.")
choice, under = task_and_sequence()
notices = st.container()
found = comparison(choice, under, notices)
task = results()[found.task]

said, links = st.columns([3, 1], vertical_alignment="center")
said.markdown(plain(summary(found)))
with links.container(horizontal=True, horizontal_alignment="right"):
    state_files(found, task.title, found.widest())
    address()
compare_stepper(found, focus_on(found.widest(), 0))
states(found, found.widest())
scores(task)
measured(task)
watch_states(found, task.title)
with notices:
    link_notices()
