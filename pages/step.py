import streamlit as st

from gruviz.export import Export
from gruviz.telling import overview
from gruviz.ui.about import about
from gruviz.ui.address import address
from gruviz.ui.controls import focus, model_and_sequence, notation, place, played, stories
from gruviz.ui.downloads import files_menu, trace_files
from gruviz.ui.frame import link_notices, through_app
from gruviz.ui.over_time import over_time
from gruviz.ui.reading import reading
from gruviz.ui.stepper import Shown, stepper
from gruviz.ui.text import plain

through_app()
told = st.container()
choice, under = model_and_sequence()
notices = st.container()
shown, result = reading(choice, under, notices)

story = shown.story()
with told:
    stories(story)
here = place(shown, result)
left, right = st.columns([2, 1], vertical_alignment="center")
left.markdown(plain(story.tell(result, here) if story else overview(result)))
with right.container(horizontal=True, horizontal_alignment="right"):
    written = notation()
    exports, links = st.container(width="content"), st.container(width="content")

stepper(Shown.of(result), written, focus(shown, result), played)
figure = over_time(result, written, here)
with links:
    address()
with exports:
    files_menu(trace_files(Export(result, written), figure), "step")
about(result.model, result.trace)
with notices:
    link_notices()
