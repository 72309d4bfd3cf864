"""Take it away: the trace as CSV, NPZ and JSON, the figure as a page, the numbers as a PyTorch program."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from gruviz.records import Trace
from gruviz.snippet import pytorch_snippet


def downloads(trace: Trace, figure: Any) -> None:
    """A menu of files, each made when it is asked for."""
    files: list[tuple[str, str, str, Callable[[], str | bytes]]] = [
        ("Numbers, CSV", "gruviz.csv", "text/csv", lambda: _written(trace.to_csv)),
        ("Numbers, NPZ", "gruviz.npz", "application/octet-stream", lambda: _written(trace.to_npz)),
        ("Numbers, JSON", "gruviz.json", "application/json", trace.to_json),
        ("Figure, HTML", "gruviz.html", "text/html", lambda: str(figure.to_html(include_plotlyjs=True))),
        ("PyTorch program", "gruviz_trace.py", "text/x-python", lambda: pytorch_snippet(trace)),
    ]
    with st.popover("Take it away", icon=":material/download:"):
        for title, name, mime, make in files:
            st.download_button(title, make, name, mime, key=f"download-{name}", on_click="ignore", width="stretch")
        st.caption("The address of this page is a link to what you see. Figures have a camera button for PNG.")


def _written(write: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        write(path)
        return path.read_bytes()
