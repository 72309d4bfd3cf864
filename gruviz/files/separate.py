"""Reads HDF5 and ONNX files in a process of its own, and takes what it found: see foreign.py."""

import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Literal

import torch

from gruviz.errors import ModelError
from gruviz.files.limits import short

_SCRIPT = Path(__file__).with_name("foreign.py")
_PATIENCE = 60  # seconds, on a busy machine; the process limits its own CPU time to far less
_TYPES = {"float64": torch.float64, "float32": torch.float32, "float16": torch.float16, "int64": torch.int64}


@dataclass(frozen=True, eq=False)
class Found:
    """Arrays by name, and facts, as foreign.py gives them."""

    arrays: Mapping[str, torch.Tensor]
    facts: Mapping[str, Any]


def read_separately(data: memoryview, format_: Literal["hdf5", "onnx"], what: str) -> Found:
    """What is in a file. ModelError for one that is damaged, or takes more memory or time than a model file needs.

    `what` names the file in sentences: "ONNX file".
    """
    environment = {
        name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ
    }
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # each thread of these would take address space
    command = [sys.executable, "-I", str(_SCRIPT), format_]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment | threads
    ) as process:
        end = threading.Timer(_PATIENCE, process.kill)
        end.start()
        out = _answer(process, data)
        end.cancel()
    if process.returncode or len(out) < 8:
        raise ModelError(
            f"This {what} is damaged, or made to do harm: the library that reads the format ended with the code "
            f"{process.returncode}. Save or copy it again."
        )
    length = struct.unpack_from("<Q", out)[0]
    table = json.loads(bytes(out[8 : 8 + length]))
    if "damaged" in table:
        raise ModelError(f"This is not a valid {what} ({table['damaged']}). Save or copy it again.")
    if "refused" in table:
        raise ModelError(f"This {what} can't be used: {table['refused']}.")
    arrays, at = {}, 8 + length
    for row in table["arrays"]:
        dtype, shape = _TYPES[row["dtype"]], row["shape"]
        size = prod(shape) * dtype.itemsize
        if at + size > len(out):
            raise ModelError(f"This {what} is damaged: the numbers of “{short(row['name'])}” can't be read.")
        place = out[at : at + size]
        empty = torch.empty(shape, dtype=dtype, device="cpu")
        arrays[row["name"]] = torch.frombuffer(place, dtype=dtype).reshape(shape) if size else empty
        at += size
    return Found(arrays, table["facts"])


def _answer(process: "subprocess.Popen[bytes]", data: memoryview) -> memoryview:
    """Sends the file, then reads the answer: the process writes nothing before it has read all."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):
        process.stdin.write(data)
        process.stdin.close()
    out = bytearray()
    while part := process.stdout.read(2**20):
        out += part
    return memoryview(out)
