"""The .safetensors format: a header of JSON, then the numbers. Tensors are views into the file's bytes."""

import json
import struct
from collections.abc import Mapping
from math import prod
from typing import Any

import torch

from gruviz.errors import ModelError
from gruviz.files.limits import MAX_DIRECTORY, counted_bytes, short
from gruviz.files.parts import Named

_DTYPES: Mapping[str, torch.dtype] = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
}  # fmt: skip
_WHAT = "safetensors file"


def read_safetensors(data: memoryview) -> Named:
    """The tensors of float numbers by name; others, such as counters, are left out. ModelError for a damaged file."""
    if len(data) < 8:
        raise ModelError(f"This {_WHAT} breaks off after {counted_bytes(len(data))}. Save or copy it again.")
    length = struct.unpack_from("<Q", data)[0]
    if length > len(data) - 8:
        raise ModelError(
            f"This is not a valid {_WHAT}: its header says it has {counted_bytes(length)}, and the file has "
            f"{counted_bytes(len(data))}."
        )
    if length > MAX_DIRECTORY:
        raise ModelError(
            f"The header of this {_WHAT} has {counted_bytes(length)}; at most {counted_bytes(MAX_DIRECTORY)} are read."
        )
    try:
        header = json.loads(bytes(data[8 : 8 + length]))
    except (ValueError, RecursionError):
        raise ModelError(f"This is not a valid {_WHAT}: its header is not JSON.") from None
    if not isinstance(header, dict):
        raise ModelError(f"This {_WHAT} is damaged: its header names no tensors.")
    numbers = data[8 + length :]
    return {
        name: _tensor(name, entry, numbers)
        for name, entry in header.items()
        if name != "__metadata__" and not (isinstance(entry, dict) and entry.get("dtype") not in _DTYPES)
    }


def _tensor(name: str, entry: Any, numbers: memoryview) -> torch.Tensor:
    match entry:
        case {"dtype": str(kind), "shape": list(shape), "data_offsets": [int(start), int(end)]}:
            sizes = [size for size in shape if type(size) is int and 0 <= size < 2**48]
            dtype = _DTYPES[kind]
            wanted = prod(sizes) * dtype.itemsize
            if len(sizes) != len(shape) or len(sizes) > 8 or not 0 <= start <= end or end - start != wanted:
                raise ModelError(
                    f"{short(name)} in this {_WHAT} has shape {short(shape)}, which does not fit its place in the file."
                )
            if end > len(numbers):
                raise ModelError(
                    f"{short(name)} says it has {counted_bytes(wanted)}, and the file holds "
                    f"{counted_bytes(len(numbers))} of numbers. It breaks off; save or copy it again."
                )
            if not wanted:
                return torch.empty(sizes, dtype=dtype, device="cpu")
            return torch.frombuffer(numbers[start:end], dtype=dtype).reshape(sizes)
    raise ModelError(f"{short(name)} in this {_WHAT} is not described as a tensor is.")
