"""A PyTorch program that prints the numbers of a trace, with everything it needs inside: no gruviz, no files."""

import textwrap
from base64 import b85encode
from pprint import pformat

import numpy as np

from gruviz.cells.kinds import module_kind
from gruviz.cells.modules import PYTORCH
from gruviz.errors import GruvizError
from gruviz.notation.program_lines import ProgramChanges, all_steps_lines, change_lines, step_lines
from gruviz.records import Array, Trace, written
from gruviz.signals import Notation

_SHORT = 60  # up to so many numbers are written out, to be read; more go in as packed bytes

_HEAD = '''\
"""The numbers of one gruviz trace, printed by PyTorch alone: {cell}, {steps} steps, {units} hidden units.
{notes}"""

import csv
import sys
{unpack_imports}
import torch

tokens = {tokens}
{unpack}
x = {inputs}  # (T, D)
W_i = {weight_ih}  # ({blocks}H, D): a block of H rows for each of {names}
W_h = {weight_hh}  # ({blocks}H, H)
b_i = {bias_ih}
b_h = {bias_hh}
{state}
T, H = len(x), W_h.shape[1]
'''

UNPACK = '''

def unpack(dtype, text, *shape):
    """Little-endian numbers of a type, from base85 text."""
    return torch.frombuffer(bytearray(b85decode(text)), dtype=dtype).reshape(shape)

'''

_KERNEL = """
{name} = torch.nn.{kind}(x.shape[1], H, {options}dtype=x.dtype)
{name}.load_state_dict(dict(weight_ih_l0=W_i, weight_hh_l0=W_h, bias_ih_l0=b_i, bias_hh_l0=b_h))
with torch.no_grad():
    h = {name}(x, {state})[0]  # every hidden state{lines}
"""

_LOOP = """
signals, {state} = [], {initial}
for {each} in {over}:  # {why}
    {lines}
    signals.append(({keys}))
{keys} = (torch.stack(values) for values in zip(*signals))
"""

_PRINT = """
out = csv.writer(sys.stdout)
out.writerow(["step", "token", "unit", {quoted}])
for t in range(T):
    for unit in range(H):
        out.writerow([t + 1, tokens[t], unit, *(f"{{signal[t, unit].item():.9g}}" for signal in ({keys},))])
"""


def pytorch_snippet(trace: Trace, notation: Notation | None = None, model: str = "") -> str:
    """The program for an unbatched forward trace; it prints CSV with the columns of `Trace.to_csv` from step 1 on.

    With a notation whose update gate of 1 means "write", there is also a column z_write. `model` names the weights.
    """
    if trace.inputs.ndim != 2 or trace.reverse:
        kind = "a batch" if trace.inputs.ndim != 2 else "read in reverse"
        raise GruvizError(f"The PyTorch program is for one sequence, read forward; this trace is {kind}.")
    weights, notation = trace.weights, notation or Notation()
    arrays = {
        "inputs": trace.inputs,
        "weight_ih": weights.input,
        "weight_hh": weights.recurrent,
        "bias_ih": weights.input_bias,
        "bias_hh": weights.recurrent_bias,
        **{f"{key}0": value for key, value in trace.initial.items()},
    }
    packed = any(array.size > _SHORT for array in arrays.values())
    changed = f"What is changed: {_in_docstring(written(trace.what_if))}" if trace.what_if else ""
    notes = [f"Model: {model}." if model else "", notation.convention(trace.spec), changed]
    head = _HEAD.format(
        cell=trace.cell,
        steps=len(trace),
        units=trace.units,
        tokens=pformat(list(trace.tokens), width=110, compact=True),
        unpack_imports="from base64 import b85decode\n" if packed else "",
        unpack=UNPACK if packed else "",
        notes="".join(f"\n{note}" for note in notes if note) + "\n" * any(notes),
        blocks=len(trace.spec.blocks),
        names=", ".join(trace.spec.blocks),
        state="\n".join(f"{key}0 = {literal(value)}" for key, value in trace.initial.items()),
        **{name: literal(arrays[name]) for name in ("inputs", "weight_ih", "weight_hh", "bias_ih", "bias_hh")},
    )
    columns = notation.columns(trace.spec)
    printed = _PRINT.format(
        quoted=", ".join(f'"{name}"' for name in columns),
        keys=", ".join(f"1 - {key}" if flipped else key for key, flipped in columns.values()),
    )
    return head + _computation(trace) + printed


def _computation(trace: Trace) -> str:
    """From the inputs, the weights and the initial state to every signal: with PyTorch's kernel where there is one."""
    cell, weights = trace.spec, trace.weights
    kind, initial = module_kind(trace.cell, weights.reset_after), [f"{key}0" for key in cell.state]
    changes, making = change_lines([each for each in trace.what_if if trace.takes(each)], cell)
    changed = changes != ProgramChanges()
    if changed or kind not in PYTORCH.values():
        lines = step_lines(cell, weights, comments=True, changes=changes)
        loop = _LOOP.format(
            state=", ".join(cell.state),
            initial=", ".join(initial),
            each="t, x_t" if changed else "x_t",
            over="enumerate(x)" if changed else "x",
            why="step by step: PyTorch's kernel can't be changed" if changed else "PyTorch has no module for this cell",
            lines="\n".join(lines).replace("\n", "\n    "),
            keys=", ".join(trace.values) + "," * (len(trace.values) == 1),
        )
        return "".join(f"\n{line}" for line in making) + "\n" * bool(making) + loop
    states = [f"{name}[None]" for name in initial]
    others = "\n".join(all_steps_lines(cell, weights)) if len(cell.signals) > 1 else ""
    return _KERNEL.format(
        name=trace.cell.lower(),
        kind=kind.__name__,
        options=f'nonlinearity="{weights.activation}", ' if cell.chooses_activation else "",
        state=states[0] if len(states) == 1 else f"({', '.join(states)})",
        lines=f"; the other signals follow from them\n\n{others}" if others else "",
    )


def _in_docstring(text: str) -> str:
    """A text that a person may have typed, on one line, with nothing that ends a docstring."""
    return " ".join(text.replace("\\", "\\\\").replace('"', "'").split())


def literal(array: Array) -> str:
    """A tensor as Python source, of the array's own type: written out when short, else packed."""
    if array.size <= _SHORT:
        return f"torch.tensor({array.tolist()}, dtype=torch.{array.dtype.name})"
    little = array.astype(array.dtype.newbyteorder("<"))
    text = b85encode(np.ascontiguousarray(little).tobytes()).decode()
    lines = textwrap.wrap(text, 100, break_on_hyphens=False)
    quoted = "\n".join(f"    {line!r}" for line in lines)
    return f"unpack(\n    torch.{array.dtype.name},\n{quoted},\n    {', '.join(map(str, array.shape))},\n)"
