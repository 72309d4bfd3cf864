"""The three panels hold the flows' numbers, on shared axes: tested by data, not by pixels."""

import re
from itertools import pairwise

import numpy as np
import pytest

from gruviz.errors import GruvizError
from gruviz.experiment.sentences import pace, window
from gruviz.figures import gradients, gradients_overlaid, shared_range
from gruviz.figures.style import DARK, LIGHT
from gruviz.records import GradientFlow, GradientFlows
from gruviz.signals import CELLS, STANDARD, VARIANTS

FLOAT32 = float(np.log10(np.finfo(np.float32).tiny))


def flows(cell, seeds=5, steps=30, at=24, slope=-0.2, start=0.7, seed=0):
    """Random walks back from the loss; NaN after it."""
    rng = np.random.default_rng((seed, *map(ord, cell)))
    by_lag = start + np.cumsum(slope + 0.3 * rng.standard_normal((seeds, at + 1)), axis=1)
    log10_norm = np.full((seeds, steps), np.nan)
    log10_norm[:, : at + 1] = by_lag[:, ::-1]
    return GradientFlows(cell, log10_norm, at, tuple(range(seeds)))


def all_three(**options):
    return [flows(cell, **options) for cell in STANDARD]


def drawn(figure):
    """The curves of each panel, by the name of its axis and theirs."""
    found = {}
    for curve in figure.data:
        found.setdefault(curve.xaxis or "x", {})[curve.name or "edge"] = curve
    return found


def named(figure, name):
    return next(curve for curve in figure.data if curve.name == name)


def headings(figure):
    return [note for note in figure.layout.annotations if note.text.startswith("<b")]


def axis(figure, kind, index):
    return figure.layout[f"{kind}axis{index + 1 if index else ''}"]


def test_lines_are_the_medians_over_seeds_relative_to_lag_0():
    made = all_three()
    figure = gradients(made)
    for flow in made:
        line = named(figure, f"{flow.cell}, median")
        np.testing.assert_array_equal(line.x, np.arange(25))
        by_lag = np.median(10.0 ** flow.log10_norm[:, 24::-1], axis=0)
        np.testing.assert_allclose(line.y, np.log10(by_lag / by_lag[0]), atol=1e-12)


def test_the_band_holds_10_to_90_percent_of_seeds():
    made = all_three(seeds=11)
    figure = gradients(made)
    for place, flow in enumerate(made):
        lower, upper = figure.data[4 * place], figure.data[4 * place + 1]
        assert upper.name == f"{flow.cell}, 10 to 90% of seeds"
        assert (lower.fill, upper.fill) == (None, "tonexty")
        for curve, q in ((lower, 0.1), (upper, 0.9)):
            edge = np.quantile(10.0 ** flow.log10_norm[:, 24::-1], q, axis=0)
            np.testing.assert_allclose(curve.y, np.log10(edge / edge[0]), atol=1e-12)


def test_one_seed_has_no_band():
    assert [curve.name for curve in gradients(all_three(seeds=1)).data] == [
        name for cell in STANDARD for name in (f"{cell}, median", "fitted rate")
    ]


def test_panels_stand_in_the_cells_order_from_left_to_right():
    figure = gradients(all_three())
    assert (
        [re.search(r">(\w+)</b>", note.text)[1] for note in headings(figure)]
        == ["RNN", "LSTM", "GRU"]
        == list(STANDARD)
    )
    starts = [axis(figure, "x", index).domain for index in range(3)]
    assert all(left[1] < right[0] for left, right in pairwise(starts))
    for index, (cell, note) in enumerate(zip(STANDARD, headings(figure), strict=True)):
        assert note.xref == f"x{index + 1 if index else ''} domain"
        line = named(figure, f"{cell}, median")
        assert (line.xaxis, line.yaxis) == (f"x{index + 1 if index else ''}", f"y{index + 1 if index else ''}")


def test_axes_are_shared_and_hold_all():
    made = all_three(seeds=7)
    figure = gradients(made)
    ranges = {tuple(axis(figure, "y", index).range) for index in range(3)}
    assert ranges == {shared_range(made)}
    ((low, high),) = ranges
    values = np.concatenate([curve.y for curve in figure.data if curve.name != "fitted rate"])
    assert low < values.min() <= values.max() < high
    assert {tuple(axis(figure, "x", index).range) for index in range(3)} == {(0, 24)}


def test_a_range_from_outside_is_taken_as_it_is():
    figure = gradients([flows("GRU")], y_range=(-40.0, 2.0))
    assert figure.layout.yaxis.range == (-40.0, 2.0)
    assert shared_range([flows("GRU")]) != (-40.0, 2.0)


def test_a_flat_curve_still_has_an_axis():
    flat = GradientFlows("GRU", np.zeros((1, 11)), 10, (0,))
    low, high = shared_range([flat])
    assert low < -1 < 0 < high


@pytest.mark.parametrize(("dark", "look"), [(False, LIGHT), (True, DARK)])
def test_colours_and_dashes_come_from_the_table_of_cells(dark, look):
    figure = gradients(all_three(), dark=dark)
    assert figure.layout.font.color == look.ink
    for note, (name, cell) in zip(headings(figure), CELLS.items(), strict=False):
        ink = cell.colour.on_dark if dark else cell.colour.on_light
        line = named(figure, f"{name}, median")
        assert (line.line.color, line.line.dash) == (ink, cell.dash)
        assert f"color:{ink}" in note.text
        red, green, blue = (int(ink[i : i + 2], 16) for i in (1, 3, 5))
        assert named(figure, f"{name}, 10 to 90% of seeds").fillcolor == f"rgba({red},{green},{blue},0.18)"


def test_headings_tell_the_pace():
    made = all_three()
    for flow, note in zip(made, headings(gradients(made)), strict=True):
        assert note.text.endswith(f"<br>{pace(flow.median())}")


def test_the_fitted_line_has_the_fitted_rate_over_its_window():
    flow = flows("GRU")
    fit = named(gradients([flow]), "fitted rate")
    lo, hi = window(24)
    assert fit.x == (lo, hi) == (12, 24)
    lags, values = np.arange(lo, hi + 1), flow.median().log10_relative()[lo : hi + 1]
    slope, level = np.polyfit(lags, values, 1)
    np.testing.assert_allclose(fit.y, [slope * lo + level, slope * hi + level], atol=1e-9)
    assert 10**slope == pytest.approx(flow.median().rate(lo, hi))


@pytest.mark.parametrize("start", [0.7, -3.0])
def test_float32_ends_where_the_norm_itself_does(start):
    made = all_three(slope=-2.0, start=start)
    figure = gradients(made)
    lines = [shape for shape in figure.layout.shapes if shape.type == "line"]
    shades = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert (len(lines), len(shades)) == (6, 3)
    for index, (flow, normal, smallest, shade) in enumerate(zip(made, lines[::2], lines[1::2], shades, strict=True)):
        assert {normal.yref, smallest.yref, shade.yref} == {axis(figure, "x", index).anchor}
        at_start = flow.median().log10_norm[24]
        assert normal.y0 == normal.y1 == shade.y1 == pytest.approx(FLOAT32 - at_start)
        assert smallest.y0 == smallest.y1 == shade.y0 == pytest.approx(np.log10(2.0**-149) - at_start)
        below = named(figure, f"{flow.cell}, median").y < normal.y0
        assert below.argmax() == flow.median().underflow_lag()
        assert axis(figure, "y", index).range[0] < smallest.y0
    notes = [note for note in figure.layout.annotations if "float32" in note.text]
    assert [note.y for note in notes] == [line.y0 for line in lines]


@pytest.mark.parametrize(("reach", "drawn"), [(-0.6, True), (-0.4, False)])
def test_float32_is_drawn_where_a_curve_goes_half_way_to_its_end(reach, drawn):
    """Of curves that start at a norm of 1: from 10 ** -19 on."""
    curve = np.linspace(0, -reach * FLOAT32, 25)[::-1][None]
    figure = gradients([GradientFlows("GRU", np.ascontiguousarray(curve), 24, (0,))])
    assert bool(figure.layout.shapes) is drawn
    assert any("float32" in note.text for note in figure.layout.annotations) is drawn


def test_all_cells_in_one_panel():
    made = [flows(cell, slope=-0.2 * (place + 1)) for place, cell in enumerate(VARIANTS)]
    figure = gradients_overlaid(made)
    entries = {curve.name: curve for curve in figure.data if curve.showlegend}
    assert list(entries) == [f"<b>{flow.cell}</b>: {pace(flow.median())}" for flow in made]
    for flow, curve in zip(made, entries.values(), strict=True):
        np.testing.assert_array_equal(curve.y, flow.median().log10_relative())
        cell = VARIANTS[flow.cell]
        assert (curve.line.color, curve.line.dash) == (cell.colour.on_light, cell.dash)
        assert flow.cell in curve.hovertemplate
    assert len({(curve.line.color, curve.line.dash) for curve in entries.values()}) == len(VARIANTS)
    assert figure.layout.yaxis.range == shared_range(made)
    assert {curve.xaxis or "x" for curve in figure.data} == {"x"}


def test_curves_of_own_weights_in_one_panel():
    made, own = all_three(slope=-2.0), flows("GRU", seeds=1, slope=0.4, seed=9)[0]
    figure = gradients_overlaid(made, {"GRU": ("A model", own)}, dark=True)
    (curve,) = [curve for curve in figure.data if "own weights" in (curve.name or "")]
    np.testing.assert_array_equal(curve.y, own.log10_relative())
    assert curve.name.endswith(pace(own))
    assert "A model" in curve.hovertemplate
    ends = [FLOAT32 - flow.median().log10_norm[24] for flow in made]
    assert figure.layout.shapes[0].y0 == pytest.approx(max(ends))  # the one that is reached first
    with pytest.raises(GruvizError, match=r"different steps; compare flows of one step"):
        gradients_overlaid([flows("RNN"), flows("GRU", at=20)])


def test_what_is_exactly_zero_is_a_gap():
    flow = flows("RNN", seeds=4)
    zero = flow.log10_norm.copy()
    zero[:3, :10] = -np.inf  # three of four: also the median is zero from lag 15 on
    made = [GradientFlows("RNN", zero, 24, flow.seeds), flows("LSTM"), flows("GRU")]
    figure = gradients(made)
    line = named(figure, "RNN, median")
    assert np.isfinite(line.y[:15]).all()
    assert np.isnan(line.y[15:]).all()
    assert "exactly zero from lag 15 on" in headings(figure)[0].text
    assert [curve.name for curve in figure.data].count("fitted rate") == 2  # no rate for the RNN
    assert all(np.isfinite(bound) for bound in axis(figure, "y", 0).range)


def test_one_more_curve_beside_the_median():
    made, own = all_three(), flows("GRU", seeds=1, slope=0.4, seed=9)[0]
    extra = {"GRU": ("A model", own)}
    figure = gradients(made, extra)
    curve = named(figure, "A model")
    assert curve.xaxis == "x3"
    np.testing.assert_array_equal(curve.y, own.log10_relative())
    assert "markers" in curve.mode
    assert axis(figure, "y", 0).range == shared_range(made, extra)
    assert shared_range(made, extra)[1] > own.log10_relative().max() > shared_range(made)[1]


def test_each_panel_may_have_a_curve_of_its_own():
    made = all_three()
    extra = {cell: (f"A trained {cell}", flows(cell, seeds=1, slope=0.2, seed=9)[0]) for cell in STANDARD}
    figure = gradients(made, extra)
    for index, (cell, (name, own)) in enumerate(extra.items()):
        assert named(figure, name).xaxis == named(figure, f"{cell}, median").xaxis == axis(figure, "y", index).anchor
        np.testing.assert_array_equal(named(figure, name).y, own.log10_relative())
        alone = gradients([made[index]], {cell: extra[cell]}, shared_range(made, extra))
        assert {curve.name for curve in alone.data} == {
            curve.name for curve in figure.data if curve.xaxis == f"x{index + 1 if index else ''}"
        }
    assert {axis(figure, "y", index).range for index in range(3)} == {shared_range(made, extra)}


def test_flows_of_different_loss_steps_are_refused():
    for made in ([flows("RNN"), flows("GRU", at=20)], []):
        with pytest.raises(GruvizError, match=r"different steps; compare flows of one step"):
            gradients(made)


def test_the_y_axis_says_what_it_measures():
    """Under a picture taken away alone, 10⁻⁵ of what?"""
    title = gradients(all_three()).layout.yaxis.title.text or ""
    assert title, "the axis of the norms has no name"


def test_hovers_are_in_powers_of_ten_of_the_cell():
    figure = gradients([flows("LSTM")])
    assert named(figure, "LSTM, median").hovertemplate == "lag %{x}: 10^%{y:.2f}<extra>LSTM</extra>"


def test_the_shortest_run():
    flow = GradientFlows("GRU", np.array([[-0.5, 0.0]]), 1, (0,))
    figure = gradients([flow])
    assert tuple(named(figure, "GRU, median").y) == (0.0, -0.5)
    assert isinstance(flow[0], GradientFlow)
