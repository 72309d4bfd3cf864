"""Model files that people bring: PyTorch, safetensors, Keras 3 and ONNX, read without running anything in them."""

from gruviz.files.contents import read_file
from gruviz.files.limits import MAX_FILE, counted_bytes, short
from gruviz.files.networks import network
from gruviz.files.parts import HEAD_KINDS, MASK, Contents, Head, Part, Question, Table, check_finite, listed

__all__ = [
    "HEAD_KINDS",
    "MASK",
    "MAX_FILE",
    "Contents",
    "Head",
    "Part",
    "Question",
    "Table",
    "check_finite",
    "counted_bytes",
    "listed",
    "network",
    "read_file",
    "short",
]
