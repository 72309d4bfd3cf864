"""The session is one typed record: nothing else is kept in Streamlit's state but the values of controls."""

import re
from pathlib import Path

import gruviz.ui

FOLDER = Path(gruviz.ui.__file__).parent


def test_only_two_modules_touch_streamlits_state():
    touching = {path.name for path in FOLDER.rglob("*.py") if "st.session_state" in path.read_text(encoding="utf-8")}
    assert touching == {"session.py", "link.py"}


def test_the_link_keeps_only_controls_there():
    uses = re.findall(r"st\.session_state(\[.*?\])?", (FOLDER / "link.py").read_text(encoding="utf-8"))
    assert set(uses) == {"[row.key]", "[key]", ""}
