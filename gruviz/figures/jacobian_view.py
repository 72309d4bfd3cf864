"""What lies behind the norms: the singular values of ds_at/ds_(at-k), and the spectrum of one step's Jacobian."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from gruviz.figures.lazy import LazyFigure
from gruviz.figures.style import base_layout, theme
from gruviz.records import SingularValues
from gruviz.signals import VARIANTS

_HEIGHT = 560


def jacobian_view(
    values: SingularValues,
    eigenvalues: np.ndarray[Any, Any],
    y_range: tuple[float, float] | None = None,
    dark: bool = False,
) -> go.Figure:
    """Two panels for one cell: log10 of largest and smallest singular value against lag, and eigenvalues (N,) complex.

    The unit circle is drawn beside the eigenvalues: a step whose eigenvalues all lie inside shrinks small changes in
    the long run.
    """
    look, cell = theme(dark), VARIANTS[values.cell]
    colour = cell.colour.on_dark if dark else cell.colour.on_light
    axis = {"zeroline": False, "gridcolor": look.faint, "gridwidth": 0.5, "fixedrange": True, "linecolor": look.faint}
    angle = np.linspace(0, 2 * np.pi, 121)
    radius = float(np.abs(eigenvalues).max(initial=0.0))
    reach = 1.1 * max(1.0, radius)
    lags = np.array(values.lags)
    data: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines+markers", "x": lags, "y": _drawable(logs), "name": name,
         "line": {"color": colour, "width": 2.5 if dash == "solid" else 1.5, "dash": dash}, "marker": {"size": 5},
         "hovertemplate": f"{name} at lag %{{x}}: 10^%{{y:.2f}}<extra></extra>"}
        for name, logs, dash in (
            ("largest singular value", values.log10_largest, "solid"),
            ("smallest singular value", values.log10_smallest, "dot"),
        )
    ]  # fmt: skip
    data += [
        {"type": "scatter", "mode": "lines", "x": np.cos(angle), "y": np.sin(angle), "xaxis": "x2", "yaxis": "y2",
         "line": {"color": look.faint, "width": 1.5}, "hoverinfo": "skip", "showlegend": False},
        {"type": "scatter", "mode": "markers", "x": eigenvalues.real, "y": eigenvalues.imag, "xaxis": "x2",
         "yaxis": "y2", "marker": {"color": colour, "size": 6}, "showlegend": False,
         "hovertemplate": "%{x:.3f} %{y:+.3f} i<extra></extra>"},
    ]  # fmt: skip
    layout = base_layout(look, _HEIGHT) | {
        "margin": {"l": 58, "r": 8, "t": 40, "b": 44},
        "legend": {"x": 1, "xanchor": "right", "y": 1, "yanchor": "top"},
        "xaxis": axis | {"title": {"text": "lag k", "font": {"size": 11}}, "anchor": "y", "range": [0, values.at]},
        "yaxis": axis | {"domain": [0.58, 1], "tickprefix": "10<sup>", "ticksuffix": "</sup>", "nticks": 6}
        | ({"range": list(y_range)} if y_range else {}),
        "xaxis2": axis | {"anchor": "y2", "range": [-reach, reach], "constrain": "domain",
                          "title": {"text": "real part of one step’s eigenvalues", "font": {"size": 11}}},
        "yaxis2": axis | {"domain": [0, 0.38], "anchor": "x2", "range": [-reach, reach], "scaleanchor": "x2",
                          "title": {"text": "imaginary part", "font": {"size": 11}}},
        "annotations": [
            _note(f"<b style='color:{colour}'>{values.cell}</b>: ds<sub>t</sub>/ds<sub>t−k</sub>, seed 0", 1.0),
            _note(f"spectral radius at step {values.at + 1}, the loss’s: {radius:.3g}", 0.39),
        ],
    }  # fmt: skip
    return LazyFigure(data, layout)


def jacobian_range(values: Sequence[SingularValues]) -> tuple[float, float]:
    """The range of log10 for several cells: it holds the largest values, and the smallest down to twice as far."""
    largest = _finite([value.log10_largest for value in values])
    smallest = _finite([value.log10_smallest for value in values])
    high = max(0.0, float(largest.max(initial=0.0)))
    low = max(float(smallest.min(initial=0.0)), 2 * min(-5.0, float(largest.min(initial=0.0))))
    low = min(low, -1.0)
    return low - 0.04 * (high - low), high + 0.04 * (high - low)


def _finite(logs: Sequence[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    every: np.ndarray[Any, Any] = np.concatenate(logs)
    return np.extract(np.isfinite(every), every)


def _note(text: str, y: float) -> dict[str, Any]:
    return {"xref": "paper", "yref": "paper", "x": 0, "y": y, "xanchor": "left", "yanchor": "bottom", "text": text,
            "showarrow": False, "font": {"size": 13}}  # fmt: skip


def _drawable(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.where(np.isfinite(values), values, np.nan)
