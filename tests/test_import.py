"""Importing gruviz, as in a notebook, changes nothing for anyone else in the process."""

import json
import subprocess
import sys

import pytest

STATE = """
import gc, json, locale, logging, os, random, signal, sys, warnings

import numpy, plotly.io, torch
from threadpoolctl import threadpool_info

def state():
    return {
        "threads of torch": [torch.get_num_threads(), torch.get_num_interop_threads()],
        "threads of others": sorted([pool["filepath"], pool["num_threads"]] for pool in threadpool_info()),
        "collector": [gc.get_threshold(), gc.get_freeze_count(), gc.isenabled()],
        "random": [repr(random.getstate()), repr(numpy.random.get_state()), torch.get_rng_state().tolist()],
        "numbers": [repr(numpy.geterr()), repr(numpy.get_printoptions()), str(torch.get_default_dtype())],
        "gradients": [torch.is_grad_enabled(), torch.are_deterministic_algorithms_enabled()],
        "figures": [plotly.io.templates.default, plotly.io.renderers.default],
        "warnings": repr(warnings.filters),
        "surroundings": [dict(os.environ), os.getcwd(), locale.setlocale(locale.LC_ALL)],
        "hooks": [repr(sys.excepthook), repr(signal.getsignal(signal.SIGINT)), sys.getrecursionlimit()],
        "logging": [logging.root.level, len(logging.root.handlers)],
    }

before = state()
import gruviz
gru = torch.nn.GRU(2, 3)
begun = state()
begun["random"] = None  # the module of the notebook was drawn
"""
USE = """
x = numpy.zeros((4, 2))
trace = gruviz.trace(gru, x)
gruviz.gradient_flow(gru, x)
gruviz.figures.signals(trace)
gruviz.load_model("sentiment-gru").trace("not bad")
"""
SAY = """
after = state()
after["random"] = None
before["random"] = None
print(json.dumps([before, begun, after, "streamlit" in sys.modules], default=str))
"""


@pytest.mark.parametrize("use", ["", USE])
def test_nothing_global_changes(use):
    code = STATE + use + SAY
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, begun, after, served = json.loads(done.stdout)
    for what, value in before.items():
        assert begun[what] == value, what
        assert after[what] == value, what
    assert not served


def test_the_random_state_is_left():
    code = STATE.replace("gru = torch.nn.GRU(2, 3)\n", "").replace('begun["random"] = None', "")
    done = subprocess.run([sys.executable, "-c", code + "print(before == begun)"], capture_output=True, text=True,
                          check=True)  # fmt: skip
    assert done.stdout == "True\n"
