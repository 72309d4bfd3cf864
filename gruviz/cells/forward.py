"""`trace`: one run of torch's fused kernel for the states, then every gate of every step in one batched product."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn.functional import linear

from gruviz.cells.arrays import as_inputs, as_state
from gruviz.cells.changes import Changes, Size, changes, check_interventions
from gruviz.cells.kinds import cell_name, directions, layers
from gruviz.cells.layer_stack import LayerStack
from gruviz.cells.own_forward import compare, is_plain, own_states, settled
from gruviz.cells.row_modules import RowModule
from gruviz.cells.steps import Layer, signals, states
from gruviz.cells.weights import Tensors, as_record, layer_tensors
from gruviz.errors import GruvizError, ModelError, whole_number
from gruviz.records import Intervention, Trace, as_interventions
from gruviz.signals import CELLS

State = tuple[torch.Tensor, ...]  # one (B, H) tensor for each part of the state


def trace(
    module: torch.nn.Module,
    inputs: Any,
    h0: Any = None,
    layer: int = 0,
    reverse: bool = False,
    tokens: Iterable[Any] = (),
    what_if: Intervention | Iterable[Intervention] = (),
) -> Trace:
    """Runs a recurrent module over a sequence and returns all that one of its layers computed.

    module: nn.GRU, nn.LSTM or nn.RNN (of any number of layers, one or two directions), gruviz.ResetBeforeGRU, or
        nn.GRUCell, nn.LSTMCell or nn.RNNCell, which count as one layer.
    inputs: array-like (T, D), or for a batch (T, B, D): (B, T, D) where the module has batch_first.
    h0: (layers * directions, H), or (layers * directions, B, H) for a batch; for an LSTM the pair (h0, c0).
    layer, reverse: which layer and direction to look at. In a reverse trace, step t has seen inputs t to T.
    tokens: T labels for the steps.
    what_if: what is changed in the run, as in [gruviz.Hold("z", 1.0, units=[3], steps=slice(4, 9))]: that the update
        gate's [4:9, 3] of (T, H) is 1. See `Hold`, `Shift` and `Skip`; for the trace of a batch, (T, B, H), they act
        on each of its sequences. Such a run is computed step by step, and slower than one in which nothing is changed.

    Values are laid out time first, (T, H) or (T, B, H), in the module's precision (half precisions are widened to
    float32). Dropout is off, as in eval(). The module is left as it was: mode, gradients, dtype, device, buffers and
    random state. A module with hooks, a forward of its own, or weights that are made when it is called is copied and
    the copy called once; ModelError where its states are not those that its weights give. Raises GruvizError (its
    children say more) for any other module, input or state that can't be used, too.
    """
    if isinstance(module, LayerStack):
        return module.traced(trace, inputs, h0, layer, reverse, as_tokens(tokens), as_interventions(what_if))
    cell, count = cell_name(module), directions(module)
    layer = as_layer(layer, module)
    if reverse and count == 1:
        raise ModelError("The reverse direction was asked for; this module reads forward only.")
    labels, what_if = as_tokens(tokens), as_interventions(what_if)

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
            change = _Change(what_if, _size(module, x, layer, reverse)) if what_if else None
            for below in range(layer):
                x = _outputs(module, cell, x, start, below, change)
            tensors = layer_tensors(module, layer, reverse)
            initial = _pick(start, layer * count + reverse)
            own = None if change is None else change.of(layer, reverse, x)
            known = _run(module, cell, x, initial, tensors, reverse, own)
            recovered, agreement = _recover(
                module, along(x), {part: along(values) for part, values in known.items()}, initial, tensors, own
            )

    return Trace(
        cell=cell,
        values={key: numpy(along(value)) for key, value in recovered.items()},
        initial={key: numpy(part).copy() for key, part in zip(CELLS[cell].state, initial, strict=True)},
        inputs=numpy(x).copy(),
        weights=as_record(module, tensors),
        agreement=agreement,
        reverse=reverse,
        tokens=labels,
        what_if=what_if,
        layer=layer,
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


@dataclass(frozen=True)
class _Change:
    """Interventions that were checked, for each layer and direction."""

    what_if: tuple[Intervention, ...]
    size: Size

    def __post_init__(self) -> None:
        check_interventions(self.what_if, self.size)

    def of(self, layer: int, reverse: bool, x: torch.Tensor) -> Changes:
        """What they change there; tensors like x."""
        return changes(self.what_if, self.size, layer, reverse, x)


def _size(module: torch.nn.Module, x: torch.Tensor, layer: int, reverse: bool) -> Size:
    cell, bounded = CELLS[cell_name(module)], getattr(module, "nonlinearity", "tanh") == "tanh"
    count, units = directions(module), int(module.hidden_size)  # type: ignore[arg-type]
    return Size(cell, units, layers(module), count, x.shape[0], x.shape[1], bounded, layer, reverse)


def _outputs(
    module: torch.nn.Module, cell: str, x: torch.Tensor, start: State, layer: int, change: _Change | None = None
) -> torch.Tensor:
    """What a layer hands on, (T, B, directions * H), from what it reads, (T, B, D)."""
    count = directions(module)
    both = []
    for d in range(count):
        tensors = layer_tensors(module, layer, bool(d))
        own = None if change is None else change.of(layer, bool(d), x)
        both.append(_run(module, cell, x, _pick(start, layer * count + d), tensors, d, own)["h"])
    return torch.cat(both, -1) if count > 1 else both[0]


def _pick(start: State, index: int) -> State:
    return tuple(part[index] for part in start)


def _run(
    module: torch.nn.Module,
    cell: str,
    x: torch.Tensor,
    state: State,
    tensors: Tensors,
    reverse: bool | int,
    change: Changes | None = None,
) -> dict[str, torch.Tensor]:
    """All hidden states (T, B, H) of one layer and direction, at their input's time; with changes, all of the state."""
    flat = [tensor for tensor in tensors if tensor is not None]
    if reverse:
        x = x.flip(0)
    if change is not None or isinstance(module, RowModule):
        weight_ih, weight_hh, bias_ih, bias_hh = tensors
        layer, from_input = _layer(module, weight_hh, bias_hh), linear(x, weight_ih, bias_ih)
        if change is not None:
            from_input = change.shifted(from_input)
        after = states(layer, from_input, dict(zip(layer.cell.state, state, strict=True)), change)
        known = {part: torch.stack(values) for part, values in after.items()}
    else:
        options = (flat, len(flat) == 4, 1, 0.0, False, False, False)  # one layer, no dropout, time first
        hx = tuple(part[None].contiguous() for part in state)
        fused: Any = {
            "GRU": torch.gru,
            "LSTM": torch.lstm,
            "RNN": torch.rnn_relu if getattr(module, "nonlinearity", "") == "relu" else torch.rnn_tanh,
        }[cell]
        known = {"h": fused(x, hx if cell == "LSTM" else hx[0], *options)[0]}
    return {part: values.flip(0) for part, values in known.items()} if reverse else known


def _recover(
    module: torch.nn.Module,
    x: torch.Tensor,
    known: Mapping[str, torch.Tensor],
    initial: State,
    tensors: Tensors,
    change: Changes | None,
) -> tuple[dict[str, torch.Tensor], float]:
    """Every signal of every step in one batched product, from the known parts of the state (T, B, H), h among them.

    Signals come in the table's order. Also returned: how far h is from its rule, where a step is not skipped.
    """
    weight_ih, weight_hh, bias_ih, bias_hh = tensors
    layer, from_input = _layer(module, weight_hh, bias_hh), linear(x, weight_ih, bias_ih)
    first = dict(zip(layer.cell.state, initial, strict=True))
    before = {part: torch.cat([first[part][None], after[:-1]]) for part, after in known.items()}
    if change is None:
        values = signals(layer, from_input, first, before)
    else:
        values = signals(layer, change.shifted(from_input), first, before, change.held)
    off = (values["h"] - known["h"]).abs()
    if change is not None and change.skipped is not None:
        off = off.masked_fill(change.skipped, 0)
    values |= known
    return {signal.key: values[signal.key] for signal in layer.cell.signals}, float(off.max())


def _layer(module: torch.nn.Module, recurrent: torch.Tensor, bias: torch.Tensor | None) -> Layer:
    own, after = str(getattr(module, "nonlinearity", "tanh")), bool(getattr(module, "reset_after", True))
    return Layer(CELLS[cell_name(module)], recurrent, bias, own, after)
