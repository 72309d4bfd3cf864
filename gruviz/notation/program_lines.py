"""The rules of a cell as lines of PyTorch code, for programs that need no gruviz."""

from gruviz.records import Weights
from gruviz.signals import Affine, Blend, Cell, Gated, Memory, Signal

_MEANING = {"update": ": 1 keeps the old state"}


def step_lines(cell: Cell, weights: Weights, *, comments: bool = False) -> list[str]:
    """One step: from x_t (D,) and the old state, variables `h` (and `c`), to every signal, the new state among them.

    The names W_i, W_h, b_i, b_h hold the weights, H the number of units.
    """
    blocks, plain = len(cell.blocks), cell.plain_blocks
    whole = weights.reset_after or plain == blocks
    lines = [f"{_names('a', cell.blocks)} = {_chunked('W_i @ x_t + b_i', blocks)}"]
    if whole:
        lines.append(f"{_names('u', cell.blocks)} = {_chunked('W_h @ h + b_h', blocks)}")
    else:
        rows = f"[: {_times(plain)}]"
        lines.append(f"{_names('u', cell.blocks[:plain])} = {_chunked(f'W_h{rows} @ h + b_h{rows}', plain)}")
    for signal in cell.operations:
        lines.append(f"{signal.key} = {_expression(cell, signal, weights)}{_comment(signal, comments)}")
    return lines


def all_steps_lines(cell: Cell, weights: Weights) -> list[str]:
    """All steps at once where every hidden state is known: from x (T, D), h (T, H), h0 and c0 to the other signals."""
    lines = [
        "before = torch.cat([h0[None], h[:-1]])",
        f"{_names('a', cell.blocks)} = {_chunked('x @ W_i.T + b_i', len(cell.blocks), -1)}",
        f"{_names('u', cell.blocks)} = {_chunked('before @ W_h.T + b_h', len(cell.blocks), -1)}",
    ]
    for signal in cell.operations:
        if signal.key == "h":
            continue
        if signal.key in cell.state:
            lines += _carried(signal)
        else:
            lines.append(f"{signal.key} = {_expression(cell, signal, weights)}{_comment(signal, True)}")
    return lines


def _expression(cell: Cell, signal: Signal, weights: Weights) -> str:
    old = signal.key  # the variable still holds the value of the step before
    match signal.rule:
        case Affine(_, activation, scaled_by, sign, shift):
            total = _total(cell, signal.rule, scaled_by, weights.reset_after)
            if (sign, shift) != (1, 0.0):
                total = f"{shift:g} {'-' if sign < 0 else '+'} ({total})"
            return f"torch.{weights.activation if activation == 'cell' else activation}({total})"
        case Blend(gate, new, writes):
            kept, written = (f"(1 - {gate})", gate) if writes else (gate, f"(1 - {gate})")
            return f"{written} * {new} + {kept} * {old}"
        case Memory(forget, write, new):
            return f"{forget} * {old} + {write} * {new}"
        case Gated(gate, inner):
            return f"{gate} * torch.tanh({inner})"


def _total(cell: Cell, rule: Affine, scaled_by: str | None, reset_after: bool) -> str:
    block = cell.blocks[rule.block]
    if scaled_by is None:
        return f"a_{block} + u_{block}"
    if reset_after:
        return f"a_{block} + {scaled_by} * u_{block}"
    rows = f"[{_times(rule.block)} :]" if rule.block == len(cell.blocks) - 1 else _rows(rule.block)
    return f"a_{block} + W_h{rows} @ ({scaled_by} * h) + b_h{rows}"


def _carried(signal: Signal) -> list[str]:
    """A part of the state that the module does not return, step by step."""
    assert isinstance(signal.rule, Memory)
    forget, write, new = signal.rule.forget, signal.rule.write, signal.rule.new
    return [
        f"parts, old = [], {signal.key}0",
        f"for kept, written in zip({forget}, {write} * {new}):",
        f"    old = kept * old + written  # the {signal.name}",
        "    parts.append(old)",
        f"{signal.key} = torch.stack(parts)",
    ]


def _comment(signal: Signal, wanted: bool) -> str:
    return f"  # {signal.name}{_MEANING.get(signal.role, '')}" if wanted and signal.key != "h" else ""


def _names(letter: str, blocks: tuple[str, ...]) -> str:
    return ", ".join(f"{letter}_{block}" for block in blocks)


def _chunked(numbers: str, blocks: int, axis: int | None = None) -> str:
    if blocks == 1:
        return numbers
    return f"({numbers}).chunk({blocks}{'' if axis is None else f', {axis}'})"


def _times(count: int) -> str:
    return "H" if count == 1 else f"{count} * H"


def _rows(block: int) -> str:
    return f"[{_times(block)} : {_times(block + 1)}]"
