"""Traces of any cell and size, made the same way in the served script and in the tests."""

import torch

import gruviz
from gruviz.cells.kinds import module_kind

FEATURES = 3


def make_trace(cell, units, steps):
    """A cell of the table with seeded weights reads seeded noise; its tokens are t1, t2, ..."""
    generator = torch.Generator().manual_seed(1)
    with torch.device("meta"):
        module = module_kind(cell, reset_after=True)(FEATURES, units)
    module = module.to_empty(device="cpu")
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(-1, 1, generator=generator)
    inputs = torch.randn(steps, FEATURES, generator=generator)
    return gruviz.trace(module, inputs, tokens=[f"t{step}" for step in range(1, steps + 1)])
