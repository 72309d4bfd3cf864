"""Which inputs matter: |d out / d x_k| for several networks, under each other on the same tokens."""

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from gruviz.figures.lazy import LazyFigure
from gruviz.figures.style import base_layout, theme, token_axis
from gruviz.records import InputRelevance

_MOST_DECADES = 6.0  # below the strongest input of a row; what is weaker looks alike


def relevance(rows: Sequence[tuple[str, InputRelevance]], tokens: Sequence[str], dark: bool = False) -> go.Figure:
    """One row a network: log10 of the norm of d out/dx_k over its own largest, for each token k."""
    look = theme(dark)
    with np.errstate(invalid="ignore"):
        logs = [np.where(np.isfinite(row.log10_norm), row.log10_norm, np.nan) for _, row in rows]
    shares = np.array([log - np.nanmax(log) if np.isfinite(log).any() else log for log in logs])
    floor = -float(np.clip(-np.nanmin(shares), 1.0, _MOST_DECADES)) if np.isfinite(shares).any() else -1.0
    data = {
        "type": "heatmap", "z": np.maximum(shares, floor), "x0": 1, "dx": 1,
        "y": [escape(name) for name, _ in rows],
        "customdata": np.array([[f"10^{v:.2f}" if np.isfinite(v) else "0" for v in log] for log in logs]),
        "zmin": floor, "zmax": 0, "colorscale": [[0, look.zero], [1, look.positive[1]]], "ygap": 3, "xgap": 1,
        "colorbar": {"thickness": 10, "tickprefix": "10<sup>", "ticksuffix": "</sup>", "outlinewidth": 0, "nticks": 4},
        "hovertemplate": "step %{x:d}, %{y}: %{customdata}<extra></extra>",
    }  # fmt: skip
    layout = base_layout(look, 60 + 44 * len(rows) + 40) | {
        "xaxis": token_axis(tokens),
        "yaxis": {"autorange": "reversed", "fixedrange": True, "showgrid": False, "automargin": True},
    }
    return LazyFigure([data], layout)
