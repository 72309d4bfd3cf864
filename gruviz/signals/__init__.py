"""The one table of what a cell computes.

Equations, colours, figures, the stepper's columns and exports are all read from here, so a new cell is a
row of this table and not an `if` somewhere else. Formulas follow PyTorch's documentation of `nn.GRU`, `nn.LSTM` and
`nn.RNN`; Cho et al. 2014 (arXiv:1406.1078) and Ng's course on sequence models give the other two notations.
"""

from gruviz.signals.cell import COLOURS, Cell, Colour, Column, Role, Signal, Symbols
from gruviz.signals.notation import MeaningOfOne, Notation
from gruviz.signals.rules import Affine, Blend, CellUpdate, Gated, Rule
from gruviz.signals.table import CELLS, STANDARD, VARIANTS, variant

__all__ = [
    "CELLS",
    "COLOURS",
    "STANDARD",
    "VARIANTS",
    "Affine",
    "Blend",
    "Cell",
    "CellUpdate",
    "Colour",
    "Column",
    "Gated",
    "MeaningOfOne",
    "Notation",
    "Role",
    "Rule",
    "Signal",
    "Symbols",
    "variant",
]
