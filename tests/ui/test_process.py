"""What the server's process is set to, wherever it was started."""

import gc
import sys
import types

import pytest
import torch
from streamlit import config
from threadpoolctl import threadpool_info, threadpool_limits

from gruviz.ui import process

OPTION = "runner.postScriptGC"


@pytest.fixture(autouse=True)
def _as_streamlit_ships():
    config.set_option(OPTION, True, "<default>")
    yield
    gc.enable()
    config.set_option(OPTION, True, "<default>")
    gc.unfreeze()


def test_streamlit_does_not_collect_after_every_run():
    process.prepare()
    assert config.get_option(OPTION) is False


def test_whoever_runs_the_server_has_the_last_word():
    config.set_option(OPTION, True, "config.toml")
    process.prepare()
    assert config.get_option(OPTION) is True


def test_python_collects_again_after_the_imports():
    gc.disable()
    process.prepare()
    assert gc.isenabled()


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


def test_numpy_s_products_run_on_one_thread_also_of_what_is_imported_later(monkeypatch):
    """Each compiled package brings a BLAS library of its own; four threads each for four people are sixteen."""
    process.prepare()
    assert blas_threads() == {1}
    with threadpool_limits(2, user_api="blas"):  # as a library that was loaded just now starts
        monkeypatch.setitem(sys.modules, "one_more_module", types.ModuleType("one_more_module"))
        process._one_thread.cache_clear()  # another test may have had as many modules
        process.prepare()
        assert blas_threads() == {1}
    process.prepare()


def blas_threads():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}
