"""Records in, `go.Figure` out. The only part of gruviz that imports plotly; usable in a notebook."""

from gruviz.figures.answers import answer_legend
from gruviz.figures.gate_statistics import saturation, timescales
from gruviz.figures.gradient_norms import gradients, shared_range
from gruviz.figures.gradient_overlay import gradients_overlaid
from gruviz.figures.jacobian_view import jacobian_range, jacobian_view
from gruviz.figures.over_time import MOST_LINES, busiest_units, signals
from gruviz.figures.paper import paper_page
from gruviz.figures.relevance import relevance
from gruviz.figures.search import expected_best, importances, trials
from gruviz.figures.style import paper_colours, scales

__all__ = [
    "MOST_LINES",
    "answer_legend",
    "busiest_units",
    "expected_best",
    "gradients",
    "gradients_overlaid",
    "importances",
    "jacobian_range",
    "jacobian_view",
    "paper_colours",
    "paper_page",
    "relevance",
    "saturation",
    "scales",
    "shared_range",
    "signals",
    "timescales",
    "trials",
]
