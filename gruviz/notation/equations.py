"""The textbook equation of each signal, from its rule and the chosen notation, as HTML with <sub> and <sup> only."""

from gruviz.signals import Affine, Blend, Cell, CellUpdate, Gated, Notation, Signal

_ACTIVATION = {"sigmoid": "σ", "tanh": "tanh", "relu": "relu"}


def equation(cell: Cell, signal: Signal, notation: Notation, activation: str = "tanh", reset_after: bool = True) -> str:
    """The equation that computes `signal` in one step.

    `activation` is the module's own ("tanh" or "relu", used by RNN); `reset_after` says where the reset gate acts.
    """

    def at(key: str) -> str:
        return notation.at(cell.signal(key))

    before = notation.at(signal, "before")
    match signal.rule:
        case Affine():
            right = _affine(signal.rule, cell, signal, notation, reset_after)
            own = signal.rule.activation == "cell"
            if (signal.rule.sign, signal.rule.shift) != (1, 0.0):
                right = f"{signal.rule.shift:g} {'−' if signal.rule.sign < 0 else '+'} ({right})"
            right = f"{_ACTIVATION[activation if own else signal.rule.activation]}({right})"
            if notation.flips(signal):
                right = f"1 − {right}"
        case Blend(gate, new):
            keep, write = keep_and_write(notation, signal.rule, cell.signal(gate), at(gate))
            right = f"{write} ⊙ {at(new)} + {keep} ⊙ {before}"
        case CellUpdate(forget, write, new):
            right = f"{at(forget)} ⊙ {before} + {at(write)} ⊙ {at(new)}"
        case Gated(gate, inner):
            right = f"{at(gate)} ⊙ tanh({at(inner)})"
    return f"{notation.at(signal)} = {right}"


def keep_and_write(notation: Notation, rule: Blend, gate: Signal, symbol: str) -> tuple[str, str]:
    """What multiplies the old state and what multiplies the candidate, for a gate written as `symbol`."""
    rest = f"(1 − {symbol})"
    return (rest, symbol) if notation.flips(gate) != rule.writes else (symbol, rest)


def _affine(rule: Affine, cell: Cell, signal: Signal, notation: Notation, reset_after: bool) -> str:
    w, u, b_in, b_rec = notation.weights(signal)
    state = notation.at(cell.signal("h"), "before")
    recurrent = f"{u} {state} + {b_rec}"
    if rule.scaled_by is not None:
        gate = notation.at(cell.signal(rule.scaled_by))
        recurrent = f"{gate} ⊙ ({recurrent})" if reset_after else f"{u} ({gate} ⊙ {state}) + {b_rec}"
    return f"{w} {notation.x} + {b_in} + {recurrent}"
