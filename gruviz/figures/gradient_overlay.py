"""Gradient norms of all cells in one panel, told apart by colour and line."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from gruviz.errors import GruvizError
from gruviz.experiment.sentences import pace
from gruviz.figures.float32 import Float32End, add_end
from gruviz.figures.gradient_norms import curves, drawable, ink, norm_axis, shared_range
from gruviz.figures.lazy import LazyFigure
from gruviz.figures.style import base_layout, theme
from gruviz.records import GradientFlow, GradientFlows
from gruviz.signals import VARIANTS

_HEIGHT = 340
_FAINT = 0.09  # of the bands, of which several lie over each other


def gradients_overlaid(
    flows: Sequence[GradientFlows],
    extra: Mapping[str, tuple[str, GradientFlow]] | None = None,
    dark: bool = False,
    names: tuple[str, str] = ("random weights", "own weights"),
) -> go.Figure:
    """The curves of `gradients`, over each other: medians with the pace of each in the legend, bands, extra curves.

    Arguments and errors are as there. Where float32 ends is drawn for the cell that reaches it first.
    """
    if len({flow.at for flow in flows}) != 1:
        raise GruvizError("These flows take their losses at different steps; compare flows of one step.")
    look, extra = theme(dark), extra or {}
    low, high = shared_range(flows, extra)
    data: list[dict[str, Any]] = []
    for flow in flows:
        for curve in curves(flow, "", look, dark):
            name, median = curve.get("name", ""), curve.get("name") == f"{flow.cell}, median"
            curve |= {"showlegend": median, "legendgroup": flow.cell, "line": dict(curve["line"])}
            if median:
                words = pace(flow.median())
                curve["name"] = f"<b>{flow.cell}</b>, {names[0]}: {words}" if extra else f"<b>{flow.cell}</b>: {words}"
            elif "fillcolor" in curve:
                curve["fillcolor"] = curve["fillcolor"].replace("0.18", str(_FAINT))
            elif name == "fitted rate":
                continue  # it lies on the line, which its own panel shows better
            data.append(curve)
        if flow.cell in extra:
            title, own = extra[flow.cell]
            data.append({
                "type": "scatter", "mode": "lines+markers", "x": list(range(own.at + 1)),
                "y": drawable(own.log10_relative()), "marker": {"size": 5}, "legendgroup": flow.cell,
                "line": {"color": ink(VARIANTS[flow.cell].colour, dark), "width": 1.5},
                "name": f"<b>{flow.cell}</b>, {names[1]}: {pace(own)}",
                "hovertemplate": "lag %{x}: 10^%{y:.2f}<extra>" + title + "</extra>",
            })  # fmt: skip
    layout = base_layout(look, _HEIGHT)
    layout |= {
        "annotations": [], "shapes": [], "hovermode": "x", "margin": {"l": 66, "r": 8, "t": 8, "b": 44},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "xanchor": "left",
                   "font": {"size": 13}, "bgcolor": "rgba(0,0,0,0)", "itemclick": False, "itemdoubleclick": False},
        "xaxis": norm_axis(look) | {"range": [0, flows[0].at], "nticks": 12, "anchor": "y",
                                    "title": {"text": "lag k (steps back from the loss)", "font": {"size": 11}}},
        "yaxis": norm_axis(look) | {"range": [low, high], "anchor": "x", "tickprefix": "10<sup>", "nticks": 8,
                                    "ticksuffix": "</sup>",
                                    "title": {"text": "‖dL/ds‖ over its size at lag 0", "font": {"size": 11}}},
    }  # fmt: skip
    first = max((Float32End.of(flow.median()) for flow in flows), key=lambda end: end.normal)
    if first.smallest > low:
        add_end(layout, first, "", look)
    return LazyFigure(data, layout)
