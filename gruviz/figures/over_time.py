"""All signals of a trace over time: a heatmap (unit x step) or lines for chosen units, one panel a signal."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from gruviz.errors import GruvizError
from gruviz.figures.answers import answer_panel
from gruviz.figures.behind import answer_behind, dots, lines_behind
from gruviz.figures.lazy import LazyFigure
from gruviz.figures.style import (
    GATE_BOUNDS,
    GATE_SCALE,
    LINE_COLOURS,
    LINE_DASHES,
    MARKERS,
    Theme,
    base_layout,
    theme,
    token_axis,
)
from gruviz.notation.ends import meaning
from gruviz.records import Answers, Array, Trace
from gruviz.signals import Notation

MOST_LINES = 8
_GAP, _COMPACT_GAP = 0.0425, 0.1  # between panels, where the lower one's title stands; of the height of all
_MOST_COMPACT_TICKS = 14  # a label each 17 px in the narrowest column, of three beside a board at 1280 px
_MARGINS = {"l": 34, "t": 22, "r": 58, "b": 30}


def signals(
    trace: Trace,
    notation: Notation | None = None,
    view: Literal["heatmap", "lines"] = "heatmap",
    units: Sequence[int] = (),
    answers: Answers | None = None,
    step: int = 1,
    dark: bool = False,
    keys: Sequence[str] = (),
    compact: bool = False,
    unit: int | None = None,
    behind: Trace | None = None,
    answers_behind: Answers | None = None,
) -> go.Figure:
    """One panel a signal of an unbatched trace (or only those of `keys`), and one for the answers where given.

    `units` are the lines drawn, at most 8; without any, those that change most. `step` (1 to T) is where the cursor
    stands: shape 0 of the layout, a frame one step wide that a page can move. `unit` is outlined in every heatmap (the
    shapes after it), or drawn as a line of its own. `compact` is for narrow columns: no colour bars, slanted tokens.
    Gates are on [0, 1], candidate and hidden state on [-1, 1]. `behind` is another run of the network, which may be
    shorter or longer: of it there are thin dotted lines, and in heatmaps dots on the cells in which it differs by 0.1
    or more (of a signal without bounds, by a tenth of the largest value).
    Raises GruvizError for a batch, and for a unit or a signal that is not there.
    """
    if trace.inputs.ndim != 2:
        raise GruvizError("This trace holds a batch; draw one of its sequences.")
    wrong = [asked for asked in (*units, *(() if unit is None else (unit,))) if not 0 <= asked < trace.units]
    if wrong:
        raise GruvizError(f"Unit {wrong[0]} was asked for; this trace has units 0 to {trace.units - 1}.")
    unknown = [key for key in keys if key not in trace.values]
    if unknown:
        raise GruvizError(f"Signal {unknown[0]!r} was asked for; this trace has {', '.join(trace.values)}.")
    notation, look = notation or Notation(), theme(dark)
    chosen = tuple(units)[:MOST_LINES] or busiest_units(trace)
    panel = 100 if view == "lines" else int(np.clip(trace.units * 5, 64, 100))
    drawn = {key: trace[key] for key in keys or trace.values}
    panels, gap = len(drawn) + (answers is not None), _COMPACT_GAP if compact else _GAP
    height = panels * panel + 52
    layout = base_layout(look, height)
    layout |= {"shapes": [_cursor(step, look)], "showlegend": view == "lines", "annotations": [],
               "legend": {"orientation": "h", "yref": "container", "y": 1, "yanchor": "top", "x": 0},
               "coloraxis": _colour_axis(GATE_SCALE, {0: "0 none", 0.5: "0.5", 1: "1 all"}, 0.75),
               "hovermode": "closest",
               "coloraxis2": _colour_axis(look.diverging(), {-1: "−1", 0: "0", 1: "+1"}, 0.25)}  # fmt: skip
    layout["margin"] = _MARGINS | ({"t": 52, "r": 12} if view == "lines" else {})
    data: list[dict[str, Any]] = []
    for index, (key, values) in enumerate(drawn.items()):
        signal = trace.spec.signal(key)
        shown = (1 - values) if notation.flips(signal) else values
        name = f"{notation.symbol(signal)} {signal.name}"
        axis = _add_panel(layout, index, panels, look, gap)
        ink = signal.colour.on_dark if dark else signal.colour.on_light
        words = f"{signal.name} {notation.symbol(signal)}"
        title = _titled(layout, axis, words, meaning(trace.spec, signal, notation), ink)
        if view == "heatmap":
            data.append(_heatmap(shown, axis, trace.bounds(key), name, look))
            if trace.bounds(key) is None:  # no colour bar is its
                title["text"] += f", from −{_reach(shown):.2g} to {_reach(shown):.2g}"
            layout[f"yaxis{axis}"] |= {"range": [trace.units - 0.5, -0.5], "dtick": max(1, trace.units // 4)}
            if unit is not None:
                layout["shapes"].append(_outline(unit, axis, look))
            if behind is not None:
                data.append(dots(trace, behind, key, axis))
        else:
            if unit is not None:
                data.append(_chosen_line(shown[:, unit], unit, key, axis, name, look, first=index == 0))
            data += [_line(shown[:, line], line, place, axis, name, first=index == 0)
                     for place, line in enumerate(chosen)]  # fmt: skip
            if behind is not None:
                data += lines_behind(data, behind, key, notation, len(trace))
            layout[f"yaxis{axis}"]["range"] = _range(trace, key)
    if answers is not None:
        axis = _add_panel(layout, panels - 1, panels, look, gap)
        _titled(layout, axis, "answer", escape(answers.heading), look.ink)
        traces, scale = answer_panel(answers, axis, look)
        data += traces if answers_behind is None else [*answer_behind(answers_behind, axis, look, len(trace)), *traces]
        layout[f"yaxis{axis}"] |= scale
    layout["xaxis"] = token_axis(trace.tokens, f"y{panels if panels > 1 else ''}")
    if compact:
        layout["margin"]["r"] = 8
        layout["xaxis"] |= {"tickangle": -60} | _thinned(layout["xaxis"])
        for axis in ("coloraxis", "coloraxis2"):
            layout[axis] = {key: value for key, value in layout[axis].items() if key != "colorbar"} | {
                "showscale": False
            }
    return LazyFigure(data, layout)


def busiest_units(trace: Trace, most: int = 4) -> tuple[int, ...]:
    """The units whose hidden state moves most over the whole sequence, in order of index."""
    return tuple(sorted(np.argsort(-trace.change().sum(0), kind="stable")[:most].tolist()))


def _thinned(axis: dict[str, Any]) -> dict[str, Any]:
    """Fewer of an axis' labels, so that slanted ones do not touch in a narrow column."""
    every = -(-len(axis["tickvals"]) // _MOST_COMPACT_TICKS)
    return {key: axis[key][::every] for key in ("tickvals", "ticktext")}


def _add_panel(layout: dict[str, Any], index: int, panels: int, look: Theme, gap: float) -> str:
    """Adds a y axis for the panel, from the top; returns the axis's suffix ("" or "2")."""
    suffix = str(index + 1) if index else ""
    share = 1 / panels
    top = 1 - index * share
    layout[f"yaxis{suffix}"] = {
        "domain": [max(0.0, top - share + (gap if index < panels - 1 else 0)), top], "anchor": "x", "zeroline": False,
        "showgrid": False, "linecolor": look.faint, "tickfont": {"size": 10}, "fixedrange": True,
    }  # fmt: skip
    return suffix


def _titled(layout: dict[str, Any], axis: str, name: str, says: str, colour: str) -> dict[str, Any]:
    """Writes above a panel what it shows, in words first; returns what is written, as plotly takes it."""
    title = {
        "text": f"<b>{name}</b>: {says}" if says else f"<b>{name}</b>", "xref": "paper", "yref": "paper", "x": 0,
        "y": layout[f"yaxis{axis}"]["domain"][1], "xanchor": "left", "yanchor": "bottom", "showarrow": False,
        "font": {"color": colour}, "borderpad": 0, "yshift": -2,
    }  # fmt: skip
    layout["annotations"].append(title)
    return title


def _heatmap(values: Array, axis: str, bounds: tuple[float, float] | None, name: str, look: Theme) -> dict[str, Any]:
    if bounds is None:
        reach = _reach(values)
        colour = {"zmin": -reach, "zmax": reach, "colorscale": look.diverging(), "showscale": False}
    else:
        colour = {"coloraxis": "coloraxis" if bounds == GATE_BOUNDS else "coloraxis2"}
    return {
        "type": "heatmap", "z": np.ascontiguousarray(values.T, dtype=np.float32), "x0": 1, "dx": 1, "y0": 0, "dy": 1,
        "xaxis": "x", "yaxis": f"y{axis}", "name": name, "meta": {"rows": "units"},
        "hovertemplate": f"step %{{x:d}}, unit %{{y}}<br>{name}: %{{z:.4f}}<extra></extra>", **colour,
    }  # fmt: skip


def _line(values: Array, unit: int, place: int, axis: str, name: str, first: bool) -> dict[str, Any]:
    around = (place + place // len(LINE_COLOURS)) % len(LINE_DASHES)  # with another dash when colours come again
    return {
        "type": "scatter", "mode": "lines+markers", "y": np.asarray(values, dtype=np.float32), "x0": 1, "dx": 1,
        "xaxis": "x", "yaxis": f"y{axis}", "name": f"unit {unit}", "legendgroup": str(unit), "showlegend": first,
        "line": {"color": LINE_COLOURS[place % len(LINE_COLOURS)], "width": 2, "dash": LINE_DASHES[around]},
        "marker": {"symbol": MARKERS[place], "size": 6}, "meta": {"unit": unit},
        "hovertemplate": f"step %{{x:d}}, unit {unit}<br>{name}: %{{y:.4f}}<extra></extra>",
    }  # fmt: skip


def _chosen_line(values: Array, unit: int, key: str, axis: str, name: str, look: Theme, first: bool) -> dict[str, Any]:
    """A broad line below the others; a page that chooses another unit changes its numbers and its name."""
    return {
        "type": "scatter", "mode": "lines", "y": np.asarray(values, dtype=np.float32), "x0": 1, "dx": 1,
        "xaxis": "x", "yaxis": f"y{axis}", "name": f"unit {unit}, chosen", "legendgroup": "chosen", "showlegend": first,
        "line": {"color": look.ink, "width": 5}, "opacity": 0.55, "meta": {"chosen": key},
        "hovertemplate": f"step %{{x:d}}, %{{fullData.name}}<br>{name}: %{{y:.4f}}<extra></extra>",
    }  # fmt: skip


def _reach(values: Array) -> float:
    return float(np.abs(values).max()) or 1.0


def _range(trace: Trace, key: str) -> list[float]:
    bounds = trace.bounds(key)
    if bounds is None:
        reach = 1.05 * _reach(trace[key])
        return [-reach, reach]
    return [bounds[0] - 0.05, bounds[1] + 0.05]


def _colour_axis(scale: list[list[float | str]], ticks: Mapping[float, str], y: float) -> dict[str, Any]:
    bar = {"thickness": 10, "len": 0.46, "y": y, "outlinewidth": 0, "tickvals": list(ticks), "xpad": 6,
           "ticktext": list(ticks.values())}  # fmt: skip
    return {"colorscale": scale, "cmin": min(ticks), "cmax": max(ticks), "colorbar": bar}


def _cursor(step: int, look: Theme) -> dict[str, Any]:
    return {
        "type": "rect", "xref": "x", "yref": "paper", "x0": step - 0.5, "x1": step + 0.5, "y0": 0, "y1": 1,
        "line": {"color": look.ink, "width": 2}, "fillcolor": "rgba(0,0,0,0)", "layer": "above",
    }  # fmt: skip


def _outline(unit: int, axis: str, look: Theme) -> dict[str, Any]:
    return {
        "type": "rect", "xref": "paper", "yref": f"y{axis}", "x0": 0, "x1": 1, "y0": unit - 0.5, "y1": unit + 0.5,
        "line": {"color": look.ink, "width": 1.5}, "fillcolor": "rgba(0,0,0,0)", "layer": "above",
    }  # fmt: skip
