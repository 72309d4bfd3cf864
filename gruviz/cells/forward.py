"""`trace`: one run of torch's fused kernel for the states, then every gate of every step in one batched product."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch.nn.functional import linear

from gruviz.cells.arrays import as_inputs, as_state
from gruviz.cells.kinds import cell_name, directions, layers
from gruviz.cells.own_forward import compare, is_plain, own_states, settled
from gruviz.cells.row_modules import RowModule
from gruviz.cells.steps import Layer, signals, states
from gruviz.cells.weights import Tensors, as_record, layer_tensors
from gruviz.errors import GruvizError, ModelError, whole_number
from gruviz.records import Trace
from gruviz.signals import CELLS

State = tuple[torch.Tensor, ...]  # one (B, H) tensor for each part of the state


def trace(
    module: torch.nn.Module,
    inputs: Any,
    h0: Any = None,
    layer: int = 0,
    reverse: bool = False,
    tokens: Iterable[Any] = (),
) -> Trace:
    """Runs a recurrent module over a sequence and returns all that one of its layers computed.

    module: nn.GRU, nn.LSTM or nn.RNN (of any number of layers, one or two directions), gruviz.ResetBeforeGRU, or
        nn.GRUCell, nn.LSTMCell or nn.RNNCell, which count as one layer.
    inputs: array-like (T, D), or for a batch (T, B, D): (B, T, D) where the module has batch_first.
    h0: (layers * directions, H), or (layers * directions, B, H) for a batch; for an LSTM the pair (h0, c0).
    layer, reverse: which layer and direction to look at. In a reverse trace, step t has seen inputs t to T.
    tokens: T labels for the steps.

    Values are laid out time first, (T, H) or (T, B, H), in the module's precision (half precisions are widened to
    float32). Dropout is off, as in eval(). The module is left as it was: mode, gradients, dtype, device, buffers and
    random state. A module with hooks, a forward of its own, or weights that are made when it is called is copied and
    the copy called once; ModelError where its states are not those that its weights give. Raises GruvizError (its
    children say more) for any other module, input or state that can't be used, too.
    """
    cell, count = cell_name(module), directions(module)
    layer = as_layer(layer, module)
    if reverse and count == 1:
        raise ModelError("The reverse direction was asked for; this module reads forward only.")
    labels = as_tokens(tokens)

    def along(t: torch.Tensor) -> torch.Tensor:
        """From the input's order to the order in which this direction reads, and back."""
        return t.flip(0) if reverse else t

    def numpy(t: torch.Tensor) -> np.ndarray[Any, Any]:
        return np.ascontiguousarray((t if batched else t.squeeze(-2)).cpu().numpy())

    with torch.no_grad():
        module = settled(module)
        tensors = layer_tensors(module, 0, False)
        with torch.autocast(tensors[0].device.type, enabled=False):
            size, units = int(module.input_size), int(module.hidden_size)  # type: ignore[arg-type]
            x, batched = as_inputs(inputs, size, tensors[0], batch_first=_batch_first(module))
            start = as_state(h0, len(CELLS[cell].state), layers(module) * count, x.shape[1], units, x, batched)
            check_forward(module, x, start)
            for below in range(layer):
                x = _outputs(module, cell, x, start, below)
            tensors = layer_tensors(module, layer, reverse)
            initial = _pick(start, layer * count + reverse)
            h = _run(module, cell, x, initial, tensors, reverse)
            recovered, agreement = _recover(module, along(x), along(h), initial, tensors)

    return Trace(
        cell=cell,
        values={key: numpy(along(value)) for key, value in recovered.items()},
        initial={key: numpy(part).copy() for key, part in zip(CELLS[cell].state, initial, strict=True)},
        inputs=numpy(x).copy(),
        weights=as_record(module, tensors),
        agreement=agreement,
        reverse=reverse,
        tokens=labels,
    )


def as_layer(layer: Any, module: torch.nn.Module) -> int:
    """A layer's index; ModelError where the module has no such layer."""
    index, last = whole_number(layer, "layer", "counted from 0"), layers(module) - 1
    if not 0 <= index <= last:
        raise ModelError(f"Layer {index} was asked for; this module has layers 0 to {last}.")
    return index


def as_tokens(tokens: Any) -> tuple[str, ...]:
    """Labels as strings; GruvizError for what is no sequence of labels."""
    if tokens is None:
        return ()
    try:
        return tuple(str(token) for token in tokens)
    except TypeError:
        raise GruvizError(f"tokens are {tokens!r}; give a label for each step, as in tokens=['a', 'b'].") from None


def check_forward(module: torch.nn.Module, x: torch.Tensor, start: State) -> None:
    """ModelError where a settled module, called on x (T, B, D), gives other states than its weights do.

    The call also brings weights up to date that are made by it. A plain module is not called: it has nothing to hide.
    """
    if is_plain(module):
        return
    own = own_states(module, x, start)
    for layer in range(layers(module)):
        x = _outputs(module, cell_name(module), x, start, layer)
    compare(module, own, x)


def as_it_computes(module: torch.nn.Module, inputs: Any) -> torch.nn.Module:
    """The module, settled, after `check_forward` on inputs that are read from a zero state."""
    cell, module = cell_name(module), settled(module)
    if is_plain(module):
        return module
    weights = layer_tensors(module, 0, False)[0]
    x, batched = as_inputs(inputs, int(module.input_size), weights, batch_first=_batch_first(module))  # type: ignore[arg-type]
    count = layers(module) * directions(module)
    start = as_state(None, len(CELLS[cell].state), count, x.shape[1], int(module.hidden_size), x, batched)  # type: ignore[arg-type]
    check_forward(module, x, start)
    return module


def _batch_first(module: torch.nn.Module) -> bool:
    return bool(getattr(module, "batch_first", False))


def _outputs(module: torch.nn.Module, cell: str, x: torch.Tensor, start: State, layer: int) -> torch.Tensor:
    """What a layer hands on, (T, B, directions * H), from what it reads, (T, B, D)."""
    count = directions(module)
    both = [
        _run(module, cell, x, _pick(start, layer * count + d), layer_tensors(module, layer, bool(d)), d)
        for d in range(count)
    ]
    return torch.cat(both, -1) if count > 1 else both[0]


def _pick(start: State, index: int) -> State:
    return tuple(part[index] for part in start)


def _run(
    module: torch.nn.Module, cell: str, x: torch.Tensor, state: State, tensors: Tensors, reverse: bool | int
) -> torch.Tensor:
    """All hidden states (T, B, H) of one layer and direction, at their input's time."""
    flat = [tensor for tensor in tensors if tensor is not None]
    if reverse:
        x = x.flip(0)
    if isinstance(module, RowModule):
        weight_ih, weight_hh, bias_ih, bias_hh = tensors
        layer = _layer(module, weight_hh, bias_hh)
        h = torch.stack(states(layer, linear(x, weight_ih, bias_ih), {"h": state[0]})["h"])
    else:
        options = (flat, len(flat) == 4, 1, 0.0, False, False, False)  # one layer, no dropout, time first
        hx = tuple(part[None].contiguous() for part in state)
        fused: Any = {
            "GRU": torch.gru,
            "LSTM": torch.lstm,
            "RNN": torch.rnn_relu if getattr(module, "nonlinearity", "") == "relu" else torch.rnn_tanh,
        }[cell]
        h = fused(x, hx if cell == "LSTM" else hx[0], *options)[0]
    return h.flip(0) if reverse else h


def _recover(
    module: torch.nn.Module, x: torch.Tensor, h: torch.Tensor, initial: State, tensors: Tensors
) -> tuple[dict[str, torch.Tensor], float]:
    """Every signal of every step in one batched product, from the states h (T, B, H); and how far h is from its rule.

    Signals come in the table's order.
    """
    weight_ih, weight_hh, bias_ih, bias_hh = tensors
    layer = _layer(module, weight_hh, bias_hh)
    before = torch.cat([initial[0][None], h[:-1]])
    first = dict(zip(layer.cell.state, initial, strict=True))
    values = signals(layer, linear(x, weight_ih, bias_ih), first, {"h": before})
    agreement = float((values["h"] - h).abs().max())
    values["h"] = h
    return {signal.key: values[signal.key] for signal in layer.cell.signals}, agreement


def _layer(module: torch.nn.Module, recurrent: torch.Tensor, bias: torch.Tensor | None) -> Layer:
    own, after = str(getattr(module, "nonlinearity", "tanh")), bool(getattr(module, "reset_after", True))
    return Layer(CELLS[cell_name(module)], recurrent, bias, own, after)
