import streamlit as st

from gruviz.comparison import summary
from gruviz.models.results import results
from gruviz.ui.compare_view import measured, scores, states
from gruviz.ui.comparing import compare_stepper
from gruviz.ui.controls import arrivals, task_and_sequence
from gruviz.ui.frame import link_notices, through_app
from gruviz.ui.reading import comparison
from gruviz.ui.text import plain
from gruviz.ui.wire import Focus

through_app()
choice, under = task_and_sequence()
notices = st.container()
found = comparison(choice, under, notices)
task = results()[found.task]

st.markdown(plain(summary(found)))
compare_stepper(found, Focus(str(arrivals()), found.widest(), 0))
states(found, found.widest())
scores(task)
measured(task)
with notices:
    link_notices()
