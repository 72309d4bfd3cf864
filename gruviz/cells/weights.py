"""From a torch module to the weights of one of its layers, checked."""

import numpy as np
import torch
from torch import nn

from gruviz.cells.reset_before import ResetBeforeGRU
from gruviz.errors import ModelError
from gruviz.records import Weights

Module = nn.GRU | nn.LSTM | nn.RNN | ResetBeforeGRU
Tensors = tuple[torch.Tensor, torch.Tensor, torch.Tensor | None, torch.Tensor | None]


def cell_name(module: nn.Module) -> str:
    """ "GRU", "LSTM" or "RNN"; ModelError for any other module and for an LSTM with a projection."""
    if isinstance(module, nn.LSTM) and module.proj_size:
        raise ModelError(
            f"This LSTM has proj_size={module.proj_size}: its hidden state is a projection of its units. "
            "gruviz traces LSTMs without a projection (proj_size=0)."
        )
    for kind, name in ((nn.GRU, "GRU"), (ResetBeforeGRU, "GRU"), (nn.LSTM, "LSTM"), (nn.RNN, "RNN")):
        if isinstance(module, kind):
            return name
    raise ModelError(
        f"A {type(module).__name__} can't be traced. Give a torch.nn.GRU, nn.LSTM or nn.RNN, "
        "or a gruviz.ResetBeforeGRU."
    )


def layer_tensors(module: nn.Module, layer: int, reverse: bool) -> Tensors:
    """weight_ih, weight_hh, bias_ih, bias_hh (None without biases) of one layer and direction, in the dtype to run."""
    suffix = f"_l{layer}{'_reverse' if reverse else ''}"
    tensors: list[torch.Tensor | None] = []
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        tensor = getattr(module, name + suffix, None)
        if tensor is None:
            tensors.append(None)
            continue
        bad = (~torch.isfinite(tensor)).nonzero().tolist()
        if bad:
            values = "value that is" if len(bad) == 1 else "values that are"
            raise ModelError(
                f"{name}{suffix} holds {len(bad)} {values} NaN or infinite, first at index {tuple(bad[0])}; "
                "weights must be finite."
            )
        # half precisions are widened: their products are not what anyone wants to look at
        tensors.append(tensor.detach().to(torch.float64 if tensor.dtype == torch.float64 else torch.float32))
    weight_ih, weight_hh, bias_ih, bias_hh = tensors
    assert weight_ih is not None
    assert weight_hh is not None
    return weight_ih, weight_hh, bias_ih, bias_hh


def as_record(module: nn.Module, tensors: Tensors) -> Weights:
    """The record of one layer's weights, NumPy copies."""
    weight_ih, weight_hh, bias_ih, bias_hh = (None if t is None else t.cpu().numpy().copy() for t in tensors)
    assert weight_ih is not None
    assert weight_hh is not None
    zero = np.zeros_like(weight_ih[:, 0])
    return Weights(
        input=weight_ih,
        recurrent=weight_hh,
        input_bias=zero if bias_ih is None else bias_ih,
        recurrent_bias=zero if bias_hh is None else bias_hh,
        biased=bias_ih is not None,
        activation=getattr(module, "nonlinearity", "tanh"),
        reset_after=not isinstance(module, ResetBeforeGRU),
    )
