"""Recurrent parts in PyTorch's state_dicts, by the names that the weights of nn.GRU, nn.LSTM and nn.RNN have."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from gruviz.errors import ModelError
from gruviz.files.limits import short
from gruviz.files.parts import Direction, Head, Layer, Named, Part, Table, cell_of, check_finite, check_shape, listed
from gruviz.signals import CELLS

_KEY = re.compile(
    r"(?P<prefix>(?:.*\.)?)(?P<what>weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)(?P<place>(?:_l\d{1,3}(?:_reverse)?)?)",
    re.DOTALL,
)
_MADE = re.compile(
    r"(?P<prefix>.*?)(?:parametrizations\.)?weight_[ih]h_l\d+(?:_g|_v|_raw|_orig|\.original\d)", re.DOTALL
)
_FOUR = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
_EMBEDDING = re.compile(r"emb|lookup|word_?vec|wte", re.IGNORECASE)
_HEAD = re.compile(
    r"head|fc\d*|out|output|linear\d*|dense|classif\w*|decoder|proj\w*|logits?|score\w*|lin|final|pred\w*|mlp|hidden2\w+",
    re.IGNORECASE,
)


def parts(dicts: Mapping[str, Named], what: str) -> tuple[Part, ...]:
    """The recurrent parts of state_dicts, by path in the file; ModelError where there is none, or one is broken."""
    found = []
    several = sum(any(_KEY.fullmatch(name) for name in tensors) for tensors in dicts.values()) > 1
    for path, tensors in dicts.items():
        for prefix, places in _grouped(tensors).items():
            name = prefix.removesuffix(".")
            full = ".".join(filter(None, (path, name))) if several else name
            found.append(_part(full, prefix, places, tensors))
    if not found:
        raise ModelError(_nothing(dicts, what))
    return tuple(found)


def _grouped(tensors: Named) -> dict[str, dict[str, dict[str, torch.Tensor]]]:
    """By prefix and place ("_l0", "_l0_reverse", "" of a cell): the tensors, by what they are."""
    groups: dict[str, dict[str, dict[str, torch.Tensor]]] = {}
    for name, tensor in tensors.items():
        if key := _KEY.fullmatch(name):
            groups.setdefault(key["prefix"], {}).setdefault(key["place"], {})[key["what"]] = tensor
        elif made := _MADE.fullmatch(name):
            raise ModelError(
                f"{short(name)} is one of several tensors that the weight is made of when the model runs (weight "
                f"normalisation, dropped weights or the like, in “{short(made['prefix'])}”). Put the finished weight "
                "in its place before saving: torch.nn.utils.parametrize.remove_parametrizations(rnn, 'weight_hh_l0')."
            )
    return groups


@dataclass(frozen=True)
class _Place:
    layer: int
    backward: bool

    @property
    def suffix(self) -> str:
        return f"_l{self.layer}{'_reverse' if self.backward else ''}"


def _part(name: str, prefix: str, places: Mapping[str, Mapping[str, torch.Tensor]], tensors: Named) -> Part:
    if "" in places and len(places) > 1:
        raise ModelError(f"“{short(name)}” holds the weights of a cell and of layers under one name.")
    if "" in places:
        layers: tuple[Layer, ...] = (_layer(prefix, {"": places[""]}, None),)
    else:
        numbers = sorted({int(place.split("_")[1][1:]) for place in places})
        missing = sorted({*range(numbers[-1] + 1)} - {*numbers})
        if missing:
            raise ModelError(f"{short(prefix)}weight_ih_l{missing[0]} is missing, and layer {numbers[-1]} is there.")
        both = any(place.endswith("_reverse") for place in places)
        layers, below = (), None
        for number in numbers:
            wanted = [_Place(number, backward).suffix for backward in ((False, True) if both else (False,))]
            layer = _layer(prefix, {place: places.get(place, {}) for place in wanted}, below)
            layers, below = (*layers, layer), layer.width
    kinds = {layer.cell for layer in layers}
    if len(kinds) > 1:
        raise ModelError(f"The layers of “{short(name)}” are of different kinds: {listed(sorted(kinds))}.")
    part = Part(name, layers)
    return Part(name, layers, tuple(_tables(part, tensors)), tuple(_heads(part, tensors)))


def _layer(prefix: str, places: Mapping[str, Mapping[str, torch.Tensor]], below: int | None) -> Layer:
    directions, cells = [], set()
    for place, tensors in places.items():
        cell, direction = _direction(prefix, place, tensors, below)
        directions.append(direction)
        cells.add(cell)
    if len({(cell, d.features, d.units) for cell in cells for d in directions}) > 1:
        raise ModelError(f"The two directions of {short(prefix)}weight_hh{min(places, key=len)} have different shapes.")
    cell = cells.pop()
    return Layer(cell, tuple(directions), None if CELLS[cell].chooses_activation else "tanh")


def _direction(
    prefix: str, place: str, tensors: Mapping[str, torch.Tensor], below: int | None
) -> tuple[str, Direction]:
    def called(what: str) -> str:
        return f"{prefix}{what}{place}"

    if "weight_hr" in tensors:
        raise ModelError(
            f"{short(called('weight_hr'))} is a projection (an LSTM with proj_size={len(tensors['weight_hr'])}): its "
            "hidden state is not that of its units. gruviz shows LSTMs without one (proj_size=0)."
        )
    for what in ("weight_hh", "weight_ih"):
        if what not in tensors:
            found = [called(each) for each in _FOUR if each in tensors]
            there = f"{short(listed(found))} {'are' if len(found) > 1 else 'is'}" if found else "the other direction is"
            raise ModelError(
                f"{short(called(what))} is missing ({there} there). Save the whole state_dict of the module."
            )
    recurrent, from_input = tensors["weight_hh"], tensors["weight_ih"]
    cell = cell_of(*recurrent.shape) if recurrent.ndim == 2 else None
    if cell is None or not recurrent.numel():
        raise ModelError(
            f"{short(called('weight_hh'))} has shape {tuple(recurrent.shape)}; for H units it is (3H, H) in a GRU, "
            "(4H, H) in an LSTM and (H, H) in an RNN."
        )
    rows, units = recurrent.shape
    why = f"{called('weight_hh')} has {rows} rows: a {cell} of {units} units"
    if from_input.ndim != 2 or len(from_input) != rows or not from_input.shape[1]:
        check_shape(from_input, (rows, int(from_input.shape[-1]) if from_input.ndim else 1), called("weight_ih"), why)
    if below is not None:
        check_shape(from_input, (rows, below), called("weight_ih"), f"the layer below hands on {below} numbers")
    biases = [what for what in ("bias_ih", "bias_hh") if what in tensors]
    if len(biases) == 1:
        missing = {"bias_ih": "bias_hh", "bias_hh": "bias_ih"}[biases[0]]
        raise ModelError(f"{short(called(missing))} is missing, and {short(called(biases[0]))} is there.")
    for what in biases:
        check_shape(tensors[what], (rows,), called(what), why)
    for what, tensor in tensors.items():
        check_finite(tensor, called(what))
    return cell, Direction(
        from_input, recurrent, tensors.get("bias_ih"), tensors.get("bias_hh"), place.endswith("_reverse")
    )


def _tables(part: Part, tensors: Named) -> Iterator[Table]:
    """What may be the embedding in front: by its name first, then by its shape alone."""
    candidates = [
        (name, tensor)
        for name, tensor in tensors.items()
        if tensor.ndim == 2 and tensor.shape[1] == part.features and len(tensor) > 1 and not _KEY.fullmatch(name)
    ]
    named = [each for each in candidates if _EMBEDDING.search(each[0])]
    for name, tensor in named or [
        each for each in candidates if f"{each[0].removesuffix('weight')}bias" not in tensors
    ]:
        yield Table(name.removesuffix(".weight"), tensor)


def _heads(part: Part, tensors: Named) -> Iterator[Head]:
    """What may be the linear map behind: weight and bias of one name, that read the last layer's h."""
    for name, weight in tensors.items():
        stem = name.removesuffix("weight")
        if stem == name or weight.ndim != 2 or weight.shape[1] != part.width or not len(weight):
            continue
        bias = tensors.get(f"{stem}bias")
        if bias is not None and tuple(bias.shape) != (len(weight),):
            continue
        if bias is not None or any(_HEAD.fullmatch(step) for step in stem.split(".")):
            yield Head(stem.removesuffix("."), weight, bias)


def _nothing(dicts: Mapping[str, Named], what: str) -> str:
    names: list[Any] = [name for tensors in dicts.values() for name in tensors]
    if not names:
        return f"This {what} holds no weights of floating-point numbers."
    shown = listed(short(name) for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return (
        f"This {what} holds no recurrent weights: among its {len(names)} tensors ({shown}) is none named as those of "
        "nn.GRU, nn.LSTM or nn.RNN are, such as weight_hh_l0."
    )
