"""What a run says of itself, against its numbers."""

from dataclasses import replace

import numpy as np
import pytest

from gruviz.live import sentences
from gruviz.live.made_up import first_symbol, sine
from gruviz.live.run import Run
from gruviz.live.settings import LiveSettings
from gruviz.live.snapshot import Snapshot

SETTINGS = LiveSettings(lag=5, units=4, batch=4)
SOURCE = first_symbol(SETTINGS)


@pytest.fixture(scope="module")
def ready():
    return Run(SETTINGS, SOURCE).look()


def look(ready, updates=20, **changes):
    scores = {"RNN": 0.25, "LSTM": 0.5, "GRU": 1.0}
    history = {cell: np.tile([1.0, score], (updates, 1)) for cell, score in scores.items()}
    reached = {"RNN": None, "LSTM": None, "GRU": 13}
    return replace(ready, state="training", updates=updates, history=history, **{"reached": reached, **changes})


def test_before_training_it_says_what_the_data_are(ready):
    assert sentences.progress(ready, SOURCE) == f"Nothing is trained yet. {SOURCE.facts[0]}"


def test_who_has_learned_and_who_has_not(ready):
    assert sentences.progress(look(ready), SOURCE) == (
        "The GRU reached 95% at update 13; the RNN and the LSTM have not after 20 updates (RNN 25%, LSTM 50%)."
    )


def test_none_has_learned(ready):
    nobody = dict.fromkeys(("RNN", "LSTM", "GRU"))
    assert sentences.progress(look(ready, 1, reached=nobody), SOURCE) == (
        "The RNN, the LSTM and the GRU have not reached 95% after 1 update (RNN 25%, LSTM 50%, GRU 100%)."
    )


def test_all_have_learned_in_order(ready):
    everybody = {"RNN": 9, "LSTM": 30, "GRU": 4}
    assert sentences.progress(look(ready, reached=everybody), SOURCE) == (
        "The GRU reached 95% at update 4; the RNN reached 95% at update 9; the LSTM reached 95% at update 30."
    )


def test_one_has_broken(ready):
    said = sentences.progress(look(ready, broken={"RNN": 7, "LSTM": None, "GRU": None}), SOURCE)
    assert said.endswith("the LSTM has not after 20 updates (LSTM 50%); the RNN’s weights became infinite at update 7.")


def test_the_reason_is_what_is_left_of_the_gradient(ready):
    now = {cell: Snapshot(np.array([-1.0, -2.0, last]), {}, None) for cell, last in
           (("RNN", -10.0), ("LSTM", -np.inf), ("GRU", -2.0))}  # fmt: skip
    assert sentences.reason(look(ready, now=now)) == (
        "Of the gradient at the end, what reaches 2 steps back is now 1 · 10⁻⁹ in the RNN, 0 in the LSTM and 0.1 in "
        "the GRU."
    )
    assert sentences.reason(look(ready, now=dict.fromkeys(now))) == ""


def test_a_series_worse_than_persistence_has_a_minus():
    source = sine(LiveSettings(ahead=2))
    assert sentences.written_score(-0.25, source) == "−25%"
    assert sentences.written_score(0.25, source) == "25%"


def test_ending_and_place(ready):
    assert sentences.ending(ready) == ""
    assert sentences.ending(replace(ready, why="updates")) == "The run is over: it reached the limit of 2,000 updates."
    assert (
        sentences.ending(replace(ready, why="time"))
        == "The run is over: it reached the limit of 120 seconds of training."
    )
    assert sentences.waiting(ready) == ""
    waiting = replace(ready, state="waiting", ahead=1)
    assert sentences.waiting(waiting) == "Waiting: 1 run is before yours. It starts by itself."
