"""A GRU with random weights: PyTorch's default draw from a seed, with the gates' biases as knobs."""

import math
import string
from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

from gruviz.cells import ResetBeforeGRU
from gruviz.cells.blank import blank
from gruviz.inputs import Encoder, NumberEncoder, TokenEncoder
from gruviz.inputs.words import UNKNOWN
from gruviz.models.model import Card, Knob, KnobValue, Model

ALPHABET = (UNKNOWN, *string.ascii_lowercase, *string.digits, *" .,!?'-")

KNOBS = (
    Knob("input", "Input", "characters", "What the network reads.",
         options={"characters": "Characters", "numbers": "Numbers"}),
    Knob("columns", "Columns", 1, "Numbers in a step, D.", low=1, high=8, only_if=("input", "numbers")),
    Knob("hidden", "Hidden units", 8, "H, the size of the hidden state.", low=1, high=64),
    Knob("seed", "Seed", 0, "The same seed gives the same weights.", low=0, high=9999),
    Knob("update_shift", "Update gate bias", 0.0, "Added to the update gate's bias: above 0, units keep more.",
         low=-8.0, high=8.0, step=0.5),
    Knob("reset_shift", "Reset gate bias", 0.0, "Added to the reset gate's bias: below 0, candidates see less memory.",
         low=-8.0, high=8.0, step=0.5),
    Knob("reset", "Reset gate acts", "after", "After the recurrent product (PyTorch) or before it (Cho et al. 2014).",
         options={"after": "after the product", "before": "before the product"}),
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
    hidden, seed = int(knobs["hidden"]), int(knobs["seed"])
    kind = nn.GRU if knobs["reset"] == "after" else ResetBeforeGRU
    module = _draw(kind, encoder.features, hidden, seed)
    with torch.no_grad():
        module.get_parameter("bias_ih_l0")[:hidden] += float(knobs["reset_shift"])
        module.get_parameter("bias_ih_l0")[hidden : 2 * hidden] += float(knobs["update_shift"])
    shifts = [f"{knobs[key]:+g} on the {name} gate's bias" for key, name in
              (("reset_shift", "reset"), ("update_shift", "update")) if knobs[key]]  # fmt: skip
    summary = (
        f"Random weights: uniform within ±1/√{hidden}, PyTorch's default, seed {seed}"
        f"{'; ' + ' and '.join(shifts) if shifts else ''}. It was never trained, so it answers nothing."
    )
    example = "0 1 0 -1 0 1 0 -1" if knobs["columns"] == 1 else "\n".join([" ".join("1" * int(knobs["columns"]))] * 4)
    return Model("random", "Random weights", module, encoder, Card(summary), example if numbers else "hello")


def _draw(kind: type[nn.GRU] | type[ResetBeforeGRU], features: int, hidden: int, seed: int) -> nn.Module:
    module = blank(kind, features, hidden)
    generator, bound = torch.Generator().manual_seed(seed), 1 / math.sqrt(hidden)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(-bound, bound, generator=generator)
    return module
