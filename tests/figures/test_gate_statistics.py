"""The figures hold the record's numbers, and tell gates and cells apart by more than colour."""

import numpy as np
import pytest

from gruviz.errors import GruvizError
from gruviz.figures.gate_statistics import saturation, timescales
from gruviz.measures.gate_statistics import gate_statistics
from gruviz.measures.lifetimes import lifetimes
from gruviz.records import Lifetimes
from gruviz.records.gate_statistics import GateStatistics
from gruviz.signals import CELLS, Notation
from tests.cells.cases import build, sequence


def made(cell, steps=None, units=4, seed=0):
    """Statistics drawn at random; `steps`: the time constants of the gate that keeps the state."""
    rng = np.random.default_rng(seed)
    units = units if steps is None else len(steps)
    shares = [{gate.key: rng.uniform(0, 0.5, units) for gate in CELLS[cell].gates} for _ in range(4)]
    if steps is not None:
        with np.errstate(divide="ignore"):
            shares[3][CELLS[cell].keeps] = np.exp(-1 / np.array(steps, dtype=float))
    return GateStatistics(cell, 100, 5, *shares)


def living(cell, steps, longest=100):
    return Lifetimes(cell, np.array(steps, dtype=float), longest, 30)


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
        {"r": np.zeros(4), "z": np.array([0.0, 0.0, 0.0, share])} for share in (0.004, 0.999, 0.5, 0.5)
    ))  # fmt: skip
    assert saturation(stats).data[1].text[3] == (
        "unit 3, update gate z: above 0.9 for more than 99%, below 0.1 for less than 1% of steps"
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
    for curve in timescales([living(cell, [3])], [made(cell)], dark=dark).data:
        assert curve.line.color == (CELLS[cell].colour.on_dark if dark else CELLS[cell].colour.on_light)


def test_a_cell_without_gates_says_so():
    figure = saturation(RNN)
    assert len(figure.data) == 0
    assert figure.layout.annotations[0].text == "RNN has no gates"


def test_timescales_are_sorted_with_the_share_of_units():
    rnn, gru, alone = timescales([living("RNN", [0.5, 2]), living("GRU", [30, 7])], [RNN, made("GRU", [2, 10, 1])]).data
    np.testing.assert_allclose(rnn.y, [2, 0.5])
    np.testing.assert_allclose(gru.y, [30, 7])
    np.testing.assert_allclose(gru.x, [0.5, 1])
    np.testing.assert_allclose(alone.y, [10, 2, 1])
    np.testing.assert_allclose(alone.x, [1 / 3, 2 / 3, 1])
    assert [curve.name for curve in (rnn, gru, alone)] == [
        "RNN, a change",
        "GRU, a change",
        "GRU, its update gate alone",
    ]
    assert rnn.marker.symbol != gru.marker.symbol
    assert (gru.line.dash, alone.line.dash) == (None, "dot")
    assert list(rnn.text) == [
        "RNN, unit 1: a change lives for 2.0 steps", "RNN, unit 0: a change lives for 0.5 steps"
    ]  # fmt: skip
    assert alone.text[0] == "GRU, unit 1: its update gate alone: 10.0 steps"


def test_the_axis_is_logarithmic_and_holds_all_that_is_finite():
    figure = timescales([living("GRU", [3], longest=50)], [made("LSTM", [0.5, 1000])])
    low, high = figure.layout.yaxis.range
    assert figure.layout.yaxis.type == "log"
    assert (low, high) == pytest.approx((-1, np.log10(1250)))
    assert timescales([living("GRU", [3], longest=50)], []).layout.yaxis.range[1] == pytest.approx(np.log10(62.5))
    assert timescales([], []).layout.yaxis.range[1] == pytest.approx(1)  # a decade at the least


def test_what_has_no_end_lies_on_the_top_edge_and_what_is_gone_at_once_on_the_lower():
    change, gate = timescales([living("GRU", [0.01, np.inf], longest=20)], [made("GRU", [np.inf, 10])]).data
    np.testing.assert_allclose(change.y, [25, 0.1])
    np.testing.assert_allclose(gate.y, [25, 10])
    assert change.text[0] == "GRU, unit 1: a change lives for more than 20 steps (drawn at the top edge)"
    assert gate.text[0] == "GRU, unit 0: its update gate alone keeps everything (drawn at the top edge)"
    assert not change.cliponaxis  # its marker is whole


def test_the_longest_timescale_can_be_given():
    figure = timescales([], [made("GRU", [10, np.inf, 100])], longest=50)
    assert 10 ** figure.layout.yaxis.range[1] == pytest.approx(50)
    np.testing.assert_allclose(figure.data[0].y, [50, 50, 10])
    assert figure.data[0].text[1].endswith("100.0 steps (beyond the top edge)")
    assert "edge" not in figure.data[0].text[2]


@pytest.mark.parametrize("longest", [1, 0, -3, np.inf, np.nan])
def test_a_top_that_is_none_is_refused(longest):
    with pytest.raises(GruvizError, match="above 1"):
        timescales([], [made("GRU")], longest=longest)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("kind", ["RNN tanh", "LSTM", "GRU"])
def test_of_a_real_run(kind, dark):
    given = build(kind, units=6), sequence(7, 5, 3), np.array([7, 1, 4, 7, 2])
    stats = gate_statistics(*given)
    for figure in (saturation(stats, dark=dark), timescales([lifetimes(*given)], [stats], dark=dark)):
        assert all(len(curve.x) == len(curve.text) == 6 for curve in figure.data)
        assert figure.to_json()
        for axis in (figure.layout.xaxis, figure.layout.yaxis):
            assert axis.title.text
