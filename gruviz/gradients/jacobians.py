"""The Jacobians of a run: the spectrum of one step's, and the singular values of products of many."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from gruviz.cells.forward import as_it_computes
from gruviz.common.progress import Progress, reporting
from gruviz.errors import GruvizError, whole_number
from gruviz.gradients.linearise import linearise
from gruviz.gradients.runs import Run, run
from gruviz.gradients.stack import as_sequences, as_step, stack_module
from gruviz.records import Array, SingularValues

_RUN = 0.05  # of the work is to run the cell; the rest is to multiply the Jacobians of its steps


def step_jacobian_eigenvalues(
    module: torch.nn.Module, inputs: Any, at: int = -1, on_progress: Progress = None
) -> np.ndarray[Any, Any]:
    """The eigenvalues of ds_at/ds_(at - 1), complex (N,), largest magnitude first; N is H, or 2 H for an LSTM.

    Arguments and errors are as in gradient_flow; one layer (of several: the first). At `at` 0 the state before is the
    zero state that a sequence starts from.
    """
    _, done, index = _run(module, inputs, at, on_progress, 1.0)
    values = np.linalg.eigvals(_step(done, index)).astype(np.complex128)
    return values[np.argsort(-np.abs(values), kind="stable")]


def state_jacobian_singular_values(
    module: torch.nn.Module,
    inputs: Any,
    lags: Sequence[int],
    at: int = -1,
    on_progress: Progress = None,
) -> SingularValues:
    """The largest and the smallest singular value of ds_at/ds_(at - k) at each of the lags k, as log10.

    lags: whole numbers 0 to at, in any order. The other arguments are as in step_jacobian_eigenvalues. Raises
    GruvizError where a lag is not in the sequence.

    The product of the steps' Jacobians is rescaled after each factor, so neither value under- or overflows. Its own
    SVD would lose the smallest value below 1e-16 times the largest; so that one is taken as 1 / the largest of the
    product of the inverses. Each is good to about k * eps * c relative, where c is the worst condition number among
    the steps' Jacobians after their rows are brought to one size (saturation alone does not harm it); where c nears
    1e16 the smallest is an order of magnitude at best. It is -inf once a step's Jacobian is exactly singular.
    """
    cell, done, index = _run(module, inputs, at, on_progress, _RUN)
    wanted = sorted({whole_number(lag, "a lag", f"0 to {index}") for lag in lags})
    for lag in wanted:
        if not 0 <= lag <= index:
            raise GruvizError(f"Lag {lag} was asked for; with the loss at step index {index}, lags are 0 to {index}.")
    forward, inverse = _Scaled(np.eye(done.size)), _Scaled(np.eye(done.size))
    largest, smallest = [], []
    for lag in reporting(range(max(wanted, default=-1) + 1), on_progress, _RUN):
        if lag:
            jacobian = _step(done, index - lag + 1)
            forward = forward.then(forward.matrix @ jacobian)
            inverse = _divided(inverse, jacobian)
        if lag in wanted:
            largest.append(forward.log10_largest())
            smallest.append(-inverse.log10_largest())
    return SingularValues(cell, index, tuple(wanted), np.array(largest), np.array(smallest))


@dataclass(frozen=True, eq=False)
class _Scaled:
    """matrix (N, N), of largest magnitude 1 (or 0), times e ** log_scale: inf for the inverse of a singular one."""

    matrix: Array
    log_scale: float = 0.0

    def then(self, product: Array, log_factor: float = 0.0) -> "_Scaled":
        """What `product`, computed from `matrix`, becomes with this scale and one more factor."""
        largest = float(np.abs(product).max())
        if largest == 0:
            return _Scaled(product, -math.inf)
        return _Scaled(product / largest, self.log_scale + log_factor + math.log(largest))

    def log10_largest(self) -> float:
        """log10 of the largest singular value."""
        if math.isinf(self.log_scale):
            return self.log_scale
        return (self.log_scale + math.log(np.linalg.norm(self.matrix, 2))) / math.log(10)


def _divided(inverse: _Scaled, jacobian: Array) -> _Scaled:
    """jacobian^-1 times `inverse`, the jacobian's rows brought to one size first: saturated units have tiny ones."""
    rows = np.abs(jacobian).max(axis=1, keepdims=True)
    if math.isinf(inverse.log_scale) or not rows.all():
        return _Scaled(inverse.matrix, math.inf)
    least = float(rows.min())
    try:
        solved = np.linalg.solve(jacobian / rows, inverse.matrix * (least / rows))
    except np.linalg.LinAlgError:
        return _Scaled(inverse.matrix, math.inf)
    return inverse.then(solved, -math.log(least))


def _run(module: torch.nn.Module, inputs: Any, at: int, on_progress: Progress, end: float) -> tuple[str, Run, int]:
    with torch.no_grad():
        stack = stack_module(as_it_computes(module, inputs))
        x = as_sequences(inputs, stack, one=True)
        index = as_step(at, x.shape[1])
        return stack.cell, run(stack, x[:, : index + 1], on_progress, end=end), index


def _step(done: Run, step: int) -> Array:
    """ds_step/ds_(step - 1), (N, N): a row for each part of the later state."""
    with torch.no_grad():
        rows = torch.eye(done.size, dtype=torch.float64, device="cpu")[None]
        return linearise(done, slice(step, step + 1)).back(0, rows)[0].numpy()
