"""What the gates do, over all of a task's test set."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.common.cache import kept
from gruviz.common.quantities import share
from gruviz.models import measures
from gruviz.records import GateStatistics
from gruviz.signals import CELLS
from gruviz.ui.over_time import CONFIG, dark
from gruviz.ui.text import escape_markdown, small


def gates(task: str, found: Mapping[str, GateStatistics]) -> None:
    """How often each gate is open or shut, and how long each unit's memory lasts."""
    st.subheader("What the gates do", anchor=False)
    with_gates = [stats for stats in found.values() if stats.mean]
    some = next(iter(found.values()))
    st.markdown(
        f"Over all {some.sequences:,} test sequences, {some.steps:,} steps. A unit's gate is nearly shut below 0.1, "
        "nearly open above 0.9. " + escape_markdown(" ".join(_saturation(stats) for stats in with_gates))
    )
    columns = st.columns(len(with_gates) + 1)
    for stats, column in zip(with_gates, columns, strict=False):
        column.markdown(f"**{stats.cell}**: how often open, how often shut")
        column.plotly_chart(
            _saturation_figure(task, stats.cell, dark()), key=f"saturation-{stats.cell}", theme=None, config=CONFIG,
            alt=f"{stats.cell}: for each unit and gate, how often it is above 0.9 and below 0.1",
        )  # fmt: skip
    columns[-1].markdown("**Memory of each unit**, in steps")
    columns[-1].plotly_chart(
        _timescale_figure(task, dark()), key="timescales", theme=None, config=CONFIG,
        alt="For each unit, the steps until 1/e is left: of a change in the network, and by the gate alone",
    )  # fmt: skip
    followed = [lives.sequences for lives in measures.memory(task).values()]
    st.markdown(small(
        "Steps until 1/e is left. Solid: a small change of one unit's memory (h of an RNN or GRU, c of an LSTM), "
        f"followed through the network in at least {min(followed)} test sequences, the median of changes after the "
        "first step and half-way; a change that grows never falls. Dotted: the time constant of the gate that keeps "
        "the state, −1 / ln of its geometric mean: what that gate alone would keep, whatever the rest of the network "
        "does."
    ))  # fmt: skip


@kept(megabytes=16)
def _saturation_figure(task: str, cell: str, dark: bool) -> Any:
    return figures.saturation(measures.gates(task)[cell], dark=dark)


@kept(megabytes=16)
def _timescale_figure(task: str, dark: bool) -> Any:
    return figures.timescales(list(measures.memory(task).values()), list(measures.gates(task).values()), dark=dark)


def _saturation(stats: GateStatistics) -> str:
    gates = (f"{gate.name} {share(stats.saturated(gate.key))}" for gate in CELLS[stats.cell].gates)
    return f"{stats.cell}, share of all steps and units in either state: {', '.join(gates)}."
