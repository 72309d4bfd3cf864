"""Records in, `go.Figure` out. The only part of gruviz that imports plotly; usable in a notebook."""

from gruviz.figures.over_time import MOST_LINES, busiest_units, signals
from gruviz.figures.style import scales

__all__ = ["MOST_LINES", "busiest_units", "scales", "signals"]
