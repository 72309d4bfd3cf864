"""Layers one above the other that no single module of PyTorch can be: of several sizes, kinds or directions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn

from gruviz.cells.arrays import as_inputs
from gruviz.cells.kinds import KINDS, kind
from gruviz.errors import GruvizError, ModelError, whole_number
from gruviz.records import Hold, Intervention, Shift, Trace
from gruviz.records.interventions import from_the_end

View = tuple[int, bool]  # a layer, and whether it is read from the end


class LayerStack(nn.Module):
    """Recurrent layers, each of one or two one-layer modules; a `backward` one reads from the end.

    layers: for each layer its modules with their directions, (module, backward): one, or forward and backward. Every
    layer reads what the one below hands on, (T, B, H), or both directions side by side. Called with x (T, B, D), it
    returns the top layer's states. Its layers are traced one by one, each as a module of its own.
    """

    def __init__(self, layers: Sequence[Sequence[tuple[nn.Module, bool]]]) -> None:
        super().__init__()
        self.modules_of = nn.ModuleList(nn.ModuleList(module for module, _ in layer) for layer in layers)
        self.ways = tuple(tuple(backward for _, backward in layer) for layer in layers)
        modules = [module for layer in layers for module, _ in layer]
        self.cells = tuple(KINDS[kind(layer[0][0])] for layer in layers)
        self.input_size = int(modules[0].input_size)  # type: ignore[arg-type]
        self.hidden_size = max(int(module.hidden_size) for module in modules)  # type: ignore[arg-type]
        self.num_layers, self.bidirectional = len(layers), any(len(ways) > 1 for ways in self.ways)

    def views(self) -> Iterator[View]:
        """Every layer and direction there is, as `trace` takes them."""
        for layer, ways in enumerate(self.ways):
            for backward in ways:
                yield layer, backward

    def part(self, view: View) -> nn.Module:
        """The module of one layer and direction."""
        layer, backward = view
        modules: Any = self.modules_of[layer]
        module: nn.Module = modules[self.ways[layer].index(backward)]
        return module

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The top layer's states (T, B, H), both directions side by side, for x (T, B, D)."""
        for layer, ways in enumerate(self.ways):
            states = []
            for backward in ways:
                run = self.part((layer, backward))(x.flip(0) if backward else x)[0]
                states.append(run.flip(0) if backward else run)
            x = torch.cat(states, -1)
        return x

    def traced(
        self,
        trace: Callable[..., Trace],
        inputs: Any,
        h0: Any,
        layer: Any,
        reverse: bool,
        tokens: tuple[str, ...],
        what_if: tuple[Intervention, ...],
    ) -> Trace:
        """What `trace` gives for one layer and direction, from traces of each module up to there.

        h0: for each layer and direction, in the order of `views`, its state as a one-layer module takes it; or None.
        """
        view = self._checked(layer, reverse)
        starts, changes = self._starts(h0), [self._settled(each, view) for each in what_if]
        x, batched = as_inputs(inputs, self.input_size, next(self.parameters()))
        values: Any = (x if batched else x[:, 0]).numpy()

        def one(place: View, read: Any, labels: tuple[str, ...] = ()) -> Trace:
            start = None if starts is None else starts[list(self.views()).index(place)]
            return _one(trace, self.part(place), place, read, start, labels, _at(changes, place))

        for below in range(view[0]):
            values = np.concatenate([one((below, way), values)["h"] for way in self.ways[below]], -1)
        return replace(one(view, values, tokens), layer=view[0], what_if=what_if)

    def _settled(self, change: Intervention, view: View) -> Intervention:
        """The same with the layer and direction that it means; GruvizError where there is no such."""
        if not isinstance(change, Hold | Shift):
            return change
        layer = view[0] if change.layer is None else change.layer
        place = self._checked(layer, view[1] if change.reverse is None else change.reverse)
        return replace(change, layer=place[0], reverse=place[1])

    def _starts(self, h0: Any) -> Any:
        if h0 is None:
            return None
        count = len(list(self.views()))
        if not isinstance(h0, list | tuple) or len(h0) != count:
            raise GruvizError(f"h0 is for {count} layers and directions: give a list with a state for each.")
        return h0

    def _checked(self, layer: Any, reverse: bool) -> View:
        index = whole_number(layer, "layer", "counted from 0")
        if not 0 <= index < self.num_layers:
            raise ModelError(f"Layer {index} was asked for; this network has layers 0 to {self.num_layers - 1}.")
        if bool(reverse) not in self.ways[index]:
            way = "forward" if reverse else "from the end"
            raise ModelError(f"Layer {index} of this network reads {way} only.")
        return index, bool(reverse)


def _one(
    trace: Callable[..., Trace],
    module: nn.Module,
    view: View,
    values: Any,
    start: Any,
    tokens: tuple[str, ...],
    what_if: list[Intervention],
) -> Trace:
    """A trace of one module, at the input's time also where it reads from the end."""
    if not view[1]:
        return trace(module, values, start, tokens=tokens, what_if=what_if)
    turned = [from_the_end(change, len(values)) for change in what_if]
    read = trace(module, np.ascontiguousarray(values[::-1]), start, what_if=turned)
    signals = {key: np.ascontiguousarray(signal[::-1]) for key, signal in read.values.items()}
    return replace(read, values=signals, inputs=np.ascontiguousarray(read.inputs[::-1]), reverse=True, tokens=tokens)


def _at(changes: list[Intervention], view: View) -> list[Intervention]:
    """The changes that a layer and direction takes, as if it were alone."""
    return [
        replace(change, layer=None, reverse=None) if isinstance(change, Hold | Shift) else change
        for change in changes
        if not isinstance(change, Hold | Shift) or (change.layer, change.reverse) == view
    ]


def views(module: nn.Module) -> tuple[View, ...]:
    """Every layer and direction that a module of any kind can be traced at."""
    if isinstance(module, LayerStack):
        return tuple(module.views())
    ways = (False, True) if getattr(module, "bidirectional", False) else (False,)
    return tuple((layer, way) for layer in range(int(getattr(module, "num_layers", 1))) for way in ways)


def units(module: nn.Module, view: View) -> int:
    """H of one layer and direction."""
    one = module.part(view) if isinstance(module, LayerStack) else module
    return int(one.hidden_size)  # type: ignore[arg-type]
