"""How a payload goes to a component: as JSON, with the numbers of its arrays behind it as they are."""

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gruviz.records import Array

_ALIGNED = 4  # bytes: where the browser's arrays of four-byte numbers may begin


@dataclass(frozen=True)
class Focus:
    """Where to stand: a new `id` makes the stepper go there; with the same one it stays where the person is."""

    id: str
    step: int  # 1 to T
    unit: int
    visit: int = 0  # the entry of the browser's history that the stepper's moves belong to
    asked: Mapping[str, str] | None = None  # what an opened link says of the place, as it is written there


def placed(data: Mapping[str, Any], focus: Focus) -> dict[str, Any]:
    """The data with an `id` that tells whether they changed, and with where to stand."""
    return {**data, "id": hashlib.blake2b(as_bytes(data), digest_size=12).hexdigest(), "focus": asdict(focus)}


def as_bytes(data: Mapping[str, Any]) -> bytes:
    """The JSON's length (uint32), the JSON, and the numbers: little-endian, row-major, each array at a multiple of 4.

    In the JSON an array is where its numbers begin, of what type and how many they are: float32, or int8 or single bits
    (of each byte the lowest first) where these hold them exactly. In anything but bytes Streamlit would look for data
    frames, and import pandas for it.
    """
    numbers = bytearray()

    def put(values: Array) -> dict[str, Any]:
        kind = _kind(values)
        place = {"type": kind, "at": len(numbers), "count": values.size}
        numbers.extend(_packed(values, kind))
        numbers.extend(bytes(-len(numbers) % _ALIGNED))
        return place

    text = json.dumps(data, default=put, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNED)
    return struct.pack("<I", len(text)) + text + bytes(numbers)


def _kind(values: Array) -> str:
    small = np.abs(values).max() <= 127
    if not small or not (values.astype(np.int8) == values).all():
        return "f4"
    return "bits" if ((values == 0) | (values == 1)).all() else "i1"


def _packed(values: Array, kind: str) -> bytes:
    if kind == "bits":
        return np.packbits(values.ravel() == 1, bitorder="little").tobytes()
    return np.ascontiguousarray(values, dtype=f"<{kind}").tobytes()
