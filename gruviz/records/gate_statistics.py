"""How a cell's gates stand over many sequences: how often nearly shut, how often nearly open, and on average."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gruviz.errors import GruvizError
from gruviz.records.trace import Array
from gruviz.signals import CELLS

# Karpathy, Johnson and Fei-Fei 2015 (arXiv:1506.02078), section 4.2: left-saturated below, right-saturated above
SHUT, OPEN = 0.1, 0.9


@dataclass(frozen=True, eq=False)
class GateStatistics:
    """The gates of H units over `steps` steps of `sequences` sequences.

    For each gate of the cell (H,), float64, all within [0, 1]: the fraction of steps at which a unit's gate is below
    0.1 and above 0.9, its mean, and its geometric mean. An RNN has no gates, so its mappings are empty. Arrays are
    read-only.
    """

    cell: str
    steps: int
    sequences: int
    below: Mapping[str, Array]
    above: Mapping[str, Array]
    mean: Mapping[str, Array]
    geometric: Mapping[str, Array]

    def __post_init__(self) -> None:
        keys = [gate.key for gate in CELLS[self.cell].gates]
        shapes = set()
        for name in ("below", "above", "mean", "geometric"):
            gates: Mapping[str, Array] = getattr(self, name)
            if sorted(gates) != sorted(keys):
                raise GruvizError(f"{name} has the gates {list(gates)}; {self.cell} has {keys}.")
            for key, values in gates.items():
                if not ((values >= 0) & (values <= 1)).all():  # a NaN is neither
                    raise GruvizError(f"{name} of gate {key} has values outside 0 to 1.")
                shapes.add(values.shape)
                values.setflags(write=False)
        if len(shapes) > 1 or any(len(shape) != 1 for shape in shapes):
            raise GruvizError(f"These statistics have the shapes {sorted(shapes)}; expected one, (H,).")

    def saturated(self, gate: str) -> float:
        """The share of all steps of all units at which this gate is below 0.1 or above 0.9."""
        if gate not in self.mean:
            raise KeyError(f"{self.cell} has no gate {gate!r}; it has {', '.join(self.mean) or 'none'}")
        return float((self.below[gate] + self.above[gate]).mean())

    def time_constant(self) -> Array | None:
        """Steps in which the gate that keeps the old state lets it fall to 1/e, by itself: (H,), 0 to inf.

        None where the cell has no such gate. After k steps the gates leave the product of their values of the old
        state, which is the k-th power of their geometric mean g: 1/e of it after -1 / ln(g) steps. (The forgetting time
        of Tallec and Ollivier 2018, arXiv:1804.11188, takes 1 / (1 - g), which is much the same for g near 1.) What the
        state does through the other gates and the candidate is left out: `lifetimes` measures all of it.
        """
        keeps = CELLS[self.cell].keeps
        if keeps is None:
            return None
        with np.errstate(divide="ignore"):  # a gate that never lets go: inf; one that is shut once: 0
            return 1 / np.abs(np.log(self.geometric[keeps]))  # not -1 / ln: that of 1 is -0.0
