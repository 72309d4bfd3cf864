"""Gradient norms against lag: the median over seeds and the band around it, a panel a cell, on shared axes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from gruviz.errors import GruvizError
from gruviz.experiment.sentences import pace, window
from gruviz.figures.float32 import Float32End, add_end, lowest
from gruviz.figures.lazy import LazyFigure
from gruviz.figures.style import Theme, base_layout, theme
from gruviz.records import Array, GradientFlow, GradientFlows
from gruviz.signals import VARIANTS, Colour

_FLOOR = -1.0  # the axis shows at least one decade down
_HEIGHT = 330


def gradients(
    flows: Sequence[GradientFlows],
    extra: Mapping[str, tuple[str, GradientFlow]] | None = None,
    y_range: tuple[float, float] | None = None,
    dark: bool = False,
    names: tuple[str, str] = ("random weights", "own weights"),
) -> go.Figure:
    """One panel a cell, side by side: log10 of ||dL/ds_(at-k)|| / ||dL/ds_at|| against lag k.

    flows: one a cell, of the same loss step. extra: one more flow for a cell, with its name, such as a trained model's.
    y_range: of the shared axis; where None, `shared_range` of these. names: what the head of a panel with two lines
    calls the flows' weights and the extra's. Raises GruvizError where the steps differ.
    """
    if len({flow.at for flow in flows}) != 1:
        raise GruvizError("These flows take their losses at different steps; compare flows of one step.")
    look, extra = theme(dark), extra or {}
    low, high = y_range or shared_range(flows, extra)
    layout = base_layout(look, _HEIGHT)
    layout |= {"showlegend": False, "annotations": [], "shapes": [], "hovermode": "x"}
    layout["margin"] = {"l": 66, "r": 8, "t": 70 if extra else 52, "b": 44}
    data: list[dict[str, Any]] = []
    for index, flow in enumerate(flows):
        suffix = str(index + 1) if index else ""
        width, gap = 1 / len(flows), 0.04 if len(flows) > 1 else 0
        layout[f"xaxis{suffix}"] = norm_axis(look) | {
            "domain": [index * width + gap / 2, (index + 1) * width - gap / 2], "range": [0, flow.at],
            "title": {"text": "lag k (steps back from the loss)", "font": {"size": 11}}, "nticks": 6,
            "anchor": f"y{suffix}",
        }  # fmt: skip
        layout[f"yaxis{suffix}"] = norm_axis(look) | {
            "range": [low, high], "anchor": f"x{suffix}", "showticklabels": index == 0, "tickprefix": "10<sup>",
            "ticksuffix": "</sup>", "nticks": 7,
            "title": {"text": "‖dL/ds‖ over its size at lag 0" if index == 0 else "", "font": {"size": 11}},
        }  # fmt: skip
        data += curves(flow, suffix, look, dark)
        if flow.cell in extra:
            data.append(_extra(*extra[flow.cell], suffix, look))
        layout["annotations"].append(_heading(flow, extra.get(flow.cell), names, suffix, dark))
        end = Float32End.of(flow.median())
        if end.smallest > low:
            add_end(layout, end, suffix, look)
    return LazyFigure(data, layout)


def shared_range(
    flows: Sequence[GradientFlows], extra: Mapping[str, tuple[str, GradientFlow]] | None = None
) -> tuple[float, float]:
    """The range of log10 that holds all bands, medians and extra curves, and the ends of float32 that are near them."""
    lines = [edge.log10_relative() for flow in flows for edge in (*flow.band(), flow.median())]
    lines += [flow.log10_relative() for _, flow in (extra or {}).values()]
    finite = np.concatenate([curve[np.isfinite(curve)] for curve in lines])
    low, high = min(_FLOOR, float(finite.min())), max(0.0, float(finite.max()))
    low = lowest(low, [Float32End.of(flow.median()) for flow in flows])
    room = 0.04 * (high - low)
    return low - room, high + room


def curves(flow: GradientFlows, suffix: str, look: Theme, dark: bool) -> list[dict[str, Any]]:
    """The band over the seeds, the median, and the fitted line, of one cell."""
    cell, median = VARIANTS[flow.cell], flow.median()
    colour = ink(cell.colour, dark)
    lower, upper = (drawable(edge.log10_relative()) for edge in flow.band())
    lags = np.arange(flow.at + 1)
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    outline = {"type": "scatter", "mode": "lines", "x": lags, "line": {"width": 0}, "hoverinfo": "skip", **axes}
    drawn: list[dict[str, Any]] = []
    if len(flow) > 1:
        drawn = [outline | {"y": lower}, outline | {"y": upper, "fill": "tonexty", "fillcolor": _faded(colour),
                                                     "name": f"{flow.cell}, 10 to 90% of seeds"}]  # fmt: skip
    drawn.append({
        "type": "scatter", "mode": "lines", "x": lags, "y": drawable(median.log10_relative()), **axes,
        "line": {"color": colour, "width": 2.5, "dash": cell.dash}, "name": f"{flow.cell}, median",
        "hovertemplate": "lag %{x}: 10^%{y:.2f}<extra>" + flow.cell + "</extra>",
    })  # fmt: skip
    fit = _fit(median)
    if fit is not None:
        x, y = fit
        drawn.append({"type": "scatter", "mode": "lines", "x": x, "y": y, **axes, "hoverinfo": "skip",
                       "line": {"color": look.ink, "width": 1.2}, "name": "fitted rate"})  # fmt: skip
    return drawn


def _fit(flow: GradientFlow) -> tuple[list[int], list[float]] | None:
    """The fitted line over the window of lags, through the middle of the curve there."""
    lo, hi = window(flow.at)
    values = flow.log10_relative()[lo : hi + 1]
    if hi <= lo or not np.isfinite(values).all():
        return None
    half = (hi - lo) / 2 * float(np.log10(flow.rate(lo, hi)))
    middle = float(values.mean())
    return [lo, hi], [middle - half, middle + half]


def _extra(name: str, flow: GradientFlow, suffix: str, look: Theme) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines+markers", "x": np.arange(flow.at + 1), "y": drawable(flow.log10_relative()),
        "xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "line": {"color": look.ink, "width": 2}, "marker": {"size": 5},
        "name": name, "hovertemplate": "lag %{x}: 10^%{y:.2f}<extra>" + name + "</extra>",
    }  # fmt: skip


def _heading(
    flow: GradientFlows, extra: tuple[str, GradientFlow] | None, names: tuple[str, str], suffix: str, dark: bool
) -> dict[str, Any]:
    """The cell, and the pace of each of its lines, the bold one's first."""
    colour, paces = ink(VARIANTS[flow.cell].colour, dark), pace(flow.median())
    if extra is not None:
        paces = f"● {names[1]}: {pace(extra[1])}<br>{names[0]}: {paces}"
    return {
        "xref": f"x{suffix} domain", "yref": f"y{suffix} domain", "x": 0, "y": 1, "xanchor": "left",
        "yanchor": "bottom", "showarrow": False, "align": "left", "yshift": 4,
        "text": f"<b style='color:{colour}'>{flow.cell}</b><br>{paces}", "font": {"size": 13},
    }  # fmt: skip


def norm_axis(look: Theme) -> dict[str, Any]:
    """What both axes of a panel of norms have."""
    return {"zeroline": False, "gridcolor": look.faint, "gridwidth": 0.5, "fixedrange": True, "linecolor": look.faint}


def drawable(values: Array) -> Array:
    """Values to draw: -inf (exactly zero) is a gap in the line."""
    return np.where(np.isfinite(values), values, np.nan)


def ink(colour: Colour, dark: bool) -> str:
    """The colour of a cell's lines and of its name."""
    return colour.on_dark if dark else colour.on_light


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"
