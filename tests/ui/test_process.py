"""What the server's process is set to, wherever it was started."""

import gc
import sys
import types

import pytest
import torch
from streamlit import config

from gruviz.ui import process

OPTION = "runner.postScriptGC"


@pytest.fixture(autouse=True)
def _as_streamlit_ships():
    config.set_option(OPTION, True, "<default>")
    yield
    config.set_option(OPTION, True, "<default>")
    gc.unfreeze()


def test_streamlit_does_not_collect_after_every_run():
    process.prepare()
    assert config.get_option(OPTION) is False


def test_whoever_runs_the_server_has_the_last_word():
    config.set_option(OPTION, True, "config.toml")
    process.prepare()
    assert config.get_option(OPTION) is True


def test_cells_run_on_one_thread():
    process.prepare()
    assert torch.get_num_threads() == 1


def test_what_was_imported_is_set_aside_once(monkeypatch):
    """A collection walks what is new; what a person made since is not set aside by the next run."""
    monkeypatch.setitem(sys.modules, "a_module_more", types.ModuleType("a_module_more"))
    process._set_aside.cache_clear()
    process.prepare()
    frozen = gc.get_freeze_count()
    assert frozen > 100_000
    kept = [[] for _ in range(1000)]
    process.prepare()
    assert gc.get_freeze_count() <= frozen
    assert len(kept) == 1000
