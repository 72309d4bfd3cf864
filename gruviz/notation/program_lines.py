"""The rules of a cell as lines of PyTorch code, for programs that need no gruviz."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gruviz.records import Hold, Intervention, Shift, Skip, Weights
from gruviz.signals import Affine, Blend, Cell, CellUpdate, Gated, Signal

_MEANING = {"update": ": 1 keeps the old state"}


@dataclass(frozen=True)
class ProgramChanges:
    """What is changed in a run: the signals held somewhere, whether biases are shifted, whether steps are skipped.

    The program's variables are held_z (T, H) for each such signal, NaN where it is not held; shift (T, G*H); skipped,
    a set of steps.
    """

    held: tuple[str, ...] = ()
    shifted: bool = False
    skipped: bool = False


def change_lines(what_if: Sequence[Intervention], cell: Cell) -> tuple[ProgramChanges, list[str]]:
    """What interventions change in one layer, and the lines that make its variables, from x (T, D), T and H."""
    holds = [each for each in what_if if isinstance(each, Hold)]
    shifts = [each for each in what_if if isinstance(each, Shift)]
    skips = [each for each in what_if if isinstance(each, Skip)]
    held = tuple(dict.fromkeys(each.signal for each in holds))
    lines = [f"held_{key} = torch.full((T, H), torch.nan, dtype=x.dtype)  # NaN: not held" for key in held]
    lines += [f"held_{each.signal}[{_selected(each.steps, each.units)}] = {each.value!r}" for each in holds]
    if shifts:
        blocks = len(cell.blocks)
        lines.append(f"shift = torch.zeros(T, {blocks}, H, dtype=x.dtype)  # added to b_i")
        for each in shifts:
            rule = cell.signal(each.signal).rule
            assert isinstance(rule, Affine)
            start, *units = _selected(each.steps, each.units).split(", ", 1)
            lines.append(f"shift[{', '.join([start, str(rule.block), *units])}] += {each.by!r}")
        lines.append("shift = shift.flatten(1)")
    if skips:
        lines.append(f"skipped = {{{', '.join(f'*range(T)[{_slice(each.steps)}]' for each in skips)}}}")
    return ProgramChanges(held, bool(shifts), bool(skips)), lines


def _selected(steps: Any, units: Any) -> str:
    return _slice(steps) if units is None else f"{_slice(steps)}, {list(units)}"


def _slice(steps: Any) -> str:
    return ":" if steps is None else ":".join("" if end is None else str(end) for end in steps)


def step_lines(
    cell: Cell, weights: Weights, *, comments: bool = False, changes: ProgramChanges | None = None
) -> list[str]:
    """One step: from x_t (D,) and the old state, variables `h` (and `c`), to every signal, the new state among them.

    The names W_i, W_h, b_i, b_h hold the weights, H the number of units; with changes, t is the step's index.
    """
    blocks, plain, changes = len(cell.blocks), cell.plain_blocks, changes or ProgramChanges()
    whole = weights.reset_after or plain == blocks
    sums = "W_i @ x_t + b_i + shift[t]" if changes.shifted else "W_i @ x_t + b_i"
    lines = [f"{_names('a', cell.blocks)} = {_chunked(sums, blocks)}"]
    if whole:
        lines.append(f"{_names('u', cell.blocks)} = {_chunked('W_h @ h + b_h', blocks)}")
    else:
        rows = f"[: {_times(plain)}]"
        lines.append(f"{_names('u', cell.blocks[:plain])} = {_chunked(f'W_h{rows} @ h + b_h{rows}', plain)}")
    for signal in cell.operations:
        key = signal.key
        lines.append(f"{key} = {_expression(cell, signal, weights)}{_comment(signal, comments)}")
        if key in changes.held:
            lines.append(f"{key} = torch.where(held_{key}[t].isnan(), {key}, held_{key}[t])")
    if changes.skipped:
        old = ", ".join(cell.state)
        lines = [f"old = {old}", *lines, f"if t in skipped:  # the state goes on as it was\n    {old} = old"]
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
        case CellUpdate(forget, write, new):
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
    assert isinstance(signal.rule, CellUpdate)
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
