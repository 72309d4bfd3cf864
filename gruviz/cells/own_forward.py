"""A module whose forward may not be the kernel's: hooks, a forward of its own, weights that are made when it is called.

Such a module is copied, called once as it is, and compared with what gruviz computes from its weights. Of all others
the weights are what the kernel reads, so nothing needs to be compared.
"""

import copy

import torch
from torch import nn
from torch.nn.utils.parametrize import is_parametrized

from gruviz.cells.kinds import is_step, kind
from gruviz.errors import ModelError

_TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-9}  # of the largest state, or of 1 where that is smaller
State = tuple[torch.Tensor, ...]


def is_plain(module: nn.Module) -> bool:
    """Whether calling the module runs torch's kernel on its parameters, and nothing else."""
    known, hooks = kind(module), torch.nn.modules.module
    return (
        type(module).forward is known.forward
        and "forward" not in vars(module)
        and not (module._forward_hooks or module._forward_pre_hooks)
        and not (hooks._global_forward_hooks or hooks._global_forward_pre_hooks)
    )


def settled(module: nn.Module) -> nn.Module:
    """The module, or a copy in evaluation mode where reading its weights would change it or needs a forward pass.

    Half precisions are widened in the copy, as they are in a trace.
    """
    if not is_parametrized(module):  # reading a parametrized weight computes it, and may move its buffers
        _check_assigned(module)
        if is_plain(module):
            return module
    # tensors that were computed, such as a normed weight, can't be copied by deepcopy: they go in as they are now
    made = [value for value in vars(module).values() if isinstance(value, torch.Tensor) and not value.is_leaf]
    try:
        own = copy.deepcopy(module, {id(value): value.detach().clone() for value in made}).eval()
    except Exception as error:
        raise ModelError(
            f"This {type(module).__name__} computes in a way of its own (a forward, a hook, or weights that are made "
            f"when it is called) and can't be copied to look at it: {error}"
        ) from None
    return own.float() if next(own.parameters()).dtype in (torch.float16, torch.bfloat16) else own


def own_states(module: nn.Module, x: torch.Tensor, states: State) -> torch.Tensor:
    """All hidden states (T, B, directions * H) of the top layer, by calling a settled module on x (T, B, D)."""
    try:
        return _called(module, x, states)
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(f"Calling this {type(module).__name__} on the inputs fails: {error}") from None


def _called(module: nn.Module, x: torch.Tensor, states: State) -> torch.Tensor:
    if is_step(module):
        state, steps = tuple(part[0] for part in states), []
        for x_t in x:
            result = module(x_t, state if len(state) > 1 else state[0])
            state = result if isinstance(result, tuple) else (result,)
            steps.append(state[0])
        return torch.stack(steps)
    swap = bool(getattr(module, "batch_first", False))
    result = module(x.transpose(0, 1) if swap else x, states if len(states) > 1 else states[0])
    output = result[0] if isinstance(result, tuple) else result
    if not isinstance(output, torch.Tensor) or output.ndim != 3:
        name = type(module).__name__
        raise ModelError(f"The forward of this {name} returns no hidden states of shape (T, B, H) to compare with.")
    return output.transpose(0, 1) if swap else output


def compare(module: nn.Module, own: torch.Tensor, computed: torch.Tensor) -> None:
    """ModelError where the module's own states are not those computed from its weights, both (T, B, directions * H)."""
    does_not = f"This {type(module).__name__} does not compute what a {kind(module).__name__} with its weights computes"
    if own.shape != computed.shape:
        raise ModelError(f"{does_not}: its states have shape {tuple(own.shape)}, not {tuple(computed.shape)}.")
    off = float((own.to(computed.dtype) - computed).abs().max())
    if not off <= _TOLERANCE[computed.dtype] * max(1.0, float(computed.abs().max())):
        raise ModelError(
            f"{does_not}: the hidden states differ by up to {off:.2g}. Its own forward or a hook changes them, so "
            "gruviz would show another network."
        )


def _check_assigned(module: nn.Module) -> None:
    """ModelError where a parameter was replaced behind the module's back: the kernel reads the old one."""
    for name, read in zip(
        getattr(module, "_flat_weights_names", ()), getattr(module, "_flat_weights", ()), strict=False
    ):
        own = getattr(module, name, None)
        if own is not read and not (
            isinstance(own, torch.Tensor) and isinstance(read, torch.Tensor) and own.equal(read)
        ):
            raise ModelError(
                f"{name} of this {type(module).__name__} was replaced, but the module still computes with the old one; "
                f"assign it as an attribute, module.{name} = nn.Parameter(...)."
            )
