"""Model files that people bring: PyTorch, safetensors, Keras 3 and ONNX, read without running anything in them."""

from gruviz.files.contents import read_file
from gruviz.files.limits import MAX_FILE, counted_bytes, short
from gruviz.files.networks import network
from gruviz.files.parts import HEAD_KINDS, Contents, Head, Part, Question, Table

__all__ = [
    "HEAD_KINDS",
    "MAX_FILE",
    "Contents",
    "Head",
    "Part",
    "Question",
    "Table",
    "counted_bytes",
    "network",
    "read_file",
    "short",
]
