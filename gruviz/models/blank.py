"""Modules whose weights are still to be set."""

from typing import TypeVar

import torch
from torch import nn

M = TypeVar("M", bound=nn.Module)


def blank(kind: type[M], features: int, hidden: int) -> M:
    """A one-layer module of `kind` with uninitialised weights that need no gradient.

    Built on the meta device, because the constructor's own draw would move the global random generator.
    """
    with torch.device("meta"):
        module = kind(features, hidden)
    return module.to_empty(device="cpu").requires_grad_(False)
