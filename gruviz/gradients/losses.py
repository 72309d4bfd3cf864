"""Losses by name or as a vector: what matters of a loss here is only dL/dh at its step."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from gruviz.cells.arrays import as_array
from gruviz.errors import GruvizError, whole_number

LOSSES = ("sum", "random")
_STREAM = 1  # the directions' own random stream: seed alone also draws the weights


def loss_gradient(loss: Any, units: int, seeds: Sequence[int]) -> torch.Tensor:
    """dL/dh_at (S, H), float64, a row for each of S seeds.

    loss: "sum" for L = sum of h_at; "random" for L = u . h_at with u a random direction of length 1, its own for each
    seed; or an array-like (H,), dL/dh_at itself, such as a row of a linear read-out. Raises GruvizError for an unknown
    name, a wrong shape, or a vector that is zero or not finite.
    """
    if isinstance(loss, str):
        if loss not in LOSSES:
            raise GruvizError(
                f"There is no loss {loss!r}; give 'sum', 'random', or a vector of {units} numbers, dL/dh."
            )
        if loss == "sum":
            return torch.ones(len(seeds), units, dtype=torch.float64, device="cpu")
        seeds = [whole_number(seed, "a seed", "0 or more") for seed in seeds]
        if min(seeds) < 0:
            raise GruvizError(f"Seeds are whole numbers from 0 on; {min(seeds)} was given.")
        drawn = np.stack([np.random.default_rng((seed, _STREAM)).standard_normal(units) for seed in seeds])
        return torch.from_numpy(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))
    vector = as_array(loss, "the numbers of the loss")
    if vector.shape != (units,):
        raise GruvizError(
            f"The loss is a vector of shape {vector.shape}; this cell needs ({units},), one number per unit."
        )
    if not np.isfinite(vector).all():
        where = int(np.argmin(np.isfinite(vector)))
        raise GruvizError(f"The loss holds {vector[where]} at index {where}; every value must be a finite number.")
    if not vector.any():
        raise GruvizError("The loss vector is zero everywhere: nothing depends on the state, so there is no gradient.")
    return torch.from_numpy(vector).expand(len(seeds), -1)
