"""RNN, LSTM and GRU under one set of knobs: the experiment of the Gradients page, one cell at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from gruviz.cells.initialisations import INITIALISATIONS, Draw, build_module, draw
from gruviz.common.progress import Progress, between
from gruviz.errors import GruvizError
from gruviz.gradients import (
    gradient_flows,
    input_relevance,
    state_jacobian_singular_values,
    step_jacobian_eigenvalues,
)
from gruviz.models.results import results
from gruviz.models.tasks import TASKS
from gruviz.records import Array, GradientFlows, InputRelevance, SingularValues, Weights
from gruviz.signals import CELLS

FEATURES = 8  # D of noise and impulse
MAX_STEPS, MAX_UNITS, MAX_SEEDS = 1000, 128, 50
MIN_STEPS = 10
MAX_WORK = 2_000_000  # steps * units * seeds: what a run keeps in memory grows with it
Work = Literal["flow", "relevance", "jacobians"]
_LAGS = 24  # at most so many points on the curves of singular values


@dataclass(frozen=True)
class Settings:
    """All knobs. `recurrent`, `forget` and `update` are keys of INITIALISATIONS with their number, or None."""

    steps: int = 101
    units: int = 32
    seeds: int = 20
    feed: Literal["noise", "impulse", "sequence"] = "noise"
    loss: Literal["sum", "random", "answer"] = "sum"
    at: int | None = None  # step that the loss is taken at, 1 to T; None: the last
    activation: Literal["tanh", "relu"] = "tanh"  # of the RNN
    recurrent: tuple[str, float | None] = ("pytorch", None)
    forget: tuple[str, float | None] | None = None  # of the LSTM
    update: tuple[str, float | None] | None = None  # of the GRU
    trained: str = ""  # a task: the weights that the training of its networks started from, of their sizes

    def check(self) -> None:
        """GruvizError where a number is outside its limits; before any work is done."""
        for name, value, low, high in (
            ("The sequence length", self.steps, MIN_STEPS if self.feed != "sequence" else 2, MAX_STEPS),
            ("The number of hidden units", 1 if self.trained else self.units, 1, MAX_UNITS),  # trained ones have theirs
            ("The number of seeds", self.seeds, 1, MAX_SEEDS),
        ):
            if not low <= value <= high:
                raise GruvizError(f"{name} is {value:,}; allowed: {low} to {high:,}.")
        work = self.steps * self.units * self.seeds
        if work > MAX_WORK:
            raise GruvizError(
                f"{self.steps:,} steps of {self.units} units for {self.seeds} seeds are {work:,} states a cell; "
                f"at most {MAX_WORK:,}: with these units and seeds, {MAX_WORK // (self.units * self.seeds):,} steps."
            )
        if self.at is not None and not 2 <= self.at <= self.steps:
            raise GruvizError(f"The loss is taken at step {self.at:,}; allowed: 2 to {self.steps:,}.")

    @property
    def loss_index(self) -> int:
        """The index of the step that the loss is taken at, 0 to T - 1."""
        return (self.at or self.steps) - 1

    def choices(self, cell: str) -> Mapping[str, float | None]:
        """The initialisations that this cell takes, with their numbers."""
        if self.trained:
            return {}
        chosen = (self.recurrent, {"LSTM": self.forget, "GRU": self.update}.get(cell))
        return {key: value for key, value in filter(None, chosen) if cell in INITIALISATIONS[key].cells}

    def for_cell(self, cell: str) -> "Settings":
        """The same with all that does not concern a cell at its default: equal where the cell's results are."""
        if self.trained:
            units = results()[self.trained].cells[cell].hidden
            return Settings(self.steps, units, self.seeds, self.feed, self.loss, self.at, trained=self.trained)
        return Settings(
            self.steps, self.units, self.seeds, self.feed, self.loss, self.at,
            self.activation if CELLS[cell].chooses_activation else "tanh",
            self.recurrent if cell in INITIALISATIONS[self.recurrent[0]].cells else ("pytorch", None),
            self.forget if cell == "LSTM" else None, self.update if cell == "GRU" else None,
        )  # fmt: skip


def drawn(
    settings: Settings,
    cell: str,
    sequence: Array | None = None,
    *,
    seeds: int | None = None,
    on_progress: Progress = None,
) -> Draw:
    """The weights of all seeds and what they read: (S, T, D) noise, an impulse at step 1, or `sequence` (T, D).

    seeds: only the first so many of them; a seed's draw does not depend on the others.
    """
    settings.check()
    features = FEATURES if sequence is None else int(sequence.shape[1])
    wanted = range(settings.seeds if seeds is None else seeds)
    made = draw(cell, settings.units, features, settings.steps, wanted, choices=settings.choices(cell),
                activation=settings.activation, on_progress=on_progress)  # fmt: skip
    if settings.trained:
        keep = TASKS[settings.trained].settings.keep
        made = replace(made, weights=tuple(_keeping(cell, weights, keep) for weights in made.weights))
    if settings.feed == "noise":
        return made
    if settings.feed == "impulse":
        sequence = np.zeros((settings.steps, features))
        sequence[0] = 1.0
    if sequence is None:
        raise GruvizError("The input is a sequence, but none was given.")
    return Draw(cell, made.seeds, np.broadcast_to(sequence, (len(wanted), *sequence.shape)), made.weights)


def _keeping(cell: str, weights: Weights, keep: float) -> Weights:
    """With the bias of the gate that keeps the past raised, as training starts."""
    gate, bias = CELLS[cell].keeps, weights.input_bias.copy()
    if gate is None:
        return weights
    first = CELLS[cell].blocks.index(gate) * weights.units
    bias[first : first + weights.units] += keep
    return replace(weights, input_bias=bias)


def flows(
    settings: Settings,
    cell: str,
    sequence: Array | None = None,
    answer: Array | None = None,
    on_progress: Progress = None,
) -> GradientFlows:
    """The gradient flow of every seed of a cell. `answer` is the (H,) row of a read-out, for the loss "answer"."""
    made = drawn(settings, cell, sequence, on_progress=between(on_progress, 0.0, 0.3))
    return gradient_flows(cell, made.weights, made.inputs, _direction(settings, answer), settings.loss_index,
                          seeds=made.seeds, on_progress=between(on_progress, 0.3, 1.0))  # fmt: skip


def jacobians(
    settings: Settings, cell: str, sequence: Array | None = None, on_progress: Progress = None
) -> tuple[SingularValues, np.ndarray[Any, Any]]:
    """For seed 0: singular values of ds_at/ds_(at-k) at up to 24 lags, and the eigenvalues of the last step."""
    made = drawn(settings, cell, sequence, seeds=1)
    module, inputs, at = build_module(cell, made.weights[0]), made.inputs[0], settings.loss_index
    lags = sorted({round(lag) for lag in np.linspace(0, at, min(at + 1, _LAGS))})
    values = state_jacobian_singular_values(module, inputs, lags, at, between(on_progress, 0.0, 0.95))
    return values, step_jacobian_eigenvalues(module, inputs, at, between(on_progress, 0.95, 1.0))


def relevance(
    settings: Settings,
    cell: str,
    sequence: Array | None = None,
    answer: Array | None = None,
    on_progress: Progress = None,
) -> InputRelevance:
    """For seed 0: how much each input matters for the loss."""
    made = drawn(settings, cell, sequence, seeds=1)
    module = build_module(cell, made.weights[0])
    return input_relevance(module, made.inputs[0], _direction(settings, answer), settings.loss_index,
                           on_progress=on_progress)  # fmt: skip


def effort(kind: Work, settings: Settings, cell: str) -> float:
    """How much there is to compute for a cell: what share of the whole a part is, whatever the machine.

    Multiplications, those in products of many rows at once counted as a tenth, as they are done about as much faster.
    """
    spec, units = CELLS[cell], settings.units
    size, weights = len(spec.state) * units, len(spec.blocks) * units**2
    each = {
        "flow": 2 * settings.seeds * weights,  # the run, and the way back
        "relevance": 3 * weights,
        "jacobians": (size * weights + 4 * size**3) / 10,  # one step's, its product with the others, and a solution
    }[kind]
    return float(each * settings.steps)


def _direction(settings: Settings, answer: Array | None) -> Any:
    if settings.loss != "answer":
        return settings.loss
    if answer is None:
        raise GruvizError("This model gives no answer to take the loss of. Choose another loss, or a model that does.")
    return answer
