"""A recurrent part of a file as a torch module in float64, and which questions must be answered first."""

from collections.abc import Mapping

import torch
from torch import nn

from gruviz.cells.kinds import module_kind
from gruviz.cells.layer_stack import LayerStack
from gruviz.cells.modules import PYTORCH, blank
from gruviz.errors import ModelError
from gruviz.files.limits import MAX_PARAMETERS, short
from gruviz.files.parts import NONLINEARITY, RESET, Direction, Layer, Part
from gruviz.signals import CELLS


def network(part: Part, answers: Mapping[str, str]) -> nn.Module:
    """The module that computes a part, in float64: PyTorch's own where there is one, else a LayerStack.

    answers: by a question's key, one of its options. ModelError where one is missing, and for a part that is too large.
    """
    _check_answers(part, answers)
    parameters = sum(direction.parameters for layer in part.layers for direction in layer.directions)
    if parameters > MAX_PARAMETERS:
        raise ModelError(
            f"“{short(part.name)}” has {parameters:,} parameters; at most {MAX_PARAMETERS:,} are computed here."
        )
    layers = tuple(_answered(layer, answers) for layer in part.layers)
    if _is_pytorchs(layers):
        return _pytorchs(layers)
    made = [[(_one(layer, way), way.backward) for way in layer.directions] for layer in layers]
    return made[0][0][0] if len(layers) == 1 and [way for _, way in made[0]] == [False] else LayerStack(made)


def _check_answers(part: Part, answers: Mapping[str, str]) -> None:
    for question in part.questions:
        answer = answers.get(question.key)
        if answer not in question.options:
            options = ", or ".join(f"{question.key}={key!r} ({words})" for key, words in question.options.items())
            raise ModelError(f"{question.text} Say {options}.")


def _answered(layer: Layer, answers: Mapping[str, str]) -> Layer:
    activation = answers[NONLINEARITY.key] if layer.activation is None else layer.activation
    reset = answers[RESET.key] == "after" if layer.reset_after is None else layer.reset_after
    return Layer(layer.cell, layer.directions, activation, reset)


def _is_pytorchs(layers: tuple[Layer, ...]) -> bool:
    """Whether one module of PyTorch can hold them all."""
    alike = {
        (layer.cell, layer.activation, layer.reset_after, len(layer.directions), way.units, way.input_bias is None)
        for layer in layers
        for way in layer.directions
    }
    forward = all(layer.directions[0].backward is False for layer in layers)
    return len(alike) == 1 and forward and bool(layers[0].reset_after)


def _pytorchs(layers: tuple[Layer, ...]) -> nn.Module:
    first, ways = layers[0], layers[0].directions
    module: nn.Module = blank(
        PYTORCH[first.cell], ways[0].features, ways[0].units, dtype=torch.float64, num_layers=len(layers),
        bidirectional=len(ways) > 1, bias=ways[0].input_bias is not None, **_nonlinearity(first),
    )  # fmt: skip
    for number, layer in enumerate(layers):
        for way in layer.directions:
            _set(module, way, f"_l{number}{'_reverse' if way.backward else ''}")
    return module


def _one(layer: Layer, way: Direction) -> nn.Module:
    """A one-layer module that reads forward; biases that the file does not have are zero."""
    kind = module_kind(layer.cell, bool(layer.reset_after))
    module = blank(kind, way.features, way.units, dtype=torch.float64, **_nonlinearity(layer))
    _set(module, way, "_l0")
    return module


def _nonlinearity(layer: Layer) -> dict[str, str]:
    return {"nonlinearity": str(layer.activation)} if CELLS[layer.cell].chooses_activation else {}


def _set(module: nn.Module, way: Direction, suffix: str) -> None:
    with torch.no_grad():
        for name, tensor in (
            ("weight_ih", way.input), ("weight_hh", way.recurrent), ("bias_ih", way.input_bias),
            ("bias_hh", way.recurrent_bias),
        ):  # fmt: skip
            if tensor is not None:
                module.get_parameter(f"{name}{suffix}").copy_(tensor)
            elif hasattr(module, f"{name}{suffix}"):
                module.get_parameter(f"{name}{suffix}").zero_()
