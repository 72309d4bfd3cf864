"""`trace`: one run of torch's fused kernel for the states, then every gate of every step in one batched product."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch.nn.functional import linear

from gruviz.cells.inputs import as_inputs, as_state
from gruviz.cells.kinds import cell_name, directions, layers
from gruviz.cells.own_forward import compare, is_plain, own_states, settled
from gruviz.cells.reset_before import ResetBeforeGRU, reset_before_states
from gruviz.cells.weights import Tensors, as_record, layer_tensors
from gruviz.errors import GruvizError, ModelError, whole_number
from gruviz.records import Trace
from gruviz.signals import CELLS

State = tuple[torch.Tensor, ...]  # one (B, H) tensor for each part of the state
Recovered = tuple[dict[str, torch.Tensor], float]


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
            states = as_state(h0, len(CELLS[cell].state), layers(module) * count, x.shape[1], units, x, batched)
            check_forward(module, x, states)
            for below in range(layer):
                x = _outputs(module, cell, x, states, below)
            tensors = layer_tensors(module, layer, reverse)
            initial = _pick(states, layer * count + reverse)
            h = _run(module, cell, x, initial, tensors, reverse)
            recovered, agreement = _RECOVER[cell](module, along(x), along(h), initial, tensors)

    return Trace(
        cell=cell,
        values={key: numpy(along(value)) for key, value in recovered.items()},
        initial={key: numpy(part).copy() for key, part in zip(("h", "c"), initial, strict=False)},
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


def check_forward(module: torch.nn.Module, x: torch.Tensor, states: State) -> None:
    """ModelError where a settled module, called on x (T, B, D), gives other states than its weights do.

    The call also brings weights up to date that are made by it. A plain module is not called: it has nothing to hide.
    """
    if is_plain(module):
        return
    own = own_states(module, x, states)
    for layer in range(layers(module)):
        x = _outputs(module, cell_name(module), x, states, layer)
    compare(module, own, x)


def as_it_computes(module: torch.nn.Module, inputs: Any) -> torch.nn.Module:
    """The module, settled, after `check_forward` on inputs that are read from a zero state."""
    cell, module = cell_name(module), settled(module)
    if is_plain(module):
        return module
    weights = layer_tensors(module, 0, False)[0]
    x, batched = as_inputs(inputs, int(module.input_size), weights, batch_first=_batch_first(module))  # type: ignore[arg-type]
    count = layers(module) * directions(module)
    states = as_state(None, len(CELLS[cell].state), count, x.shape[1], int(module.hidden_size), x, batched)  # type: ignore[arg-type]
    check_forward(module, x, states)
    return module


def _batch_first(module: torch.nn.Module) -> bool:
    return bool(getattr(module, "batch_first", False))


def _outputs(module: torch.nn.Module, cell: str, x: torch.Tensor, states: State, layer: int) -> torch.Tensor:
    """What a layer hands on, (T, B, directions * H), from what it reads, (T, B, D)."""
    count = directions(module)
    both = [
        _run(module, cell, x, _pick(states, layer * count + d), layer_tensors(module, layer, bool(d)), d)
        for d in range(count)
    ]
    return torch.cat(both, -1) if count > 1 else both[0]


def _pick(states: State, index: int) -> State:
    return tuple(part[index] for part in states)


def _run(
    module: torch.nn.Module, cell: str, x: torch.Tensor, state: State, tensors: Tensors, reverse: bool | int
) -> torch.Tensor:
    """All hidden states (T, B, H) of one layer and direction, at their input's time."""
    flat = [tensor for tensor in tensors if tensor is not None]
    if reverse:
        x = x.flip(0)
    if isinstance(module, ResetBeforeGRU):
        h = reset_before_states(x, state[0], *flat)
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


def _before(h: torch.Tensor, first: torch.Tensor) -> torch.Tensor:
    return torch.cat([first[None], h[:-1]])


def _recover_gru(
    module: torch.nn.Module, x: torch.Tensor, h: torch.Tensor, initial: State, tensors: Tensors
) -> Recovered:
    weight_ih, weight_hh, bias_ih, bias_hh = tensors
    size = h.shape[-1]
    old = _before(h, initial[0])
    a = linear(x, weight_ih, bias_ih)  # (T, B, 3H)
    if isinstance(module, ResetBeforeGRU) and bias_hh is not None:
        gates = torch.sigmoid(a[..., : 2 * size] + linear(old, weight_hh[: 2 * size], bias_hh[: 2 * size]))
        r, z = gates.chunk(2, -1)
        memory = linear(r * old, weight_hh[2 * size :], bias_hh[2 * size :])
    else:
        u = linear(old, weight_hh, bias_hh)
        gates = torch.sigmoid(a[..., : 2 * size] + u[..., : 2 * size])
        r, z = gates.chunk(2, -1)
        memory = r * u[..., 2 * size :]
    n = torch.tanh(a[..., 2 * size :] + memory)
    return {"r": r, "z": z, "n": n, "h": h}, _largest(torch.lerp(n, old, z) - h)


def _recover_lstm(_: torch.nn.Module, x: torch.Tensor, h: torch.Tensor, initial: State, tensors: Tensors) -> Recovered:
    weight_ih, weight_hh, bias_ih, bias_hh = tensors
    a = linear(x, weight_ih, bias_ih) + linear(_before(h, initial[0]), weight_hh, bias_hh)  # (T, B, 4H)
    i, f, g, o = a.chunk(4, -1)
    i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
    # c is not in the fused output, and h / o loses its digits near saturation, so this one line is carried along
    c = initial[1].cpu().numpy()
    kept, written = f.cpu().numpy(), (i * g).cpu().numpy()
    memory = np.empty_like(written)
    for t in range(len(memory)):
        c = kept[t] * c + written[t]
        memory[t] = c
    cell = torch.from_numpy(memory).to(h.device)
    return {"i": i, "f": f, "g": g, "o": o, "c": cell, "h": h}, _largest(o * torch.tanh(cell) - h)


def _recover_rnn(
    module: torch.nn.Module, x: torch.Tensor, h: torch.Tensor, initial: State, tensors: Tensors
) -> Recovered:
    weight_ih, weight_hh, bias_ih, bias_hh = tensors
    a = linear(x, weight_ih, bias_ih) + linear(_before(h, initial[0]), weight_hh, bias_hh)
    return {"h": h}, _largest(getattr(torch, str(module.nonlinearity))(a) - h)


def _largest(difference: torch.Tensor) -> float:
    return float(difference.abs().max())


_RECOVER: dict[str, Callable[..., Recovered]] = {"GRU": _recover_gru, "LSTM": _recover_lstm, "RNN": _recover_rnn}
