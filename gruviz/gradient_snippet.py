"""A PyTorch program that computes gradient norms by autograd alone, for seed 0 of each cell of an experiment."""

from collections.abc import Mapping
from pprint import pformat

import numpy as np

from gruviz.experiment import Settings
from gruviz.initialisations import Draw
from gruviz.records import Array
from gruviz.snippet import UNPACK, literal

_HEAD = '''\
"""||dL/ds_t|| of seed 0 of {cells}, by PyTorch's autograd on the unrolled cells; s is h, and (h, c) for an LSTM."""

import csv
import sys
from base64 import b85decode

import torch

about = {about}
AT = {at}  # index of the step that the loss is taken at
{unpack}
{arrays}
cells = {{  # activation, x (T, D), direction (H,) of the loss L = direction . h_at, weights
'''

_PROGRAM = '''}


def step(cell, activation, x_t, state, W_i, W_h, b_i, b_h):
    """One step from state = (h,) or (h, c), by PyTorch's equations."""
    a, u = W_i @ x_t + b_i, W_h @ state[0] + b_h
    if cell == "RNN":
        return (getattr(torch, activation)(a + u),)
    if cell == "LSTM":
        i, f, g, o = (a + u).chunk(4)
        c = f.sigmoid() * state[1] + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c
    (ir, iz, i_n), (hr, hz, hn) = a.chunk(3), u.chunk(3)
    r, z = (ir + hr).sigmoid(), (iz + hz).sigmoid()
    n = (i_n + r * hn).tanh()
    return ((1 - z) * n + z * state[0],)


out = csv.writer(sys.stdout)
out.writerow(["cell", "step", "lag", "log10_norm"])
for cell, (activation, *arrays) in cells.items():
    x, direction, *weights = (array.double() for array in arrays)  # trained networks hold and read float32
    state = (torch.zeros_like(direction),) * (2 if cell == "LSTM" else 1)
    state = tuple(part.clone().requires_grad_() for part in state)
    states = []
    for t in range(AT + 1):
        # clones: each step's state as an input of the steps after it
        state = tuple(part.clone() for part in step(cell, activation, x[t], state, *weights))
        states.append(state)
    flat = [part for state in states for part in state]
    grads = torch.autograd.grad((direction * states[AT][0]).sum(), flat, allow_unused=True)
    grads = [torch.zeros_like(direction) if g is None else g for g in grads]
    parts = len(state)
    for t in range(AT + 1):
        norm = torch.cat(grads[t * parts : (t + 1) * parts]).norm().item()
        # below about 1e-308 autograd's own numbers end: it prints -inf where gruviz still has a number
        out.writerow([cell, t + 1, AT - t, torch.tensor(norm, dtype=torch.float64).log10().item()])
'''


def gradient_snippet(
    settings: Settings,
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
        body.append(f'    "{cell}": ("{weights.activation}", {x}, {direction}, {packed}),\n')
    head = _HEAD.format(
        cells=", ".join(draws),
        at=settings.loss_index,
        about=pformat({cell: dict(own) for cell, own in (facts or {}).items()}, width=110, sort_dicts=False),
        unpack=UNPACK,
        arrays="\n".join(f"{name} = {text}" for text, name in names.items()),
    )
    return head + "".join(body) + _PROGRAM
