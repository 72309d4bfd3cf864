"""The Step page: a sequence through one network, step by step, with every gate and the arithmetic behind it."""

from functools import partial

import streamlit as st

from gruviz.figures.caption import reading_caption
from gruviz.reading.export import Export
from gruviz.ui import controls
from gruviz.ui.address import address
from gruviz.ui.downloads import figure_file, files_menu, trace_files
from gruviz.ui.figure_files import current_cursor, figure_page, watch_figures
from gruviz.ui.frame import page
from gruviz.ui.heading import first_screen, heading
from gruviz.ui.over_time import over_time
from gruviz.ui.reading import reading
from gruviz.ui.step.about import about
from gruviz.ui.step.examples import examples
from gruviz.ui.step.model_file import in_model_menu, model_file
from gruviz.ui.step.screen import beside_cell, screen
from gruviz.ui.step.stepper import StepperData, stepper
from gruviz.ui.step.what_if import changed, what_if

with page() as notices:
    with first_screen():
        with heading(
            "Inside a GRU, step by step", "Watch the gates decide, at every word, what is kept and what is overwritten."
        ):
            written = controls.notation()
            what_if_slot = st.container(width="content")
            files_slot, link_slot = st.container(width="content"), st.container(width="content")
        with controls.row():
            examples_slot = st.container(width=300)
            with st.container(width="content"):
                model_file()
            wanted, under_field = controls.model_and_sequence(in_model_menu)
        notices.here()
        choice, result = reading(wanted, under_field, notices)

        story, start = choice.story(), controls.starting_point(choice, result)
        with examples_slot:
            examples(story)
        with what_if_slot:
            changes = what_if(choice, result, notices)
        focus = controls.focus(choice, result)
        told, tells = (start, story.sentence(result, start)) if story and not changes.reading.what_if else (None, "")
        result = changes.reading
        with screen():
            data = StepperData.of(result, told, tells, changes.data(written))
            stepper(data, written, focus, controls.played, changed)
            with beside_cell():
                draw = over_time(result, written, start, changes.behind_reading)
    export, caption = Export(result, written), reading_caption(result, written)
    cursor = current_cursor(result, start)
    figure = figure_file(export.name, partial(figure_page, caption, lambda: [("", draw(cursor))], cursor.step))
    with link_slot:
        address()
    with files_slot:
        files_menu([*trace_files(export), figure], "step", cursor)
    about(result.model, result.trace)
    watch_figures(caption, {"signals": ""})
