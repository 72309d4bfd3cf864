"""Scores as people read them: shares in per cent, errors in the unit of what is foretold."""

from collections.abc import Mapping
from typing import Any


def written(value: float, metric: Mapping[str, Any], unit: str = "") -> str:
    """A score: "79.8%"; where `metric` (a card's or a task's facts) says that lower is better, "13.05 sunspots"."""
    if not metric.get("lower_is_better"):
        return f"{value:.1%}"
    return f"{value:.2f} {unit}".strip() if abs(value) >= 1 else f"{value:.3f} {unit}".strip()
