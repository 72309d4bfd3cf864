"""The figures of a search hold the study's numbers, and tell cells apart by more than colour."""

import math

import numpy as np
import pytest

from gruviz.comparison.searches import SETTINGS
from gruviz.figures.search import expected_best, importances, trials
from gruviz.models.studies import CellStudy, Curve, TaskStudy, Trial

SPACE = {
    "rate": {"low": 1e-3, "high": 1e-1, "log": True, "step": None},
    "units": {"low": 4, "high": 12, "log": False, "step": 1},
}


def cell(name, pruned=False):
    curve = Curve((0.5, 0.6, 0.7), (0.4, 0.5, 0.6), (0.6, 0.7, 0.8))
    done = [
        Trial(0, False, {"rate": 1e-2, "units": 8}, 0.1, 0.7, 4, 1.0),
        Trial(1, True, {"rate": 1e-3, "units": 4}, 1.0, 0.5, 2, 0.5),
        Trial(2, True, {"rate": 1e-1, "units": 12}, None, 0.5, 2, 0.5),  # diverged
    ]
    return CellStudy(name, tuple(done), curve, {"rate": 0.8, "units": 0.2}, 0, 8, (), (), (), 0)


@pytest.fixture
def study():
    return TaskStudy("task", "", {}, {}, SPACE, {name: cell(name) for name in ("RNN", "LSTM", "GRU")}, (), ())


def test_a_line_in_its_band_for_each_cell(study):
    figure = expected_best(study, "accuracy", share=True)
    lines = [curve for curve in figure.data if curve.name]
    assert [line.name for line in lines] == ["RNN", "LSTM", "GRU"]
    assert len({line.line.dash for line in lines}) == 3
    for line, low, high in zip(lines, figure.data[::3], figure.data[1::3], strict=True):
        assert (list(line.x), list(line.y)) == ([1, 2, 3], [0.5, 0.6, 0.7])
        assert (list(low.y), list(high.y)) == ([0.4, 0.5, 0.6], [0.6, 0.7, 0.8])
        assert (high.fill, low.fill) == ("tonexty", None)
    assert figure.layout.yaxis.tickformat == ".0%"
    assert expected_best(study, "error").layout.yaxis.tickformat is None


def test_a_line_through_the_axes_for_each_trial(study):
    figure = trials(study.cells["GRU"], SPACE, SETTINGS)
    assert len(figure.data) == 2  # what diverged has no loss
    worst, best = figure.data
    np.testing.assert_allclose(best.y, [0.5, 0.5, 0])
    np.testing.assert_allclose(worst.y, [0, 0, 1], atol=1e-9)
    assert (best.line.dash, worst.line.dash) == ("solid", "dot")
    assert best.line.width > worst.line.width
    assert best.opacity > worst.opacity
    texts = [note.text for note in figure.layout.annotations]
    assert texts == ["learning rate", "0.1", "0.001", "units", "12", "4", "loss", "1", "0.1"]
    assert math.isclose(figure.layout.annotations[0].x, 0)


def test_a_bar_for_each_setting_and_cell(study):
    figure = importances(list(study.cells.values()), SETTINGS, dark=True)
    assert [bars.name for bars in figure.data] == ["RNN", "LSTM", "GRU"]
    assert len({bars.marker.pattern.shape for bars in figure.data}) == 3
    for bars in figure.data:
        assert dict(zip(bars.y, bars.x, strict=True)) == {"learning rate": 0.8, "units": 0.2}
        assert bars.y[-1] == "learning rate"  # on top
