"""Modules and sequences drawn at random, with every draw from a seed of its own."""

from dataclasses import dataclass

import numpy as np
import torch
from hypothesis import strategies as st
from torch import nn

from gruviz.cells.row_modules import ROW_MODULES

ROWS = {kind.__name__: kind for kind in ROW_MODULES}  # one layer, forward, with biases
KINDS = ("GRU", "LSTM", "RNN tanh", "RNN relu", *ROWS)


def build(kind, features=3, units=4, layers=1, bidirectional=False, bias=True, dtype=torch.float64, seed=0, **options):
    """A module of PyTorch's default weights; the global random state stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if kind in ROWS:
            return ROWS[kind](features, units).to(dtype)
        name, *nonlinearity = kind.split()
        if nonlinearity:
            options["nonlinearity"] = nonlinearity[0]
        return getattr(nn, name)(
            features, units, layers, bias=bias, bidirectional=bidirectional, dtype=dtype, **options
        )


def sequence(*shape, seed=0, scale=1.0):
    return scale * np.random.default_rng(seed).standard_normal(shape)


def state(module, *batch, seed=1):
    """A random initial state within [-1, 1], as the module takes it: an array, or the LSTM's pair."""
    rng = np.random.default_rng(seed)
    shape = (module.num_layers * (1 + bool(module.bidirectional)), *batch, module.hidden_size)
    if isinstance(module, nn.LSTM):
        return rng.uniform(-1, 1, shape), rng.uniform(-1, 1, shape)
    return rng.uniform(-1, 1, shape)


def parts(h0):
    return list(h0) if isinstance(h0, tuple) else [h0]


def places(module):
    """Each (layer, reverse) of a module."""
    return [(layer, bool(d)) for layer in range(module.num_layers) for d in range(1 + bool(module.bidirectional))]


def call(module, x, h0):
    """What the module itself returns for NumPy arrays, time first: outputs, [h_n] or [h_n, c_n]."""
    dtype = next(module.parameters()).dtype
    given = [torch.from_numpy(part).to(dtype) for part in parts(h0)]
    with torch.no_grad():
        out, last = module(torch.from_numpy(x).to(dtype), tuple(given) if len(given) == 2 else given[0])
    return out.numpy(), [part.numpy() for part in (last if isinstance(last, tuple) else (last,))]


@dataclass(frozen=True)
class Case:
    """A module, a sequence or a batch, and an initial state."""

    module: nn.Module
    x: np.ndarray
    h0: np.ndarray | tuple[np.ndarray, np.ndarray]

    @property
    def tolerance(self):
        return 1e-12 if next(self.module.parameters()).dtype == torch.float64 else 1e-5


@st.composite
def cases(draw, kinds=KINDS):
    kind = draw(st.sampled_from(kinds))
    size = st.integers(1, 5)
    plain = kind in ROWS
    module = build(
        kind,
        features=draw(size),
        units=draw(size),
        layers=1 if plain else draw(st.integers(1, 3)),
        bidirectional=not plain and draw(st.booleans()),
        bias=plain or draw(st.booleans()),
        dtype=draw(st.sampled_from([torch.float32, torch.float64])),
        seed=draw(st.integers(0, 999)),
    )
    steps, batch = draw(st.integers(1, 12)), draw(st.sampled_from([(), (1,), (3,)]))
    if plain and not batch:
        batch = (1,)  # called by itself, it takes batches only
    x = sequence(
        steps, *batch, module.input_size, seed=draw(st.integers(0, 999)), scale=draw(st.sampled_from([0, 1, 30]))
    )
    return Case(module, x, state(module, *batch, seed=draw(st.integers(0, 999))))
