"""Curves that sentences speak of, of stories and drawn by hand, and numbers as sentences write them."""

import json
import math
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings as trying

from gruviz import experiment
from gruviz.experiment.sentences import summary, window
from gruviz.experiment.stories import STORIES
from gruviz.models import by_task, load_model
from gruviz.reading import read
from gruviz.reading.stories import STORIES as STEP_STORIES
from gruviz.records import GradientFlow

ORACLE = json.loads((Path(__file__).parent / "oracles" / "gradients.json").read_text())
DEFAULT = {"RNN": ("rnn_tanh_default", 1e-9), "LSTM": ("lstm_default", 1e-9), "GRU": ("gru_default", 1e-9)}
REFERENCES = {
    "default": DEFAULT,
    "update": DEFAULT | {"GRU": ("gru_bz4", 1e-9)},
    "forget": DEFAULT | {"LSTM": ("lstm_bf1", 1e-9)},
    "rho15": {"RNN": ("rnn_rho1.5", 1e-6)},
    "rho25": {"RNN": ("rnn_rho2.5", 1e-3)},
    "identity": DEFAULT | {"RNN": ("irnn_relu", 1e-9)},
    "orthogonal": {"RNN": ("rnn_orthogonal", 1e-9)},
    "before": {"GRU": DEFAULT["GRU"]},
    "one gate": {"GRU": DEFAULT["GRU"]},
    "trained": {},  # of sizes that the reference has not; see `test_what_training_changes`
}
STORY = {story.key: story for story in STORIES}
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NUMBER = r"(?:[\d,]+(?:\.\d+)?(?: · 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|∞)"
CELL = "(?:RNN|LSTM|(?:reset-before )?GRU|MGU|JANET)"
DIGITS = 0.0023  # in log10: three digits are good to 0.5 %
derandomized = trying(deadline=None, derandomize=True, max_examples=80)


@lru_cache
def reading(settings, cell):
    """What a story's sequence is to the cell's trained network."""
    (sequence,) = (each.sequence for each in STEP_STORIES if each.key == STORY["trained"].reads)
    return read(load_model(by_task()[settings.trained][cell]), sequence)


def feed(settings, cell):
    """The sequence that is read and the direction of the answer, for settings that need them."""
    if not settings.trained:
        return None, None
    found = reading(settings, cell)
    return found.trace.inputs, found.direction(settings.loss_index + 1)


@lru_cache
def flow(settings, cell):
    return experiment.flows(settings, cell, *feed(settings, cell)).median()


def medians(settings):
    return {cell: flow(settings.reduced_to(cell), cell) for cell in settings.cells}


def log10(text):
    """The logarithm of a number as the sentences write it."""
    assert re.fullmatch(NUMBER, text), f"not a number as people read it: {text!r}"
    mantissa, _, exponent = text.replace(",", "").partition(" · 10")
    if mantissa == "∞":
        return math.inf
    value = float(mantissa)
    return -math.inf if value == 0 else math.log10(value) + int(exponent.translate(SUPERSCRIPTS) or 0)


def assert_says(text, expected):
    assert log10(text) == expected or log10(text) == pytest.approx(expected, rel=0, abs=DIGITS), (text, expected)


def line(slope, at=100, cell="GRU"):
    """A flow of which each step is 10 ** slope times the step after it."""
    return GradientFlow(cell, slope * np.arange(at, -1, -1.0), at)


def curve(relative, cell="GRU"):
    """A flow from its log10 by lag."""
    return GradientFlow(cell, np.array(relative[::-1], dtype=float), len(relative) - 1)


def assert_summary_is_true(flows):
    text = summary(flows)
    at = next(iter(flows.values())).at
    lo, hi = window(at)
    lag = max(1, lo)  # at lag 0 every gradient has the size that it has at lag 0
    sizes = {cell: each.log10_relative()[lag] for cell, each in flows.items()}
    first = re.match(
        rf"At lag (\d+), the gradient relative to its size at lag 0 is largest in the ({CELL}): ({NUMBER}); ", text
    )
    assert first, text
    best = first[2]
    assert int(first[1]) == lag
    assert sizes[best] == max(sizes.values())
    assert_says(first[3], sizes[best])
    others = re.findall(rf"; ({CELL}) (?:({NUMBER}) \(([^)]*)\)|exactly zero)", text)
    assert {cell for cell, *_ in others} == set(flows) - {best}
    assert [sizes[cell] for cell, *_ in others] == sorted((sizes[cell] for cell, *_ in others), reverse=True)
    for cell, size, compared in others:
        if not size:
            assert sizes[cell] == -math.inf
            continue
        assert_says(size, sizes[cell])
        assert_compares(compared, sizes[cell] - sizes[best])
    verdict, _, float32 = text[text.index("Over lags ") :].partition(" In float32 it underflows ")
    zero = {cell for cell, each in flows.items() if each.zero_from_lag is not None}
    lost = {cell: each.underflow_lag() for cell, each in flows.items() if cell not in zero}
    said = {cell: int(lag) for lag, cell in re.findall(rf"from lag (\d+) on in the ({CELL})", float32)}
    assert said == {cell: lag for cell, lag in lost.items() if lag is not None}
    assert re.match(rf"Over lags {lo} to {hi} it ", verdict)
    named = dict.fromkeys(("decays in", "keeps its size in", "grows in", "becomes exactly zero in"), frozenset())
    for part in re.split(r", (?=keeps|grows|becomes)", verdict):
        (verb,) = (verb for verb in named if verb in part)
        named[verb] = frozenset(
            flows if re.search(r" in (all \w+|both)$", part.rstrip(".")) else re.findall(CELL, part)
        )
    assert named["becomes exactly zero in"] == zero
    for cell in set(flows) - zero:
        rate = flows[cell].rate(lo, hi)
        trend = "decays in" if rate < 1 - 1e-6 else "grows in" if rate > 1 + 1e-6 else "keeps its size in"
        assert [verb for verb, cells in named.items() if cell in cells] == [trend], verdict


def assert_compares(text, log10):
    """Such as "a factor of 3.2 smaller", of a factor of 10 ** log10."""
    found = re.fullmatch(rf"a factor of ({NUMBER}) (smaller|larger)", text)
    if found:
        assert_says(found[1], abs(log10))
        assert (found[2] == "smaller") is bool(log10 < 0)
        assert abs(log10) >= math.log10(1.01)
    else:
        assert text == ("the same" if log10 == 0 else "the same within 1%")
        assert abs(log10) < math.log10(1.01)
