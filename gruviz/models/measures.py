"""What is measured of a task's three networks: what they cost here and now, and how their gates stand on test data."""

from collections.abc import Mapping

import numpy as np

from gruviz.common.cache import kept
from gruviz.common.progress import Progress, between
from gruviz.measures.costs import Cost, measure, same_units
from gruviz.measures.gate_statistics import gate_statistics
from gruviz.measures.lifetimes import lifetimes
from gruviz.models.registry import by_task, load_model
from gruviz.models.results import results
from gruviz.models.test_set import held_out
from gruviz.records import GateStatistics, Lifetimes

READING = 0.2  # of the work, about: putting the test set together
STEPS, BATCH = 50, 32  # of the sequences that are timed
# In how many test sequences changes of a unit are followed: fewer in large networks, so that none takes long.
FOLLOWED, FEWEST, CHANGES = 20, 8, 1500


def costs(task: str, on_progress: Progress = None) -> tuple[Mapping[str, Cost], Mapping[str, Cost]]:
    """By cell, of the task's networks, and of cells with as many units as its GRU, in one measurement."""
    trained = {cell: load_model(name).module for cell, name in by_task()[task].items()}
    gru = results()[task].cells["GRU"]
    alike = {f"{cell} alike": module for cell, module in same_units(gru.features, gru.hidden).items()}
    statistics = measure({**trained, **alike}, STEPS, BATCH, on_progress=on_progress)
    return {cell: statistics[cell] for cell in trained}, {cell: statistics[f"{cell} alike"] for cell in trained}


@kept(megabytes=8)
def gates(task: str, on_progress: Progress = None) -> Mapping[str, GateStatistics]:
    """By cell, over the whole test set."""
    found, models = {}, by_task()[task]
    for i, (cell, name) in enumerate(models.items()):
        model, part = load_model(name), between(on_progress, i / len(models), (i + 1) / len(models))
        inputs, lengths = held_out(model, between(part, 0.0, READING))
        found[cell] = gate_statistics(model.module, inputs, lengths, between(part, READING, 1.0))
    return found


@kept(megabytes=8)
def memory(task: str, on_progress: Progress = None) -> Mapping[str, Lifetimes]:
    """By cell, over test sequences from all of the test set."""
    lives, models = {}, by_task()[task]
    for i, (cell, name) in enumerate(models.items()):
        model = load_model(name)
        part = between(on_progress, i / len(models), (i + 1) / len(models))
        inputs, lengths = held_out(model, between(part, 0.0, READING))
        units = results()[task].cells[cell].hidden
        sequences = max(FEWEST, min(FOLLOWED, CHANGES // units))
        some = np.unique(np.linspace(0, len(lengths) - 1, sequences).round().astype(int))
        lives[cell] = lifetimes(model.module, inputs[:, some], lengths[some], between(part, READING, 1.0))
    return lives
