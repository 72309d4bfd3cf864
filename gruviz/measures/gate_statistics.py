"""How the gates of a module stand over many sequences of different lengths."""

from typing import Any

import numpy as np
import torch

from gruviz.cells import trace
from gruviz.cells.kinds import cell_name
from gruviz.common.progress import Progress, reporting
from gruviz.errors import GruvizError
from gruviz.records import Array
from gruviz.records.gate_statistics import OPEN, SHUT, GateStatistics
from gruviz.signals import CELLS

# Numbers in the largest array of a chunk's trace, which holds some ten such arrays at a time: measured, 20 MB, however
# many sequences there are. Larger chunks are no faster, smaller ones slower.
_MOST_NUMBERS = 500_000


def gate_statistics(module: torch.nn.Module, inputs: Any, lengths: Any, on_progress: Progress = None) -> GateStatistics:
    """How often each gate of each unit is nearly shut and nearly open, and its means, over a batch of sequences.

    module: as trace takes it; of several layers, the first; of two directions, the forward one.
    inputs: (T, B, D), padded at the end to T steps; what stands in the padding is not read.
    lengths: (B,) whole numbers, 1 to T: the steps of each sequence that count.
    on_progress: called before each chunk of sequences with the fraction done; an exception that it raises cancels.

    The module is left as it was. Raises GruvizError for inputs or lengths that don't fit, and what trace raises.
    """
    cell = CELLS[cell_name(module)]
    features, units = int(module.input_size), int(module.hidden_size)  # type: ignore[arg-type]
    padded, counts = _checked(inputs, lengths, features)
    keys = [gate.key for gate in cell.gates]
    below, above, total, logarithms = ({key: np.zeros(units) for key in keys} for _ in range(4))
    chunks = _chunks(counts, padded, len(cell.blocks) * units) if keys else []
    for chunk in reporting(chunks, on_progress):
        real = np.arange(counts[chunk].max())[:, None] < counts[chunk]  # (T of this chunk, B of this chunk)
        x = np.where(real[..., None], padded[: len(real), chunk], 0)
        traced = trace(module, x.swapaxes(0, 1) if getattr(module, "batch_first", False) else x)
        for key in keys:
            gate = traced[key][real].astype(np.float64)  # (real steps, H)
            below[key] += (gate < SHUT).sum(0)
            above[key] += (gate > OPEN).sum(0)
            total[key] += gate.sum(0)
            with np.errstate(divide="ignore"):  # a gate of exactly 0 brings its geometric mean to 0
                logarithms[key] += np.log(gate).sum(0)
    steps = int(counts.sum())
    shares = [{key: value / steps for key, value in sums.items()} for sums in (below, above, total)]
    shares.append({key: np.exp(value / steps) for key, value in logarithms.items()})
    return GateStatistics(cell.name, steps, len(counts), *shares)


def _chunks(lengths: np.ndarray[Any, Any], padded: Array, rows: int) -> list[np.ndarray[Any, Any]]:
    """Indices of the sequences to trace together: those of like lengths, so that little padding is computed."""
    steps, _, features = padded.shape
    size = max(1, _MOST_NUMBERS // (steps * max(rows, features)))
    order = np.argsort(lengths, kind="stable")
    return [order[start : start + size] for start in range(0, len(order), size)]


def _checked(inputs: Any, lengths: Any, features: int) -> tuple[Array, np.ndarray[Any, Any]]:
    padded, counts = np.asarray(inputs), np.asarray(lengths)
    if padded.ndim != 3 or 0 in padded.shape or padded.shape[2] != features:
        raise GruvizError(
            f"inputs have shape {padded.shape}; expected (T, B, {features}): steps, sequences, and the features that "
            "this module reads."
        )
    steps, sequences, _ = padded.shape
    if counts.shape != (sequences,) or counts.dtype.kind not in "iu":
        raise GruvizError(
            f"lengths have shape {counts.shape} and type {counts.dtype}; expected ({sequences},) whole numbers, "
            "one a sequence."
        )
    wrong = np.flatnonzero((counts < 1) | (counts > steps))
    if len(wrong):
        raise GruvizError(
            f"Sequence {wrong[0]} has the length {counts[wrong[0]]}; these inputs allow lengths from 1 to {steps}."
        )
    return padded, counts
