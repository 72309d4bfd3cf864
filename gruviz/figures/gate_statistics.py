"""How gates stand: how much of the time each unit's gates are saturated, and for how long units remember."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from gruviz.errors import GruvizError
from gruviz.figures.lazy import LazyFigure
from gruviz.figures.style import MARKERS, Theme, base_layout, theme
from gruviz.records import Array
from gruviz.records.gate_statistics import OPEN, SHUT, GateStatistics
from gruviz.signals import CELLS, Notation, Signal

_HEIGHT = 380
_MARGIN = {"l": 66, "r": 12, "t": 40, "b": 48}
_LEGEND = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}


def saturation(stats: GateStatistics, notation: Notation | None = None, dark: bool = False) -> go.Figure:
    """A marker a gate and unit: x the fraction of steps above 0.9, y the fraction below 0.1.

    On the line x + y = 1 a gate is saturated all the time; near (0, 0) never. The picture is that of Karpathy, Johnson
    and Fei-Fei 2015 (arXiv:1506.02078, figure 3). An update gate whose 1 means "write" changes places.
    """
    notation, look = notation or Notation(), theme(dark)
    data = [_gate(stats, gate, MARKERS[place], notation, dark) for place, gate in enumerate(CELLS[stats.cell].gates)]
    axis = _axis(look) | {"range": [-0.04, 1.04], "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%"}
    layout = base_layout(look, _HEIGHT) | {
        "margin": _MARGIN, "legend": _LEGEND, "showlegend": True, "hovermode": "closest",
        "xaxis": axis | {"title": {"text": f"steps above {OPEN}", "font": {"size": 11}}},
        "yaxis": axis | {"title": {"text": f"steps below {SHUT}", "font": {"size": 11}}},
        "shapes": [{"type": "line", "x0": 0, "y0": 1, "x1": 1, "y1": 0, "line": {"color": look.faint, "width": 1.5},
                    "layer": "below"}],
        "annotations": [] if data else [_note(f"{stats.cell} has no gates")],
    }  # fmt: skip
    return LazyFigure(data, layout)


def timescales(stats: Sequence[GateStatistics], longest: float | None = None, dark: bool = False) -> go.Figure:
    """A curve a cell that has a gate to keep its state: its units' timescales in steps, the longest first, log y axis.

    x is the share of the units that remember for at least so long, 1/H to 1, so cells of different size compare.
    longest: the top of the axis in steps, above 1; where None, one above all finite ones. Units beyond it, and those
    that never forget, lie on the top edge; the hover has their number. Raises GruvizError for a top of 1 or less.
    """
    look = theme(dark)
    found = [(one, times) for one in stats if (times := one.timescale()) is not None]
    top = longest if longest is not None else _top([times for _, times in found])
    if not 1 < top < math.inf:
        raise GruvizError(f"The top of the timescales is {top:g}; it must be a number of steps above 1.")
    room = 0.03 * math.log10(top)
    data = [_curve(one, times, top, MARKERS[place], dark) for place, (one, times) in enumerate(found)]
    without = [one.cell for one in stats if one.timescale() is None]
    layout = base_layout(look, _HEIGHT) | {
        "margin": _MARGIN, "legend": _LEGEND, "showlegend": True, "hovermode": "closest",
        "xaxis": _axis(look) | {"range": [0, 1.02], "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%",
                                "title": {"text": "units that remember at least so long", "font": {"size": 11}}},
        "yaxis": _axis(look) | {"type": "log", "range": [-room, math.log10(top)], "dtick": 1,
                                "title": {"text": "timescale (steps)", "font": {"size": 11}}},
        "annotations": [_note(f"no gate keeps the state of: {', '.join(without)}")] if without else [],
    }  # fmt: skip
    return LazyFigure(data, layout)


def _gate(stats: GateStatistics, gate: Signal, marker: str, notation: Notation, dark: bool) -> dict[str, Any]:
    above, below = stats.above[gate.key], stats.below[gate.key]
    if notation.flips(gate):
        above, below = below, above
    name = f"{gate.name} {notation.symbol(gate)}"
    return {
        "type": "scatter", "mode": "markers", "x": above, "y": below, "name": name, "cliponaxis": False,
        "marker": {"symbol": marker, "size": 8, "color": gate.colour.fill, "opacity": 0.85,
                   "line": {"color": gate.colour.on_dark if dark else gate.colour.on_light, "width": 1}},
        "text": [
            f"unit {unit}, {name}: above {OPEN} for {100 * high:.0f} %, below {SHUT} for {100 * low:.0f} % of steps"
            for unit, (high, low) in enumerate(zip(above, below, strict=True))
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _curve(stats: GateStatistics, times: Array, top: float, marker: str, dark: bool) -> dict[str, Any]:
    cell = CELLS[stats.cell]
    assert cell.keeps is not None
    keeps = cell.signal(cell.keeps)
    colour = cell.colour.on_dark if dark else cell.colour.on_light
    units = np.argsort(-times, kind="stable")
    return {
        "type": "scatter", "mode": "lines+markers", "name": cell.name, "cliponaxis": False,
        "x": np.arange(1, len(units) + 1) / len(units), "y": np.minimum(times[units], top),
        "line": {"color": colour, "width": 1.5, "dash": cell.dash}, "marker": {"symbol": marker, "size": 6},
        "text": [
            # "keeps", because that holds in either notation of an update gate
            f"{cell.name}, unit {unit}: {_steps(times[unit], top)}<br>"
            f"its {keeps.name} keeps {100 * stats.mean[keeps.key][unit]:.4g} % on average"
            for unit in units
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _steps(timescale: float, top: float) -> str:
    if math.isinf(timescale):
        return "no end, it never forgets (drawn at the top edge)"
    return f"{timescale:,.1f} steps" + (" (beyond the top edge)" if timescale > top else "")


def _top(timescales: Sequence[Array]) -> float:
    """A little above all finite timescales, so that what lies on the edge is only what never forgets."""
    finite = [float(time) for times in timescales for time in times if math.isfinite(time)]
    return 1.25 * max([8.0, *finite])


def _axis(look: Theme) -> dict[str, Any]:
    return {"zeroline": False, "gridcolor": look.faint, "gridwidth": 0.5, "fixedrange": True, "linecolor": look.faint}


def _note(text: str) -> dict[str, Any]:
    """In the corner that curves from the longest to the shortest leave empty."""
    return {"xref": "paper", "yref": "paper", "x": 0.02, "y": 0.02, "xanchor": "left", "yanchor": "bottom",
            "text": text, "showarrow": False, "font": {"size": 12}}  # fmt: skip
