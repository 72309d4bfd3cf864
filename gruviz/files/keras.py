"""Keras 3: .keras archives and .weights.h5. Gate blocks lie along the last axis, z before r in a GRU."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from gruviz.errors import ModelError
from gruviz.files.limits import MAX_CONFIG, MAX_FILE, short
from gruviz.files.parts import Direction, Head, Layer, Part, Table, check_finite, check_shape, listed
from gruviz.files.separate import Found, read_separately
from gruviz.files.zips import entry_bytes, opened
from gruviz.signals import CELLS

WHAT, WEIGHTS_WHAT = "Keras file", "Keras weights file"
_CELLS = {"GRU": "GRU", "LSTM": "LSTM", "SimpleRNN": "RNN"}
_ORDER = {"GRU": (1, 0, 2), "LSTM": (0, 1, 2, 3), "RNN": (0,)}  # our blocks r z n, i f g o, h among Keras's
_HEAD_KINDS = {"sigmoid": "probability", "softmax": "classes", "linear": "number"}
_PASSIVE = {"InputLayer", "Dropout", "SpatialDropout1D", "Embedding", "GaussianNoise", "ActivityRegularization"}
_CODE = {"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"}
SAVE = "model.save('model.keras')"


@dataclass(frozen=True)
class _Described:
    """A layer as config.json describes it: its class, the user's name, its settings, and its path in the weights."""

    kind: str
    name: str
    settings: Mapping[str, Any]
    path: str
    after: tuple[str, ...]  # the names of the layers that it reads from


def read_keras(data: memoryview) -> tuple[Part, ...]:
    """The recurrent parts of a .keras archive: a zip of config.json and of the weights in HDF5."""
    with opened(data, WHAT) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        for name in ("config.json", "model.weights.h5"):
            if name not in entries:
                raise ModelError(f"This zip file holds no {name}, so it is not a {WHAT}. Save the model with {SAVE}.")
        text = entry_bytes(archive, entries["config.json"], MAX_CONFIG, WHAT)
        weights = entry_bytes(archive, entries["model.weights.h5"], MAX_FILE, WHAT)
    return parts(text, lambda: read_separately(memoryview(weights), "hdf5", WHAT))


def parts(config: bytes, weights: Callable[[], Found]) -> tuple[Part, ...]:
    """The recurrent parts that a config.json describes; the weights are read once it is known that no code is there."""
    try:
        described = list(_described(json.loads(config)))
        for layer in described:
            if layer.kind in _CODE:
                raise ModelError(
                    f"“{short(layer.name)}” is a {layer.kind} layer: code inside the file, which gruviz never runs. "
                    "Save the weights alone, model.save_weights('model.weights.h5'), and open those."
                )
        return _parts_of_config(described, weights())
    except ModelError:
        raise
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError, IndexError):
        raise ModelError(f"config.json in this {WHAT} does not describe a model. Save it again with {SAVE}.") from None


def read_keras_weights(data: memoryview) -> tuple[Part, ...]:
    """The recurrent parts of a .weights.h5, which says nothing of settings: what can't be seen is left open."""
    found = read_separately(data, "hdf5", WEIGHTS_WHAT)
    paths = sorted({path.rpartition("/cell/vars/")[0] for path in found.arrays if "/cell/vars/" in path}, key=_natural)
    layers: dict[str, dict[str, str]] = {}
    for path in paths:
        whole, _, way = path.rpartition("/")
        if way in ("forward_layer", "backward_layer"):
            layers.setdefault(whole, {})[way] = path
        else:
            layers[path] = {"": path}
    parts = []
    for path, ways in layers.items():
        directions = [_direction(found, ways[way], None, way == "backward_layer") for way in sorted(ways, reverse=True)]
        directions.sort(key=lambda each: each[1].backward)
        cell, reset = directions[0][0], directions[0][2]
        layer = Layer(cell, tuple(each for _, each, _ in directions), None if cell == "RNN" else "tanh", reset)
        name = found.facts["names"].get(f"{path}/vars") or path.rpartition("/")[2]
        parts.append(Part(name, (layer,), notes=(
            "The file holds weights alone and names no activations; Keras’s defaults are used"
            f"{'' if cell == 'RNN' else ', sigmoid for gates and tanh for the rest'}.",
        ) if cell != "RNN" else ()))  # fmt: skip
    if not parts:
        raise ModelError(_nothing(found, WEIGHTS_WHAT))
    return tuple(replace(part, tables=tuple(_tables(found, part)), heads=tuple(_heads(found, part))) for part in parts)


def _natural(path: str) -> list[tuple[int, str]]:
    """gru_2 before gru_10."""
    return [(int(piece), "") if piece.isdigit() else (0, piece) for piece in re.split(r"(\d+)", path)]


def _tables(found: Found, part: Part) -> Iterator[Table]:
    for path, array in found.arrays.items():
        if re.search(r"(^|/)embedding(_\d+)?/vars/0$", path) and array.ndim == 2 and array.shape[1] == part.features:
            group = path.removesuffix("/0")
            yield Table(found.facts["names"].get(group) or group, array, asks_mask=True)


def _heads(found: Found, part: Part) -> Iterator[Head]:
    for path, kernel in found.arrays.items():
        if re.search(r"(^|/)dense(_\d+)?/vars/0$", path) and kernel.ndim == 2 and kernel.shape[0] == part.width:
            group = path.removesuffix("/0")
            yield Head(found.facts["names"].get(group) or group, kernel.T, found.arrays.get(f"{group}/1"))


def _described(config: Any, path: str = "") -> Iterator[_Described]:
    """The layers of a Sequential or functional model, those of models inside it too, in their order."""
    if config["class_name"] not in ("Sequential", "Functional", "Model"):
        raise ModelError(
            f"This model is of the class {short(config['class_name'])}, whose code is not in the file. Save its "
            "weights, model.save_weights('model.weights.h5'), and open those."
        )
    used: dict[str, int] = {}
    before: tuple[str, ...] = ()
    for layer in config["config"]["layers"]:
        kind, settings = str(layer["class_name"]), layer["config"]
        snake = re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", kind)))
        stem = snake.lower()
        count = used.get(stem, -1) + 1
        used[stem] = count
        place = f"{path}layers/{stem}{f'_{count}' if count else ''}"
        name = str(settings.get("name", place))
        nodes = layer.get("inbound_nodes")
        after = before if nodes is None else tuple(dict.fromkeys(_histories(nodes)))
        if kind in ("Sequential", "Functional", "Model"):
            yield from _described(layer, f"{place}/")
        else:
            yield _Described(kind, name, settings, place, after)
        before = (name,)


def _histories(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "keras_history" in node:
            yield str(node["keras_history"][0])
        for value in node.values():
            yield from _histories(value)
    elif isinstance(node, list):
        for value in node:
            yield from _histories(value)


def _parts_of_config(described: Sequence[_Described], found: Found) -> tuple[Part, ...]:
    by_name = {each.name: each for each in described}
    parts: dict[str, Part] = {}  # by the name of their top layer
    for each in described:
        kind = each.settings.get("layer", {}).get("class_name") if each.kind == "Bidirectional" else each.kind
        if kind not in _CELLS:
            if kind == "RNN" or kind in ("GRUCell", "LSTMCell", "SimpleRNNCell", "ConvLSTM1D", "ConvLSTM2D"):
                raise ModelError(f"“{short(each.name)}” is a layer of the class {kind}, which gruviz does not read.")
            continue
        layer = _layer(each, found)
        source = _source(each, by_name)
        below = parts.get(source.name) if source else None
        if below is not None and _stacks(below, by_name[source.name], layer):  # type: ignore[union-attr]
            del parts[source.name]  # type: ignore[union-attr]
            name = f"{below.name} + {each.name}"
            parts[each.name] = Part(name, (*below.layers, layer), below.tables, (), below.notes)
        else:
            parts[each.name] = Part(each.name, (layer,), tuple(_embedding(source, found, layer)), (), _notes(source))
    if not parts:
        raise ModelError(_nothing(found, WHAT, [each.kind for each in described]))
    for top, part in parts.items():
        heads = [head for each in described for head in _dense(each, top, by_name, found)]
        masks = [each for each in described if each.kind == "Masking"]
        if masks:
            raise ModelError(
                f"“{short(masks[0].name)}” is a Masking layer, which skips steps by the numbers in them. gruviz reads "
                "every step: save the model without it, and leave out such steps where you type."
            )
        parts[top] = replace(part, heads=tuple(heads))
    return tuple(parts.values())


def _source(layer: _Described, by_name: Mapping[str, _Described]) -> _Described | None:
    """The layer that a layer reads from, behind those that change nothing once training is over."""
    while len(layer.after) == 1 and layer.after[0] in by_name:
        layer = by_name[layer.after[0]]
        if layer.kind not in ("Dropout", "SpatialDropout1D", "GaussianNoise", "ActivityRegularization"):
            return layer
    return None


def _stacks(below: Part, described: _Described, layer: Layer) -> bool:
    """Whether a layer reads every step of another: then they are one part. Through time reversed it would not be."""
    settings = described.settings.get("layer", {}).get("config", described.settings)
    plain = described.kind == "Bidirectional" or not described.settings.get("go_backwards")
    return (
        plain
        and bool(settings.get("return_sequences"))
        and below.cell == layer.cell
        and below.width == layer.directions[0].features
    )


def _notes(source: _Described | None) -> tuple[str, ...]:
    if source is None or source.kind in _PASSIVE:
        return ()
    return (
        f"“{short(source.name)}” ({short(source.kind)}) comes before it in the model and is not computed: the "
        "numbers typed are what the recurrent layer reads.",
    )


def _embedding(source: _Described | None, found: Found, layer: Layer) -> Iterator[Table]:
    if source is None or source.kind != "Embedding":
        return
    vectors = found.arrays.get(f"{source.path}/vars/0")
    if vectors is None or vectors.ndim != 2 or vectors.shape[1] != layer.directions[0].features:
        return
    yield Table(source.name, vectors, True, 0 if source.settings.get("mask_zero") else None)


def _dense(each: _Described, top: str, by_name: Mapping[str, _Described], found: Found) -> Iterator[Head]:
    if each.kind != "Dense":
        return
    source = _source(each, by_name)
    kernel, bias = found.arrays.get(f"{each.path}/vars/0"), found.arrays.get(f"{each.path}/vars/1")
    activation = each.settings.get("activation") or "linear"
    kind = _HEAD_KINDS.get(activation) if isinstance(activation, str) else None
    if source is None or source.name != top or kernel is None or kernel.ndim != 2 or kind is None:
        return
    if kind == "number" and kernel.shape[1] > 1:
        kind = "classes"
    if (kind == "probability") == (kernel.shape[1] == 1):
        yield Head(each.name, kernel.T, bias, True, kind)


def _layer(each: _Described, found: Found) -> Layer:
    if each.kind != "Bidirectional":
        settings = _checked(each.name, each.kind, each.settings)
        cell, direction, _ = _direction(found, each.path, settings, bool(settings.get("go_backwards")))
        return Layer(cell, (direction,), _activation(cell, settings), _reset_after(cell, settings))
    merge = each.settings.get("merge_mode")
    if merge != "concat":
        raise ModelError(
            f"“{short(each.name)}” is Bidirectional with merge_mode={merge!r}; gruviz shows the two directions side "
            "by side, as merge_mode='concat' does."
        )
    forward = each.settings["layer"]
    backward = each.settings.get("backward_layer") or forward
    ways = []
    for way, layer in (("forward_layer", forward), ("backward_layer", backward)):
        settings = _checked(each.name, str(layer["class_name"]), layer["config"])
        ways.append((_direction(found, f"{each.path}/{way}", settings, way == "backward_layer"), settings))
    kinds = {(cell, direction.units, _activation(cell, s), _reset_after(cell, s)) for (cell, direction, _), s in ways}
    if len(kinds) > 1:
        raise ModelError(
            f"The two directions of “{short(each.name)}” are of different kinds, which gruviz does not read."
        )
    cell, _, activation, reset = kinds.pop()
    return Layer(cell, tuple(direction for (_, direction, _), _ in ways), activation, reset)


def _activation(cell: str, settings: Mapping[str, Any]) -> str:
    return str(settings.get("activation", "tanh")) if CELLS[cell].chooses_activation else "tanh"


def _reset_after(cell: str, settings: Mapping[str, Any]) -> bool:
    return bool(settings.get("reset_after", True)) if cell == "GRU" else True


def _checked(name: str, kind: str, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings, unless they ask for something that is not computed here: then ModelError by its name."""
    if kind not in _CELLS:
        raise ModelError(f"“{short(name)}” wraps a layer of the class {short(kind)}, which gruviz does not read.")
    allowed = {
        "activation": ("tanh", "relu") if kind == "SimpleRNN" else ("tanh",),
        "recurrent_activation": ("sigmoid",),
    }
    for setting, values in allowed.items():
        value = settings.get(setting, values[0])
        if value not in values:
            what = (
                value if isinstance(value, str) else value.get("class_name", "?") if isinstance(value, dict) else value
            )
            raise ModelError(
                f"The {kind} layer “{short(name)}” has {setting}={short(what)!r}; gruviz computes "
                f"{' or '.join(values)} there, and with another function every number would be wrong. Train it with "
                f"{setting}='{values[0]}'."
            )
    return settings


def _direction(
    found: Found, path: str, settings: Mapping[str, Any] | None, backward: bool
) -> tuple[str, Direction, bool | None]:
    """The cell, its weights in PyTorch's layout, and where the reset gate acts (None: it can't be seen)."""
    place = f"{path}/cell/vars"
    kernel, recurrent = found.arrays.get(f"{place}/0"), found.arrays.get(f"{place}/1")
    for number, array in enumerate((kernel, recurrent)):
        if array is None or array.ndim != 2:
            raise ModelError(f"{short(place)}/{number}, the layer's weights, is missing or is not a table of numbers.")
    assert kernel is not None
    assert recurrent is not None
    units, columns = recurrent.shape
    by_blocks = {len(CELLS[name].blocks): name for name in _ORDER}
    cell = by_blocks.get(columns // units) if units and columns % units == 0 else None
    if cell is None:
        raise ModelError(
            f"{short(place)}/1 has shape {tuple(recurrent.shape)}; for H units it is (H, 3H) in a GRU, (H, 4H) in an "
            "LSTM and (H, H) in a SimpleRNN."
        )
    why = f"{place}/1 has shape {tuple(recurrent.shape)}: a {cell} of {units} units"
    check_shape(kernel, (int(kernel.shape[0]), columns), f"{place}/0", why)
    bias = found.arrays.get(f"{place}/2")
    reset: bool | None = True
    if cell == "GRU":
        told = None if settings is None else bool(settings.get("reset_after", True))
        reset = told if told is not None or bias is None else bias.ndim == 2
    if bias is not None:
        check_shape(bias, (2, columns) if cell == "GRU" and reset else (columns,), f"{place}/2", why)
    for number, array in enumerate((kernel, recurrent, bias)):
        if array is not None:
            check_finite(array, f"{place}/{number}")
    order = _ORDER[cell]
    two = None if bias is None else bias if bias.ndim == 2 else torch.stack([bias, torch.zeros_like(bias)])
    return (
        cell,
        Direction(
            _ours(kernel, order),
            _ours(recurrent, order),
            None if two is None else _ours(two, order)[:, 0],
            None if two is None else _ours(two, order)[:, 1],
            backward,
        ),
        reset,
    )


def _ours(array: torch.Tensor, order: Sequence[int]) -> torch.Tensor:
    """(N, G*H) with Keras's blocks to (G*H, N) with ours."""
    blocks = array.chunk(len(order), 1)
    return torch.cat([blocks[place] for place in order], 1).T


def _nothing(found: Found, what: str, kinds: Sequence[str] = ()) -> str:
    has = f"its layers are {listed(dict.fromkeys(kinds))}" if kinds else f"it holds {len(found.arrays)} arrays"
    return f"This {what} holds no GRU, LSTM or SimpleRNN layer: {short(has)}."
