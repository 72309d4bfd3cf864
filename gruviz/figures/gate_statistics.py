"""How gates stand: how much of the time each unit's gates are saturated, and for how long units remember."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from gruviz.common.quantities import share
from gruviz.errors import GruvizError
from gruviz.figures.lazy import LazyFigure
from gruviz.figures.style import MARKERS, Theme, base_layout, theme
from gruviz.records import Array, Lifetimes
from gruviz.records.gate_statistics import OPEN, SHUT, GateStatistics
from gruviz.signals import CELLS, Notation, Signal

_HEIGHT = 380
_LEAST = 0.1  # steps, the lower end of their axis
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


def timescales(
    memory: Sequence[Lifetimes], gates: Sequence[GateStatistics], longest: float | None = None, dark: bool = False
) -> go.Figure:
    """How long each unit remembers, in steps on a log y axis, the longest first: two curves per cell.

    Solid: how long a change of the unit's memory lives in the network. Dotted, for cells with a gate that keeps the
    state: the time constant of that gate alone. x is the share of the units that reach at least so many steps, 1/H to
    1, so cells of different size compare. longest: the top of the axis in steps, above 1; where None, one above all
    finite ones. Units beyond it, and those without an end, lie on the top edge; the hover has their number. What is
    less than a tenth of a step lies on the lower edge. Raises GruvizError for a top of 1 or less.
    """
    look = theme(dark)
    constants = [(one, times) for one in gates if (times := one.time_constant()) is not None]
    most = max([1, *(one.longest for one in memory)])
    every = [times for _, times in constants] + [one.steps for one in memory]
    top = longest if longest is not None else _top(every, most)
    if not 1 < top < math.inf:
        raise GruvizError(f"The top of the timescales is {top:g}; it must be a number of steps above 1.")
    data = [_lifetimes(one, top, MARKERS[place], dark) for place, one in enumerate(memory)]
    data += [_constants(one, times, top, dark) for one, times in constants]
    layout = base_layout(look, _HEIGHT + 19 * len(data)) | {
        "margin": _MARGIN | {"t": 24 + 19 * len(data)}, "legend": _LEGEND, "showlegend": True, "hovermode": "closest",
        "xaxis": _axis(look) | {"range": [0, 1.02], "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%",
                                "title": {"text": "units with at least so many steps", "font": {"size": 11}}},
        "yaxis": _axis(look) | {"type": "log", "range": [math.log10(_LEAST), math.log10(top)], "dtick": 1,
                                "title": {"text": "steps until 1/e is left", "font": {"size": 11}}},
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
            f"unit {unit}, {name}: above {OPEN} for {share(high)}, below {SHUT} for {share(low)} of steps"
            for unit, (high, low) in enumerate(zip(above, below, strict=True))
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _lifetimes(lifetimes: Lifetimes, top: float, marker: str, dark: bool) -> dict[str, Any]:
    def said(steps: float) -> str:
        if math.isinf(steps):
            return f"a change lives for more than {lifetimes.longest:,} steps (drawn at the top edge)"
        return f"a change lives for {_steps(steps, top)}"

    return _curve(lifetimes.cell, lifetimes.steps, top, dark, f"{lifetimes.cell}, a change", said) | {
        "mode": "lines+markers", "marker": {"symbol": marker, "size": 6},
    }  # fmt: skip


def _constants(stats: GateStatistics, times: Array, top: float, dark: bool) -> dict[str, Any]:
    cell = CELLS[stats.cell]
    assert cell.keeps is not None
    gate = cell.signal(cell.keeps).name

    def said(steps: float) -> str:
        if math.isinf(steps):
            return f"its {gate} alone keeps everything (drawn at the top edge)"
        return f"its {gate} alone: {_steps(steps, top)}"

    name = f"{cell.name}, its {gate} alone"
    curve = _curve(stats.cell, times, top, dark, name, said) | {"mode": "lines"}
    return curve | {"line": curve["line"] | {"dash": "dot"}}


def _curve(name: str, times: Array, top: float, dark: bool, label: str, said: Callable[[float], str]) -> dict[str, Any]:
    cell = CELLS[name]
    colour = cell.colour.on_dark if dark else cell.colour.on_light
    units = np.argsort(-times, kind="stable")
    return {
        "type": "scatter", "name": label, "cliponaxis": False,
        "x": np.arange(1, len(units) + 1) / len(units), "y": np.clip(times[units], _LEAST, top),
        "line": {"color": colour, "width": 1.5},
        "text": [f"{name}, unit {unit}: {said(float(times[unit]))}" for unit in units],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _steps(steps: float, top: float) -> str:
    return f"{steps:,.1f} steps" + (" (beyond the top edge)" if steps > top else "")


def _top(timescales: Sequence[Array], followed: float) -> float:
    """A little above all finite ones and the steps followed, so that only what has no end lies on the edge."""
    finite = [float(time) for times in timescales for time in times if math.isfinite(time)]
    return 1.25 * max([8.0, followed, *finite])


def _axis(look: Theme) -> dict[str, Any]:
    return {"zeroline": False, "gridcolor": look.faint, "gridwidth": 0.5, "fixedrange": True, "linecolor": look.faint}


def _note(text: str) -> dict[str, Any]:
    """In the corner that curves from the longest to the shortest leave empty."""
    return {"xref": "paper", "yref": "paper", "x": 0.02, "y": 0.02, "xanchor": "left", "yanchor": "bottom",
            "text": text, "showarrow": False, "font": {"size": 12}}  # fmt: skip
