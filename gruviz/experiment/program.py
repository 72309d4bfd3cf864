"""A PyTorch program that computes gradient norms by autograd alone, for seed 0 of each cell of an experiment."""

import re
from collections.abc import Mapping
from pprint import pformat

import numpy as np

from gruviz.cells.draws import Draw
from gruviz.experiment.settings import ExperimentSettings
from gruviz.notation.program_lines import step_lines
from gruviz.reading.program import UNPACK, literal
from gruviz.records import Array, Weights
from gruviz.signals import VARIANTS

_HEAD = '''\
"""||dL/ds_t|| of seed 0 of {cells}, by PyTorch's autograd on the unrolled cells; s is h, and (h, c) for an LSTM."""

import csv
import sys
from base64 import b85decode

import torch

about = {about}
AT = {at}  # index of the step that the loss is taken at
{unpack}{steps}

{arrays}
cells = {{  # one step, parts of the state, x (T, D), direction (H,) of the loss L = direction . h_at, weights
'''

_STEP = '''

def {name}(x_t, state, W_i, W_h, b_i, b_h):
    """One step of the {cell}, from the state ({state}) to the next."""
    {unpacked} = state
    H = len(h)
    {lines}
    return {returned}
'''

_PROGRAM = """}


out = csv.writer(sys.stdout)
out.writerow(["cell", "step", "lag", "log10_norm"])
for cell, (step, parts, *arrays) in cells.items():
    x, direction, *weights = (array.double() for array in arrays)  # trained networks hold and read float32
    state = (torch.zeros_like(direction),) * parts
    state = tuple(part.clone().requires_grad_() for part in state)
    states = []
    for t in range(AT + 1):
        # clones: each step's state as an input of the steps after it
        state = tuple(part.clone() for part in step(x[t], state, *weights))
        states.append(state)
    flat = [part for state in states for part in state]
    grads = torch.autograd.grad((direction * states[AT][0]).sum(), flat, allow_unused=True)
    grads = [torch.zeros_like(direction) if g is None else g for g in grads]
    for t in range(AT + 1):
        norm = torch.cat(grads[t * parts : (t + 1) * parts]).norm().item()
        # below about 1e-308 autograd's own numbers end: it prints -inf where gruviz still has a number
        out.writerow([cell, t + 1, AT - t, torch.tensor(norm, dtype=torch.float64).log10().item()])
"""


def gradient_snippet(
    settings: ExperimentSettings,
    draws: Mapping[str, Draw],
    directions: Mapping[str, Array],
    facts: Mapping[str, Mapping[str, str | int]] | None = None,
) -> str:
    """The program for these settings; by cell, `draws` are what it was given, `directions` (H,) dL/dh_at of seed 0.

    `facts` are what the program says of each cell, see `gradient_facts`.
    """
    names: dict[str, str] = {}  # what is the same for all cells stands there once
    body = []
    for cell, made in draws.items():
        x = names.setdefault(literal(np.ascontiguousarray(made.inputs[0])), f"x_{len(names)}")
        direction = names.setdefault(literal(directions[cell]), f"direction_{len(names)}")
        weights = made.weights[0]
        arrays = (weights.input, weights.recurrent, weights.input_bias, weights.recurrent_bias)
        packed = ", ".join(literal(array) for array in arrays)
        parts = len(VARIANTS[cell].state)
        body.append(f'    "{cell}": ({_step_name(cell)}, {parts}, {x}, {direction}, {packed}),\n')
    head = _HEAD.format(
        cells=", ".join(draws),
        at=settings.loss_index,
        about=pformat({cell: dict(own) for cell, own in (facts or {}).items()}, width=110, sort_dicts=False),
        unpack=UNPACK,
        steps="\n".join(_step(cell, made.weights[0]) for cell, made in draws.items()),
        arrays="\n".join(f"{name} = {text}" for text, name in names.items()),
    )
    return head + "".join(body) + _PROGRAM


def _step_name(cell: str) -> str:
    return f"step_{re.sub(r'[^a-z0-9]', '_', cell.lower())}"


def _step(cell: str, weights: Weights) -> str:
    state = VARIANTS[cell].state
    unpacked = ", ".join(state) + "," * (len(state) == 1)
    return _STEP.format(
        name=_step_name(cell),
        cell=cell,
        state=", ".join(state),
        unpacked=unpacked,
        lines="\n    ".join(step_lines(VARIANTS[cell], weights)),
        returned=f"({unpacked})" if len(state) == 1 else unpacked,
    )
