"""All knobs of the Gradients page in one record, their limits, and which of them concern a cell."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.errors import GruvizError
from gruviz.models.results import results
from gruviz.signals import STANDARD, VARIANTS

MAX_STEPS, MAX_UNITS, MAX_SEEDS = 1000, 128, 50
MIN_STEPS = 10
MAX_WORK = 2_000_000  # steps * units * seeds: what a run keeps in memory grows with it
Feed = Literal["noise", "impulse", "sequence"]
Loss = Literal["sum", "random", "answer"]
Activation = Literal["tanh", "relu"]
Initial = tuple[str, float | None]  # a key of INITIALISATIONS with its number; None: its default, or it has none
PYTORCH: Initial = ("pytorch", None)


@dataclass(frozen=True)
class ExperimentSettings:
    """All knobs. Initialisations are kept with their number and in the table's order, so that alike settings are equal.

    steps T, units H, seeds: whole numbers. at: the step that the loss is taken at, 1 to T; 0: the last. activation: of
    cells that choose one. recurrent: sets the recurrent weights of the cells that it is for. biases: at most one
    initialisation of the biases for each cell. trained: a task; each cell then has the size of its trained network and
    the weights that its training started from. cells: those that are compared, keys of VARIANTS.
    """

    steps: int = 101
    units: int = 32
    seeds: int = 20
    feed: Feed = "noise"
    loss: Loss = "sum"
    at: int = 0
    activation: Activation = "tanh"
    recurrent: Initial = PYTORCH
    biases: tuple[Initial, ...] = ()
    trained: str = ""
    cells: tuple[str, ...] = STANDARD

    def __post_init__(self) -> None:
        order = list(INITIALISATIONS)
        biases = sorted((_with_number(bias) for bias in self.biases), key=lambda bias: order.index(bias[0]))
        object.__setattr__(self, "recurrent", _with_number(self.recurrent))
        object.__setattr__(self, "biases", tuple(biases))
        object.__setattr__(self, "cells", tuple(self.cells))

    def check(self) -> None:
        """GruvizError where a number is outside its limits; before any work is done."""
        if not self.cells:
            raise GruvizError(f"No cell is chosen; choose at least one of {', '.join(VARIANTS)}.")
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
                f"{self.steps:,} steps of {self.units} units for {self.seeds} seeds are {work:,} states per cell; "
                f"at most {MAX_WORK:,}: with these units and seeds, {MAX_WORK // (self.units * self.seeds):,} steps."
            )
        if self.at and not 2 <= self.at <= self.steps:
            raise GruvizError(f"The loss is taken at step {self.at:,}; allowed: 2 to {self.steps:,}.")

    @property
    def loss_index(self) -> int:
        """The index of the step that the loss is taken at, 0 to T - 1."""
        return (self.at or self.steps) - 1

    def choices(self, cell: str) -> Mapping[str, float | None]:
        """The initialisations that this cell takes, with their numbers."""
        if self.trained:
            return {}
        base, chosen = VARIANTS[cell].base, (self.recurrent, *self.biases)
        return {key: number for key, number in chosen if base in INITIALISATIONS[key].cells}

    def reduced_to(self, cell: str) -> "ExperimentSettings":
        """The same with all that does not concern a cell at its default: equal where the cell's results are."""
        default, row, chosen = ExperimentSettings(), VARIANTS[cell], self.choices(cell)
        units = results()[self.trained].cells[row.base].hidden if self.trained else self.units
        activation = self.activation if row.chooses_activation and not self.trained else default.activation
        recurrent = self.recurrent if self.recurrent[0] in chosen else default.recurrent
        biases = tuple(bias for bias in self.biases if bias[0] in chosen)
        return replace(self, units=units, activation=activation, recurrent=recurrent, biases=biases, cells=(cell,))


def _with_number(initial: Initial) -> Initial:
    key, number = initial
    knob = INITIALISATIONS[key].knob
    return key, knob.default if number is None and knob is not None else number
