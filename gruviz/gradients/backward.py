"""Back through time with the length of the gradient carried as a logarithm, so that it never under- or overflows."""

import math
from dataclasses import dataclass

import numpy as np
import torch

from gruviz.common.progress import Progress, reporting
from gruviz.errors import GruvizError
from gruviz.gradients.linearise import linearise
from gruviz.gradients.runs import Run, spans

SMALLEST = torch.finfo(torch.float64).smallest_normal


@dataclass(frozen=True, eq=False)
class Adjoints:
    """dL/ds_t of every step: direction (T, S, N), of largest magnitude 1 (or 0), times e ** log_scale (T, S)."""

    direction: torch.Tensor
    log_scale: torch.Tensor

    def log10_norm(self) -> torch.Tensor:
        """log10 of the 2-norm of dL/ds_t, (T, S), -inf where it is exactly zero."""
        log: torch.Tensor = self.log_scale + torch.linalg.vector_norm(self.direction, dim=-1).log()
        return log / math.log(10)


@np.errstate(over="ignore", invalid="ignore")  # what overflows is found below, and said in words
def go_back(
    run: Run,
    loss_gradient: torch.Tensor,
    progress: Progress = None,
    start: float = 0.0,
    *,
    ends: torch.Tensor | None = None,
) -> Adjoints:
    """From dL/dh at the run's last step, (S, H), to dL/ds of all of its T steps. Tells `progress` from `start` to 1.

    ends: (S,) the index of the step that each sequence's loss is taken at, where it is not the last for all of them;
    after it the gradient is zero.
    Each step divides by the largest magnitude and keeps its logarithm, so that no square underflows and only a true
    zero reads as one. Raises GruvizError where one step alone overflows.
    """
    steps, seeds, units = len(run.states) - 1, *loss_gradient.shape
    direction = loss_gradient.new_zeros(steps, seeds, 1, run.size)
    scale = loss_gradient.new_empty(steps, seeds, 1, 1)
    last = torch.full((seeds,), steps - 1, device=loss_gradient.device) if ends is None else ends
    starts = {int(end): last == end for end in set(last.tolist())}  # by step, the sequences that start there
    if steps - 1 in starts:  # an LSTM's dL/dc_at is 0: later steps only
        direction[-1, starts[steps - 1], 0, :units] = loss_gradient[starts[steps - 1]]
    v = _normalise(direction[-1], scale[-1], direction[-1])
    for span in reporting(spans(steps)[::-1], progress, start):
        first = max(span.start, 1)  # what step 0 would lead back to is the zero state, whose gradient nobody asks for
        maps = linearise(run, slice(first, span.stop))
        for step in range(span.stop - 1, first - 1, -1):
            v = maps.back(step - first, v)
            if (these := starts.get(step - 1)) is not None:
                v[these, 0, :units] = loss_gradient[these]
            v = _normalise(v, scale[step - 1], direction[step - 1])
    scale[torch.arange(steps, device=last.device)[:, None] > last] = (
        1  # not there yet: no logarithm of zero is carried on
    )
    if not torch.isfinite(scale).all():
        bad = (~torch.isfinite(scale)).flatten(1).any(1)
        raise GruvizError(
            f"The gradient overflows on its way back through step {int(bad.nonzero()[-1]) + 2} of {steps}: the weights "
            "are too large for float64. Use smaller ones."
        )
    log_scale = scale[..., 0, 0].log().flip(0).cumsum(0).flip(0)
    return Adjoints(direction[:, :, 0], log_scale)


def _normalise(v: torch.Tensor, scale: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
    torch.amax(v.abs(), -1, keepdim=True, out=scale)
    return torch.div(v, scale.clamp_min(SMALLEST), out=out)
