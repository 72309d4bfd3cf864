"""What the search for each cell's settings says of which cell is better, in words computed from the study."""

from collections.abc import Sequence

from gruviz.common.quantities import count
from gruviz.models.results import TaskResult
from gruviz.models.studies import CellStudy, Order, PairedTests, TaskStudy
from gruviz.reading.sentences import listed


def order_sentence(study: TaskStudy, task: TaskResult) -> str:
    """From how many trials on one can say which cell is better, or that one cannot."""
    trials = study.budget["trials"]
    settled, still = [row for row in study.order if row.settled], [row for row in study.order if not row.settled]
    if not still:
        ranked = sorted(study.cells.values(), key=lambda cell: cell.curve.mean[-1], reverse=not task.lower_is_better)
        first, names = max(row.settled or 1 for row in settled), listed([cell.cell for cell in ranked])
        return f"In this search, the order {names}, the best first, is settled from {_trials(first)} on."
    said = [f"The {trials} trials of each cell do not settle which of {_pairs(still)} is better."]
    said += [
        f"{row.one} and {row.other} both reach {task.written(study.cells[row.one].curve.mean[-1])}."
        for row in still if not _rounded(row.difference.mean[-1])
    ]  # fmt: skip
    said += [_ahead(row, task) for row in settled]
    return " ".join(said)


def fell_short(study: TaskStudy, task: TaskResult) -> str:
    """The cells whose best trial has a higher loss than a network for which only learning rates were tried."""
    behind = list[str]()
    for name, cell in study.cells.items():
        known = min(loss for losses in task.cells[name].tried.values() for loss in losses)
        if cell.chosen.loss is not None and cell.chosen.loss > known:
            behind.append(f"{name} {cell.chosen.loss:.3g} against {known:.3g}")
    if not behind:
        return ""
    return (
        "The search fell short of what trials of learning rates alone had reached with the settings above. Lowest "
        f"validation losses: {listed(behind)}. Its trials are too few for these ranges, or were ended too early for "
        "networks that learn late."
    )


def searched_lead(study: TaskStudy, task: TaskResult, one: str, other: str) -> bool | None:
    """Whether the search settles that cell `one` is better than `other`; None where it settles neither."""
    row = next(row for row in study.order if (row.one, row.other) == (one, other))
    return None if row.settled is None else (row.difference.mean[-1] > 0) != task.lower_is_better


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
    mean, low, high = (
        task.written_difference(_rounded(end[-1])) for end in (difference.mean, difference.low, difference.high)
    )
    return f"{row.one} − {row.other} after {count(len(difference.mean), 'trial')}: {mean} ({low} to {high})."


def _rounded(value: float) -> float:
    """A difference without what only the arithmetic makes of 0."""
    return round(value, 5)


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


def rule(study: TaskStudy) -> str:
    """What the curves are, when an order counts as settled, and what that does not cover."""
    half = study.budget["trials"] // 2
    return (
        "The curves: of n trials drawn from those of a cell, the one with the lowest validation loss is chosen; this "
        "is its expected score on the validation part (Dodge et al. 2019), with 95% bands from resampled trials. "
        "The order of two cells counts as settled from n trials on if the band of their difference lies on one side "
        f"of 0 from n to the last trial, and n is at most half of them ({half}). The bands know of no trial better "
        "than the best, are not corrected for being many, take the validation examples as they are, and hold for "
        "this search alone: its ranges, its budget, its sampler."
    )


def provenance(study: TaskStudy) -> str:
    """What the search cost, and what made it."""
    cells = list(study.cells.values())
    trials = [trial for cell in cells for trial in cell.trials]
    early = sum(trial.pruned for trial in trials)
    paces = [f"{cell.cell} {60 * len(cell.trials) / sum(trial.seconds for trial in cell.trials):.0f}" for cell in cells]
    budget, versions = study.budget, study.versions
    return (
        f"{budget['trials']} trials of each cell in the same ranges, each for at most "
        f"{count(budget['epochs'], 'epoch')}; {early} of all {len(trials)} were ended early, for being worse than "
        f"half of the others at the same epoch. They took {count(round(budget['seconds'] / 60), 'minute')} of one "
        f"core; trials a minute: {listed(paces)}. Optuna {versions['optuna']} (TPE, median pruner), PyTorch "
        f"{versions['torch']}; made by {study.made_by}. The networks that this page shows were made before the "
        "search, with the settings of the table above."
    )


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
