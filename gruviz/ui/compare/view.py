"""Drawing the Compare page: states side by side, and what the cells reach, cost and do with their gates."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.common.cache import kept
from gruviz.common.progress import Progress
from gruviz.common.quantities import share
from gruviz.comparison import Comparison
from gruviz.comparison.claims import Claim, Evidence, claims, who_leads
from gruviz.figures.caption import comparison_caption
from gruviz.measures.costs import Cost, Times, parameter_formula
from gruviz.models import measures
from gruviz.models.results import TEST, CellResult, Difference, Score, TaskResult, results
from gruviz.reading import Reading
from gruviz.reading.sentences import StepAndUnit, listed
from gruviz.records import GateStatistics
from gruviz.signals import CELLS
from gruviz.ui.downloads import figure_file, files_menu
from gruviz.ui.figure_files import current_cursor, figure_page, watch_figures
from gruviz.ui.long_work import silent
from gruviz.ui.over_time import CONFIG, dark, legend
from gruviz.ui.text import escape_markdown, small

_SIGNS = {"supported": "✓", "contradicted": "✗", "mixed": "≈", "not decided": "?"}


def states(comparison: Comparison, step: int) -> None:
    """The hidden states of all cells beside each other, with their answers, under one cursor."""
    for (cell, reading), column in zip(comparison.readings.items(), st.columns(len(comparison.readings)), strict=True):
        with column:
            st.markdown(f"**{cell}**, {reading.trace.units} units")
            st.plotly_chart(
                _state(reading, step, dark()), key=f"signals-{cell}", theme=None, config=CONFIG,
                alt=f"{cell}: hidden state and answer over {len(comparison)} steps",
            )  # fmt: skip
    legend(comparison.any)


def _state(reading: Reading, step: int, dark: bool) -> Any:
    return figures.signals(reading.trace, None, "heatmap", (), reading.answers, step, dark, ("h",), compact=True)


def state_files(comparison: Comparison, title: str, default: int) -> None:
    """A menu with the states as a page and as pictures."""
    caption = comparison_caption(comparison, title)
    cursor = current_cursor(comparison.any, StepAndUnit(default, 0))
    headings = _headings(comparison)

    def draw() -> list[tuple[str, Any]]:
        return [(headings[cell], _state(reading, cursor.step, False)) for cell, reading in comparison.readings.items()]

    page = partial(figure_page, caption, draw, cursor.step, len(headings))
    files_menu([figure_file(caption.name, page)], "compare", cursor)


def watch_states(comparison: Comparison, title: str) -> None:
    """What the browser needs to make pictures of the states."""
    charts = {f"signals-{cell}": heading for cell, heading in _headings(comparison).items()}
    watch_figures(comparison_caption(comparison, title), charts)


def _headings(comparison: Comparison) -> dict[str, str]:
    return {cell: f"{cell}, {reading.trace.units} units" for cell, reading in comparison.readings.items()}


def scores(task: TaskResult) -> None:
    """The accuracy table: over seeds, and of the networks shown here, with the baselines below."""
    st.subheader("How well", anchor=False)
    st.markdown(escape_markdown(task.summary))
    cells = list(task.cells.values())
    rows = {
        f"{task.metric}, mean of {len(cells[0].test)} seeds": [task.written(cell.mean) for cell in cells],
        "standard deviation over seeds": [f"± {task.written(cell.sd)}" for cell in cells],
        "the network shown here": [task.written(cell.shipped.mean) for cell in cells],
        "its 95 % interval": [_interval(task, cell.shipped) for cell in cells],
        **{score.name: [_with_interval(task, cell.also[i]) for cell in cells] for i, score in enumerate(cells[0].also)},
        "hidden units": [str(cell.hidden) for cell in cells],
        "parameters of the network": [f"{cell.parameters:,}" for cell in cells],
        "learning rate, the best of those tried": [_rate(cell) for cell in cells],
    }
    _table(("", *task.cells), [(what, *values) for what, values in rows.items()])
    beside = [
        (escape_markdown(score.name), task.written(score.mean), _interval(task, score)) for score in task.baselines
    ]
    _table(("baselines, without a network", task.metric, "95 % interval"), beside)
    seeds, tried = len(cells[0].test), cells[0].tried
    trials = (
        f"{len(tried)} learning rates from {min(tried):g} to {max(tried):g} with {len(tried[cells[0].rate])} seeds each"
    )
    lower = " Lower is better." if task.lower_is_better else ""
    st.markdown(small(
        f"There are {task.test_examples:,} test examples that no network saw and {task.train_examples:,} to train on. "
        f"Each cell was trained from {seeds} seeds; the network with the lowest validation loss is shown here.{lower} "
        f"Its interval is over test examples. The networks are of matched size, each after the same trials: {trials}, "
        f"judged by validation loss. {task.tuning} As training starts, the bias of the gate that keeps the state (f of "
        f"an LSTM, z of a GRU) is raised by {task.keep:g}; an RNN has none."
    ))  # fmt: skip
    _differences(task)


def _differences(task: TaskResult) -> None:
    """Every comparison of the task, and which of them are more than chance."""
    st.markdown(escape_markdown(who_leads(task)))
    rows = [
        (f"{one.one} − {escape_markdown(one.other)}", _test(task, one), task.written_difference(one.mean),
         f"{task.written_difference(one.low)} to {task.written_difference(one.high)}", _p(one))
        for one in task.differences
    ]  # fmt: skip
    with st.expander("Every difference, with its interval"):
        _table(("means over seeds", "test", "difference", "95 % interval", "corrected p"), rows)
        kinds = sorted({one.comparisons for of_task in results().values() for one in of_task.differences})
        st.markdown(small(
            "Both are scored on the same examples. Interval and p-value allow for other seeds and for other test "
            "examples together (Student's t). The p-values are corrected for the number of comparisons of the same "
            f"kind on all tasks ({listed([str(number) for number in kinds])}: which cell is better on the test, on the "
            "further tests, and than a baseline), so that of all differences called significant at most 5% are "
            "expected to be chance (Benjamini and Hochberg). The intervals are not corrected."
        ))  # fmt: skip


def _test(task: TaskResult, one: Difference) -> str:
    return task.metric if one.test == TEST else one.test


def _p(one: Difference) -> str:
    return f"{'less than 0.001' if one.p < 0.001 else f'{one.p:.3f}'}{', significant' if one.significant else ''}"


def _rate(cell: CellResult) -> str:
    rate, tried = f"{cell.rate:g}", sorted(cell.tried)
    return {tried[0]: f"{rate}, the lowest", tried[-1]: f"{rate}, the highest"}.get(cell.rate, rate)


def _with_interval(task: TaskResult, score: Score) -> str:
    return f"{task.written(score.mean)} ({_interval(task, score)})"


def _interval(task: TaskResult, score: Score) -> str:
    return f"{task.written(score.low)} to {task.written(score.high)}"


@st.fragment(parallel=True)
def measured(task: TaskResult) -> None:
    """Sizes and times, the gates over the test set, and what people say, beside these numbers."""
    st.subheader("How large and how fast", anchor=False)
    again, table = st.button("Measure again", icon=":material/timer:"), st.container()
    gates = measures.gates(task.name, on_progress=silent)
    memory = measures.memory(task.name, on_progress=silent)
    st.subheader("What the gates do", anchor=False)
    _gate_figures(task.name, gates)
    if again:
        _costs.forget(task.name)
    with table, st.spinner("Measuring on this machine …"):  # last, when most of the page is drawn: that takes time too
        costs, same = _costs(task.name, on_progress=silent)
        _cost_table(task, costs, same)
    st.subheader("What people say", anchor=False)
    _claims(claims(Evidence(task, results(), gates, memory, costs, same)))


@kept(megabytes=8)
def _costs(task: str, on_progress: Progress = None) -> tuple[Mapping[str, Cost], Mapping[str, Cost]]:
    return measures.costs(task, on_progress)


def _cost_table(task: TaskResult, costs: Mapping[str, Cost], same: Mapping[str, Cost]) -> None:
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
    _table(("", *task.cells), [(what, *values) for what, values in rows.items()])
    st.markdown(small(
        "Parameters of a cell: blocks · H · (D + H + 2), with PyTorch’s two biases. Times: measured on this machine, "
        f"on one thread, {measures.BATCH} sequences of {measures.STEPS} steps at once, the cells taking turns; median "
        "and 10 to 90 % of the repeats. “Kept” is what PyTorch stores of one forward pass for the backward pass."
    ))  # fmt: skip


def _time(times: Times) -> str:
    return f"{1e3 * times.median:.2f} ms ({1e3 * times.low:.2f} to {1e3 * times.high:.2f})"


def _gate_figures(task: str, gates: Mapping[str, GateStatistics]) -> None:
    with_gates = [stats for stats in gates.values() if stats.mean]
    some = next(iter(gates.values()))
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
    followed = [found.sequences for found in measures.memory(task).values()]
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


def _claims(found: Sequence[Claim]) -> None:
    rows = [
        (escape_markdown(c.text), f"{_SIGNS[c.verdict]} {c.verdict}, {c.basis}", escape_markdown(c.evidence))
        for c in found
    ]
    _table(("People say", "here", "the numbers"), rows)


def _table(heading: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table in Markdown: Streamlit's own would import pandas."""
    lines = [heading, ["---"] * len(heading), *rows]
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
