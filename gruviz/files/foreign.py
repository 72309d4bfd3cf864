"""HDF5 and ONNX files, in a process of their own: `python -I foreign.py hdf5 < file`.

Both are read by C libraries, which a hostile file may crash, or lead to take any amount of memory. So they run where
neither can do harm: this script imports nothing of gruviz, limits its own memory and time, reads a file from its
standard input and writes a table (JSON) and the arrays' bytes. It opens no other file: links and external data of a
file are reported, never followed.
"""

import io
import json
import os
import struct
import sys
from collections.abc import Callable, Sequence
from typing import Any

MEMORY = 184 * 2**20  # bytes, the file among them, beyond what the imports take
SECONDS = 5  # of its CPU
MOST_BYTES = 64 * 2**20  # of arrays
MOST_THINGS = 20_000  # groups and datasets, or nodes, initializers and inputs
DEEPEST = 24  # groups in groups


class Refused(Exception):
    """The file can't be read; the text says why."""


class Table:
    """What is found: arrays by name, each read when it is written; and facts."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.reads: list[Callable[[], Any]] = []
        self.facts: dict[str, Any] = {}
        self.size = 0

    def add(self, name: str, dtype: Any, shape: Sequence[int], read: Callable[[], Any]) -> None:
        """An array of numbers, as float64, float32, float16 or int64; others are widened, exactly."""
        kind = dtype.name if dtype.name in ("float64", "float32", "float16") else "float32"
        self.rows.append({"name": name, "dtype": "int64" if dtype.kind in "iub" else kind, "shape": list(shape)})
        self.reads.append(read)

    def write(self, out: Any) -> None:
        """The rows and facts as JSON behind its length (uint64), then the arrays' bytes, little-endian."""
        import numpy as np

        text = json.dumps({"arrays": self.rows, "facts": self.facts}).encode()
        out.write(struct.pack("<Q", len(text)) + text)
        for row, read in zip(self.rows, self.reads, strict=True):
            array = np.ascontiguousarray(read(), np.dtype(row["dtype"]).newbyteorder("<"))
            out.write(array.reshape(-1).view(np.uint8).data)

    def room_for(self, size: int, name: str) -> None:
        """Refuses arrays that are too large together, before they are read."""
        self.size += size
        if self.size > MOST_BYTES:
            raise Refused(f"{name[:80]} and what is before it say they have more than {MOST_BYTES:,} bytes of numbers")


def hdf5() -> Table:
    """Every array in an HDF5 file, by its path; the attribute `name` of each group that has one."""
    os.environ["HDF5_PLUGIN_PRELOAD"] = "::"  # no filters from elsewhere
    import h5py

    limit()
    table = Table()
    data = sys.stdin.buffer.read()
    names: dict[str, str] = table.facts.setdefault("names", {})
    seen, things = set(), 0
    file = h5py.File(io.BytesIO(data), "r")
    left: list[tuple[str, Any, int]] = [("", file, 0)]
    while left:
        path, group, depth = left.pop()
        place = h5py.h5o.get_info(group.id).addr
        if place in seen or depth > DEEPEST:
            raise Refused(f"“{path[:80]}” holds itself, or too many groups are in groups")
        seen.add(place)
        name = group.attrs.get("name")
        if isinstance(name, str | bytes):
            names[path] = name.decode("utf-8", "replace") if isinstance(name, bytes) else name
        for key in group:
            things += 1
            inner = f"{path}/{key}".lstrip("/")
            link = group.get(key, getlink=True)
            if things > MOST_THINGS:
                raise Refused(f"it holds more than {MOST_THINGS:,} groups and arrays")
            if not isinstance(link, h5py.HardLink):
                kind = "an external link, to another file" if isinstance(link, h5py.ExternalLink) else "a soft link"
                raise Refused(f"“{inner[:80]}” is {kind}. Links are not followed; save the model again in one file")
            value = group[key]
            if isinstance(value, h5py.Group):
                left.append((inner, value, depth + 1))
            elif isinstance(value, h5py.Dataset):
                _dataset(table, inner, value)
    return table


def _dataset(table: Table, name: str, dataset: Any) -> None:
    if dataset.external or dataset.is_virtual:
        raise Refused(f"the numbers of “{name[:80]}” lie in another file. They are not followed; save the model again")
    if dataset.dtype.kind != "f" or dataset.shape is None:
        return  # optimizer counters, seeds, texts
    table.room_for(int(dataset.dtype.itemsize) * max(1, int(dataset.size)), name)
    table.add(name, dataset.dtype, dataset.shape, lambda: dataset[()])


def onnx() -> Table:
    """The nodes of an ONNX graph with their attributes, its constants, and what goes in."""
    from onnx import AttributeProto, ModelProto, TensorProto, helper, numpy_helper

    limit()
    model = ModelProto()
    model.ParseFromString(sys.stdin.buffer.read())
    graph, table = model.graph, Table()
    if len(graph.node) + len(graph.initializer) + len(graph.input) > MOST_THINGS:
        raise Refused(f"its graph has more than {MOST_THINGS:,} nodes and constants")

    def constant(name: str, tensor: Any) -> None:
        if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
            where = next((entry.value for entry in tensor.external_data if entry.key == "location"), "another file")
            raise Refused(
                f"the numbers of “{name[:80]}” lie in another file ({where[:80]}), which is not followed. Save the "
                "model in one file: onnx.save(model, path, save_as_external_data=False)"
            )
        try:
            kind = helper.tensor_dtype_to_np_dtype(tensor.data_type)
        except (KeyError, TypeError, ValueError):
            return
        if kind.kind not in "fiubV":
            return
        count = 1
        for size in tensor.dims:
            count *= max(0, size)
        if any(size < 0 for size in tensor.dims):
            raise Refused(f"“{name[:80]}” has a negative size")
        table.room_for(count * max(4, kind.itemsize), name)
        table.add(name, kind, tensor.dims, lambda: numpy_helper.to_array(tensor))

    for tensor in graph.initializer:
        constant(tensor.name, tensor)
    if graph.sparse_initializer:
        raise Refused("it holds sparse constants, which gruviz does not read")
    nodes: list[list[Any]] = []
    for node in graph.node:
        attributes: dict[str, Any] = {}
        for attribute in node.attribute:
            if attribute.type == AttributeProto.TENSOR and node.op_type in ("Constant", "ConstantOfShape"):
                name = node.output[0] if node.op_type == "Constant" and node.output else f"{len(nodes)}.value"
                constant(name, attribute.t)
                attributes[attribute.name] = name
            elif attribute.type in (
                AttributeProto.FLOAT, AttributeProto.INT, AttributeProto.STRING, AttributeProto.FLOATS,
                AttributeProto.INTS, AttributeProto.STRINGS,
            ):  # fmt: skip
                attributes[attribute.name] = _plain(helper.get_attribute_value(attribute))
        nodes.append([node.op_type, node.domain, list(node.input), list(node.output), attributes, node.name])
    table.facts = {"nodes": nodes, "inputs": [each.name for each in graph.input], "made_by": model.producer_name}
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def limit() -> None:
    """From here on the process has so much more memory and CPU time, and no more; where the system can say so."""
    try:
        import resource
    except ImportError:  # Windows has none; the caller's timeout is left
        return
    with open("/proc/self/statm") if os.path.exists("/proc/self/statm") else io.StringIO("0") as file:  # noqa: PTH110, PTH123
        taken = int(file.read().split()[0]) * resource.getpagesize()
    if taken:
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Reads standard input as the format that the first argument names; the answer goes to standard output."""
    said = {}
    try:
        table = {"hdf5": hdf5, "onnx": onnx}[sys.argv[1]]()
    except Refused as refused:
        said["refused"] = str(refused)
    except ModuleNotFoundError as error:
        said["refused"] = f"reading it takes the package {error.name}: pip install 'gruviz[files]'"
    except MemoryError:
        said["refused"] = "reading it takes too much memory"
    except Exception as error:  # whatever the libraries raise for a damaged file
        said["damaged"] = f"{type(error).__name__}: {error}"[:200]
    if said:
        text = json.dumps(said).encode()
        sys.stdout.buffer.write(struct.pack("<Q", len(text)) + text)
    else:
        table.write(sys.stdout.buffer)  # where this fails, the process ends with another code than 0
    sys.stdout.buffer.flush()
    os._exit(0)  # at once: what is left of a hostile file's objects need not be taken apart


if __name__ == "__main__":
    sys.exit(main())
