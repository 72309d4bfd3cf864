"""Singular values and eigenvalues as computed, on axes that hold them."""

import numpy as np
import pytest

from gruviz.experiment import ExperimentSettings as Settings
from gruviz.experiment import jacobians
from gruviz.figures import jacobian_range, jacobian_view
from gruviz.records import SingularValues
from gruviz.signals import CELLS

VALUES = SingularValues("LSTM", 9, (0, 3, 6, 9), np.array([0.0, -1, -2, -3]), np.array([0.0, -4, -np.inf, -np.inf]))
EIGENVALUES = np.array([1.5 + 0.5j, 1.5 - 0.5j, -0.2, 0.0], dtype=complex)

LARGEST, SMALLEST = "largest singular value", "smallest singular value"


def by_name(figure):
    circle, dots = figure.data[2:]
    return {curve.name: curve for curve in figure.data[:2]} | {"circle": circle, "eigenvalues": dots}


def test_singular_values_against_lag():
    curves = by_name(jacobian_view(VALUES, EIGENVALUES))
    for name in (LARGEST, SMALLEST):
        np.testing.assert_array_equal(curves[name].x, [0, 3, 6, 9])
    np.testing.assert_array_equal(curves[LARGEST].y, [0, -1, -2, -3])
    np.testing.assert_array_equal(curves[SMALLEST].y, [0, -4, np.nan, np.nan])  # exactly zero: a gap
    assert curves[LARGEST].line.dash != curves[SMALLEST].line.dash  # not by colour alone


def test_eigenvalues_beside_the_unit_circle():
    figure = jacobian_view(VALUES, EIGENVALUES)
    curves = by_name(figure)
    np.testing.assert_array_equal(curves["eigenvalues"].x, EIGENVALUES.real)
    np.testing.assert_array_equal(curves["eigenvalues"].y, EIGENVALUES.imag)
    circle = np.hypot(curves["circle"].x, curves["circle"].y)
    np.testing.assert_allclose(circle, 1)
    radius = np.hypot(1.5, 0.5)
    assert any(f"{radius:.3g}" in note.text for note in figure.layout.annotations)
    for axis in (figure.layout.xaxis2, figure.layout.yaxis2):
        assert axis.range[1] >= radius
        assert axis.range[0] == -axis.range[1]
    assert figure.layout.yaxis2.scaleanchor == "x2"  # a circle looks like one


def test_small_eigenvalues_leave_the_circle_in_the_picture():
    figure = jacobian_view(VALUES, 0.01 * EIGENVALUES)
    assert figure.layout.xaxis2.range[1] >= 1


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_colours_come_from_the_table_of_cells(cell, dark):
    values = SingularValues(cell, 1, (0, 1), np.zeros(2), np.zeros(2))
    figure = jacobian_view(values, EIGENVALUES, dark=dark)
    ink = CELLS[cell].colour.on_dark if dark else CELLS[cell].colour.on_light
    curves = by_name(figure)
    assert curves[LARGEST].line.color == curves[SMALLEST].line.color == curves["eigenvalues"].marker.color == ink
    assert f"color:{ink}'>{cell}<" in figure.layout.annotations[0].text


def test_the_shared_range_holds_all_finite_values():
    other = SingularValues("GRU", 9, (0, 9), np.array([0.0, 5.0]), np.array([0.0, -2.0]))
    low, high = jacobian_range([VALUES, other])
    assert low < -4
    assert high > 5
    figure = jacobian_view(VALUES, EIGENVALUES, (low, high))
    assert figure.layout.yaxis.range == (low, high)


def test_the_range_of_nothing_but_zeros():
    zeros = SingularValues("RNN", 9, (3, 9), np.full(2, -np.inf), np.full(2, -np.inf))
    low, high = jacobian_range([zeros])
    assert np.isfinite([low, high]).all()
    assert low < high


@pytest.mark.parametrize("cell", CELLS)
def test_of_a_real_run(cell):
    values, eigenvalues = jacobians(Settings(steps=20, units=4, seeds=1), cell)
    figure = jacobian_view(values, eigenvalues)
    assert len(figure.data[3].x) == (8 if cell == "LSTM" else 4)
    assert figure.layout.xaxis.range == (0, 19)


def test_the_imaginary_axis_has_a_name():
    figure = jacobian_view(VALUES, EIGENVALUES)
    assert "imaginary" in (figure.layout.yaxis2.title.text or "")
