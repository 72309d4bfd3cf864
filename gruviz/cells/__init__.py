"""The numerics of one layer: a torch module in, records out."""

from gruviz.cells.forward import trace
from gruviz.cells.row_modules import JANET, MGU, ResetBeforeGRU

__all__ = ["JANET", "MGU", "ResetBeforeGRU", "trace"]
