"""Running the experiment for a page: kept by settings, with progress, ended when the person moves on."""

from typing import Any

from torch.nn import Module

from gruviz import experiment
from gruviz.cells.draws import build_module
from gruviz.common.cache import kept
from gruviz.common.progress import Progress
from gruviz.experiment import ExperimentSettings
from gruviz.gradients import gradient_flow, input_relevance
from gruviz.reading import read
from gruviz.records import Array, GradientFlow, GradientFlows, InputRelevance, SingularValues
from gruviz.ui.controls import Choice

_MEGABYTES = 32  # of flows; the others are smaller


@kept(_MEGABYTES)
def flows(
    settings: ExperimentSettings, cell: str, source: Choice | None, on_progress: Progress = None
) -> GradientFlows:
    """The gradient flow of every seed; `source` is the sequence read, where one is."""
    sequence, answer = _read(source, settings)
    return experiment.flows(settings, cell, sequence, answer, on_progress)


@kept(_MEGABYTES)
def jacobians(
    settings: ExperimentSettings, cell: str, source: Choice | None, on_progress: Progress = None
) -> tuple[SingularValues, Any]:
    """Singular values and eigenvalues for seed 0."""
    return experiment.jacobians(settings, cell, _read(source, settings)[0], on_progress)


@kept(_MEGABYTES)
def relevance(
    settings: ExperimentSettings, cell: str, source: Choice | None, on_progress: Progress = None
) -> InputRelevance:
    """How much each input matters, for seed 0."""
    return experiment.relevance(settings, cell, *_read(source, settings), on_progress)


@kept(_MEGABYTES)
def own_flow(settings: ExperimentSettings, source: Choice, on_progress: Progress = None) -> GradientFlow:
    """The flow of the model that read the sequence, with its own weights, through the layer that is looked at."""
    inputs, loss = feed_and_loss(source, settings)
    return gradient_flow(_own_layer(source), inputs, loss, settings.loss_index, on_progress=on_progress)


@kept(_MEGABYTES)
def own_relevance(settings: ExperimentSettings, source: Choice, on_progress: Progress = None) -> InputRelevance:
    """How much each input matters for the model that read the sequence, with its own weights."""
    inputs, loss = feed_and_loss(source, settings)
    return input_relevance(_own_layer(source), inputs, loss, settings.loss_index, on_progress=on_progress)


def _own_layer(source: Choice) -> Module:
    """The layer that is looked at as a module of its own, for inputs in the order in which it reads them."""
    trace = read(source.load(), source.text).trace
    return build_module(trace.cell, trace.weights)


def feed_and_loss(source: Choice | None, settings: ExperimentSettings) -> tuple[Array | None, Any]:
    """What is read (T, D), None where no sequence is, and the loss: a name, or the direction of the model's answer."""
    sequence, answer = _read(source, settings)
    return sequence, answer if settings.loss == "answer" and answer is not None else settings.loss


@kept(_MEGABYTES)
def _read(source: Choice | None, settings: ExperimentSettings) -> tuple[Array | None, Array | None]:
    if source is None:
        return None, None
    reading = read(source.load(), source.text)
    return reading.trace.inputs, reading.direction(settings.loss_index + 1)
