"""Take it away: files made when they are asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from gruviz.export import Export
from gruviz.ui.text import small


@dataclass(frozen=True)
class File:
    """One file to take away: what the menu calls it, its name and type, and how to make it."""

    title: str
    name: str
    mime: str
    make: Callable[[], str | bytes]


def files_menu(files: Sequence[File], key: str) -> None:
    """A menu of files."""
    with st.popover("Take it away", icon=":material/download:", key=f"files-{key}"):
        for file in files:
            st.download_button(file.title, file.make, file.name, file.mime, key=f"download-{key}-{file.title}",
                               on_click="ignore", width="stretch")  # fmt: skip
        st.markdown(small("The address of this page is a link to what you see. Figures have a camera button for PNG."))


def trace_files(export: Export, figure: Any) -> list[File]:
    """The numbers as CSV, NPZ and JSON, the figure as a page, the numbers as a PyTorch program."""
    name = export.name
    return [
        File("Numbers, CSV", f"{name}.csv", "text/csv", export.to_csv),
        File("Numbers, NPZ", f"{name}.npz", "application/octet-stream", export.to_npz),
        File("Numbers, JSON", f"{name}.json", "application/json", export.to_json),
        File("Figure, HTML", f"{name}.html", "text/html", lambda: str(figure.to_html(include_plotlyjs=True))),
        File("PyTorch program", f"{name}.py", "text/x-python", export.program),
    ]
