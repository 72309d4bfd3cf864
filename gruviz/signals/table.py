"""The rows of the table: a cell each, and the variant of a cell that computes otherwise with the same weights."""

from collections.abc import Mapping
from dataclasses import replace

from gruviz.signals.cell import Cell, Colour, Column, Signal
from gruviz.signals.rules import Affine, Blend, CellUpdate, Gated

_GRU = Cell(
    name="GRU",
    blocks=("r", "z", "n"),
    signals=(
        Signal("r", "reset gate", "reset", Affine(0, "sigmoid"), 0, 1, "reset",
               {"pytorch": ("r", "r"), "cho": ("r", "r"), "ng": ("Γ<sub>r</sub>", "r")}),
        Signal("z", "update gate", "update", Affine(1, "sigmoid"), 0, 1, "update",
               {"pytorch": ("z", "z"), "cho": ("z", "z"), "ng": ("Γ<sub>u</sub>", "u")}),
        Signal("n", "candidate", "candidate", Affine(2, "tanh", scaled_by="r"), -1, 1, "candidate",
               {"pytorch": ("n", "n"), "cho": ("h̃", ""), "ng": ("c̃", "c")}),
        Signal("h", "hidden state", "state", Blend("z", "n"), -1, 1, "blend",
               {"pytorch": ("h", ""), "cho": ("h", ""), "ng": ("c", "")}),
    ),
    state=("h",),
    columns=(
        Column("square", "h", "before"), Column("gauge", "r"), Column("parts", "n"), Column("gauge", "z"),
        Column("blend", "h"), Column("square", "h"),
    ),
    colour=Colour("#C2185B", "#AD1457", "#F48FB1"),
    dash="solid",
    keeps="z",
)  # fmt: skip

_LSTM = Cell(
    name="LSTM",
    blocks=("i", "f", "g", "o"),
    signals=(
        Signal("i", "input gate", "input_gate", Affine(0, "sigmoid"), 0, 1, "input",
               {"pytorch": ("i", "i"), "cho": ("i", "i"), "ng": ("Γ<sub>u</sub>", "u")}),
        Signal("f", "forget gate", "forget", Affine(1, "sigmoid"), 0, 1, "forget",
               {"pytorch": ("f", "f"), "cho": ("f", "f"), "ng": ("Γ<sub>f</sub>", "f")}),
        Signal("g", "candidate", "candidate", Affine(2, "tanh"), -1, 1, "candidate",
               {"pytorch": ("g", "g"), "cho": ("g", "c"), "ng": ("c̃", "c")}),
        Signal("o", "output gate", "output", Affine(3, "sigmoid"), 0, 1, "output",
               {"pytorch": ("o", "o"), "cho": ("o", "o"), "ng": ("Γ<sub>o</sub>", "o")}),
        Signal("c", "cell state", "cell_state", CellUpdate("f", "i", "g"), None, None, "cell_update",
               {"pytorch": ("c", ""), "cho": ("c", ""), "ng": ("c", "")}),
        Signal("h", "hidden state", "state", Gated("o", "c"), -1, 1, "show",
               {"pytorch": ("h", "h"), "cho": ("h", "h"), "ng": ("a", "a")}),
    ),
    state=("h", "c"),
    columns=(
        Column("square", "h", "before"), Column("square", "c", "before"), Column("gauge", "f"), Column("gauge", "i"),
        Column("parts", "g"), Column("cell_update", "c"), Column("gauge", "o"), Column("square", "h"),
    ),
    colour=Colour("#00838F", "#006D77", "#4DD0E1"),
    dash="dash",
    keeps="f",
)  # fmt: skip

_RNN = Cell(
    name="RNN",
    blocks=("h",),
    signals=(
        Signal("h", "hidden state", "state", Affine(0, "cell"), -1, 1, "update",
               {"pytorch": ("h", "h"), "cho": ("h", "h"), "ng": ("a", "a")}),
    ),
    state=("h",),
    columns=(Column("square", "h", "before"), Column("parts", "h"), Column("square", "h")),
    colour=Colour("#8D6E00", "#755B00", "#E6C34A"),
    dash="dot",
    keeps=None,
)  # fmt: skip

_MGU = Cell(  # Zhou, Wu, Zhang and Zhou 2016 (arXiv:1603.09420): one gate forgets, resets and writes
    name="MGU",
    blocks=("f", "n"),
    signals=(
        Signal("f", "forget gate", "forget", Affine(0, "sigmoid"), 0, 1, "forget",
               {"pytorch": ("f", "f"), "cho": ("f", "f"), "ng": ("Γ<sub>f</sub>", "f")}),
        Signal("n", "candidate", "candidate", Affine(1, "tanh", scaled_by="f"), -1, 1, "candidate",
               {"pytorch": ("n", "n"), "cho": ("h̃", "h"), "ng": ("c̃", "c")}),
        Signal("h", "hidden state", "state", Blend("f", "n", writes=True), -1, 1, "blend",
               {"pytorch": ("h", ""), "cho": ("h", ""), "ng": ("c", "")}),
    ),
    state=("h",),
    columns=(
        Column("square", "h", "before"), Column("gauge", "f"), Column("parts", "n"), Column("blend", "h"),
        Column("square", "h"),
    ),
    colour=Colour("#5D7A1F", "#4C6619", "#B5D469"),
    dash="dashdot",
    keeps="f",
    resets_before=True,
)  # fmt: skip

_JANET = Cell(  # van der Westhuizen and Lasenby 2018 (arXiv:1804.04849), with beta = 1: the forget gate alone
    name="JANET",
    blocks=("f", "n"),
    signals=(
        Signal("f", "forget gate", "forget", Affine(0, "sigmoid"), 0, 1, "forget",
               {"pytorch": ("f", "f"), "cho": ("f", "f"), "ng": ("Γ<sub>f</sub>", "f")}),
        Signal("i", "input share", "input_gate", Affine(0, "sigmoid", sign=-1, shift=1.0), 0, 1, "input",
               {"pytorch": ("i", "f"), "cho": ("i", "f"), "ng": ("Γ<sub>u</sub>", "f")}),
        Signal("n", "candidate", "candidate", Affine(1, "tanh"), -1, 1, "candidate",
               {"pytorch": ("n", "n"), "cho": ("c̃", "c"), "ng": ("c̃", "c")}),
        Signal("h", "hidden state", "state", CellUpdate("f", "i", "n"), None, None, "cell_update",
               {"pytorch": ("h", ""), "cho": ("c", ""), "ng": ("c", "")}),
    ),
    state=("h",),
    columns=(
        Column("square", "h", "before"), Column("gauge", "f"), Column("gauge", "i"), Column("parts", "n"),
        Column("cell_update", "h"), Column("square", "h"),
    ),
    colour=Colour("#5E548E", "#4F4580", "#B8AEE0"),
    dash="longdash",
    keeps="f",
)  # fmt: skip

STANDARD = ("RNN", "LSTM", "GRU")  # those that PyTorch has a module for, which the shipped networks are made of
CELLS: Mapping[str, Cell] = {cell.name: cell for cell in (_RNN, _LSTM, _GRU, _MGU, _JANET)}  # the order everywhere

_RESET_BEFORE_GRU = replace(
    _GRU, name="reset-before GRU", variant_of="GRU", resets_before=True, dash="longdashdot",
    colour=Colour("#455A64", "#455A64", "#A9BCC6"),
)  # fmt: skip  # as Cho et al. 2014 wrote it
# what can stand side by side: a cell, then what computes another way with the same weights
VARIANTS: Mapping[str, Cell] = {row.name: row for row in (_RNN, _LSTM, _GRU, _RESET_BEFORE_GRU, _MGU, _JANET)}


def variant(cell: str, reset_after: bool) -> str:
    """The key in VARIANTS of a cell of CELLS whose reset gate, if it has one, acts after or before the product."""
    names = (name for name, row in VARIANTS.items() if row.base == cell and row.resets_before != reset_after)
    return next(names, cell)
