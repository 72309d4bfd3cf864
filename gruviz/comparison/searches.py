"""What the search for each cell's settings says of which cell is better, in words computed from the study."""

from collections.abc import Sequence

from gruviz.models.results import TaskResult
from gruviz.models.studies import CellStudy, Order, PairedTests, TaskStudy
from gruviz.reading.sentences import listed


def order_sentence(study: TaskStudy, task: TaskResult) -> str:
    """From how many trials on one can say which cell is better, or that one cannot."""
    trials = study.budget["trials"]
    settled, still = [row for row in study.order if row.settled], [row for row in study.order if not row.settled]
    if not still:
        ranked = sorted(study.cells.values(), key=lambda cell: cell.curve.mean[-1], reverse=not task.lower_is_better)
        first = max(row.settled or 1 for row in settled)
        return (
            f"The order {listed([cell.cell for cell in ranked])}, the best first, is settled from {_trials(first)} on."
        )
    said = [f"The {trials} trials of each cell do not settle which of {_pairs(still)} is better."]
    said += [_ahead(row, task) for row in settled]
    return " ".join(said)


def _pairs(rows: Sequence[Order]) -> str:
    return ", nor which of ".join(f"{row.one} and {row.other}" for row in rows)


def _ahead(row: Order, task: TaskResult) -> str:
    first = (row.difference.mean[-1] > 0) != task.lower_is_better
    better, worse = (row.one, row.other) if first else (row.other, row.one)
    return f"That {better} is better than {worse} is settled from {_trials(row.settled or 1)} on."


def _trials(number: int) -> str:
    return "the first trial" if number == 1 else f"{number} trials per cell"


def difference_sentence(row: Order, task: TaskResult) -> str:
    """By how much the curves of two cells differ after all trials."""
    difference = row.difference
    low, high = sorted((difference.low[-1], difference.high[-1]))
    return (
        f"{row.one} − {row.other} after {len(difference.mean)} trials: {task.written_difference(difference.mean[-1])} "
        f"({task.written_difference(low)} to {task.written_difference(high)})."
    )


def mattered(cell: CellStudy) -> str:
    """The settings that explain most of how the trials' losses differ, down to the one that passes three quarters."""
    told, sum_ = list[str](), 0.0
    for name, share in cell.importances.items():
        told.append(f"{SETTINGS[name]} {share:.0%}")
        sum_ += share
        if sum_ > 0.75:
            break
    return f"{cell.cell}: {listed(told)}."


def paired_sentence(row: PairedTests, task: TaskResult) -> str:
    """What both tests say of two cells with the settings that were chosen for them."""
    examples, seeds = row.examples_p < 0.05, row.seeds_p < 0.05
    if examples and seeds and row.networks * row.seeds > 0:
        better = row.one if (row.seeds > 0) != task.lower_is_better else row.other
        return f"{better} is better than {row.other if better == row.one else row.one} by both tests."
    if examples and seeds:
        return f"{row.one} and {row.other}: the two tests contradict each other."
    if not examples and not seeds:
        return f"{row.one} and {row.other}: neither test finds a difference."
    only = "examples" if examples else "seeds"
    return f"{row.one} and {row.other}: only the test over {only} finds a difference."


SETTINGS = {
    "rate": "learning rate",
    "units": "units",
    "embedding": "embedding size",
    "epochs": "epochs",
    "decay": "weight decay",
    "clip": "gradient clipping",
    "drop_input": "input dropout",
    "drop_recurrent": "recurrent dropout",
    "drop_state": "state dropout",
    "keep": "bias of the gate that keeps",
}
