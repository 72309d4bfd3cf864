"""From a torch module to the weights of one of its layers, checked."""

import numpy as np
import torch
from torch import nn

from gruviz.cells.kinds import is_step
from gruviz.errors import ModelError
from gruviz.records import Weights

Tensors = tuple[torch.Tensor, torch.Tensor, torch.Tensor | None, torch.Tensor | None]


def layer_tensors(module: nn.Module, layer: int, reverse: bool) -> Tensors:
    """weight_ih, weight_hh, bias_ih, bias_hh (None without biases) of one layer and direction, in the dtype to run."""
    suffix = "" if is_step(module) else f"_l{layer}{'_reverse' if reverse else ''}"
    tensors: list[torch.Tensor | None] = []
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        tensor = getattr(module, name + suffix, None)
        if tensor is None:
            tensors.append(None)
            continue
        tensor = tensor.detach()
        if tensor.is_meta:
            raise ModelError(f"{name}{suffix} is on the meta device, which holds no numbers; load the weights first.")
        bad = (~torch.isfinite(tensor)).nonzero().tolist()
        if bad:
            values = "value that is" if len(bad) == 1 else "values that are"
            raise ModelError(
                f"{name}{suffix} holds {len(bad)} {values} NaN or infinite, first at index {tuple(bad[0])}; "
                "weights must be finite."
            )
        # half precisions are widened: their products are not what anyone wants to look at
        tensors.append(tensor.to(torch.float64 if tensor.dtype == torch.float64 else torch.float32))
    kinds = sorted({f"{t.dtype} on {t.device}".removeprefix("torch.") for t in tensors if t is not None})
    if len(kinds) > 1:
        raise ModelError(f"The weights of this layer are of different kinds ({', '.join(kinds)}); convert them to one.")
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
        reset_after=getattr(module, "reset_after", True),
    )
