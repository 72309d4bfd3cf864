"""A search for settings: which cell is better after how many trials, what mattered, and what was search."""

from statistics import fmean, stdev
from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.common.cache import kept
from gruviz.comparison.searches import (
    SETTINGS,
    difference_sentence,
    fell_short,
    mattered,
    order_sentence,
    paired_sentence,
    provenance,
    rule,
)
from gruviz.models.results import TaskResult, results
from gruviz.models.studies import TaskStudy, study
from gruviz.ui.compare.table import table
from gruviz.ui.over_time import CONFIG, dark
from gruviz.ui.text import escape_markdown, small


def searched(task: TaskResult) -> None:
    """The study that is shipped for a task; where there is none, how one is made."""
    st.subheader("Which cell is better is a search", anchor=False)
    search = study(task.name)
    if search is None:
        st.markdown(
            "The settings of this task have not been searched: what is said above of which cell is better is said of "
            f"the settings above. `python -m gruviz.training.search {task.name} --finish` searches them."
        )
        return
    st.markdown(f"**{escape_markdown(order_sentence(search, task))}**")
    st.plotly_chart(
        _curves(task.name, dark()), key="search-curves", theme=None, config=CONFIG,
        alt="Expected validation score of the best of n trials, for each cell, with its 95% band",
    )  # fmt: skip
    st.markdown(small(f"{' '.join(difference_sentence(row, task) for row in search.order)} {rule(search)}"))
    if behind := fell_short(search, task):
        st.markdown(escape_markdown(behind))
    _chosen(task, search)
    with st.expander("What mattered, and every trial"):
        _details(task, search)
    st.markdown(small(provenance(search)))


def _chosen(task: TaskResult, search: TaskStudy) -> None:
    """What the best settings reach on the test part, and both tests of it."""
    cells = list(search.cells.values())
    rows = {
        f"{task.metric} on the test part, mean of {len(cells[0].test)} seeds": [
            f"{task.written(fmean(cell.test))} ± {task.written(stdev(cell.test))}" for cell in cells
        ],
        "the settings at the top of “How well”, mean of their seeds": [
            task.written(task.cells[cell.cell].mean) for cell in cells
        ],
        "the seed with the lowest validation loss": [task.written(cell.test[cell.chosen_seed]) for cell in cells],
        **{
            SETTINGS[name]: [_setting(cell.chosen.settings.get(name)) for cell in cells]
            for name in search.space if name != "units"
        },
        "hidden units": [str(cell.units) for cell in cells],
    }  # fmt: skip
    st.markdown("**The best settings of each cell**, trained again from five seeds")
    table(("", *search.cells), [(what, *values) for what, values in rows.items()], "The best settings of each cell")
    tests = [
        (f"{row.one} − {row.other}", task.written_difference(row.networks),
         f"{_p(row.examples_p)} ({row.examples_test})", task.written_difference(row.seeds), _p(row.seeds_p))
        for row in search.tests
    ]  # fmt: skip
    heading = ("", "these networks", "p over examples, paired", "means of seeds", "p over seeds (permutation)")
    table(heading, tests, "Tests over examples and over seeds")
    st.markdown(escape_markdown(" ".join(paired_sentence(row, task) for row in search.tests)))
    st.markdown(small(
        "A test finds a difference where p is below 0.05; the p-values are not corrected. Over examples: the networks "
        "of the seeds with the lowest validation loss answer the same test examples. Over seeds: all ways to deal the "
        "scores of the seeds to two cells; with five each, p is never below 0.008. No other network of the search was "
        "asked the test examples."
    ))  # fmt: skip


def _details(task: TaskResult, search: TaskStudy) -> None:
    st.markdown(f"Which settings mattered most. {escape_markdown(' '.join(map(mattered, search.cells.values())))}")
    st.plotly_chart(
        _importances(task.name, dark()), key="search-importances", theme=None, config=CONFIG,
        alt="The share of each setting in the variance of the loss, for each cell",
    )  # fmt: skip
    for cell in search.cells:
        st.markdown(
            f"**{cell}**: every trial, the better the darker; the chosen one is wide, what was ended early dotted"
        )
        st.plotly_chart(
            _trials(task.name, cell, dark()), key=f"search-trials-{cell}", theme=None, config=CONFIG,
            alt=f"{cell}: a line for each trial through its settings to its loss",
        )  # fmt: skip
    st.markdown(small(
        "What mattered is fANOVA, as Optuna computes it, of all trials; those that were ended early take part with the "
        "lowest loss that they had reached."
    ))  # fmt: skip


def _setting(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}"


def _p(value: float) -> str:
    return "less than 0.001" if value < 0.001 else f"{value:.3f}"


def _shipped(name: str) -> TaskStudy:
    search = study(name)
    assert search is not None
    return search


@kept(megabytes=8)
def _curves(name: str, dark: bool) -> Any:
    task = results()[name]
    metric = f"{task.metric}, validation" + (f" ({task.unit})" if task.unit else "")
    return figures.expected_best(_shipped(name), metric, share=not task.lower_is_better, dark=dark)


@kept(megabytes=8)
def _importances(name: str, dark: bool) -> Any:
    return figures.importances(list(_shipped(name).cells.values()), SETTINGS, dark=dark)


@kept(megabytes=16)
def _trials(name: str, cell: str, dark: bool) -> Any:
    search = _shipped(name)
    return figures.trials(search.cells[cell], search.space, SETTINGS, dark=dark)
