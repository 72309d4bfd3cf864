"""How large and how fast: what the cells of a task cost, measured on this machine."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gruviz.common.cache import kept
from gruviz.common.progress import Progress
from gruviz.measures.costs import Cost, Times, parameter_formula
from gruviz.models import measures
from gruviz.models.results import TaskResult
from gruviz.ui.compare.table import table
from gruviz.ui.long_work import silent
from gruviz.ui.text import small

Costs = tuple[Mapping[str, Cost], Mapping[str, Cost]]


def costs(task: TaskResult) -> Any:
    """Heading and button; returns the place of the table, for `cost_table`."""
    st.subheader("How large and how fast", anchor=False)
    if st.button("Measure again", icon=":material/timer:"):
        _costs.forget(task.name)
    return st.container()


def cost_table(task: TaskResult, place: Any) -> Costs:
    """Measures and draws. Call it when most of the page is drawn: that takes time too.

    Returns the costs by cell, of the networks and of cells with as many units as the GRU.
    """
    with place, st.spinner("Measuring on this machine …"):
        measured, same = _costs(task.name, on_progress=silent)
        _table(task, measured, same)
    return measured, same


@kept(megabytes=8)
def _costs(task: str, on_progress: Progress = None) -> tuple[Mapping[str, Cost], Mapping[str, Cost]]:
    return measures.costs(task, on_progress)


def _table(task: TaskResult, costs: Mapping[str, Cost], same: Mapping[str, Cost]) -> None:
    alike = f"all with {task.cells['GRU'].hidden} units"
    rows = {
        "parameters of the cell": [
            parameter_formula(cell, row.features, row.hidden)[0] for cell, row in task.cells.items()
        ],
        "carried from step to step": [f"{cost.state_numbers} numbers" for cost in costs.values()],
        "kept for the backward pass": [f"{cost.kept_bytes / 1024:,.0f} KiB" for cost in costs.values()],
        "forward": [_time(cost.forward) for cost in costs.values()],
        "training step": [_time(cost.training) for cost in costs.values()],
        f"forward, {alike}": [_time(cost.forward) for cost in same.values()],
        f"training step, {alike}": [_time(cost.training) for cost in same.values()],
    }
    table(("", *task.cells), [(what, *values) for what, values in rows.items()], "How large and how fast the cells are")
    st.markdown(small(
        "Parameters of a cell: blocks · H · (D + H + 2), with PyTorch’s two biases. Times: measured on this machine, "
        f"on one thread, {measures.BATCH} sequences of {measures.STEPS} steps at once, the cells taking turns; median "
        "and 10 to 90% of the repeats. “Kept” is what PyTorch stores of one forward pass for the backward pass."
    ))  # fmt: skip


def _time(times: Times) -> str:
    return f"{1e3 * times.median:.2f} ms ({1e3 * times.low:.2f} to {1e3 * times.high:.2f})"
