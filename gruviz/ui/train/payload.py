"""What of a look at a run goes to the browser: a few thousand numbers, several times a second."""

from typing import Any

import numpy as np

from gruviz.live.race import MAX_UPDATES, WINDOW
from gruviz.live.run import MAX_SECONDS, Look
from gruviz.live.sentences import written_score
from gruviz.live.snapshot import Snapshot
from gruviz.live.source import Source
from gruviz.records import Array
from gruviz.signals import CELLS

SINGLE = 100  # first updates that are drawn one by one
MOST_POINTS = 400  # of a curve over updates: later ones are means of several


def look_payload(look: Look, source: Source, axis: str) -> dict[str, Any]:
    """Curves, histograms and tables; arrays of numbers are put as bytes, see `wire`."""
    edges = bins(look.updates)
    return {
        "state": look.state,
        "axis": axis,
        "updates": look.updates,
        "mostUpdates": MAX_UPDATES,
        "seconds": round(look.seconds, 1),
        "mostSeconds": MAX_SECONDS,
        "window": WINDOW,
        "measure": source.measure.name,
        "goal": source.measure.goal,
        "shares": not source.ahead,
        "x": [] if look.updates == 0 else ((edges[:-1] + edges[1:] + 1) / 2).astype(np.float32),
        "cells": [_cell(cell, look, source, edges) for cell in look.history],
        "classes": source.classes,
    }


def bins(updates: int) -> "np.ndarray[Any, Any]":
    """Where the updates are cut for drawing: one by one at first, then in equal parts; (points + 1,)."""
    single = np.arange(min(updates, SINGLE) + 1)
    parts = min(updates - SINGLE, MOST_POINTS - SINGLE)
    if parts <= 0:
        return single
    later = np.linspace(SINGLE, updates, parts + 1).round().astype(int)[1:]
    return np.concatenate([single, later])


def _cell(cell: str, look: Look, source: Source, edges: "np.ndarray[Any, Any]") -> dict[str, Any]:
    spec, now, rows = CELLS[cell], look.now[cell], look.history[cell]
    colour = spec.colour
    known = look.held_out.get(cell)
    return {
        "cell": cell,
        "colour": {"light": colour.on_light, "dark": colour.on_dark},
        "loss": _means(rows[:, 0], edges),
        "score": _means(_recent(rows[:, 1]), edges),
        "reached": look.reached[cell],
        "broken": look.broken[cell],
        "curve": _curve(now),
        "first": _curve(look.first[cell]) if look.updates else [],
        "gates": [
            {"key": gate.key, "name": gate.name, "light": gate.colour.on_light, "dark": gate.colour.on_dark,
             "shares": now.gates[gate.key].astype(np.float32)}
            for gate in spec.gates if now is not None
        ],
        "keeps": spec.keeps,
        "timescales": _timescales(now),
        "heldOut": None if known is None else written_score(known[0], source),
        "confusion": None if known is None or known[1] is None else known[1].tolist(),
    }  # fmt: skip


def _recent(scores: Array) -> Array:
    """The mean of the last batches at each update: what counts as reached."""
    sums = np.concatenate([[0.0], np.cumsum(scores, dtype=np.float64)])
    ends = np.arange(1, len(sums))
    starts = np.maximum(ends - WINDOW, 0)
    means: Array = (sums[ends] - sums[starts]) / (ends - starts)
    return means


def _means(values: Array, edges: "np.ndarray[Any, Any]") -> Any:
    if len(edges) < 2:
        return []
    sums = np.add.reduceat(values.astype(np.float64), edges[:-1])
    return (sums / np.diff(edges)).astype(np.float32)


def _curve(snapshot: Snapshot | None) -> Any:
    """log10 norms by lag; a gradient of zero is no number."""
    if snapshot is None:
        return []
    return np.where(np.isfinite(snapshot.log10_norm), snapshot.log10_norm, np.nan).astype(np.float32)


def _timescales(snapshot: Snapshot | None) -> list[float] | None:
    """In steps, from the shortest to the longest; those without end are 10^6."""
    if snapshot is None or snapshot.timescales is None:
        return None
    return [float(f"{value:.4g}") for value in np.sort(np.minimum(snapshot.timescales, 1e6))]
