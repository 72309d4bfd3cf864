"""How long what a network holds lives on: small changes of its state, followed through the steps after them."""

import copy
import math
from typing import Any

import numpy as np
import torch

from gruviz.cells.kinds import cell_name
from gruviz.common.progress import Progress, reporting
from gruviz.errors import GruvizError
from gruviz.records import Array, Lifetimes
from gruviz.signals import CELLS

SMALL = 1e-6  # the change, in float64: small enough that the state answers in proportion
STARTS = (0.0, 0.5)  # where in a sequence it is made; the first step comes before it
FEWEST = 8  # changes that must still be followed for a median of them to be taken
_MOST_ROWS = 8192

State = tuple[torch.Tensor, ...]  # (B, H) for each part


def lifetimes(module: torch.nn.Module, inputs: Any, lengths: Any, on_progress: Progress = None) -> Lifetimes:
    """For each unit, the steps until half of the changes made to its memory have fallen to 1/e.

    module: a torch RNN, LSTM or GRU of one layer that reads forward. inputs: (T, B, D), padded at the end; lengths:
    (B,). A change is one column of the Jacobian ds_(t+k)/ds_t: it is made in each sequence after the first step and
    half-way through it, and followed to the sequence's end. Between two steps the norm is taken to fall by a constant
    factor. The module is left as it was.
    """
    if module.num_layers != 1 or module.bidirectional:
        raise GruvizError("Lifetimes are measured of modules with one layer that read forward.")
    own = copy.deepcopy(module).double().eval()
    x, counts = torch.as_tensor(np.asarray(inputs, dtype=np.float64)), np.asarray(lengths)
    with torch.no_grad():
        states = _states(own, x)
        starts = [np.maximum((counts * part).astype(int), 1) for part in STARTS]
        norms = [_norms(own, x, counts, states, start) for start in reporting(starts, on_progress)]
    longest = max(len(one) for one in norms)
    every = np.concatenate([_longer(one, longest) for one in norms], axis=1)  # (lags, changes, H), NaN after the end
    followed = np.isfinite(every[:, :, 0]).sum(1)
    enough = every[: int((followed >= min(FEWEST, followed[0])).sum())]
    return Lifetimes(cell_name(module), _fallen(np.nanmedian(enough, axis=1)), len(enough) - 1, len(counts))


def _states(module: torch.nn.Module, x: torch.Tensor) -> State:
    """(T + 1, B, H) for each part of the state, zero first."""
    hidden = int(module.hidden_size)  # type: ignore[arg-type]
    state: State = tuple(x.new_zeros(x.shape[1], hidden) for _ in CELLS[cell_name(module)].state)
    states = [state]
    for x_t in x:
        state = _step(module, x_t, state)
        states.append(state)
    return tuple(torch.stack(part) for part in zip(*states, strict=True))


def _step(module: torch.nn.Module, x_t: torch.Tensor, state: State) -> State:
    before = tuple(part[None].contiguous() for part in state)
    after = module(x_t[None], before if len(before) > 1 else before[0])[1]
    return tuple(part[0] for part in (after if isinstance(after, tuple) else (after,)))


def _norms(
    module: torch.nn.Module, x: torch.Tensor, counts: np.ndarray[Any, Any], states: State, starts: np.ndarray[Any, Any]
) -> Array:
    """How large a change of one unit is k steps after it was made, in parts of it: (lags, B, H), NaN after the end."""
    units, left = states[0].shape[-1], counts - starts
    norms = np.full((int(left.max()) + 1, len(counts), units), np.nan)
    size = max(1, _MOST_ROWS // units)
    for first in range(0, len(counts), size):
        chosen = np.arange(first, min(first + size, len(counts)))
        rows = chosen.repeat(units)  # a row for each change: of each unit of each sequence
        state = tuple(part[starts[rows], rows] for part in states)
        state[-1][torch.arange(len(rows)), torch.arange(units).repeat(len(chosen))] += SMALL
        for lag in range(int(left[chosen].max()) + 1):
            if lag:
                state = _step(module, x[np.minimum(starts + lag - 1, len(x) - 1)[rows], rows], state)
            at = np.minimum(starts + lag, len(x))[rows]
            moved = torch.cat([now - part[at, rows] for now, part in zip(state, states, strict=True)], -1)
            norm = (torch.linalg.vector_norm(moved, dim=-1) / SMALL).reshape(len(chosen), units).numpy()
            norms[lag, chosen] = np.where((lag <= left[chosen])[:, None], norm, np.nan)
    return norms


def _longer(norms: Array, lags: int) -> Array:
    return np.pad(norms, ((0, lags - len(norms)), (0, 0), (0, 0)), constant_values=np.nan)


def _fallen(norms: Array) -> Array:
    """Where (lags, H) first reaches 1/e, between the steps; inf where it never does."""
    below = norms <= 1 / math.e
    step = below.argmax(0)
    units = np.arange(norms.shape[1])
    before, after = (np.log(np.maximum(norms[at, units], 1e-300)) for at in (np.maximum(step - 1, 0), step))
    with np.errstate(divide="ignore", invalid="ignore"):  # where it never does
        reached = step - 1 + (-1 - before) / (after - before)
    return np.where(below.any(0), reached, math.inf)
