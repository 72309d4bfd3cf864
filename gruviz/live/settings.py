"""All knobs of a run, with their limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.errors import GruvizError

Optimizer = Literal["adam", "momentum"]
Chosen = tuple[str, float | None]  # a key of INITIALISATIONS with its number, None for its default
MIN_LAG, MAX_LAG = 5, 200
MAX_AHEAD = 50
MAX_UNITS, MAX_BATCH = 128, 128
MIN_RATE, MAX_RATE = 1e-5, 10.0
MOMENTUM = 0.9
CLIP = 1.0  # the largest gradient norm of all weights, where clipping is on


@dataclass(frozen=True)
class LiveSettings:
    """What is trained and how. `recurrent`, `forget` and `update` are as on the Gradients page.

    The defaults are those of the first story.
    """

    task: str = "first-symbol"
    lag: int = 60  # steps between what is to be kept and the question
    ahead: int = 1  # steps: how far in the future the number to predict lies
    units: int = 24
    rate: float = 0.015
    optimizer: Optimizer = "adam"
    clip: bool = True
    batch: int = 32
    seed: int = 0
    activation: Literal["tanh", "relu"] = "tanh"  # of the RNN
    recurrent: Chosen = ("pytorch", None)
    forget: Chosen | None = None  # of the LSTM
    update: Chosen | None = ("update_bias", 2.0)  # of the GRU

    def check(self) -> None:
        """GruvizError where a number is outside its limits; before any work is done."""
        for name, value, low, high in (
            ("The lag", self.lag, MIN_LAG, MAX_LAG),
            ("The number of steps ahead", self.ahead, 1, MAX_AHEAD),
            ("The number of hidden units", self.units, 1, MAX_UNITS),
            ("The learning rate", self.rate, MIN_RATE, MAX_RATE),
            ("The batch", self.batch, 1, MAX_BATCH),
            ("The seed", self.seed, 0, 9999),
        ):
            if not low <= value <= high:
                raise GruvizError(f"{name} is {value:,}; allowed: {low:g} to {high:,g}.")

    def choices(self, cell: str) -> Mapping[str, float | None]:
        """The initialisations that this cell takes, with their numbers."""
        chosen = (self.recurrent, {"LSTM": self.forget, "GRU": self.update}.get(cell))
        return {key: value for key, value in filter(None, chosen) if cell in INITIALISATIONS[key].cells}
