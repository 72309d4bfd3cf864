"""The experiment of the Gradients page for one cell at a time: weights, curves, Jacobians, relevance, effort."""

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from gruviz.cells.draws import Draw, build_module, draw
from gruviz.common.progress import Progress, between
from gruviz.errors import GruvizError
from gruviz.experiment.settings import ExperimentSettings
from gruviz.gradients import (
    gradient_flows,
    input_relevance,
    state_jacobian_singular_values,
    step_jacobian_eigenvalues,
)
from gruviz.models.tasks import TASKS
from gruviz.records import Array, GradientFlows, InputRelevance, SingularValues, Weights
from gruviz.signals import CELLS, VARIANTS

FEATURES = 8  # D of noise and impulse
Work = Literal["flow", "relevance", "jacobians"]
_LAGS = 24  # at most so many points on the curves of singular values


def drawn(
    settings: ExperimentSettings,
    cell: str,
    sequence: Array | None = None,
    *,
    seeds: int | None = None,
    on_progress: Progress = None,
) -> Draw:
    """The weights of all seeds, and what they read: (S, T, D) noise, an impulse at step 1, or `sequence` (T, D).

    cell: a key of VARIANTS; what has the weights of another draws the same.
    seeds: only the first so many of them; a seed's draw does not depend on the others.
    """
    settings.check()
    features = FEATURES if sequence is None else int(sequence.shape[1])
    wanted = range(settings.seeds if seeds is None else seeds)
    row = VARIANTS[cell]
    made = draw(row.base, settings.units, features, settings.steps, wanted, choices=settings.choices(cell),
                activation=settings.activation, reset_after=not row.resets_before, on_progress=on_progress)  # fmt: skip
    if settings.trained:
        keep = TASKS[settings.trained].settings.keep
        made = replace(made, weights=tuple(_keeping(row.base, weights, keep) for weights in made.weights))
    if settings.feed == "noise":
        return made
    if settings.feed == "impulse":
        sequence = np.zeros((settings.steps, features))
        sequence[0] = 1.0
    if sequence is None:
        raise GruvizError("The input is a sequence, but none was given.")
    return Draw(row.base, made.seeds, np.broadcast_to(sequence, (len(wanted), *sequence.shape)), made.weights)


def _keeping(cell: str, weights: Weights, keep: float) -> Weights:
    """With the bias of the gate that keeps the past raised, as training starts."""
    gate, bias = CELLS[cell].keeps, weights.input_bias.copy()
    if gate is None:
        return weights
    first = CELLS[cell].blocks.index(gate) * weights.units
    bias[first : first + weights.units] += keep
    return replace(weights, input_bias=bias)


def flows(
    settings: ExperimentSettings,
    cell: str,
    sequence: Array | None = None,
    answer: Array | None = None,
    on_progress: Progress = None,
) -> GradientFlows:
    """The gradient flow of every seed of a cell. `answer` is the (H,) row of a read-out, for the loss "answer"."""
    made = drawn(settings, cell, sequence, on_progress=between(on_progress, 0.0, 0.3))
    flows = gradient_flows(made.cell, made.weights, made.inputs, _direction(settings, answer), settings.loss_index,
                           seeds=made.seeds, on_progress=between(on_progress, 0.3, 1.0))  # fmt: skip
    return replace(flows, cell=cell)


def jacobians(
    settings: ExperimentSettings, cell: str, sequence: Array | None = None, on_progress: Progress = None
) -> tuple[SingularValues, np.ndarray[Any, Any]]:
    """For seed 0: singular values of ds_at/ds_(at-k) at up to 24 lags, and the eigenvalues of the last step."""
    made = drawn(settings, cell, sequence, seeds=1)
    module, inputs, at = build_module(made.cell, made.weights[0]), made.inputs[0], settings.loss_index
    lags = sorted({round(lag) for lag in np.linspace(0, at, min(at + 1, _LAGS))})
    values = state_jacobian_singular_values(module, inputs, lags, at, between(on_progress, 0.0, 0.95))
    return replace(values, cell=cell), step_jacobian_eigenvalues(module, inputs, at, between(on_progress, 0.95, 1.0))


def relevance(
    settings: ExperimentSettings,
    cell: str,
    sequence: Array | None = None,
    answer: Array | None = None,
    on_progress: Progress = None,
) -> InputRelevance:
    """For seed 0: how much each input matters for the loss."""
    made = drawn(settings, cell, sequence, seeds=1)
    module = build_module(made.cell, made.weights[0])
    return input_relevance(module, made.inputs[0], _direction(settings, answer), settings.loss_index,
                           on_progress=on_progress)  # fmt: skip


def effort(kind: Work, settings: ExperimentSettings, cell: str) -> float:
    """How much there is to compute for a cell: what share of the whole a part is, whatever the machine.

    Multiplications, those in products of many rows at once counted as a tenth, as they are done about as much faster.
    """
    spec, units = VARIANTS[cell], settings.units
    size, weights = len(spec.state) * units, len(spec.blocks) * units**2
    each = {
        "flow": 2 * settings.seeds * weights,  # the run, and the way back
        "relevance": 3 * weights,
        "jacobians": (size * weights + 4 * size**3) / 10,  # one step's, its product with the others, and a solution
    }[kind]
    return float(each * settings.steps)


def _direction(settings: ExperimentSettings, answer: Array | None) -> Any:
    if settings.loss != "answer":
        return settings.loss
    if answer is None:
        raise GruvizError("This model gives no answer to take the loss of. Choose another loss, or a model that does.")
    return answer
