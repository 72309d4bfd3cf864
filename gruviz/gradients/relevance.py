"""How much each input matters for what is read out at a step: d(out . h_at)/dx_k."""

import math
from typing import Any

import numpy as np
import torch

from gruviz.cells.forward import as_it_computes
from gruviz.cells.kinds import layers
from gruviz.common.progress import Progress, between, reporting
from gruviz.errors import ModelError
from gruviz.gradients.backward import SMALLEST, go_back
from gruviz.gradients.linearise import linearise
from gruviz.gradients.losses import loss_gradient
from gruviz.gradients.runs import run, spans
from gruviz.gradients.stack import as_sequences, as_step, stack_module
from gruviz.records import InputRelevance


def input_relevance(
    module: torch.nn.Module,
    inputs: Any,
    out: Any = "sum",
    at: int = -1,
    seed: int = 0,
    *,
    on_progress: Progress = None,
) -> InputRelevance:
    """The 2-norm of d(out . h_at)/dx_k for every input k up to `at`, through all steps between.

    out: what is read out, as `loss` of gradient_flow: usually the (H,) row of a linear read-out that gives one answer.
    The other arguments, the precision and the errors are as in gradient_flow. The module has one layer: in a deeper one
    x_k would not be what a person typed.
    """
    with torch.no_grad():
        module = as_it_computes(module, inputs)
        stack = stack_module(module)
        if layers(module) != 1:
            raise ModelError(f"This module has {layers(module)} layers; relevance is computed for one layer.")
        x = as_sequences(inputs, stack, one=True)
        index = as_step(at, x.shape[1])
        start = loss_gradient(out, stack.units, (seed,))
        done = run(stack, x[:, : index + 1], on_progress, end=0.4)
        adjoints = go_back(done, start, between(on_progress, 0.4, 0.9))
        pieces = reporting(spans(index + 1), on_progress, 0.9)
        d_sums = [linearise(done, span).to_sums(adjoints.direction[span]) for span in pieces]
        d_inputs = torch.cat(d_sums)[:, 0] @ stack.input[0]  # (at + 1, D)
        largest = torch.linalg.vector_norm(d_inputs, math.inf, dim=-1)
        # as in go_back: scaled by the largest first, so that squares of small numbers don't underflow
        unit = d_inputs / largest.clamp_min(SMALLEST)[:, None]
        log_norm = adjoints.log_scale[:, 0] + largest.log() + torch.linalg.vector_norm(unit, dim=-1).log()
    log10_norm = np.full(x.shape[1], np.nan)
    log10_norm[: index + 1] = log_norm.numpy() / math.log(10)
    return InputRelevance(stack.cell, log10_norm, index)
