"""Scores as people read them: shares in per cent, errors in the unit of what is predicted."""

from collections.abc import Mapping
from typing import Any

from gruviz.common.quantities import brief_share


def written(value: float, metric: Mapping[str, Any], unit: str = "") -> str:
    """A score: "79.8%"; where `metric` (a card's or a task's facts) says that lower is better, "13.05 sunspots"."""
    if not metric.get("lower_is_better"):
        return brief_share(value, 1)
    return f"{value:.2f} {unit}".strip() if abs(value) >= 1 else f"{value:.3f} {unit}".strip()


def written_difference(value: float, metric: Mapping[str, Any], unit: str = "") -> str:
    """The difference of two scores with its sign: "+1.75 points" of shares in percent, "−0.54 sunspots" of errors.

    It has two digits after the point, or as many as tell it from 0.
    """
    size, what = (abs(value), unit) if metric.get("lower_is_better") else (100 * abs(value), "points")
    digits = 2
    while size > 0 and float(f"{size:.{digits}f}") == 0 and digits < 9:
        digits += 1
    sign = "" if value == 0 else "−" if value < 0 else "+"
    return f"{sign}{size:.{digits}f} {what}".strip()
