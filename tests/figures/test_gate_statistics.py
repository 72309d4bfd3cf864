"""The figures hold the record's numbers, and tell gates and cells apart by more than colour."""

import numpy as np
import pytest

from gruviz.errors import GruvizError
from gruviz.figures.gate_statistics import saturation, timescales
from gruviz.gate_statistics import gate_statistics
from gruviz.records.gate_statistics import GateStatistics
from gruviz.signals import CELLS, Notation
from tests.cells.cases import build, sequence


def made(cell, mean=None, units=4, seed=0):
    """Statistics drawn at random; `mean` of the gate that keeps the state."""
    rng = np.random.default_rng(seed)
    units = units if mean is None else len(mean)
    below, above, means = ({gate.key: rng.uniform(0, 0.5, units) for gate in CELLS[cell].gates} for _ in range(3))
    if mean is not None:
        means[CELLS[cell].keeps] = np.array(mean)
    return GateStatistics(cell, 100, 5, below, above, means)


RNN = made("RNN")


@pytest.mark.parametrize("cell", ["LSTM", "GRU"])
def test_saturation_is_a_marker_a_gate_and_unit(cell):
    stats, gates = made(cell), CELLS[cell].gates
    figure = saturation(stats)
    assert len(figure.data) == len(gates)
    for curve, gate in zip(figure.data, gates, strict=True):
        assert curve.mode == "markers"
        np.testing.assert_array_equal(curve.x, stats.above[gate.key])
        np.testing.assert_array_equal(curve.y, stats.below[gate.key])
        assert curve.name == f"{gate.name} {gate.key}"
    assert len({curve.marker.symbol for curve in figure.data}) == len(gates)  # not by colour alone
    assert figure.layout.showlegend


def test_saturation_in_words():
    stats = GateStatistics("GRU", 100, 5, *(
        {"r": np.zeros(4), "z": np.array([0.0, 0.0, 0.0, share])} for share in (0.07, 0.42, 0.5)
    ))  # fmt: skip
    assert saturation(stats).data[1].text[3] == (
        "unit 3, update gate z: above 0.9 for 42 %, below 0.1 for 7 % of steps"
    )


def test_an_update_gate_that_writes_changes_places():
    stats = made("GRU")
    keep, write = saturation(stats), saturation(stats, Notation("ng", "write"))
    reset, update = write.data
    np.testing.assert_array_equal(update.x, keep.data[1].y)
    np.testing.assert_array_equal(update.y, keep.data[1].x)
    np.testing.assert_array_equal(reset.x, keep.data[0].x)
    assert update.name == "update gate Γ<sub>u</sub>"


def test_both_axes_hold_0_to_1_and_the_line_of_full_saturation():
    layout = saturation(made("LSTM")).layout
    for axis in (layout.xaxis, layout.yaxis):
        assert -0.1 < axis.range[0] < 0
        assert 1 < axis.range[1] < 1.1
    (line,) = layout.shapes
    assert line.x0 + line.y0 == line.x1 + line.y1 == 1


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("cell", ["LSTM", "GRU"])
def test_colours_come_from_the_table_of_signals(cell, dark):
    for curve, gate in zip(saturation(made(cell), dark=dark).data, CELLS[cell].gates, strict=True):
        assert curve.marker.color == gate.colour.fill
        assert curve.marker.line.color == (gate.colour.on_dark if dark else gate.colour.on_light)
    (curve,) = timescales([made(cell)], dark=dark).data
    assert curve.line.color == (CELLS[cell].colour.on_dark if dark else CELLS[cell].colour.on_light)


def test_a_cell_without_gates_says_so():
    figure = saturation(RNN)
    assert len(figure.data) == 0
    assert figure.layout.annotations[0].text == "RNN has no gates"


def test_timescales_are_sorted_with_the_share_of_units():
    lstm, gru = made("LSTM", [0.5, 0.99, 0.0, 0.9]), made("GRU", [0.75, 0.8])
    one, two = timescales([RNN, lstm, gru]).data
    np.testing.assert_allclose(one.y, [100, 10, 2, 1])
    np.testing.assert_allclose(one.x, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(two.y, [5, 4])
    np.testing.assert_allclose(two.x, [0.5, 1])
    assert (one.name, two.name) == ("LSTM", "GRU")
    assert (one.line.dash, two.line.dash) == (CELLS["LSTM"].dash, CELLS["GRU"].dash)
    assert one.marker.symbol != two.marker.symbol
    assert list(one.text) == [
        "LSTM, unit 1: 100.0 steps<br>its forget gate keeps 99 % on average",
        "LSTM, unit 3: 10.0 steps<br>its forget gate keeps 90 % on average",
        "LSTM, unit 0: 2.0 steps<br>its forget gate keeps 50 % on average",
        "LSTM, unit 2: 1.0 steps<br>its forget gate keeps 0 % on average",
    ]


def test_the_axis_is_logarithmic_and_holds_all_finite_timescales():
    figure = timescales([made("LSTM", [0.0, 0.999])])
    low, high = figure.layout.yaxis.range
    assert figure.layout.yaxis.type == "log"
    assert low < 0
    assert high > 3
    assert timescales([made("LSTM", [0.0, 0.1])]).layout.yaxis.range[1] == pytest.approx(1)  # a decade at the least


def test_a_unit_that_never_forgets_lies_on_the_top_edge():
    figure = timescales([made("GRU", [0.9, 1.0, 0.99])])
    top = 10 ** figure.layout.yaxis.range[1]
    np.testing.assert_allclose(figure.data[0].y, [top, 100, 10])
    assert top > 100
    assert "unit 1: no end, it never forgets" in figure.data[0].text[0]
    assert not figure.data[0].cliponaxis  # its marker is whole


def test_units_that_all_never_forget():
    figure = timescales([made("GRU", [1.0, 1.0])])
    np.testing.assert_allclose(figure.data[0].y, 10 ** figure.layout.yaxis.range[1])


def test_the_longest_timescale_can_be_given():
    figure = timescales([made("GRU", [0.9, 1.0, 0.99])], longest=50)
    assert 10 ** figure.layout.yaxis.range[1] == pytest.approx(50)
    np.testing.assert_allclose(figure.data[0].y, [50, 50, 10])
    assert "100.0 steps (beyond the top edge)" in figure.data[0].text[1]
    assert "edge" not in figure.data[0].text[2]


@pytest.mark.parametrize("longest", [1, 0, -3, np.inf, np.nan])
def test_a_top_that_is_none_is_refused(longest):
    with pytest.raises(GruvizError, match="above 1"):
        timescales([made("GRU")], longest=longest)


def test_cells_without_a_keeping_gate_are_named():
    assert timescales([RNN, made("GRU")]).layout.annotations[0].text == "no gate keeps the state of: RNN"
    assert not timescales([made("LSTM"), made("GRU")]).layout.annotations
    assert len(timescales([RNN]).data) == len(timescales([]).data) == 0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("kind", ["RNN tanh", "LSTM", "GRU"])
def test_of_a_real_run(kind, dark):
    stats = gate_statistics(build(kind, units=6), sequence(7, 5, 3), np.array([7, 1, 4, 7, 2]))
    for figure in (saturation(stats, dark=dark), timescales([stats], dark=dark)):
        assert all(len(curve.x) == len(curve.text) == 6 for curve in figure.data)
        assert figure.to_json()
        for axis in (figure.layout.xaxis, figure.layout.yaxis):
            assert axis.title.text
