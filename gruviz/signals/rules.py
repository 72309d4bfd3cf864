"""What a signal's rule can be. Values and derivatives of the rules are in `gruviz.cells.rules`."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Affine:
    """act(shift + sign * (W x + b_i + U h_(t-1) + b_h)), rows `block` of the stacked weights.

    With `scaled_by`, that gate multiplies the recurrent part: after the recurrent product (PyTorch) as
    g * (U h_(t-1) + b_h), or before it (Cho et al.) as U (g * h_(t-1)) + b_h. Scaled blocks stand last.
    """

    block: int
    activation: Literal["sigmoid", "tanh", "cell"]  # "cell": the one the module was built with
    scaled_by: str | None = None
    sign: Literal[1, -1] = 1
    shift: float = 0.0


@dataclass(frozen=True)
class Blend:
    """gate * old + (1 - gate) * new, where old is this signal one step before; with `writes` the other way round."""

    gate: str
    new: str
    writes: bool = False  # whether a gate of 1 writes the new value instead of keeping the old one

    def kept(self, gate: float) -> float:
        """The share of the old value that a gate keeps."""
        return 1 - gate if self.writes else gate


@dataclass(frozen=True)
class CellUpdate:
    """forget * old + write * new, where old is this signal one step before."""

    forget: str
    write: str
    new: str


@dataclass(frozen=True)
class Gated:
    """gate * tanh(inner)."""

    gate: str
    inner: str


Rule = Affine | Blend | CellUpdate | Gated
