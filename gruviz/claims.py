"""What people say of RNN, LSTM and GRU, each beside the numbers that support or contradict it. All is computed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gruviz.costs import Cost, parameter_formula
from gruviz.models.results import Score, TaskResult
from gruviz.records import GateStatistics
from gruviz.records.gate_statistics import OPEN
from gruviz.signals import CELLS
from gruviz.telling import listed

Verdict = Literal["supported", "contradicted", "mixed", "not decided"]


@dataclass(frozen=True)
class Claim:
    """A sentence that people repeat, what the numbers make of it, and the numbers."""

    text: str
    verdict: Verdict
    evidence: str


@dataclass(frozen=True, eq=False)
class Evidence:
    """What there is to judge by, for one task.

    gates and costs are by cell; `same_units` are the costs of cells with as many hidden units as the GRU.
    """

    task: TaskResult
    tasks: Mapping[str, TaskResult]
    gates: Mapping[str, GateStatistics]
    costs: Mapping[str, Cost]
    same_units: Mapping[str, Cost]


def claims(given: Evidence) -> tuple[Claim, ...]:
    """The claims about cells that introductions to the GRU make."""
    return (
        _gates(), _memory(given), _parameters(given), _speed(given), _training_memory(given), _forgets(given),
        _data_size(given), _copies(given),
    )  # fmt: skip


def _gates() -> Claim:
    named = {cell: [gate.name for gate in CELLS[cell].gates] for cell in ("GRU", "LSTM")}
    right = (len(named["GRU"]), len(named["LSTM"])) == (2, 3)
    evidence = "; ".join(f"{cell}: {', '.join(gates)}" for cell, gates in named.items())
    return Claim("A GRU has two gates, an LSTM three.", "supported" if right else "contradicted", f"{evidence}.")


def _memory(given: Evidence) -> Claim:
    lstm, gru = given.costs["LSTM"], given.costs["GRU"]
    units = given.task.cells["LSTM"].hidden
    shown = float(given.gates["LSTM"].mean["o"].mean())
    hides = lstm.state_numbers > units and gru.state_numbers == given.task.cells["GRU"].hidden
    return Claim(
        "An LSTM hides its memory, a GRU shows all of its state.",
        "supported" if hides else "contradicted",
        f"The LSTM carries {lstm.state_numbers} numbers from step to step and answers from {units} of them: its output "
        f"gate stands at {shown:.2f} on average over the test set. The GRU answers from all {gru.state_numbers}.",
    )


def _parameters(given: Evidence) -> Claim:
    gru = given.task.cells["GRU"]
    formulas = {cell: parameter_formula(cell, gru.features, gru.hidden) for cell in ("GRU", "LSTM")}
    ratio = formulas["GRU"][1] / formulas["LSTM"][1]
    matched = "; ".join(
        f"{cell} {parameter_formula(cell, row.features, row.hidden)[0]}" for cell, row in given.task.cells.items()
    )
    return Claim(
        "A GRU has fewer parameters than an LSTM.",
        "supported" if ratio < 1 else "contradicted",
        f"At the same units and inputs, blocks · H · (D + H + 2) is {formulas['GRU'][0]} for a GRU and "
        f"{formulas['LSTM'][0]} for an LSTM: {ratio:.0%}. Here the units are chosen so that the cells are of one size: "
        f"{matched}.",
    )


def _speed(given: Evidence) -> Claim:
    """Faster only where even the slow end of the one is below the quick end of the other."""
    verdicts, said = set(), []
    for name, costs in (("of one size", given.costs), ("of the same units", given.same_units)):
        gru, lstm = costs["GRU"], costs["LSTM"]
        for what, one, other in (
            ("forward", gru.forward, lstm.forward), ("a training step", gru.training, lstm.training)
        ):  # fmt: skip
            verdicts.add("faster" if one.high < other.low else "slower" if one.low > other.high else "alike")
            said.append(f"{what}, cells {name}: {one.median / other.median:.2f} times the LSTM's time")
    verdict: Verdict = "mixed"
    if "faster" not in verdicts:
        verdict = "contradicted" if "slower" in verdicts else "not decided"
    elif verdicts == {"faster"}:
        verdict = "supported"
    return Claim(
        "A GRU trains and runs faster than an LSTM.",
        verdict,
        f"Measured here, the GRU took: {'; '.join(said)}. That is this machine's processor with PyTorch's kernels for "
        "it, which differ from cell to cell; elsewhere it may be otherwise.",
    )


def _training_memory(given: Evidence) -> Claim:
    kept = {cell: cost.kept_bytes / 1024 for cell, cost in given.same_units.items()}
    less = kept["GRU"] < kept["LSTM"]
    return Claim(
        "A GRU needs less memory to train than an LSTM.",
        "supported" if less else "contradicted",
        "What PyTorch keeps of one forward pass for the way back, cells of the same units: "
        + ", ".join(f"{cell} {size:,.0f} KiB" for cell, size in kept.items())
        + ". It is counted as the kernels keep it, working space included.",
    )


def _forgets(given: Evidence) -> Claim:
    trails = [t for t in given.tasks.values() if t.ahead("LSTM", "RNN") and t.ahead("GRU", "RNN")]
    beside = [t for t in given.tasks.values() if t not in trails]
    verdict: Verdict = "supported" if not beside else "contradicted" if not trails else "mixed"
    return Claim(
        "A plain RNN forgets; gates are what makes memory last.",
        verdict,
        f"Over all seeds, the RNN trails both others on {len(trails)} of {len(given.tasks)} tasks: "
        f"{_each(trails)}. On the others it does not: {_each(beside)}. Where the same networks read short and long "
        f"sequences: {_lengths(given.tasks.values())}. What falls with the length may be forgotten; what is low at "
        "every length was never learned.",
    )


def _lengths(tasks: Iterable[TaskResult]) -> str:
    """The networks' scores on the first and the last of the further tests, which go from short to long."""
    told = []
    for task in tasks:
        ends = {cell: (row.also[0], row.also[-1]) for cell, row in task.cells.items() if len(row.also) > 1}
        if ends:
            short, long = next(iter(ends.values()))
            said = (f"{cell} {task.written(a.mean)} to {task.written(b.mean)}" for cell, (a, b) in ends.items())
            told.append(f"{task.title}, {short.name} to {long.name}: {', '.join(said)}")
    return "; ".join(told) or "none"


def _each(tasks: list[TaskResult]) -> str:
    return "; ".join(
        f"{task.title} ({', '.join(f'{cell} {task.written(row.mean)}' for cell, row in task.cells.items())})"
        for task in tasks
    ) or "none"  # fmt: skip


def _data_size(given: Evidence) -> Claim:
    """Supported where every task that the LSTM leads has more training examples than any that the GRU leads.

    Not decided where either leads nowhere: none of these tasks is large, so the LSTM's turn may not have come.
    """
    by_size = sorted(given.tasks.values(), key=lambda task: task.train_examples)
    lstm, gru = ([t for t in by_size if t.ahead(*pair)] for pair in (("LSTM", "GRU"), ("GRU", "LSTM")))
    verdict: Verdict = "not decided"
    if lstm and gru:
        fits = min(t.train_examples for t in lstm) > max(t.train_examples for t in gru)
        verdict = "supported" if fits else "contradicted"
    told = ", ".join(
        f"{t.title} ({t.train_examples:,}): {'LSTM' if t in lstm else 'GRU' if t in gru else 'no difference'}"
        for t in by_size
    )
    return Claim(
        "An LSTM is better with much data, a GRU with little.",
        verdict,
        f"Who is ahead by more than the seeds scatter, from the smallest training set to the largest: {told}. "
        "All of these are small beside what the saying has in mind. Learning rates were tried for every cell alike, "
        "other settings on GRUs only (see “How well”), which may favour them.",
    )


def _copies(given: Evidence) -> Claim:
    gru = given.gates["GRU"]
    often, most = float(gru.above["z"].mean()), float(gru.above["z"].max())
    spans = {cell: span for cell, stats in given.gates.items() if (span := stats.timescale()) is not None}
    told = "; ".join(
        f"{cell}: {span.max():,.0f} in the longest unit, {np.median(span):,.1f} in the median one"
        for cell, span in spans.items()
    )
    return Claim(
        "The update gate decides how much of the past is carried on; it can copy all of it.",
        "supported" if most > OPEN else "mixed" if most else "not decided",
        f"Over the test set it stands above 0.9, which is almost to copy, in {often:.0%} of all steps and units, and "
        f"in {most:.0%} of the steps in the unit that does so most. Memory in steps, 1 / (1 − mean of the keeping "
        f"gate): {told}. The test sequences have {gru.steps / gru.sequences:.0f} steps on average.",
    )


def who_leads(task: TaskResult) -> str:
    """Which cells of a task differ by more than their seeds scatter, and which beat the plain methods."""
    words = {True: "ahead of", False: "behind", None: "not to be told from"}
    pairs = (("GRU", "LSTM"), ("GRU", "RNN"), ("LSTM", "RNN"))
    said = "; ".join(f"{one} {words[task.ahead(one, other)]} {other}" for one, other in pairs)
    beaten = "; ".join(f"than “{plain.name}”: {listed(_better(task, plain)) or 'none'}" for plain in task.baselines)
    return (
        f"On these {task.test_examples:,} test examples, by the spread of seeds (Welch's t, 95 %): {said}. Better on "
        f"average {beaten}."
    )


def _better(task: TaskResult, plain: Score) -> list[str]:
    """The cells whose mean over seeds is better than a plain method's score."""
    means = {cell: row.mean for cell, row in task.cells.items() if row.mean != plain.mean}
    return [cell for cell, mean in means.items() if (mean < plain.mean) == task.lower_is_better]
