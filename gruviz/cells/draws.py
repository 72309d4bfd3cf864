"""Seeded draws of inputs and weights, with the chosen initialisations applied, and modules made of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch

from gruviz.cells.initialisations import INITIALISATIONS, Initialisation, Spare
from gruviz.cells.kinds import module_kind
from gruviz.cells.modules import blank
from gruviz.common.progress import Progress, reporting
from gruviz.errors import ModelError
from gruviz.records import Array, Weights
from gruviz.signals import CELLS


@dataclass(frozen=True, eq=False)
class Draw:
    """S seeded sets of inputs (S, T, D) and weights (S records) of one cell, float64."""

    cell: str
    seeds: tuple[int, ...]
    inputs: Array
    weights: tuple[Weights, ...]


def draw(
    cell: str,
    units: int,
    features: int,
    steps: int,
    seeds: Sequence[int],
    *,
    choices: Mapping[str, float | None] | None = None,
    activation: Literal["tanh", "relu"] = "tanh",
    reset_after: bool = True,
    on_progress: Progress = None,
) -> Draw:
    """Draws noise inputs and weights for each seed, then applies the chosen initialisations in the table's order.

    cell: a key of CELLS; units H, features D, steps T: whole numbers from 1 on. seeds: whole numbers from 0 on.
    choices: keys of INITIALISATIONS with the knob's value, None for its default. activation: of a cell that chooses
    one, the RNN. reset_after: of a GRU, whether its reset gate acts after the recurrent product; the weights are the
    same. on_progress: called before each seed with the fraction done; an exception that it raises cancels.

    For each seed, numpy.random.default_rng(seed) gives in this order x (T, D) standard normal; W_ih (G*H, D),
    W_hh (G*H, H), b_ih and b_hh (G*H,) uniform within 1/sqrt(H) of zero, which is PyTorch's default; then the spare
    numbers, standard normal (G, H, H) and uniform (H,), whether used or not: so each knob turns on the same draw. A
    seed's weights change with T and D, because x is drawn first.

    Raises ModelError for an unknown cell or key, an initialisation that is not for this cell, two that set the same
    part, or a number that can't be used.
    """
    if cell not in CELLS:
        raise ModelError(f"There is no cell {cell!r}; there are {', '.join(CELLS)}.")
    for name, size in (("units", units), ("features", features), ("steps", steps)):
        if size < 1:
            raise ModelError(f"{name} is {size}; it is a whole number from 1 on.")
    if not seeds or min(seeds) < 0:
        raise ModelError(f"Seeds are whole numbers from 0 on, at least one; {list(seeds)} were given.")
    if activation not in ("tanh", "relu"):
        raise ModelError(f"activation is {activation!r}; it is 'tanh' or 'relu'.")
    chosen = _chosen(cell, choices or {})
    inputs, weights = [], []
    for seed in reporting(seeds, on_progress):
        x, drawn, spare = _draw_one(cell, units, features, steps, seed)
        drawn = replace(
            drawn,
            activation=activation if CELLS[cell].chooses_activation else "tanh",
            reset_after=reset_after and not CELLS[cell].resets_before,
        )
        for initialisation, value in chosen:
            drawn = initialisation.change(drawn, spare, value)
        inputs.append(x)
        weights.append(drawn)
    return Draw(cell, tuple(int(seed) for seed in seeds), np.stack(inputs), tuple(weights))


def build_module(cell: str, weights: Weights) -> torch.nn.Module:
    """A one-layer float64 module of the cell with these weights, copied; ModelError where there is no such cell."""
    kind = module_kind(cell, weights.reset_after)
    options = {"nonlinearity": weights.activation} if CELLS[cell].chooses_activation else {}
    module = blank(kind, weights.features, weights.units, dtype=torch.float64, **options)
    values = (weights.input, weights.recurrent, weights.input_bias, weights.recurrent_bias)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    module.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in zip(names, values, strict=True)})
    return module


def _chosen(cell: str, choices: Mapping[str, float | None]) -> list[tuple[Initialisation, float]]:
    for key in choices:
        if key not in INITIALISATIONS:
            raise ModelError(f"There is no initialisation {key!r}; there are {', '.join(INITIALISATIONS)}.")
    chosen: dict[str, tuple[Initialisation, float]] = {}
    for key, row in INITIALISATIONS.items():
        if key not in choices:
            continue
        if cell not in row.cells:
            raise ModelError(f"{row.title} is for {' and '.join(row.cells)}, not for {cell}.")
        if row.part in chosen:
            raise ModelError(f"{chosen[row.part][0].title} and {row.title} set the same weights; choose one of them.")
        given = choices[key]
        if given is not None and (row.knob is None or not math.isfinite(given)):
            allowed = "no number" if row.knob is None else f"a finite number, {row.knob.name}"
            raise ModelError(f"{row.title} was given {given}; it takes {allowed}.")
        standing = math.nan if row.knob is None else row.knob.default
        chosen[row.part] = row, standing if given is None else float(given)
    return list(chosen.values())


def _draw_one(cell: str, units: int, features: int, steps: int, seed: int) -> tuple[Array, Weights, Spare]:
    rng = np.random.default_rng(seed)
    blocks, bound = len(CELLS[cell].blocks), 1 / math.sqrt(units)
    x = rng.standard_normal((steps, features))
    rows = blocks * units
    weights = Weights(
        input=rng.uniform(-bound, bound, (rows, features)),
        recurrent=rng.uniform(-bound, bound, (rows, units)),
        input_bias=rng.uniform(-bound, bound, rows),
        recurrent_bias=rng.uniform(-bound, bound, rows),
    )
    return x, weights, Spare(rng.standard_normal((blocks, units, units)), rng.uniform(size=units))
