"""Reads a model file of any format: by its name's ending, and never against what its bytes say."""

from collections.abc import Callable, Mapping

from gruviz.errors import ModelError
from gruviz.files import state_dicts
from gruviz.files.keras import read_keras, read_keras_weights
from gruviz.files.limits import check_file, short
from gruviz.files.onnx_graph import read_onnx
from gruviz.files.parts import Contents, Part
from gruviz.files.pytorch import read_pytorch
from gruviz.files.safe_tensors import read_safetensors


def read_file(data: bytearray, name: str) -> Contents:
    """What a file holds, from all of its bytes and its name. ModelError, a sentence, for any that can't be used.

    The parts' tensors may look into `data`, so it must not change afterwards.
    """
    check_file(len(data))
    ending = next((each for each in READERS if name.lower().endswith(each)), None)
    if ending is None:
        raise ModelError(
            f"“{short(name)}” has an ending that gruviz does not know; it reads {', '.join(READERS)}: PyTorch's "
            "state_dicts, safetensors, Keras 3 and ONNX."
        )
    format_, read = READERS[ending]
    return Contents(format_, read(memoryview(data)))


def _pytorch(data: memoryview) -> tuple[Part, ...]:
    return state_dicts.parts(read_pytorch(data), "PyTorch file")


def _safetensors(data: memoryview) -> tuple[Part, ...]:
    return state_dicts.parts({"": read_safetensors(data)}, "safetensors file")


READERS: Mapping[str, tuple[str, Callable[[memoryview], tuple[Part, ...]]]] = {
    ".pt": ("PyTorch", _pytorch),
    ".pth": ("PyTorch", _pytorch),
    ".safetensors": ("safetensors", _safetensors),
    ".keras": ("Keras", read_keras),
    ".weights.h5": ("Keras weights", read_keras_weights),
    ".onnx": ("ONNX", read_onnx),
}
