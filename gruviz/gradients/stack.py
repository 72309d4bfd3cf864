"""The weights of S layers of one shape side by side, so that S seeds run as one batch; and what they read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from gruviz.cells.arrays import as_inputs
from gruviz.cells.forward import as_layer
from gruviz.cells.kinds import cell_name, directions
from gruviz.cells.own_forward import settled
from gruviz.cells.weights import as_record, layer_tensors
from gruviz.errors import GruvizError, ModelError, whole_number
from gruviz.records import Weights
from gruviz.signals import CELLS

MOST_VALUES = 2**22  # seeds x steps x units: half a gigabyte of working memory for an LSTM


@dataclass(frozen=True, eq=False)
class Stack:
    """S layers of one cell, float64: input (S, G*H, D), recurrent (S, G*H, H), both biases (S, 1, G*H)."""

    cell: str
    input: torch.Tensor
    recurrent: torch.Tensor
    input_bias: torch.Tensor
    recurrent_bias: torch.Tensor
    activation: str
    reset_after: bool

    @property
    def units(self) -> int:
        """H, the number of hidden units."""
        return int(self.recurrent.shape[2])


def stack_weights(cell: str, weights: Sequence[Weights]) -> Stack:
    """Stacks S records of weights; GruvizError unless they are finite and of the cell's one shape and kind."""
    if cell not in CELLS:
        raise ModelError(f"There is no cell {cell!r}; there are {', '.join(CELLS)}.")
    if not weights:
        raise ModelError("No weights were given; at least one seed is needed.")
    first, rows = weights[0], len(CELLS[cell].blocks) * weights[0].units
    shapes = {
        "input": (rows, first.features),
        "recurrent": (rows, first.units),
        "input_bias": (rows,),
        "recurrent_bias": (rows,),
    }
    stacked = {}
    for name, shape in shapes.items():
        arrays = [np.asarray(getattr(one, name), dtype=np.float64) for one in weights]
        for place, array in enumerate(arrays):
            if array.shape != shape:
                raise ModelError(f"{name} of weights {place} has shape {array.shape}; this {cell} needs {shape}.")
            if not np.isfinite(array).all():
                raise ModelError(f"{name} of weights {place} holds NaN or infinite values; weights must be finite.")
        stacked[name] = torch.from_numpy(np.stack(arrays))
    if len({(one.activation, one.reset_after) for one in weights}) > 1:
        raise ModelError(
            "These weights differ in activation or in where the reset gate acts; stack only weights of the same kind."
        )
    return Stack(
        cell=cell,
        input=stacked["input"],
        recurrent=stacked["recurrent"],
        input_bias=stacked["input_bias"][:, None],
        recurrent_bias=stacked["recurrent_bias"][:, None],
        activation=first.activation,
        reset_after=first.reset_after,
    )


def stack_module(module: torch.nn.Module, layer: int = 0) -> Stack:
    """One layer of a module as a stack of one. ModelError for a module or layer that gradients can't be taken of."""
    cell = cell_name(module)
    if directions(module) > 1:
        raise ModelError("This module reads in two directions; gradients are taken of modules that read forward only.")
    index = as_layer(layer, module)
    module = settled(module)
    return stack_weights(cell, [as_record(module, layer_tensors(module, index, False))])


def as_sequences(inputs: Any, stack: Stack, one: bool) -> torch.Tensor:
    """Array-like (T, D), or (S, T, D) unless `one` is wanted, to (S, T, D) float64; GruvizError if it does not fit."""
    x, several = as_inputs(inputs, int(stack.input.shape[2]), stack.input)
    if one and several:
        raise GruvizError(f"inputs have shape {tuple(x.shape)}; gradients are taken for one sequence, (T, D).")
    x = x if several else x.transpose(0, 1)
    seeds = stack.input.shape[0]
    if x.shape[0] not in (1, seeds):
        raise GruvizError(f"inputs hold {x.shape[0]} sequences for {seeds} sets of weights; give one, or one for each.")
    values = seeds * x.shape[1] * stack.units
    if values > MOST_VALUES:
        raise GruvizError(
            f"{seeds} seeds of {x.shape[1]} steps of {stack.units} units are {values:,} values; "
            f"at most {MOST_VALUES:,} are computed at once. Take fewer seeds, steps or units."
        )
    return x.expand(seeds, -1, -1)


def as_step(at: int, steps: int) -> int:
    """A step index, counted from the end where negative, as 0 to T - 1; GruvizError where there is no such step."""
    index = whole_number(at, "at", "the index of the step that the loss is taken at")
    if not -steps <= index < steps:
        raise GruvizError(f"at is {index}; this sequence of {steps} steps has {-steps} to {steps - 1}.")
    return index % steps
