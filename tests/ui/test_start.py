"""Starting the app with its own settings, and the command line's on top."""

import sys
import tomllib

import streamlit.web.cli
from streamlit import config

from gruviz.ui import start as under_test

OWN = tomllib.loads((under_test.site() / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_every_setting_is_one_that_streamlit_knows(monkeypatch):
    known = {option.key for option in config.get_config_options().values()}
    given = [flag.removeprefix("--").partition("=") for flag in under_test.flags(OWN)]
    assert given
    assert [key for key, _, _ in given if key not in known] == []
    assert ("browser.gatherUsageStats", "=", "false") in given


def test_the_command_line_comes_last_and_wins(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["gruviz"])
    commands = []
    monkeypatch.setattr(streamlit.web.cli, "main", lambda: commands.append(list(sys.argv)))
    under_test.start(["--server.maxUploadSize=7"])
    (command,) = commands
    assert command[:3] == ["streamlit", "run", str(under_test.site() / "app.py")]
    assert command[-1] == "--server.maxUploadSize=7"
    assert command[3:-1] == list(under_test.flags(OWN))
