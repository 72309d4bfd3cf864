"""Which modules can be traced, and one sentence on each thing that people pass instead."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from gruviz.cells.modules import PYTORCH
from gruviz.cells.row_modules import ROW_MODULES
from gruviz.errors import ModelError
from gruviz.signals import CELLS

_STEPS = {"RNN": nn.RNNCell, "LSTM": nn.LSTMCell, "GRU": nn.GRUCell}
KINDS: Mapping[type[nn.Module], str] = {
    **{kind: cell for cell, kind in PYTORCH.items()},
    **{kind: cell for cell, kind in _STEPS.items()},
    **{kind: kind.cell for kind in ROW_MODULES},
}
_ALLOWED = (
    "gruviz traces a torch.nn.GRU, nn.LSTM or nn.RNN, one step of them (nn.GRUCell, nn.LSTMCell, nn.RNNCell), "
    f"or a {' or '.join(f'gruviz.{kind.__name__}' for kind in ROW_MODULES)}"
)


def kind(module: Any) -> type[nn.Module]:
    """The class of KINDS that a module is of; ModelError for anything else and for an LSTM with a projection."""
    if isinstance(module, nn.LSTM) and module.proj_size:
        raise ModelError(
            f"This LSTM has proj_size={module.proj_size}: its hidden state is a projection of its units. "
            "gruviz traces LSTMs without a projection (proj_size=0)."
        )
    for known in KINDS:
        if isinstance(module, known):
            return known
    raise ModelError(f"{_what_it_is(module)} {_ALLOWED}.")


def cell_name(module: Any) -> str:
    """ "GRU", "LSTM" or "RNN"; ModelError as `kind` says."""
    return KINDS[kind(module)]


def module_kind(cell: str, reset_after: bool) -> type[nn.Module]:
    """The class whose modules compute a cell of the table, with the reset gate after the recurrent product or before.

    A cell whose gate never acts after the product, or that no gate resets, takes either. ModelError for other names.
    """
    if cell in PYTORCH and reset_after:
        return PYTORCH[cell]
    kinds = [kind for kind in ROW_MODULES if kind.cell == cell]
    if not kinds:
        raise ModelError(f"There is no cell {cell!r}; there are {', '.join(CELLS)}.")
    return kinds[0]


def is_step(module: nn.Module) -> bool:
    """Whether the module computes one step when it is called: an nn.GRUCell, nn.LSTMCell or nn.RNNCell."""
    return isinstance(module, nn.RNNCellBase)


def layers(module: nn.Module) -> int:
    """The number of layers."""
    return 1 if is_step(module) else int(module.num_layers)  # type: ignore[arg-type]


def directions(module: nn.Module) -> int:
    """1 for a module that reads forward, 2 for a bidirectional one."""
    return 1 if is_step(module) else 1 + bool(module.bidirectional)


def _what_it_is(module: Any) -> str:
    name = type(module).__name__
    if isinstance(module, type):
        return f"This is the class {module.__name__}, not a module: make one first, as in nn.GRU(3, 4)."
    if isinstance(module, Mapping) and module and all(isinstance(value, torch.Tensor) for value in module.values()):
        return _state_dict(module)
    if isinstance(module, nn.Module):
        if "quantized" in type(module).__module__:
            return (
                f"This is a quantised {name}: its weights are packed integers. Pass the float module it was made from;"
            )
        inner = [_path(path) for path, part in module.named_modules() if isinstance(part, tuple(KINDS))]
        if len(inner) == 1:
            return f"This {name} holds a recurrent module; pass {inner[0]}, and the inputs that it gets inside."
        if inner:
            return f"This {name} holds {len(inner)} recurrent modules; pass one, such as {inner[0]} or {inner[-1]}."
    return f"A {name} can't be traced;"


def _state_dict(tensors: Mapping[Any, torch.Tensor]) -> str:
    what = "This is a state_dict, weights without a module"
    for name, tensor in tensors.items():
        if str(name).endswith("weight_hh_l0") and tensor.ndim == 2:
            rows, units = tensor.shape
            cell = {1: "RNN", 3: "GRU", 4: "LSTM"}.get(rows // max(units, 1))
            first = tensors.get(str(name).replace("weight_hh_l0", "weight_ih_l0"))
            if cell and first is not None and first.ndim == 2:
                return (
                    f"{what}: make nn.{cell}({first.shape[1]}, {units}), load it with load_state_dict, and pass that."
                )
    return f"{what}: make the module, load them with load_state_dict, and pass the module."


def _path(name: str) -> str:
    """A module's name inside `model` as Python writes it: model.encoder[0].rnn."""
    steps = (f"[{part}]" if part.isdigit() else f".{part}" for part in name.split("."))
    return "model" + "".join(steps)
