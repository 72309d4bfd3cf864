"""A cell with random weights: PyTorch's default draw from a seed, with the gates' biases as knobs."""

import math
import string
from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

from gruviz.cells.kinds import module_kind
from gruviz.cells.modules import blank
from gruviz.inputs import Encoder, NumberEncoder, TokenEncoder
from gruviz.inputs.words import UNKNOWN
from gruviz.models.model import Card, Knob, KnobValue, Model
from gruviz.signals import CELLS

ALPHABET = (UNKNOWN, *string.ascii_lowercase, *string.digits, *" .,!?'-")


def _gates() -> Mapping[str, Mapping[str, str]]:
    """The gates whose biases are knobs: by name, the cells that have one, with its block there."""
    gates: dict[str, dict[str, str]] = {}
    for cell in CELLS.values():
        for gate in cell.gates:
            if gate.key in cell.blocks:
                gates.setdefault(gate.name, {})[cell.name] = gate.key
    return gates


def _shift(name: str) -> str:
    return f"{name.split()[0]}_shift"


KNOBS = (
    Knob("input", "Input", "characters", "What the network reads.",
         options={"characters": "Characters", "numbers": "Numbers"}),
    Knob("columns", "Columns", 1, "Numbers per step, D.", low=1, high=8, only_if=("input", ("numbers",))),
    Knob("cell", "Cell", "GRU", "MGU (Zhou et al. 2016) and JANET (van der Westhuizen and Lasenby 2018) have one gate.",
         options={cell: cell for cell in CELLS}),
    Knob("hidden", "Hidden units", 8, "H, the size of the hidden state.", low=1, high=64),
    Knob("seed", "Seed", 0, "The same seed gives the same weights.", low=0, high=9999),
    *(Knob(_shift(name), f"{name.capitalize()} bias", 0.0,
           f"Added to the {name}’s bias: above 0 opens it more, below 0 closes it more.",
           low=-8.0, high=8.0, step=0.5, only_if=("cell", tuple(cells))) for name, cells in _gates().items()),
    Knob("reset", "Reset gate acts", "after", "After the recurrent product (PyTorch) or before it (Cho et al. 2014).",
         options={"after": "after the product", "before": "before the product"}, only_if=("cell", ("GRU",))),
)  # fmt: skip


def build(knobs: Mapping[str, KnobValue]) -> Model:
    """The model for one setting of `KNOBS`."""
    numbers = knobs["input"] == "numbers"
    encoder: Encoder
    if numbers:
        encoder = NumberEncoder(int(knobs["columns"]))
    else:
        hint = (
            "Any text, one step per character. Case and accents are ignored; what is not a-z, 0-9 or common "
            "punctuation is “other”."
        )
        encoder = TokenEncoder("characters", ALPHABET, np.eye(len(ALPHABET)), hint, names=ALPHABET)
    cell, hidden, seed = str(knobs["cell"]), int(knobs["hidden"]), int(knobs["seed"])
    module = _draw(module_kind(cell, knobs["reset"] == "after"), encoder.features, hidden, seed)
    shifts = []
    for name, cells in _gates().items():
        shift = float(knobs[_shift(name)])
        if shift and cell in cells:
            first = CELLS[cell].blocks.index(cells[cell]) * hidden
            with torch.no_grad():
                module.get_parameter("bias_ih_l0")[first : first + hidden] += shift
            shifts.append(f"{shift:+g} on the {name}'s bias")
    summary = (
        f"Random weights of one {cell}: uniform within ±1/√{hidden}, PyTorch's default, seed {seed}"
        f"{'; ' + ' and '.join(shifts) if shifts else ''}. It was never trained, so it answers nothing."
    )
    example = "0 1 0 -1 0 1 0 -1" if knobs["columns"] == 1 else "\n".join([" ".join("1" * int(knobs["columns"]))] * 4)
    return Model("random", "Random weights", module, encoder, Card(summary), example if numbers else "hello")


def _draw(kind: type[nn.Module], features: int, hidden: int, seed: int) -> nn.Module:
    module = blank(kind, features, hidden)
    generator, bound = torch.Generator().manual_seed(seed), 1 / math.sqrt(hidden)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(-bound, bound, generator=generator)
    return module
