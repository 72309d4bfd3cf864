"""What the browser gets of a run: few numbers, the same as the run's."""

from dataclasses import replace

import numpy as np
import pytest

from gruviz.live.made_up import first_symbol, sine
from gruviz.live.run import Run
from gruviz.live.settings import LiveSettings
from gruviz.ui.train.payload import MOST_POINTS, SINGLE, bins, look_payload
from gruviz.ui.wire import as_bytes
from tests.wire import unwired

SETTINGS = LiveSettings(lag=5, units=4, batch=4)
SOURCE = first_symbol(SETTINGS)


@pytest.fixture(scope="module")
def ready():
    return Run(SETTINGS, SOURCE).look()


def trained(ready, updates):
    rng = np.random.default_rng(0)
    history = {cell: rng.random((updates, 2)).astype(np.float32) for cell in ready.history}
    return replace(ready, updates=updates, history=history)


def sent(look, source=SOURCE):
    return unwired(as_bytes(look_payload(look, source, "linear")))


@pytest.mark.parametrize("updates", [1, 7, SINGLE, SINGLE + 1, 350, 2000])
def test_curves_are_means_over_neighbours_and_leave_no_update_out(ready, updates):
    look = trained(ready, updates)
    edges = bins(updates)
    assert edges[0] == 0
    assert edges[-1] == updates
    assert (np.diff(edges) > 0).all()
    assert len(edges) - 1 <= MOST_POINTS
    data = sent(look)
    for cell in data["cells"]:
        losses = look.history[cell["cell"]][:, 0]
        assert len(cell["loss"]) == len(cell["score"]) == len(data["x"]) == len(edges) - 1
        np.testing.assert_allclose(cell["loss"][: min(updates, SINGLE)], losses[:SINGLE], rtol=1e-6)
        last = losses[edges[-2] :].mean()
        assert cell["loss"][-1] == pytest.approx(last, rel=1e-5)
    assert data["x"][0] == 1


def test_scores_are_means_of_the_last_batches(ready):
    look = trained(ready, 30)
    for cell in sent(look)["cells"]:
        scores = look.history[cell["cell"]][:, 1]
        assert cell["score"][4] == pytest.approx(scores[:5].mean(), rel=1e-5)
        assert cell["score"][29] == pytest.approx(scores[20:30].mean(), rel=1e-5)


def test_before_training_there_are_gradients_and_gates_and_no_curves_over_updates(ready):
    data = sent(ready)
    assert data["x"] == []
    for cell in data["cells"]:
        assert cell["loss"] == cell["score"] == cell["first"] == []
        np.testing.assert_allclose(cell["curve"], ready.now[cell["cell"]].log10_norm, rtol=1e-6)
        assert sum(sum(gate["shares"]) for gate in cell["gates"]) == pytest.approx(len(cell["gates"]), rel=1e-5)
    by_cell = {cell["cell"]: cell for cell in data["cells"]}
    assert [gate["key"] for gate in by_cell["GRU"]["gates"]] == ["r", "z"]
    assert by_cell["RNN"]["timescales"] is None
    assert len(by_cell["LSTM"]["timescales"]) == SETTINGS.units


def test_what_is_not_finite_is_sent_as_nothing(ready):
    """A network that broke: no snapshot, losses that are no numbers."""
    look = trained(ready, 5)
    look.history["RNN"][2:] = np.nan
    look.history["RNN"][1, 0] = np.inf
    look = replace(look, now={**look.now, "RNN": None}, broken={**look.broken, "RNN": 2}, held_out={})
    rnn = sent(look)["cells"][0]
    assert rnn["curve"] == []
    assert rnn["gates"] == []
    assert rnn["broken"] == 2
    assert rnn["heldOut"] is None


def test_a_series_has_no_confusion():
    settings = LiveSettings(units=3, batch=4)
    data = sent(Run(settings, sine(settings)).look(), sine(settings))
    assert all(cell["confusion"] is None for cell in data["cells"])
    assert not data["shares"]


def test_a_look_is_small(ready):
    settings = LiveSettings(lag=200, units=128, batch=4)
    run = Run(settings, first_symbol(settings))
    size = len(as_bytes(look_payload(trained(run.look(), 2000), run.source, "log")))
    assert size < 40_000
