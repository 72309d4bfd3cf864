"""What the two ends of a gate mean, in words, from the rules that use the gate."""

from gruviz.signals import Affine, Blend, Cell, CellUpdate, Gated, Notation, Signal

_SAYS = {"candidate": "what this step would write", "state": "what is remembered", "cell_state": "what is kept inside"}


def ends(cell: Cell, signal: Signal, notation: Notation) -> tuple[str, str] | None:
    """What a gate does where it is shown as 1, and where as 0; None for what is no gate.

    Where several rules use a gate, the one that makes the new state counts.
    """
    users = sorted((other.rule for other in cell.signals), key=lambda rule: isinstance(rule, Affine))
    for rule in users:
        match rule:
            case Blend(gate, _, writes) if gate == signal.key:
                keeps = notation.flips(signal) == writes
                return ("keeps the old state", "replaces it") if keeps else ("replaces the old state", "keeps it")
            case CellUpdate(forget, _, _) if forget == signal.key:
                return "keeps the old state", "forgets it"
            case CellUpdate(_, write, _) if write == signal.key:
                return "writes the candidate", "leaves it out"
            case Gated(gate, _) if gate == signal.key:
                return "shows what is inside", "hides it"
            case Affine(scaled_by=gate) if gate == signal.key:
                return "uses the old state", "ignores it"
    return None


def meaning(cell: Cell, signal: Signal, notation: Notation) -> str:
    """What a signal's numbers say, in a few words."""
    both = ends(cell, signal, notation)
    return f"1 {both[0]}, 0 {both[1]}" if both else _SAYS.get(signal.role, "")
