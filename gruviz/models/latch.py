"""A GRU set by hand: it stores a bit at a marker, keeps it through noise, and says it when asked.

A step's input is (bit, marker, question): bit is +1 for "1", -1 for "0"; "1!" and "0!" raise the marker, "?" asks.

unit 0, the latch    z = σ(8 - 16 marker): near 1 (keep) unless the marker is there, then near 0 (write).
                     n = tanh(3 bit): the candidate follows every bit, but is written only at a marker.
unit 1, the reader   r = σ(-8 + 16 question): the reset gate hides the memory from the candidate until asked.
                     n = tanh(r · 3 h_0): with the gate shut 0, with it open the stored bit.
                     z = σ(-8): always written afresh.
"""

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

from gruviz.cells.modules import blank
from gruviz.inputs import TokenEncoder
from gruviz.models.model import Card, Knob, KnobValue, Model
from gruviz.models.read_outs import Probability

SYMBOLS = {"0": (-1, 0, 0), "1": (1, 0, 0), "0!": (-1, 1, 0), "1!": (1, 1, 0), ".": (0, 0, 0), "?": (0, 0, 1)}
SURE, STRONG = 8.0, 3.0

KNOBS = (
    Knob("latch_units", "Hidden units", "2", "One unit stores the bit; a second one reads it out at “?”.",
         options={"1": "1: the latch", "2": "2: latch and reader"}),
)  # fmt: skip


def build(knobs: Mapping[str, KnobValue]) -> Model:
    """The latch with one unit, or with its reader as a second one."""
    units = int(knobs["latch_units"])
    module = blank(nn.GRU, 3, units)
    for parameter in module.parameters():
        parameter.zero_()
    from_input, from_state, bias = (
        getattr(module, name) for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0")
    )  # rows: r, z, n; each a row a unit
    from_input[units] = torch.tensor(
        [0.0, -2 * SURE, 0.0], device="cpu"
    )  # z of the latch: the marker opens it for writing
    bias[units] = SURE
    from_input[2 * units] = torch.tensor([STRONG, 0.0, 0.0], device="cpu")  # n of the latch: the bit
    if units > 1:
        from_input[1] = torch.tensor([0.0, 0.0, 2 * SURE], device="cpu")  # r of the reader: the question opens it
        bias[1] = -SURE
        bias[units + 1] = -SURE  # z of the reader: always write
        from_state[2 * units + 1] = torch.tensor([STRONG, 0.0], device="cpu")  # n of the reader: the latch's state
    weight = np.zeros((1, units))
    weight[0, 0] = 2 * STRONG
    encoder = TokenEncoder(
        "symbols", tuple(SYMBOLS), np.array(list(SYMBOLS.values()), dtype=float),
        "Symbols separated by spaces: 0 and 1 (bits), 0! and 1! (bits to store), . (nothing), ? (read).",
        names=("bit", "marker", "question"),
    )  # fmt: skip
    card = Card(
        "Set by hand, not trained: every weight is chosen so that the gates can be read. "
        "A bit with “!” is stored; bits without it pass by; “?” reads the stored bit.",
        (
            ("Latch, unit 0", "z = σ(8 − 16·marker), n = tanh(3·bit)"),
            *((("Reader, unit 1", "r = σ(16·question − 8), n = tanh(r·3·h₀), z = σ(−8)"),) if units > 1 else ()),
        ),
    )
    return Model("latch", "Latch (set by hand)", module, encoder, card, "0 1 1! 0 0 1 0 0 1 0 ?",
                 Probability("likely that the bit is 1", weight, np.zeros(1)))  # fmt: skip
