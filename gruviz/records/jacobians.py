"""What the Jacobians of a run are reduced to: their extreme singular values, and how much each input matters."""

from dataclasses import dataclass

import numpy as np

from gruviz.errors import GruvizError
from gruviz.records.trace import Array


@dataclass(frozen=True, eq=False)
class SingularValues:
    """The largest and the smallest singular value of ds_at/ds_(at - k) at K lags k, as log10, float64, read-only.

    log10_largest, log10_smallest (K,): -inf where the value is exactly zero. `lags` names them, in ascending order;
    the Jacobian at lag 0 is the identity.
    """

    cell: str
    at: int
    lags: tuple[int, ...]
    log10_largest: Array
    log10_smallest: Array

    def __post_init__(self) -> None:
        for name in ("log10_largest", "log10_smallest"):
            values: Array = getattr(self, name)
            if values.shape != (len(self.lags),):
                raise GruvizError(f"{name} has shape {values.shape}; expected ({len(self.lags)},), one per lag.")
            values.setflags(write=False)


@dataclass(frozen=True, eq=False)
class InputRelevance:
    """How strongly what is read out at step `at` depends on each input: the 2-norm of d(out . h_at)/dx_k.

    log10_norm (T,), float64, index k: -inf where it is exactly zero, NaN for k > at, which `at` has not seen.
    Read-only.
    """

    cell: str
    log10_norm: Array
    at: int

    def __post_init__(self) -> None:
        if self.log10_norm.ndim != 1 or not 0 <= self.at < len(self.log10_norm):
            raise GruvizError(f"log10_norm has shape {self.log10_norm.shape}; expected (T,) with T above {self.at}.")
        self.log10_norm.setflags(write=False)

    def __len__(self) -> int:
        return len(self.log10_norm)

    @property
    def norm(self) -> Array:
        """The norms themselves, (T,); those below 1e-308 or so underflow to 0."""
        with np.errstate(over="ignore", under="ignore"):
            return 10.0**self.log10_norm
