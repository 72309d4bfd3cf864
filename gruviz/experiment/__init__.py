"""The Gradients page: cells under one set of knobs."""

from gruviz.experiment.experiment import (
    FEATURES,
    MAX_SEEDS,
    MAX_STEPS,
    MAX_UNITS,
    MAX_WORK,
    MIN_STEPS,
    Settings,
    Work,
    drawn,
    effort,
    flows,
    jacobians,
    relevance,
)

__all__ = [
    "FEATURES",
    "MAX_SEEDS",
    "MAX_STEPS",
    "MAX_UNITS",
    "MAX_WORK",
    "MIN_STEPS",
    "Settings",
    "Work",
    "drawn",
    "effort",
    "flows",
    "jacobians",
    "relevance",
]
