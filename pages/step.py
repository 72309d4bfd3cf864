"""The Step page: a sequence through one network, step by step, with every gate and the arithmetic behind it."""

from functools import partial

import streamlit as st

from gruviz.figures.caption import reading_caption
from gruviz.reading.export import Export
from gruviz.reading.sentences import overview
from gruviz.ui.address import address
from gruviz.ui.controls import focus, model_and_sequence, notation, place, played, stories
from gruviz.ui.downloads import figure_file, files_menu, trace_files
from gruviz.ui.figure_files import current_place, figure_page, watch_figures
from gruviz.ui.frame import page
from gruviz.ui.heading import heading
from gruviz.ui.over_time import over_time
from gruviz.ui.reading import reading
from gruviz.ui.step.about import about
from gruviz.ui.step.stepper import Shown, stepper
from gruviz.ui.step.what_if import changed, what_if
from gruviz.ui.text import plain

with page() as notices:
    heading(
        "Inside a GRU, step by step", "Watch the gates decide, at every word, what is kept and what is overwritten."
    )
    stories_slot = st.container()
    wanted, under_field = model_and_sequence()
    notices.here()
    choice, result = reading(wanted, under_field, notices)

    story = choice.story()
    with stories_slot:
        stories(story)
    here = place(choice, result)
    left, right = st.columns([2, 1], vertical_alignment="center")
    sentence = plain(story.tell(result, here) if story else overview(result))
    with right.container(horizontal=True, horizontal_alignment="right"):
        changes = what_if(choice, result, notices)
        left.markdown(f"Before the change: {sentence}" if changes.reading.what_if else sentence)
        written = notation()
        files_slot, link_slot = st.container(width="content"), st.container(width="content")

    starting_point, result = focus(choice, result), changes.reading
    stepper(Shown.of(result, changes.data(written)), written, starting_point, played, changed)
    draw = over_time(result, written, here, changes.behind_reading)
    export, caption = Export(result, written), reading_caption(result, written)
    at = current_place(result, here)
    figure = figure_file(export.name, partial(figure_page, caption, lambda: [("", draw(at))], at[0]))
    with link_slot:
        address()
    with files_slot:
        files_menu([*trace_files(export), figure], "step", at)
    about(result.model, result.trace)
    watch_figures(caption, {"signals": ""})
