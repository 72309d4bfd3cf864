"""A caller's arrays to the tensors that a cell runs on, with shapes and finiteness checked once."""

from typing import Any

import numpy as np
import torch

from gruviz.errors import GruvizError


def as_inputs(inputs: Any, features: int, like: torch.Tensor) -> tuple[torch.Tensor, bool]:
    """Array-like (T, D) or (T, B, D) -> tensor (T, B, D) with dtype and device of `like`; whether it had a batch."""
    x = _tensor(inputs, "inputs", like)
    if x.ndim not in (2, 3):
        raise GruvizError(f"inputs have shape {tuple(x.shape)}; expected (T, D), or (T, B, D) for a batch.")
    if x.shape[-1] != features:
        raise GruvizError(
            f"inputs have {x.shape[-1]} features a step (shape {tuple(x.shape)}); this module reads {features}."
        )
    if 0 in x.shape:
        raise GruvizError(f"inputs have shape {tuple(x.shape)}; at least one step and one sequence are needed.")
    batched = x.ndim == 3
    return (x if batched else x[:, None]), batched


def as_state(
    h0: Any, parts: int, count: int, batch: int, units: int, like: torch.Tensor, batched: bool
) -> tuple[torch.Tensor, ...]:
    """The initial state, one tensor (layers * directions, B, H) a part; zero where h0 is None."""
    if h0 is None:
        return tuple(like.new_zeros(count, batch, units) for _ in range(parts))
    given = (h0,) if parts == 1 else tuple(h0) if isinstance(h0, list | tuple) else (h0,)
    if len(given) != parts:
        raise GruvizError(f"h0 has {len(given)} parts; an LSTM takes the pair (h0, c0).")
    expected = (count, batch, units) if batched else (count, units)
    states = []
    for name, part in zip(("h0", "c0"), given, strict=False):
        state = _tensor(part, name, like)
        if tuple(state.shape) != expected:
            raise GruvizError(f"{name} has shape {tuple(state.shape)}; this module and these inputs need {expected}.")
        states.append(state if batched else state[:, None])
    return tuple(states)


def _tensor(values: Any, name: str, like: torch.Tensor) -> torch.Tensor:
    try:
        given = values.detach().cpu() if isinstance(values, torch.Tensor) else np.array(values)
        if isinstance(given, torch.Tensor):
            given = given.to(torch.complex128 if given.is_complex() else torch.float64).numpy()
        if given.dtype.kind == "c":
            raise TypeError("the numbers are complex")
        array = torch.from_numpy(given.astype(np.float64))
    except (TypeError, ValueError, OverflowError) as error:
        raise GruvizError(f"{name} can't be read as an array of numbers: {error}.") from None
    cast = array.to(device=like.device, dtype=like.dtype)
    finite = torch.isfinite(cast)
    if not finite.all():
        where = tuple(int(i) for i in (~finite).nonzero()[0])
        number = str(like.dtype).removeprefix("torch.")
        raise GruvizError(
            f"{name} hold {array[where].item():g} at index {where}; "
            f"every value must be a finite number that {number} holds."
        )
    return cast
