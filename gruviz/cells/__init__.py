"""The numerics of one layer: a torch module in, records out."""

from gruviz.cells.forward import trace
from gruviz.cells.reset_before import ResetBeforeGRU

__all__ = ["ResetBeforeGRU", "trace"]
