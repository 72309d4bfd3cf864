"""A caller's arrays to the tensors that a cell runs on, with shapes and finiteness checked once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from gruviz.errors import GruvizError


def as_inputs(
    inputs: Any, features: int, like: torch.Tensor, *, batch_first: bool = False
) -> tuple[torch.Tensor, bool]:
    """Array-like (T, D) or (T, B, D), or (B, T, D) where `batch_first`, to (T, B, D); and whether it had a batch.

    The tensor has the dtype and device of `like`.
    """
    x = as_tensor(inputs, "inputs", like)
    batch = "(B, T, D)" if batch_first else "(T, B, D)"
    if x.ndim not in (2, 3):
        raise GruvizError(f"inputs have shape {tuple(x.shape)}; expected (T, D), or {batch} for a batch.")
    if x.shape[-1] != features:
        raise GruvizError(
            f"inputs have {x.shape[-1]} features per step (shape {tuple(x.shape)}); this module reads {features}."
        )
    if 0 in x.shape:
        raise GruvizError(f"inputs have shape {tuple(x.shape)}; at least one step and one sequence are needed.")
    if x.ndim == 2:
        return x[:, None], False
    return (x.transpose(0, 1) if batch_first else x), True


def as_state(
    h0: Any, parts: int, count: int, batch: int, units: int, like: torch.Tensor, batched: bool
) -> tuple[torch.Tensor, ...]:
    """The initial state, one tensor (layers * directions, B, H) per part; zero where h0 is None."""
    if h0 is None:
        return tuple(like.new_zeros(count, batch, units) for _ in range(parts))
    expected = (count, batch, units) if batched else (count, units)
    if parts == 1 and isinstance(h0, tuple) and len(h0) == 2 and all(np.ndim(part) >= 1 for part in h0):
        raise GruvizError("h0 is a pair, as an LSTM takes it (h0, c0); this cell has one state: pass h0 alone.")
    given = (h0,) if parts == 1 else tuple(h0) if isinstance(h0, list | tuple) else (h0,)
    if len(given) != parts:
        raise GruvizError(f"h0 has {len(given)} parts; an LSTM takes the pair (h0, c0).")
    states = []
    for name, part in zip(("h0", "c0"), given, strict=False):
        state = as_tensor(part, name, like)
        if tuple(state.shape) != expected:
            raise GruvizError(f"{name} has shape {tuple(state.shape)}; this module and these inputs need {expected}.")
        states.append(state if batched else state[:, None])
    return tuple(states)


def as_tensor(values: Any, name: str, like: torch.Tensor) -> torch.Tensor:
    """Array-like of finite numbers to a tensor with the dtype and device of `like`; GruvizError says what is wrong."""
    array = torch.from_numpy(as_array(values, name))
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


def as_array(values: Any, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Array-like of real numbers, NumPy's or torch's, to a float64 array of its own; GruvizError says what is wrong."""
    if isinstance(values, torch.nn.utils.rnn.PackedSequence):
        raise GruvizError(
            f"{name} are a PackedSequence; unpack them (torch.nn.utils.rnn.pad_packed_sequence) and trace each "
            "sequence alone, cut to its own length."
        )
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        where = tuple(int(i) for i in np.argwhere(np.ma.getmaskarray(values))[0])
        raise GruvizError(f"{name} are a masked array, with no value at index {where}; fill it or leave the step out.")
    _check_lengths(values, name)
    try:
        array = _dense(values, name) if isinstance(values, torch.Tensor) else np.array(_plain(values))
        if array.dtype.kind == "c":
            raise TypeError("the numbers are complex")
        return array.astype(np.float64)
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        if isinstance(error, GruvizError):
            raise
        reason = str(error).removesuffix(".")
        raise GruvizError(f"{name} can't be read as an array of numbers: {reason}.") from None


def _dense(tensor: torch.Tensor, name: str) -> np.ndarray[Any, Any]:
    if tensor.is_meta:
        raise GruvizError(f"{name} are a tensor on the meta device, which holds no numbers.")
    if tensor.is_nested:
        raise GruvizError(f"{name} are a nested tensor, sequences of several lengths; trace each sequence alone.")
    tensor = tensor.detach()
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.layout != torch.strided:
        tensor = tensor.to_dense()
    tensor = tensor.cpu()
    return tensor.to(torch.complex128 if tensor.is_complex() else torch.float64).numpy()


def _plain(values: Any) -> Any:
    """Lists of tensors as lists of arrays: NumPy can't read tensors that want gradients."""
    if isinstance(values, torch.Tensor):
        return _dense(values, "inputs")
    return [_plain(value) for value in values] if isinstance(values, list | tuple) else values


def _check_lengths(values: Any, name: str) -> None:
    if not isinstance(values, list | tuple):
        return
    lengths = [len(row) if isinstance(row, Sequence) or np.ndim(row) else None for row in values]
    for index, length in enumerate(lengths):
        if length != lengths[0]:
            first, other = ("one number" if n is None else f"{n} entries" for n in (lengths[0], length))
            raise GruvizError(
                f"{name} can't be read as an array of numbers: row 0 holds {first}, row {index} {other}; "
                "rows must be of one length. Trace sequences of several lengths one by one."
            )
    for row in values:
        _check_lengths(row, name)
