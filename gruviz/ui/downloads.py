"""Export: files made when they are asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from gruviz.reading.export import Export
from gruviz.reading.sentences import StepAndUnit
from gruviz.ui.figure_files import picture_buttons
from gruviz.ui.text import small


@dataclass(frozen=True)
class File:
    """One file to take away: what the menu calls it, its name and type, and how to make it."""

    title: str
    name: str
    mime: str
    make: Callable[[], str | bytes]


def files_menu(files: Sequence[File], key: str, cursor: StepAndUnit | None = None) -> None:
    """A menu of files, and of the pictures that the browser makes of the page's figures.

    `cursor` is where it is in the figures as a page, see `current_cursor`.
    """
    menu = st.popover("Export", icon=":material/download:", key=f"files-{key}", on_change="rerun")
    if not menu.open:  # each file is a message to everyone at every change
        return
    with menu:
        for file in files:
            st.download_button(file.title, file.make, file.name, file.mime, key=f"download-{key}-{file.title}",
                               on_click="ignore", width="stretch")  # fmt: skip
        picture_buttons(cursor)
        st.markdown(
            small("The address of this page is a link to what you see. The camera on a figure saves that figure alone.")
        )


def trace_files(export: Export) -> list[File]:
    """The numbers as CSV, NPZ and JSON, and as a PyTorch program that prints them."""
    name = export.name
    return [
        File("Numbers, CSV", f"{name}.csv", "text/csv", export.to_csv),
        File("Numbers, NPZ", f"{name}.npz", "application/octet-stream", export.to_npz),
        File("Numbers, JSON", f"{name}.json", "application/json", export.to_json),
        File("PyTorch program", f"{name}.py", "text/x-python", export.program),
    ]


def figure_file(name: str, make: Callable[[], str]) -> File:
    """The figure as an HTML page."""
    return File("Figure, HTML", f"{name}.html", "text/html", make)
