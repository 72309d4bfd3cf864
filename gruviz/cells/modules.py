"""PyTorch's module of each cell, and modules whose weights are still to be set."""

from typing import Any, TypeVar

import torch
from torch import nn

M = TypeVar("M", bound=nn.Module)

PYTORCH = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}


def blank(kind: type[M], *sizes: int, dtype: torch.dtype = torch.float32, **options: Any) -> M:
    """A module of `kind` with uninitialised weights that need no gradient.

    Built on the meta device, because the constructor's own draw would move the global random generator. (Its to_empty
    would do the rest, but takes half a second for the imports of its first call.)
    """
    with torch.device("meta"):
        module = kind(*sizes, **options)
    for name, parameter in list(module.named_parameters()):
        setattr(
            module, name, nn.Parameter(torch.empty(parameter.shape, dtype=dtype, device="cpu"), requires_grad=False)
        )
    return module
