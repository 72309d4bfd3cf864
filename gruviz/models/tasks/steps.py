"""Picking steps of padded batches: the last of each sequence, those that are no padding, later ones weighing more."""

import torch
from torch import Tensor


def at_last(values: Tensor, lengths: Tensor) -> Tensor:
    """The values (T, B, ...) at each sequence's last step, (B, ...)."""
    return values[lengths - 1, torch.arange(values.shape[1])]


def within(steps: int, lengths: Tensor) -> Tensor:
    """Which of (T, B) belong to a sequence and not to its padding."""
    return torch.arange(steps)[:, None] < lengths


def last_and_earlier(each: Tensor, lengths: Tensor, earlier: float) -> Tensor:
    """The mean of `each` (T, B) at the last step, and `earlier` times that of all steps weighted (t / T)^2."""
    step = torch.arange(1, len(each) + 1)[:, None]
    weight = (step <= lengths) * (step / lengths) ** 2
    last = each.gather(0, lengths[None] - 1)
    return last.mean() + earlier * (each * weight / weight.sum(0)).sum(0).mean()
