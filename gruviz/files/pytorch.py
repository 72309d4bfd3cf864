"""PyTorch's .pt and .pth, in the zip format and in the one before it: tensors as views into the file's bytes."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from math import prod
from typing import Any

import torch

from gruviz.errors import ModelError
from gruviz.files.limits import MAX_DIRECTORY, counted_bytes, short
from gruviz.files.parts import Named
from gruviz.files.pickled import Call, Name, Persistent, Pickle, read_pickle
from gruviz.files.zips import entry_bytes, opened, stored

WHAT = "PyTorch file"
SAVE = "torch.save(model.state_dict(), 'model.pt')"
_MAGIC, _PROTOCOL = 0x1950A86A20F9469CFC6C, 1001  # of the format before PyTorch 1.6
_MOST_PICKLE = 8 * MAX_DIRECTORY
_DEEPEST = 16  # dicts in dicts

_STORAGES: Mapping[str, torch.dtype] = {
    "FloatStorage": torch.float32, "DoubleStorage": torch.float64, "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16, "LongStorage": torch.int64, "IntStorage": torch.int32,
    "ShortStorage": torch.int16, "CharStorage": torch.int8, "ByteStorage": torch.uint8, "BoolStorage": torch.bool,
    "ComplexFloatStorage": torch.complex64, "ComplexDoubleStorage": torch.complex128,
}  # fmt: skip
_REBUILD = Name("torch._utils", "_rebuild_tensor_v2")
_REBUILD_OLD = Name("torch._utils", "_rebuild_tensor")
_PARAMETER = Name("torch._utils", "_rebuild_parameter")
_HARMLESS = frozenset({  # what a checkpoint may name beside tensors: it is not called, and what it made is left out
    _REBUILD, _REBUILD_OLD, _PARAMETER, Name("collections", "OrderedDict"), Name("collections", "defaultdict"),
    Name("collections", "Counter"), Name("argparse", "Namespace"), Name("torch", "Size"), Name("torch", "device"),
    Name("torch.nn.parameter", "Parameter"), Name("_codecs", "encode"), Name("builtins", "set"),
    Name("__builtin__", "set"), Name("builtins", "complex"), Name("torch.serialization", "_get_layout"),
    *(Name(f"numpy{core}", name) for core in (".core.multiarray", "._core.multiarray") for name in
      ("scalar", "_reconstruct")), Name("numpy", "dtype"), Name("numpy", "ndarray"),
})  # fmt: skip
_DTYPES = frozenset(str(dtype).removeprefix("torch.") for dtype in _STORAGES.values())

Bytes = Callable[[str, int], memoryview]  # of a storage: from its key and its size in bytes


def read_pytorch(data: memoryview) -> dict[str, Named]:
    """Every dict of tensors in the file, by its path inside: "" for a plain state_dict, "model" in a checkpoint.

    Tensors look into the file's bytes. ModelError for a file that is not PyTorch's, asks to run code, or is damaged.
    """
    if bytes(data[:4]) == b"PK\x03\x04":
        return _read_zip(data)
    if bytes(data[:1]) == b"\x80":
        return _read_old(data)
    raise ModelError(f"This is not a PyTorch file: it begins with {_begins(data)}. Save the weights with {SAVE}.")


def _read_zip(data: memoryview) -> dict[str, Named]:
    with opened(data, WHAT) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        root = next((name for name in entries if name == "data.pkl" or name.endswith("/data.pkl")), None)
        if root is None:
            raise ModelError(
                f"This zip file holds no data.pkl, so it is not a PyTorch file. Save the weights with {SAVE}."
            )
        prefix = root.removesuffix("data.pkl")
        if f"{prefix}constants.pkl" in entries:
            raise ModelError(
                "This is a TorchScript program (torch.jit.save), code with its weights, and gruviz runs no code from "
                f"a file. Load it with torch.jit.load and save its weights with {SAVE}."
            )
        order = entries.get(f"{prefix}byteorder")
        if order is not None and entry_bytes(archive, order, 64, WHAT).strip() != b"little":
            raise ModelError(f"This {WHAT} was saved big-endian; save it on a little-endian machine.")
        pickle = read_pickle(io.BytesIO(entry_bytes(archive, entries[root], _MOST_PICKLE, WHAT)))

    def storage(key: str, size: int) -> memoryview:
        entry: zipfile.ZipInfo | None = entries.get(f"{prefix}data/{key}")
        if entry is None:
            raise ModelError(f"This {WHAT} is damaged: the numbers data/{short(key)} are missing.")
        view = stored(data, entry, WHAT)
        if size > len(view):
            raise ModelError(
                f"data/{short(key)} holds {counted_bytes(len(view))}, and the file says "
                f"that it has {counted_bytes(size)}."
            )
        return view

    return _state_dicts(pickle, storage)


def _read_old(data: memoryview) -> dict[str, Named]:
    """Magic number, protocol, facts on the machine, the object, the storages' keys: pickles; then the storages."""
    file = io.BytesIO(data)
    magic = read_pickle(file)
    if magic.root != _MAGIC or magic.names:
        _refuse_code(magic)
        raise ModelError(f"This is a bare pickle, not what torch.save writes. Save the weights with {SAVE}.")
    protocol, machine = read_pickle(file).root, read_pickle(file).root
    if protocol != _PROTOCOL or not isinstance(machine, dict) or machine.get("little_endian") is not True:
        raise ModelError(f"This {WHAT} is of a kind that gruviz does not read. Save the weights with {SAVE}.")
    pickle, keys = read_pickle(file), read_pickle(file).root
    _refuse_code(pickle)
    sizes = {str(key): width for key, width in _widths(pickle)}
    views, at = dict[str, memoryview](), file.tell()
    for key in keys if isinstance(keys, list) else []:
        width = sizes.get(key, 1) if isinstance(key, str) else 1
        count = struct.unpack_from("<q", data, at)[0] if at + 8 <= len(data) else -1
        at += 8
        if count < 0 or count * width > len(data) - at:
            raise ModelError(f"This {WHAT} breaks off before its numbers end. Save or copy it again.")
        views[str(key)] = data[at : at + count * width]
        at += count * width

    def storage(key: str, size: int) -> memoryview:
        if key not in views or size > len(views[key]):
            raise ModelError(f"This {WHAT} is damaged: numbers that it speaks of are missing.")
        return views[key]

    return _state_dicts(pickle, storage)


def _widths(pickle: Pickle) -> Iterator[tuple[str, int]]:
    """Of each storage that the old format names: its key, and the bytes of one number."""
    for call in _walk(pickle.root):
        if isinstance(call, _Stored):
            yield call.key, call.dtype.itemsize


class _Stored:
    """A tensor as the pickle describes it."""

    def __init__(self, key: str, dtype: torch.dtype, count: int, offset: int, size: Any, stride: Any) -> None:
        self.key, self.dtype, self.count, self.offset, self.size, self.stride = key, dtype, count, offset, size, stride

    def tensor(self, storage: Bytes, name: str) -> torch.Tensor:
        """A view into the file; ModelError where it would reach beyond its storage."""
        size, stride = self.size, self.stride
        whole = [*size, *stride, self.offset, self.count] if _numbers(size) and _numbers(stride) else [-1]
        if min(whole) < 0 or len(size) != len(stride) or len(size) > 8:
            raise ModelError(f"This {WHAT} is damaged: {short(name)} has no shape.")
        last = self.offset + sum((s - 1) * step for s, step in zip(size, stride, strict=True)) if prod(size) else -1
        if last >= self.count or prod(size) > self.count:
            raise ModelError(
                f"{short(name)} says it has shape {size}, more numbers than the file holds of it ({self.count})."
            )
        view = storage(self.key, self.count * self.dtype.itemsize)
        if not prod(size):
            return torch.empty(size, dtype=self.dtype, device="cpu")
        return torch.frombuffer(view, dtype=self.dtype, count=self.count).as_strided(size, stride, self.offset)


def _numbers(value: Any) -> bool:
    return isinstance(value, tuple) and all(type(each) is int and each < 2**48 for each in value)


def _understood(value: Any) -> Any:
    """A call as the tensor that it describes, where it does; else the value itself."""
    while isinstance(value, Call) and value.function == _PARAMETER and isinstance(value.arguments, tuple):
        value = value.arguments[0] if value.arguments else None
    if not isinstance(value, Call) or value.function not in (_REBUILD, _REBUILD_OLD):
        return value
    match value.arguments:
        case (Persistent(key=("storage", Name(name=kind), str(key), _, int(count), *_)), int(offset), size, stride, *_):
            dtype = _STORAGES.get(kind)
            return None if dtype is None else _Stored(key, dtype, count, offset, size, stride)
    return None


def _walk(root: Any) -> Iterator[Any]:
    """Every value in dicts and lists, each once however often it is there."""
    seen, left = set[int](), [root]
    while left:
        value = _understood(left.pop())
        if isinstance(value, dict | list):
            if id(value) in seen:
                continue
            seen.add(id(value))
            left.extend(value.values() if isinstance(value, dict) else value)
        yield value


def _state_dicts(pickle: Pickle, storage: Bytes) -> dict[str, Named]:
    _refuse_code(pickle)
    if not isinstance(pickle.root, dict):
        what = "one tensor" if isinstance(_understood(pickle.root), _Stored) else "no dict of tensors"
        raise ModelError(f"This {WHAT} holds {what}, not a model's weights by name. Save them with {SAVE}.")
    dicts, seen, left = dict[str, Named](), set[int](), [("", pickle.root, 0)]
    while left:
        path, mapping, depth = left.pop(0)
        if id(mapping) in seen or depth > _DEEPEST:
            continue
        seen.add(id(mapping))
        tensors = {}
        for key, value in mapping.items():
            inner = _understood(value)
            if isinstance(inner, dict):
                left.append((f"{path}.{key}" if path else str(key), inner, depth + 1))
            elif isinstance(inner, _Stored) and isinstance(key, str) and inner.dtype.is_floating_point:
                tensors[key] = inner.tensor(storage, key)
        if tensors:
            dicts[path] = tensors
    return dicts


def _refuse_code(pickle: Pickle) -> None:
    """ModelError for a pickle that names anything but tensors and plain containers: it would run code when loaded."""
    strange = sorted(str(name) for name in pickle.names if not _known(name))
    if not strange:
        return
    name = next((each for each in strange if not each.startswith(("torch.", "collections."))), strange[0])
    name = short(name)
    if any(each.startswith("torch.nn.modules.") for each in strange):
        raise ModelError(
            f"This file holds a whole pickled model (torch.save(model), it names {name}), which only running its code "
            f"could open; gruviz runs no code from a file. Save the weights alone: {SAVE}."
        )
    raise ModelError(
        f"This file asks for {name} to be run when it is opened. That is code, not weights, and none of it was run. "
        f"If the file is yours, save the weights alone: {SAVE}. If it is not, do not open it with torch.load."
    )


def _known(name: Name) -> bool:
    storage = name.module in ("torch", "torch.storage") and (
        name.name in _STORAGES or name.name.endswith("Storage") or name.name in _DTYPES
    )
    return storage or name in _HARMLESS


def _begins(data: memoryview) -> str:
    start = bytes(data[:16])
    text = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in start)
    return f"“{text}”"
