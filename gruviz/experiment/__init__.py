"""The Gradients page: cells under one set of knobs."""

from gruviz.experiment.runs import FEATURES, Work, drawn, effort, flows, jacobians, relevance
from gruviz.experiment.settings import MAX_SEEDS, MAX_STEPS, MAX_UNITS, MAX_WORK, MIN_STEPS, ExperimentSettings

__all__ = [
    "FEATURES",
    "MAX_SEEDS",
    "MAX_STEPS",
    "MAX_UNITS",
    "MAX_WORK",
    "MIN_STEPS",
    "ExperimentSettings",
    "Work",
    "drawn",
    "effort",
    "flows",
    "jacobians",
    "relevance",
]
