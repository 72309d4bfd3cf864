"""How well: what the cells of a task reach, over seeds and in the networks shown here, beside its baselines."""

import streamlit as st

from gruviz.comparison.leads import who_leads
from gruviz.models.results import TEST, CellResult, Difference, Score, TaskResult, results
from gruviz.reading.sentences import listed
from gruviz.ui.compare.table import table
from gruviz.ui.text import escape_markdown, small

_ALONE = ("p, other examples alone", "p, other seeds alone")


def scores(task: TaskResult) -> None:
    """The accuracy table: over seeds, and of the networks shown here, with the baselines below."""
    st.subheader("How well", anchor=False)
    st.markdown(escape_markdown(task.summary))
    cells = list(task.cells.values())
    rows = {
        f"{task.metric}, mean of {len(cells[0].test)} seeds": [task.written(cell.mean) for cell in cells],
        "standard deviation over seeds": [f"± {task.written(cell.sd)}" for cell in cells],
        "the network shown here": [task.written(cell.shipped.mean) for cell in cells],
        "its 95% interval": [_interval(task, cell.shipped) for cell in cells],
        **{score.name: [_with_interval(task, cell.also[i]) for cell in cells] for i, score in enumerate(cells[0].also)},
        "hidden units": [str(cell.hidden) for cell in cells],
        "parameters of the network": [f"{cell.parameters:,}" for cell in cells],
        "learning rate, the best of those tried": [_rate(cell) for cell in cells],
    }
    table(("", *task.cells), [(what, *values) for what, values in rows.items()], "How well the cells do")
    beside = [(score.name, task.written(score.mean), _interval(task, score)) for score in task.baselines]
    table(("baselines, without a network", task.metric, "95% interval"), beside, "Baselines")
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
        (f"{one.one} − {one.other}", _test(task, one), task.written_difference(one.mean),
         f"{task.written_difference(one.low)} to {task.written_difference(one.high)}", _p(one), *_two_tests(one))
        for one in task.differences
    ]  # fmt: skip
    with st.expander("Every difference, with its interval"):
        heading = ("means over seeds", "test", "difference", "95% interval", "corrected p", *_ALONE)
        table(heading, rows, "Every difference")
        kinds = sorted({one.comparisons for of_task in results().values() for one in of_task.differences})
        st.markdown(small(
            "Both are scored on the same examples. Interval and p-value allow for other seeds and for other test "
            "examples together (Student's t). The p-values are corrected for the number of comparisons of the same "
            f"kind on all tasks ({listed([str(number) for number in kinds])}: which cell is better on the test, on the "
            "further tests, and than a baseline), so that of all differences called significant at most 5% are "
            "expected to be chance (Benjamini and Hochberg). The intervals are not corrected. The last two columns, "
            "which are not corrected either, allow for one of the two alone: other examples, for the two networks "
            "shown here (paired: McNemar's test of right and wrong answers, else a permutation within examples), or "
            "other seeds (a permutation of them; with five seeds each, p is never below 0.008)."
        ))  # fmt: skip


def _two_tests(one: Difference) -> tuple[str, str]:
    """Both p-values of two cells; nothing of a baseline, which has no seeds."""
    both = one.two_tests
    return ("", "") if both is None else (_small(both.examples_p), _small(both.seeds_p))


def _small(p: float) -> str:
    return "less than 0.001" if p < 0.001 else f"{p:.3f}"


def _test(task: TaskResult, one: Difference) -> str:
    return task.metric if one.test == TEST else one.test


def _p(one: Difference) -> str:
    return f"{_small(one.p)}{', significant' if one.significant else ''}"


def _rate(cell: CellResult) -> str:
    rate, tried = f"{cell.rate:g}", sorted(cell.tried)
    return {tried[0]: f"{rate}, the lowest", tried[-1]: f"{rate}, the highest"}.get(cell.rate, rate)


def _with_interval(task: TaskResult, score: Score) -> str:
    return f"{task.written(score.mean)} ({_interval(task, score)})"


def _interval(task: TaskResult, score: Score) -> str:
    return f"{task.written(score.low)} to {task.written(score.high)}"
