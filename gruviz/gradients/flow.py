"""`gradient_flow` for a module and `gradient_flows` for many seeds: the norm of dL/ds_t at every step."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from gruviz.cells.forward import as_it_computes
from gruviz.common.progress import Progress
from gruviz.errors import GruvizError, whole_number
from gruviz.gradients.backward import go_back
from gruviz.gradients.losses import loss_gradient
from gruviz.gradients.runs import run
from gruviz.gradients.stack import Stack, as_sequences, as_step, stack_module, stack_weights
from gruviz.records import Array, GradientFlow, GradientFlows, Weights


def gradient_flow(
    module: torch.nn.Module,
    inputs: Any,
    loss: Any = "sum",
    at: int = -1,
    seed: int = 0,
    *,
    layer: int = 0,
    on_progress: Progress = None,
) -> GradientFlow:
    """How the gradient of a loss at one step decays on its way back through a sequence.

    module: nn.RNN (tanh or relu), nn.LSTM, nn.GRU or gruviz.ResetBeforeGRU that reads forward only.
    inputs: array-like (T, D), one sequence, read from a zero state.
    loss: "sum", L = sum of h_at; "random", L = u . h_at with u of length 1 drawn from `seed`; or an array-like (H,),
        dL/dh_at itself: for a model with a linear read-out, the row of the answer, or W^T (p - y) for cross-entropy.
    at: index of the step that the loss is taken at, from the end where negative.
    layer: which layer of several; the loss is then taken of that layer's own h, and its inputs are the layer below's.
    on_progress: called now and then with the fraction done, 0 to 1; an exception that it raises cancels.

    Computes in float64 whatever the module's precision, without autograd, and leaves the module as it was: mode,
    gradients, dtype, device and random state. Dropout is off, as in eval(). Raises GruvizError (its children say more)
    for a module, input, loss or step that can't be used.
    """
    with torch.no_grad():
        module = as_it_computes(module, inputs)
        stack = stack_module(module, layer)
        below = [stack_module(module, lower) for lower in range(layer)]
        x = as_sequences(inputs, (below or [stack])[0], one=True)
        index = as_step(at, x.shape[1])
        for lower in below:
            x = run(lower, x).states[1:, :, 0].transpose(0, 1)
        log10_norm = _log10_norm(stack, x, index, loss_gradient(loss, stack.units, (seed,)), on_progress)
    return GradientFlow(stack.cell, log10_norm[0], index)


def gradient_flows(
    cell: str,
    weights: Sequence[Weights],
    inputs: Any,
    loss: Any = "sum",
    at: int = -1,
    *,
    seeds: Sequence[int] | None = None,
    on_progress: Progress = None,
) -> GradientFlows:
    """The same for S sets of weights of one shape, all computed side by side: what `initialisations.draw` gives.

    cell: "RNN", "LSTM" or "GRU". weights: S records. inputs: array-like (S, T, D), or (T, D) that all of them read.
    seeds: S whole numbers that name the curves and draw the "random" losses; 0 to S - 1 where None. The rest is as in
    `gradient_flow`.
    """
    with torch.no_grad():
        stack = stack_weights(cell, weights)
        x = as_sequences(inputs, stack, one=False)
        index = as_step(at, x.shape[1])
        names = (
            tuple(range(len(weights)))
            if seeds is None
            else tuple(whole_number(seed, "a seed", "0 or more") for seed in seeds)
        )
        if len(names) != len(weights):
            raise GruvizError(f"{len(names)} seeds were named for {len(weights)} sets of weights; name each.")
        log10_norm = _log10_norm(stack, x, index, loss_gradient(loss, stack.units, names), on_progress)
    return GradientFlows(cell, log10_norm, index, names)


def _log10_norm(stack: Stack, x: torch.Tensor, at: int, start: torch.Tensor, on_progress: Progress) -> Array:
    """From x (S, T, D) and dL/dh_at (S, H) to the norms (S, T), NaN after `at`."""
    log10_norm = np.full(x.shape[:2], np.nan)
    done = run(stack, x[:, : at + 1], on_progress, end=0.5)
    log10_norm[:, : at + 1] = go_back(done, start, on_progress, start=0.5).log10_norm().T.numpy()
    return log10_norm
