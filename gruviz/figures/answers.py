"""The panel of a model's answers: a line, a heatmap of options, or numbers beside the actual ones."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from gruviz.figures.style import LINE_COLOURS, Theme
from gruviz.records import Answers, Array, Shares, Values

_CROWDED = 60  # steps: of more, marks are small, or they would hide the line
MOST_ROWS = 12  # options drawn as rows of a heatmap; of more, only the likeliest's share is drawn

_DASHES = (("dot", "dotted"), ("dash", "dashed"))  # of the baselines' lines, as plotly and as people call them

Panel = tuple[list[dict[str, Any]], dict[str, Any]]  # traces, and what their y axis is like


def answer_panel(answers: Answers, axis: str, look: Theme) -> Panel:
    """What to draw of answers on the y axis with this suffix."""
    if isinstance(answers, Values):
        return _numbers(answers, axis, look)
    assert isinstance(answers, Shares)  # there are no other kinds
    if answers.of is not None:
        return _one(answers, axis, look)
    return _options(answers, axis) if len(answers.options) <= MOST_ROWS else _likeliest(answers, axis, look)


_SHARES: dict[str, Any] = {"range": [-0.05, 1.05], "tickvals": [0, 0.5, 1]}


def _one(answers: Shares, axis: str, look: Theme) -> Panel:
    name = f"probability of {answers.asked}"
    return [_line(answers.sizes(), axis, answers.asked, look.ink, f"{escape(name)}: %{{y:.3f}}")], _SHARES


def _options(answers: Shares, axis: str) -> Panel:
    heat = {
        "type": "heatmap", "z": np.ascontiguousarray(answers.shares[1:].T, dtype=np.float32), "x0": 1, "dx": 1,
        "y": [escape(option) for option in answers.options], "xaxis": "x", "yaxis": f"y{axis}", "name": "answer",
        "coloraxis": "coloraxis", "hovertemplate": "after step %{x:d}<br>%{y}: %{z:.3f}<extra></extra>",
    }  # fmt: skip
    return [heat], {"autorange": "reversed", "tickfont": {"size": 9}, "dtick": 1, "automargin": "left"}


def _likeliest(answers: Shares, axis: str, look: Theme) -> Panel:
    texts = [escape(answers.text(step)) for step in range(1, len(answers) + 1)]
    traces = [_line(answers.sizes(), axis, "likeliest", look.ink, "%{text}", texts)]
    if answers.followed:
        steps = [step for step, option in enumerate(answers.followed, 1) if option >= 0]
        shares = [float(answers.shares[step, answers.followed[step - 1]]) for step in steps]
        played = [escape(answers.actual(step)) for step in steps]
        traces.append(
            _marks(steps, shares, axis, f"{answers.beside} next", f"{answers.beside} next: %{{text}}", played)
        )
    return traces, _SHARES


def answer_legend(answers: Answers | None, scale: bool = True) -> str | None:
    """What the lines and marks of the answers' panel are, one sentence; None where it has one line, or a scale.

    scale: whether there is a scale of colours beside the figure; without one the sentence says what they mean.
    """
    if isinstance(answers, Values):
        baselines = "".join(
            f"; {look} line, {name}" for (name, _), (_, look) in zip(answers.baselines.items(), _DASHES, strict=False)
        )
        return f"Answer: line with dots, {answers.asked}; circles, {answers.beside}{baselines}."
    if isinstance(answers, Shares) and answers.followed and len(answers.options) > MOST_ROWS:
        return "Answer: line with dots, the share of the likeliest; circles, that of the actual next one."
    if isinstance(answers, Shares) and answers.of is None and len(answers.options) <= MOST_ROWS and not scale:
        return "Answer: yellow is a share of 100%, dark blue of 0%."
    return None


def _numbers(answers: Values, axis: str, look: Theme) -> Panel:
    texts = [escape(answers.text(step)) for step in range(1, len(answers) + 1)]
    traces = [_line(answers.values[1:], axis, answers.asked, look.ink, f"{escape(answers.asked)}: %{{text}}", texts)]
    for (name, values), (dash, _) in zip(answers.baselines.items(), _DASHES, strict=False):
        other = _line(values, axis, name, look.ink, f"{escape(name)}: %{{y:.4~g}}")
        traces.append(other | {"mode": "lines", "line": {"color": look.ink, "width": 1.2, "dash": dash}})
    known = np.flatnonzero(~np.isnan(answers.target))
    actual = [escape(answers.actual(int(step) + 1)) for step in known]
    traces.append(
        _marks(
            (known + 1).tolist(), answers.target[known], axis, answers.beside, f"{answers.beside}: %{{text}}", actual
        )
    )
    return traces, {}


def _line(values: Array, axis: str, name: str, colour: str, hover: str, texts: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines+markers", "y": np.asarray(values, dtype=np.float32), "x0": 1, "dx": 1,
        "xaxis": "x", "yaxis": f"y{axis}", "showlegend": False, "name": escape(name),
        "line": {"color": colour, "width": 2}, "marker": {"size": 3 if len(values) > _CROWDED else 5},
        "hovertemplate": f"after step %{{x:d}}<br>{hover}<extra></extra>",
        **({"text": list(texts)} if texts else {}),
    }  # fmt: skip


def _marks(steps: Sequence[int], values: Any, axis: str, name: str, hover: str, texts: Sequence[str]) -> dict[str, Any]:
    size, width = (4, 1) if len(steps) > _CROWDED else (7, 2)
    return {
        "type": "scatter", "mode": "markers", "x": list(steps), "y": np.asarray(values, dtype=np.float32),
        "xaxis": "x", "yaxis": f"y{axis}", "showlegend": False, "name": name, "text": list(texts),
        "marker": {"size": size, "symbol": "circle-open", "color": LINE_COLOURS[0], "line": {"width": width}},
        "hovertemplate": f"after step %{{x:d}}<br>{hover}<extra></extra>",
    }  # fmt: skip
