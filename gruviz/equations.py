"""The textbook equation of each signal, from its rule and the chosen notation, as HTML with <sub> and <sup> only."""

from functools import singledispatch

from gruviz.signals import Affine, Blend, Cell, Gated, Memory, Notation, Rule, Signal

_ACTIVATION = {"sigmoid": "σ", "tanh": "tanh", "relu": "relu"}


def equation(
    cell: Cell, signal: Signal, notation: Notation, activation: str = "tanh", reset_after: bool = True
) -> str:
    """The equation that computes `signal` in one step.

    `activation` is the module's own ("tanh" or "relu", used by RNN); `reset_after` says where the reset gate acts.
    """
    right = _right(signal.rule, cell, signal, notation, activation, reset_after)
    return f"{notation.at(signal)} = {right}"


@singledispatch
def _right(rule: Rule, cell: Cell, signal: Signal, notation: Notation, activation: str, reset_after: bool) -> str:
    raise TypeError(f"no equation for {type(rule).__name__}")


@_right.register
def _(rule: Affine, cell: Cell, signal: Signal, notation: Notation, activation: str, reset_after: bool) -> str:
    w, u, b_in, b_rec = notation.weights(signal)
    state = notation.at(cell.signal("h"), "before")
    act = _ACTIVATION[activation if rule.activation == "cell" else rule.activation]
    memory = f"{u} {state} + {b_rec}"
    if rule.scaled_by is not None:
        gate = notation.at(cell.signal(rule.scaled_by))
        memory = f"{gate} ⊙ ({u} {state} + {b_rec})" if reset_after else f"{u} ({gate} ⊙ {state}) + {b_rec}"
    flipped = "1 − " if notation.flips(signal) else ""
    return f"{flipped}{act}({w} {notation.x} + {b_in} + {memory})"


@_right.register
def _(rule: Blend, cell: Cell, signal: Signal, notation: Notation, activation: str, reset_after: bool) -> str:
    gate, new = cell.signal(rule.gate), cell.signal(rule.new)
    keep, write = notation.at(gate), f"(1 − {notation.at(gate)})"
    if notation.flips(gate):
        keep, write = write, keep
    return f"{write} ⊙ {notation.at(new)} + {keep} ⊙ {notation.at(signal, 'before')}"


@_right.register
def _(rule: Memory, cell: Cell, signal: Signal, notation: Notation, activation: str, reset_after: bool) -> str:
    forget, write, new = (notation.at(cell.signal(key)) for key in (rule.forget, rule.write, rule.new))
    return f"{forget} ⊙ {notation.at(signal, 'before')} + {write} ⊙ {new}"


@_right.register
def _(rule: Gated, cell: Cell, signal: Signal, notation: Notation, activation: str, reset_after: bool) -> str:
    return f"{notation.at(cell.signal(rule.gate))} ⊙ tanh({notation.at(cell.signal(rule.inner))})"
