"""What a search for settings found: the expected score after n trials, the trials, and which settings mattered."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from gruviz.figures.lazy import LazyFigure
from gruviz.figures.style import Theme, base_layout, theme
from gruviz.models.studies import CellStudy, TaskStudy
from gruviz.signals import CELLS

_HEIGHT = 330
_AXIS = 74  # px of height for each axis of the trials and each row of the bars, with their gaps
_LEGEND = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}


def expected_best(study: TaskStudy, metric: str, share: bool = False, dark: bool = False) -> go.Figure:
    """The expected validation score of the best of n trials against n, on a log axis, with its band, for each cell.

    metric: what the y axis is called. share: scores are shares, shown in percent.
    """
    look = theme(dark)
    data = [drawn for cell in study.cells.values() for drawn in _curve(cell, share, dark)]
    trials = max(len(cell.trials) for cell in study.cells.values())
    layout = base_layout(look, _HEIGHT) | {
        "margin": {"l": 66, "r": 12, "t": 40, "b": 48}, "legend": _LEGEND, "showlegend": True, "hovermode": "x",
        "xaxis": _axis(look) | {"type": "log", "range": [0, math.log10(trials)], "tickvals": _ticks(trials),
                                "title": {"text": "trials", "font": {"size": 11}}},
        "yaxis": _axis(look) | {"title": {"text": metric, "font": {"size": 11}}, "automargin": True,
                                **({"tickformat": ".0%"} if share else {})},
    }  # fmt: skip
    return LazyFigure(data, layout)


def _curve(cell: CellStudy, share: bool, dark: bool) -> list[dict[str, Any]]:
    colour = _ink(cell.cell, dark)
    n = list(range(1, len(cell.curve.mean) + 1))
    edge = {"type": "scatter", "mode": "lines", "x": n, "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False,
            "legendgroup": cell.cell}  # fmt: skip
    value = "%{y:.1%}" if share else "%{y:.4g}"
    return [
        edge | {"y": list(cell.curve.low)},
        edge | {"y": list(cell.curve.high), "fill": "tonexty", "fillcolor": _faded(colour)},
        {"type": "scatter", "mode": "lines", "x": n, "y": list(cell.curve.mean), "name": cell.cell,
         "legendgroup": cell.cell, "line": {"color": colour, "width": 2.5, "dash": CELLS[cell.cell].dash},
         "hovertemplate": f"{value} after %{{x}} trials<extra>{cell.cell}</extra>"},
    ]  # fmt: skip


def trials(cell: CellStudy, space: Mapping[str, Mapping[str, Any]], names: Mapping[str, str],
           dark: bool = False) -> go.Figure:  # fmt: skip
    """Parallel coordinates: an axis for each setting, a line for each trial of one cell, the better the darker.

    names: what the settings are called. The last axis is the loss; it and ranges that are searched by orders of
    magnitude are logarithmic. The chosen trial is a wide line.
    """
    look = theme(dark)
    axes = [name for name in space if name in cell.chosen.settings]
    done = [trial for trial in cell.trials if trial.loss is not None]
    lowest = min(trial.loss or math.inf for trial in done)
    losses = [math.log10(max(trial.loss or 0.0, 1e-12)) for trial in done]
    ends = (min(losses), max(losses))
    places = np.linspace(0, 1, len(axes) + 1)
    ranks = np.argsort(np.argsort(losses, kind="stable"), kind="stable")
    data, labels = list[dict[str, Any]](), list[dict[str, Any]]()
    for place, trial in sorted(enumerate(done), key=lambda pair: -losses[pair[0]]):  # the best on top
        heights = [_height(trial.settings[name], space[name]) for name in axes]
        heights.append((losses[place] - ends[0]) / ((ends[1] - ends[0]) or 1))
        best = trial.number == cell.best
        good = 1 - ranks[place] / max(1, len(done) - 1)
        settings = "<br>".join(f"{names[name]} {trial.settings[name]:.3g}" for name in axes)
        said = f"trial {trial.number}, loss {trial.loss:.4g}{', ended early' if trial.pruned else ''}<br>{settings}"
        data.append({
            "type": "scatter", "mode": "lines", "x": places.tolist(), "y": heights, "text": [said] * len(heights),
            "line": {"color": _ink(cell.cell, dark), "width": 3.5 if best else 1.2,
                     "dash": "dot" if trial.pruned else "solid"},
            "opacity": 1.0 if best else 0.15 + 0.6 * float(good) ** 2, "showlegend": False,
            "hovertemplate": "%{text}<extra></extra>",
        })  # fmt: skip
    for x, name in zip(places, axes, strict=False):
        labels += _labels(float(x), names[name], space[name]["low"], space[name]["high"])
    labels += _labels(1.0, "loss", lowest, 10 ** ends[1])
    layout = base_layout(look, _HEIGHT) | {
        "margin": {"l": 44, "r": 44, "t": 64, "b": 28}, "showlegend": False, "hovermode": "closest",
        "xaxis": {"visible": False, "range": [-0.02, 1.02], "fixedrange": True},
        "yaxis": {"visible": False, "range": [-0.04, 1.04], "fixedrange": True},
        "shapes": [{"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "layer": "below",
                    "line": {"color": look.faint, "width": 1.5}} for x in places.tolist()],
        "annotations": labels,
    }  # fmt: skip
    return LazyFigure(data, layout)


def importances(cells: Sequence[CellStudy], names: Mapping[str, str], dark: bool = False) -> go.Figure:
    """A bar for each setting and cell: its share in the variance of the loss (fANOVA). The largest mean is on top."""
    look = theme(dark)
    searched = {name for cell in cells for name in cell.importances}
    order = sorted(searched, key=lambda name: sum(cell.importances.get(name, 0.0) for cell in cells))
    patterns = ("", "/", ".")
    data = [
        {"type": "bar", "orientation": "h", "name": cell.cell, "y": [names[name] for name in order],
         "x": [cell.importances.get(name) for name in order],
         "marker": {"color": _ink(cell.cell, dark), "pattern": {"shape": patterns[place % 3]}},
         "hovertemplate": "%{y}: %{x:.0%}<extra>" + cell.cell + "</extra>"}
        for place, cell in enumerate(cells)
    ]  # fmt: skip
    layout = base_layout(look, 90 + 34 * len(order)) | {
        "margin": {"l": 44, "r": 12, "t": 40, "b": 44}, "legend": _LEGEND | {"traceorder": "normal"},
        "showlegend": True, "barmode": "group", "bargap": 0.25,
        "xaxis": _axis(look) | {"tickformat": ".0%", "rangemode": "tozero",
                                "title": {"text": "share of the variance of the loss", "font": {"size": 11}}},
        "yaxis": _axis(look) | {"automargin": True},
    }  # fmt: skip
    return LazyFigure(data, layout)


def _height(value: float, dimension: Mapping[str, Any]) -> float:
    """Where a value lies on its axis, from 0 to 1."""
    low, high = dimension["low"], dimension["high"]
    if dimension["log"]:
        return math.log(value / low) / math.log(high / low)
    return float((value - low) / (high - low))


def _labels(x: float, name: str, low: float, high: float) -> list[dict[str, Any]]:
    """An axis' name, slanted above it, and the values at its ends."""
    common = {"x": x, "xref": "x", "yref": "y", "showarrow": False, "font": {"size": 11}}
    return [
        common | {"y": 1.0, "yanchor": "bottom", "yshift": 14, "xanchor": "left", "textangle": -25, "text": name},
        common | {"y": 1.0, "yanchor": "bottom", "text": f"{high:.3g}"},
        common | {"y": 0.0, "yanchor": "top", "text": f"{low:.3g}"},
    ]


def _ticks(trials: int) -> list[int]:
    """1, 2, 5, 10, ... up to the number of trials."""
    return [step * 10**power for power in range(6) for step in (1, 2, 5) if step * 10**power <= trials]


def _axis(look: Theme) -> dict[str, Any]:
    return {"zeroline": False, "gridcolor": look.faint, "gridwidth": 0.5, "fixedrange": True, "linecolor": look.faint}


def _ink(cell: str, dark: bool) -> str:
    colour = CELLS[cell].colour
    return colour.on_dark if dark else colour.on_light


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"
