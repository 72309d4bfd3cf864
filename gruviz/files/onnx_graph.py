"""ONNX: GRU, LSTM and RNN nodes with their weights, which may be constants or made from constants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from gruviz.errors import ModelError
from gruviz.files.folding import Constants
from gruviz.files.limits import short
from gruviz.files.parts import Direction, Head, Layer, Part, Table, check_finite, check_shape, listed
from gruviz.files.separate import Found, read_separately
from gruviz.signals import CELLS

WHAT = "ONNX file"
_ORDER = {"GRU": (1, 0, 2), "LSTM": (0, 2, 3, 1), "RNN": (0,)}  # our blocks among z r h, i o f c
_STANDARD = {"GRU": ("sigmoid", "tanh"), "LSTM": ("sigmoid", "tanh", "tanh"), "RNN": ("tanh",)}
_PASSIVE = ("Identity", "Dropout", "Cast")
_SHAPING = (*_PASSIVE, "Transpose", "Squeeze", "Reshape", "Unsqueeze")
_ACTIVATIONS = {"Sigmoid": "probability", "Softmax": "classes", "LogSoftmax": "classes"}
_TYPES: Mapping[str, type | tuple[type, ...]] = {  # of the attributes that are read; a file may say anything
    **dict.fromkeys(("direction",), str),
    **dict.fromkeys(("hidden_size", "layout", "linear_before_reset", "input_forget", "axis", "transA", "transB"), int),
    **dict.fromkeys(("clip", "alpha", "beta"), (int, float)),
    **dict.fromkeys(("activations", "perm"), (list, tuple)),
}


@dataclass(frozen=True, eq=False)
class Node:
    """One operation of the graph. ModelError where an attribute is of another type than the format says."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]
    name: str

    def __post_init__(self) -> None:
        for name, value in self.attributes.items():
            if not isinstance(value, _TYPES.get(name, object)):
                raise ModelError(
                    f"The {short(self.kind)} node “{short(self.name)}” of this {WHAT} has {name}={short(repr(value))}, "
                    "which the format does not allow there. The file is damaged; export the model again."
                )

    def input(self, place: int) -> str:
        """The name of an input; "" where it is left out."""
        return self.inputs[place] if place < len(self.inputs) else ""


def read_onnx(data: memoryview) -> tuple[Part, ...]:
    """The recurrent parts of an ONNX model. ModelError where there is none, or one that can't be computed here."""
    found = read_separately(data, "onnx", WHAT)
    try:
        return _parts(found)
    except ModelError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RuntimeError) as error:
        raise ModelError(
            f"The graph of this {WHAT} is not as ONNX describes it: an attribute has another type or a node other "
            f"inputs ({type(error).__name__} while reading it). Export the model again."
        ) from None


def _parts(found: Found) -> tuple[Part, ...]:
    nodes = [
        Node(kind, tuple(inputs), tuple(outputs), attributes, name)
        for kind, domain, inputs, outputs, attributes, name in found.facts["nodes"]
        if domain in ("", "ai.onnx")
    ]
    graph = _Graph(nodes, Constants(found.arrays, nodes), found.facts["inputs"])
    recurrent = [node for node in nodes if node.kind in _ORDER]
    if not recurrent:
        if not nodes:
            raise ModelError(f"This {WHAT} holds no graph: it is empty, or no {WHAT} at all. Export the model again.")
        kinds = listed(sorted({node.kind for node in nodes}))
        raise ModelError(f"This {WHAT} holds no GRU, LSTM or RNN node; its nodes are {short(kinds)}.")
    parts: dict[str, Part] = {}  # by the name of the top layer's Y
    for number, node in enumerate(recurrent):
        layer = _layer(node, graph)
        name = node.name or f"{node.kind} {number + 1}"
        below = graph.layer_below(node)
        if below in parts and parts[below].cell == layer.cell and parts[below].width == layer.directions[0].features:
            part = parts.pop(below)
            parts[node.outputs[0]] = Part(f"{part.name} + {name}", (*part.layers, layer), part.tables, (), part.notes)
        else:
            tables, notes = graph.before(node, layer)
            parts[node.outputs[0] if node.outputs and node.outputs[0] else name] = Part(
                name, (layer,), tables, (), (*notes, *_notes(node, graph))
            )
    tops = {node.outputs[0] if node.outputs else "": node for node in recurrent}
    return tuple(
        Part(
            part.name, part.layers, part.tables, tuple(graph.heads(tops[top], part)) if top in tops else (), part.notes
        )
        for top, part in parts.items()
    )


class _Graph:
    """Who makes what, and who reads it."""

    def __init__(self, nodes: Sequence[Node], constants: Constants, inputs: Sequence[str]) -> None:
        self.nodes, self.constants, self.inputs = nodes, constants, inputs
        self.makers = {output: node for node in nodes for output in node.outputs if output}
        self.readers: dict[str, list[Node]] = {}
        for node in nodes:
            for name in {*node.inputs}:
                self.readers.setdefault(name, []).append(node)

    def layer_below(self, node: Node) -> str:
        """The Y of the recurrent node whose every step this one reads, both directions side by side; "" else.

        Between them stands a Squeeze of the axis of directions, or a Transpose and a Reshape that put both together.
        """
        name, shaped, steps = node.input(0), [], 0
        while (maker := self.makers.get(name)) is not None and maker.kind in _SHAPING and steps < 16:
            if maker.kind not in _PASSIVE:
                shaped.append(maker)
            name, steps = maker.input(0), steps + 1
        if maker is None or maker.kind not in _ORDER or name != maker.outputs[0] or maker.attributes.get("layout", 0):
            return ""
        directions = 2 if maker.attributes.get("direction") == "bidirectional" else 1
        kinds = [each.kind for each in reversed(shaped)]
        turned = kinds == ["Transpose", "Reshape"] and list(shaped[-1].attributes.get("perm", ())) == [0, 2, 1, 3]
        squeezed = kinds == ["Squeeze"] and self._axes(shaped[0]) in ([1], None)
        return name if turned or (squeezed and directions == 1) else ""

    def _axes(self, node: Node) -> list[int] | None:
        axes = node.attributes.get("axes")
        if axes is None and node.input(1):
            tensor = self.constants.value(node.input(1))
            axes = None if tensor is None else tensor.tolist()
        return axes

    def before(self, node: Node, layer: Layer) -> tuple[tuple[Table, ...], tuple[str, ...]]:
        """The embedding in front of a node, where there is one; and a sentence on anything else there."""
        name, steps = node.input(0), 0
        while (maker := self.makers.get(name)) is not None and maker.kind in _SHAPING and steps < 16:
            name, steps = maker.input(0), steps + 1
        if maker is None:
            return (), ()
        vectors = self.constants.value(maker.input(0)) if maker.kind == "Gather" else None
        fits = (
            vectors is not None
            and vectors.is_floating_point()
            and vectors.ndim == 2
            and vectors.shape[1] == layer.directions[0].features
        )
        if vectors is not None and fits and maker.attributes.get("axis", 0) == 0:
            return (Table(maker.input(0), vectors, True),), ()
        what = f"“{short(maker.name or maker.kind)}” ({maker.kind})"
        return (), (
            f"{what} comes before it in the graph and is not computed: the numbers typed are what the recurrent "
            "node reads.",
        )

    def heads(self, node: Node, part: Part) -> list[Head]:
        """Linear maps right behind a node, from its last or every state."""
        found, left = list[Head](), [(name, 0) for name in node.outputs[:2] if name]
        while left:
            name, depth = left.pop()
            for reader in self.readers.get(name, ()):
                if depth < 8 and (reader.kind in _SHAPING or reader.kind in ("Gather", "Slice")) and reader.outputs:
                    left.append((reader.outputs[0], depth + 1))
                head = self._head(reader, name, part.width) if reader.kind in ("Gemm", "MatMul") else None
                if head is not None and head.name not in {each.name for each in found}:
                    found.append(head)
        return found

    def _head(self, node: Node, reads: str, width: int) -> Head | None:
        weight = self.constants.value(node.input(1))
        if node.input(0) != reads or weight is None or weight.ndim != 2 or not node.outputs:
            return None
        attributes = node.attributes
        plain = attributes.get("alpha", 1.0) == 1.0 == attributes.get("beta", 1.0) and not attributes.get("transA", 0)
        weight = weight if node.kind == "Gemm" and attributes.get("transB", 0) else weight.T
        bias, out = self.constants.value(node.input(2)) if node.input(2) else None, node.outputs[0]
        after = self.readers.get(out, [])
        if node.kind == "MatMul" and len(after) == 1 and after[0].kind == "Add":
            other = [name for name in after[0].inputs if name != out]
            bias = self.constants.value(other[0]) if len(other) == 1 else None
            if bias is None:
                return None
            out = after[0].outputs[0]
            after = self.readers.get(out, [])
        while len(after) == 1 and after[0].kind in _SHAPING:
            after = self.readers.get(after[0].outputs[0], [])
        kinds = {each.kind for each in after}
        if not plain or weight.shape[1] != width or (bias is not None and tuple(bias.shape) != (len(weight),)):
            return None
        if kinds - {*_ACTIVATIONS} or (node.input(2) and bias is None):
            return None  # something else follows: this is no answer yet
        kind = next((_ACTIVATIONS[each] for each in kinds), "")
        if (kind == "probability" and len(weight) > 1) or (kind == "classes" and len(weight) == 1):
            return None
        return Head(node.name or node.input(1), weight, bias, True, kind)


def _notes(node: Node, graph: _Graph) -> tuple[str, ...]:
    """What the graph takes from outside and gruviz does not."""
    notes = []
    if node.input(4):
        notes.append("Every sequence is read to its end: sequence_lens, an input of the graph, is not asked for.")
    if node.input(5) in graph.inputs:
        notes.append("It starts from a state of zeros: initial_h, an input of the graph, is not asked for.")
    return tuple(notes)


def _layer(node: Node, graph: _Graph) -> Layer:
    what, attributes = f"The {node.kind} node “{short(node.name or node.outputs[0])}”", node.attributes
    _check_standard(node, graph, what)
    way = attributes.get("direction", "forward")
    backward = {"forward": (False,), "reverse": (True,), "bidirectional": (False, True)}.get(way)
    if backward is None:
        raise ModelError(f"{what} has direction={short(way)!r}; ONNX knows forward, reverse and bidirectional.")
    weights = {name: _constant(node.input(place), name, what, graph) for name, place in (("W", 1), ("R", 2), ("B", 3))}
    from_input, recurrent, bias = weights["W"], weights["R"], weights["B"]
    if from_input is None or recurrent is None or recurrent.ndim != 3 or from_input.ndim != 3:
        raise ModelError(f"{what} has no weights W and R of three axes each.")
    blocks, units = len(_ORDER[node.kind]), int(recurrent.shape[2])
    shape = f"{node.kind} of {units} units, {len(backward)} direction{'s' * (len(backward) > 1)}"
    check_shape(recurrent, (len(backward), blocks * units, units), f"R of {what}", shape)
    check_shape(from_input, (len(backward), blocks * units, int(from_input.shape[2])), f"W of {what}", shape)
    if bias is not None:
        check_shape(bias, (len(backward), 2 * blocks * units), f"B of {what}", shape)
    if attributes.get("hidden_size", units) != units or not units or not from_input.shape[2]:
        raise ModelError(f"{what} has hidden_size={attributes.get('hidden_size')}, and R is for {units} units.")
    for name, tensor in weights.items():
        if tensor is not None:
            check_finite(tensor, f"{name} of {what}")
    order = _ORDER[node.kind]
    directions = []
    for place, reads_back in enumerate(backward):
        from_x, from_h = (None, None) if bias is None else (_ours(part, order) for part in bias[place].chunk(2))
        directions.append(
            Direction(_ours(from_input[place], order), _ours(recurrent[place], order), from_x, from_h, reads_back)
        )
    activation = str((attributes.get("activations") or ["tanh"])[0]).lower() if node.kind == "RNN" else "tanh"
    return Layer(
        node.kind, tuple(directions), activation, node.kind != "GRU" or bool(attributes.get("linear_before_reset", 0))
    )


def _check_standard(node: Node, graph: _Graph, what: str) -> None:
    """ModelError, by name, for all that would be computed otherwise here."""
    attributes, standard = node.attributes, _STANDARD[node.kind]
    activations = [str(each).lower() for each in attributes.get("activations") or ()]
    allowed = [list(standard), [*standard, *standard]]
    if CELLS[node.kind].chooses_activation:
        allowed += [["relu"], ["relu", "relu"]]
    if activations and activations not in allowed:
        raise ModelError(
            f"{what} has activations={short(list(attributes['activations']))}; gruviz computes "
            f"{' and '.join(dict.fromkeys(each.capitalize() for each in standard))} there"
            f"{' (or Relu)' if node.kind == 'RNN' else ''}, and with other functions every number would be wrong. "
            "Train and export it with those."
        )
    if attributes.get("clip"):
        raise ModelError(
            f"{what} has clip={attributes['clip']:g}: what goes into its activations is cut off there, which gruviz "
            "does not compute. Export the model without clip."
        )
    if attributes.get("input_forget"):
        raise ModelError(f"{what} has input_forget=1 (one gate for both), which gruviz does not compute.")
    if node.kind == "LSTM" and node.input(7):
        raise ModelError(f"{what} has peephole weights (P), which gruviz does not compute.")
    if node.input(4) and graph.constants.value(node.input(4)) is not None:
        raise ModelError(f"{what} has a constant sequence_lens, which cuts every sequence; export it without.")
    for place, name in ((5, "initial_h"), (6, "initial_c")) if node.kind == "LSTM" else ((5, "initial_h"),):
        state = node.input(place)
        if state and state not in graph.inputs and not graph.constants.zero(state):
            raise ModelError(
                f"{what} starts from a state that the graph computes or holds ({name}); gruviz starts from zeros, and "
                f"every number would be wrong. Export the model with {name} as an input, or without it."
            )


def _constant(name: str, role: str, what: str, graph: _Graph) -> torch.Tensor | None:
    if not name:
        return None
    tensor = graph.constants.value(name)
    if tensor is None:
        raise ModelError(
            f"{role} of {what} ({short(name)}) is computed by the graph in a way that gruviz does not follow. Export "
            "the model with constants folded (do_constant_folding=True)."
        )
    return tensor


def _ours(array: torch.Tensor, order: Sequence[int]) -> torch.Tensor:
    """Blocks along the first axis, in our order."""
    blocks = array.chunk(len(order))
    return torch.cat([blocks[place] for place in order])
