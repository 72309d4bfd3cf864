"""What the server's process needs: threads that don't fight, and a collector that walks only what is new."""

import gc
import sys
from functools import lru_cache

import torch
from streamlit import config
from threadpoolctl import threadpool_limits

_COLLECT_AFTER_EACH_RUN = "runner.postScriptGC"


def prepare() -> None:
    """Sets up the process; call in every run, as what is imported later counts too."""
    _one_thread(len(sys.modules))
    _collect_seldom()
    _set_aside(len(sys.modules))
    gc.enable()  # app.py goes without while it imports


@lru_cache(maxsize=256)
def _one_thread(modules: int) -> None:  # noqa: ARG001  # of so many modules, once: they bring libraries of their own
    """Cells this small run faster on one thread, and people at the same time don't fight over the cores.

    The limit on NumPy's and SciPy's own threads is the process's, so it is set in the server and nowhere else.
    """
    torch.set_num_threads(1)
    threadpool_limits(1, user_api="blas")


def _collect_seldom() -> None:
    """Leaves collecting to Python, which does it in proportion to what was made.

    Streamlit collects after every run, all of the process; then everyone waits for everyone's objects. Set here and
    not in a file, as a server that is started elsewhere has no file of ours; whoever runs the server has the last word.
    """
    if config.get_where_defined(_COLLECT_AFTER_EACH_RUN) == "<default>":
        config.set_option(_COLLECT_AFTER_EACH_RUN, False)


@lru_cache(maxsize=256)
def _set_aside(modules: int) -> None:  # noqa: ARG001  # of so many modules, once
    """Takes what imports left, half a million objects that stay, out of what a collection walks."""
    gc.freeze()
