"""Constants of an ONNX graph: given as they are, or made from constants by operations that only arrange them."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, Protocol

import torch

from gruviz.files.limits import MAX_PARAMETERS

_DEEPEST = 64


class Operation(Protocol):
    """What folding needs of a node."""

    @property
    def kind(self) -> str:
        """ONNX's name of the operation."""
        ...

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names, "" for one that is left out."""
        ...

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names."""
        ...

    @property
    def attributes(self) -> Mapping[str, Any]:
        """By name."""
        ...


class Constants:
    """The values of a graph's names that hang on no input."""

    def __init__(self, given: Mapping[str, torch.Tensor], nodes: Sequence[Operation]) -> None:
        self._given = dict(given)
        self._makers = {output: node for node in nodes for output in node.outputs if output}
        self._made: dict[str, torch.Tensor | None] = {}
        self._room = 2 * MAX_PARAMETERS  # numbers that may still be made

    def value(self, name: str, depth: int = 0) -> torch.Tensor | None:
        """The tensor of a name; None where it hangs on an input, or is made in a way that is not followed."""
        if name in self._given:
            return self._given[name]
        if name not in self._made:
            self._made[name] = None  # a graph that runs in a circle ends here
            self._made[name] = self._fold(name, depth)
        return self._made[name]

    def _fold(self, name: str, depth: int) -> torch.Tensor | None:
        node = self._makers.get(name)
        fold = _FOLDS.get(node.kind) if node is not None else None
        if node is None or fold is None or depth > _DEEPEST or name != node.outputs[0]:
            return None
        inputs = [self.value(each, depth + 1) if each else None for each in node.inputs]
        if any(tensor is None for tensor, each in zip(inputs, node.inputs, strict=True) if each) or not inputs:
            return None
        self._room -= sum(tensor.numel() for tensor in inputs if tensor is not None)
        if self._room < 0:
            return None
        try:
            return fold([tensor for tensor in inputs if tensor is not None], node.attributes)
        except (RuntimeError, IndexError, ValueError, TypeError, KeyError, OverflowError):
            return None

    def zero(self, name: str, depth: int = 0) -> bool:
        """Whether a name is zeros, however large: a constant, or made of zeros by filling, repeating or cutting."""
        tensor = self.value(name)
        if tensor is not None:
            return not bool(tensor.any())
        node = self._makers.get(name)
        if node is None or depth > _DEEPEST:
            return False
        if node.kind == "ConstantOfShape":
            fill = node.attributes.get("value")
            return fill is None or (fill in self._given and not bool(self._given[fill].any()))
        cuts = ("Expand", "Slice", "Identity", "Squeeze", "Unsqueeze", "Reshape", "Transpose", "Cast", "Tile", "Split")
        if node.kind in cuts:
            return self.zero(node.inputs[0], depth + 1)
        return (
            node.kind == "Concat" and len(node.inputs) < 64 and all(self.zero(each, depth + 1) for each in node.inputs)
        )


def _axes(inputs: Sequence[torch.Tensor], attributes: Mapping[str, Any]) -> list[int] | None:
    axes = attributes.get("axes")
    if axes is None and len(inputs) > 1:
        axes = inputs[1].tolist()
    return axes


def _unsqueeze(inputs: Sequence[torch.Tensor], attributes: Mapping[str, Any]) -> torch.Tensor:
    axes = _axes(inputs, attributes) or []
    tensor, final = inputs[0], inputs[0].ndim + len(axes)
    for axis in sorted(axis % final for axis in axes):
        tensor = tensor.unsqueeze(axis)
    return tensor


def _squeeze(inputs: Sequence[torch.Tensor], attributes: Mapping[str, Any]) -> torch.Tensor:
    axes = _axes(inputs, attributes)
    return inputs[0].squeeze() if axes is None else inputs[0].squeeze(tuple(axes))


def _slice(inputs: Sequence[torch.Tensor], attributes: Mapping[str, Any]) -> torch.Tensor:
    tensor, *rest = inputs
    if rest:
        starts, ends, *more = (each.tolist() for each in rest)
    else:
        starts, ends, more = (
            attributes["starts"],
            attributes["ends"],
            [attributes["axes"]] if "axes" in attributes else [],
        )
    axes = more[0] if more else list(range(len(starts)))
    steps = more[1] if len(more) > 1 else [1] * len(starts)
    cut: list[slice] = [slice(None)] * tensor.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        if step < 1:
            raise ValueError("reads backward")
        cut[axis] = slice(start, end, step)
    return tensor[tuple(cut)]


def _reshape(inputs: Sequence[torch.Tensor], attributes: Mapping[str, Any]) -> torch.Tensor:
    tensor, shape = inputs[0], [int(size) for size in inputs[1].tolist()]
    if not attributes.get("allowzero"):
        shape = [tensor.shape[place] if size == 0 else size for place, size in enumerate(shape)]
    if prod(shape) > tensor.numel():
        raise ValueError("larger than it is")
    return tensor.reshape(shape)


def _cast(inputs: Sequence[torch.Tensor], attributes: Mapping[str, Any]) -> torch.Tensor:
    return inputs[0].to({1: torch.float32, 7: torch.int64, 10: torch.float16, 11: torch.float64}[attributes["to"]])


_FOLDS: Mapping[str, Callable[[Sequence[torch.Tensor], Mapping[str, Any]], torch.Tensor]] = {
    "Identity": lambda inputs, _: inputs[0],
    "Transpose": lambda inputs, at: inputs[0].permute(at.get("perm") or tuple(reversed(range(inputs[0].ndim)))),
    "Concat": lambda inputs, at: torch.cat(list(inputs), at["axis"]),
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Slice": _slice,
    "Reshape": _reshape,
    "Cast": _cast,
}
