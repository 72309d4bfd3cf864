"""What is searched: the same ranges for every cell of a task."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gruviz.models.tasks import Task, TrainingSettings, matched_size
from gruviz.signals import CELLS as SPECS


@dataclass(frozen=True)
class Dimension:
    """One setting and the range it is drawn from, both ends included."""

    name: str
    low: float
    high: float
    log: bool = False  # drawn evenly on a logarithmic scale
    step: float | None = None  # only low + step, low + 2 step, ...; 1 of a whole number that is not log

    @property
    def whole(self) -> bool:
        """Whether it is a whole number."""
        return self.step is not None and self.step == int(self.step)

    def written(self) -> dict[str, Any]:
        """For files."""
        return {"low": self.low, "high": self.high, "log": self.log, "step": self.step}


def space(task: Task, cell: str) -> tuple[Dimension, ...]:
    """The dimensions for a cell of a task.

    `units` are those of a GRU: another cell gets as many as make its network as large as that GRU's, see
    `matched_size`. `embedding` is there where a task learns its vectors, `keep` where the cell has a gate that keeps
    the state. A network has at most one and a half times the shipped one's units and features, and at most its epochs.
    """
    own = task.settings
    dimensions = [
        Dimension("rate", 5e-4, 1e-1, log=True),
        Dimension("units", own.hidden // 2, own.hidden * 3 // 2, step=1),
        Dimension("epochs", (own.epochs + 1) // 2, own.epochs, step=1),
        Dimension("decay", 1e-4, 0.3, log=True),
        Dimension("clip", 0.1, 10.0, log=True),
        Dimension("drop_input", 0.0, 0.5, step=0.1),
        Dimension("drop_recurrent", 0.0, 0.5, step=0.1),
        Dimension("drop_state", 0.0, 0.5, step=0.1),
    ]
    if task.learn_vectors:
        step = own.features // 4
        dimensions.append(Dimension("embedding", 2 * step, 6 * step, step=step))
    if SPECS[cell.upper()].keeps is not None:
        dimensions.append(Dimension("keep", 0.0, 5.0))
    return tuple(dimensions)


def settings_of(task: Task, cell: str, values: Mapping[str, float], seed: int) -> TrainingSettings:
    """How a trial trains; values by the names of `space`."""
    fields = dict[str, float]()
    for dimension in space(task, cell):
        value = values[dimension.name]
        name = {"units": "hidden", "embedding": "features"}.get(dimension.name, dimension.name)
        fields[name] = int(value) if dimension.whole else value
    return matched_size(replace(task.settings, seed=seed, **fields), cell, task.outputs)  # type: ignore[arg-type]
