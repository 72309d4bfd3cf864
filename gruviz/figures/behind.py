"""Another run of the same network behind the one that a figure over time shows."""

from typing import Any

import numpy as np

from gruviz.figures.answers import answer_panel
from gruviz.figures.style import Theme
from gruviz.records import Answers, Trace
from gruviz.signals import Notation

APART = 0.1  # from which difference on a cell of a heatmap is marked
MOST_DOTS = 20_000  # more would hide the heatmap, and take long to draw


def dots(trace: Trace, behind: Trace, key: str, axis: str) -> dict[str, Any]:
    """Marks on the cells of a heatmap in which two runs differ clearly."""
    steps = min(len(trace), len(behind))
    apart = np.abs(trace[key][:steps].astype(np.float64) - behind[key][:steps])
    if trace.bounds(key) is None:
        apart /= max(float(np.abs(trace[key]).max()), 1e-12)
    at, units = np.nonzero(apart >= APART)
    if len(at) > MOST_DOTS:
        at, units = at[:0], units[:0]
    return {
        "type": "scatter", "mode": "markers", "x": (at + 1).tolist(), "y": units.tolist(), "xaxis": "x",
        "yaxis": f"y{axis}", "showlegend": False, "hoverinfo": "skip", "name": "differs from the run behind",
        "marker": {"size": 4, "color": "#FFFFFF", "line": {"width": 1, "color": "#000000"}},
    }  # fmt: skip


def lines_behind(
    drawn: list[dict[str, Any]], behind: Trace, key: str, notation: Notation, steps: int
) -> list[dict[str, Any]]:
    """For each line of a signal that is drawn, the other run's."""
    values = behind[key][:steps]
    if notation.flips(behind.spec.signal(key)):
        values = 1 - values
    lines = []
    for line in drawn:
        chosen = line["meta"].get("chosen")
        if chosen is not None and chosen == key:
            unit = int(line["name"].split()[1].rstrip(","))
            lines.append(_thin(line, values[:, unit]) | {"meta": {"chosen": key, "behind": True}})
        elif chosen is None and line["yaxis"] == drawn[-1]["yaxis"] and not line["meta"].get("behind"):
            lines.append(_thin(line, values[:, line["meta"]["unit"]]) | {"meta": {**line["meta"], "behind": True}})
    return lines


def answer_behind(answers: Answers, axis: str, look: Theme, steps: int) -> list[dict[str, Any]]:
    """The other run's answers as a thin line, where they are a line."""
    first = answer_panel(answers, axis, look)[0][0]
    return [_thin(first, first["y"][:steps]) | {"opacity": 0.8}] if first["type"] == "scatter" else []


def _thin(line: dict[str, Any], values: Any) -> dict[str, Any]:
    hover = line["hovertemplate"].replace("<br>", ", in the run behind<br>", 1)
    return {
        **line, "mode": "lines", "y": np.asarray(values, dtype=np.float32), "showlegend": False, "opacity": 1,
        "line": {"color": line["line"]["color"], "width": 1.3, "dash": "dot"}, "hovertemplate": hover,
    }  # fmt: skip
