"""Take it away: files made when they are asked for."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from gruviz.records import Trace
from gruviz.snippet import pytorch_snippet
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
            st.download_button(file.title, file.make, file.name, file.mime, key=f"download-{file.name}",
                               on_click="ignore", width="stretch")  # fmt: skip
        st.markdown(small("The address of this page is a link to what you see. Figures have a camera button for PNG."))


def trace_files(trace: Trace, figure: Any) -> list[File]:
    """The trace as CSV, NPZ and JSON, the figure as a page, the numbers as a PyTorch program."""
    return [
        File("Numbers, CSV", "gruviz.csv", "text/csv", lambda: written(trace.to_csv)),
        File("Numbers, NPZ", "gruviz.npz", "application/octet-stream", lambda: written(trace.to_npz)),
        File("Numbers, JSON", "gruviz.json", "application/json", trace.to_json),
        File("Figure, HTML", "gruviz.html", "text/html", lambda: str(figure.to_html(include_plotlyjs=True))),
        File("PyTorch program", "gruviz_trace.py", "text/x-python", lambda: pytorch_snippet(trace)),
    ]


def written(write: Callable[[Path], None]) -> bytes:
    """What a function writes to a path."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        write(path)
        return path.read_bytes()
