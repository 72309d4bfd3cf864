"""What people say of RNN, LSTM and GRU, each beside the numbers that support or contradict it. All is computed."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gruviz.common.quantities import count, share
from gruviz.measures.costs import Cost, parameter_formula
from gruviz.models.results import TEST, Difference, TaskResult
from gruviz.reading.sentences import listed
from gruviz.records import Array, GateStatistics, Lifetimes
from gruviz.records.gate_statistics import OPEN
from gruviz.signals import CELLS, Blend

Verdict = Literal["supported", "contradicted", "mixed", "not decided"]


@dataclass(frozen=True)
class Claim:
    """A sentence that people repeat, what becomes of it, why, and whether that is proved or measured here."""

    text: str
    verdict: Verdict
    evidence: str
    basis: Literal["proved", "measured"] = "measured"  # proved: it follows from the cell's equations


@dataclass(frozen=True, eq=False)
class Evidence:
    """What there is to judge by, for one task.

    gates, memory and costs are by cell; `same_units` are the costs of cells with as many hidden units as the GRU.
    """

    task: TaskResult
    tasks: Mapping[str, TaskResult]
    gates: Mapping[str, GateStatistics]
    memory: Mapping[str, Lifetimes]
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
    evidence = " ".join(f"{cell}: {listed(gates)}." for cell, gates in named.items())
    return Claim("A GRU has two gates, an LSTM three.", "supported" if right else "contradicted", evidence, "proved")


def _memory(given: Evidence) -> Claim:
    lstm, gru = given.costs["LSTM"], given.costs["GRU"]
    units = given.task.cells["LSTM"].hidden
    shown = float(given.gates["LSTM"].mean["o"].mean())
    hides = lstm.state_numbers > units and gru.state_numbers == given.task.cells["GRU"].hidden
    return Claim(
        "An LSTM hides its memory, a GRU shows all of its state.",
        "supported" if hides else "contradicted",
        f"The LSTM carries {lstm.state_numbers} numbers from step to step and answers from {units} of them. Its output "
        f"gate, which decides how much of its memory they show, has a mean of {shown:.2f} over the test set. The GRU "
        f"answers from all {gru.state_numbers} numbers that it carries.",
        "proved",
    )


def _parameters(given: Evidence) -> Claim:
    gru = given.task.cells["GRU"]
    formulas = {cell: parameter_formula(cell, gru.features, gru.hidden) for cell in ("GRU", "LSTM")}
    ratio = formulas["GRU"][1] / formulas["LSTM"][1]
    matched = ", ".join(
        f"{cell} {parameter_formula(cell, row.features, row.hidden)[0]}" for cell, row in given.task.cells.items()
    )
    return Claim(
        "A GRU has fewer parameters than an LSTM.",
        "supported" if ratio < 1 else "contradicted",
        f"With the same units and inputs, blocks · H · (D + H + 2) is {formulas['GRU'][0]} for a GRU and "
        f"{formulas['LSTM'][0]} for an LSTM: the GRU has {ratio:.0%} of the LSTM's. The networks on this page have "
        f"other numbers of units, so that they are the same size: {matched}.",
        "proved",
    )


def _speed(given: Evidence) -> Claim:
    """Faster only where even the slow end of the one is below the quick end of the other."""
    verdicts, said = set(), []
    for name, costs in (("networks of the same size", given.costs), ("cells with the same units", given.same_units)):
        gru, lstm = costs["GRU"], costs["LSTM"]
        for what, one, other in (
            ("a forward pass", gru.forward, lstm.forward), ("a training step", gru.training, lstm.training)
        ):  # fmt: skip
            verdicts.add("faster" if one.high < other.low else "slower" if one.low > other.high else "alike")
            said.append(f"{one.median / other.median:.2f} times for {what} of {name}")
    verdict: Verdict = "mixed"
    if "faster" not in verdicts:
        verdict = "contradicted" if "slower" in verdicts else "not decided"
    elif verdicts == {"faster"}:
        verdict = "supported"
    return Claim(
        "A GRU trains and runs faster than an LSTM.",
        verdict,
        f"The GRU's time as a multiple of the LSTM's: {listed(said)}. Measured on this machine's "
        "processor with PyTorch's kernels, which differ from cell to cell; other machines may differ.",
    )


def _training_memory(given: Evidence) -> Claim:
    kept = {cell: cost.kept_bytes / 1024 for cell, cost in given.same_units.items()}
    less = kept["GRU"] < kept["LSTM"]
    return Claim(
        "A GRU needs less memory to train than an LSTM.",
        "supported" if less else "contradicted",
        "PyTorch keeps this much of one forward pass for the backward pass, for cells with the same units: "
        + listed([f"{cell} {size:,.0f} KiB" for cell, size in kept.items()])
        + ". The kernels' working space is included.",
    )


def _forgets(given: Evidence) -> Claim:
    """Judged where memory is what is asked for: on the longest sequences of the tasks that have longer and longer."""
    varied = {task.name: task for task in given.tasks.values() if _by_length(task)}
    behind = [
        task
        for task in varied.values()
        if all(task.ahead(cell, "RNN", task.cells["RNN"].also[-1].name) for cell in ("LSTM", "GRU"))
    ]
    verdict: Verdict = "not decided"
    if varied:
        verdict = "supported" if len(behind) == len(varied) else "mixed" if behind else "contradicted"
    lengths = " ".join(_lengths(task) for task in varied.values())
    return Claim(
        "A plain RNN forgets; gates are what makes memory last.",
        verdict,
        "Judged on the tasks that are tested with short and long sequences. With the longest, the RNN is significantly "
        f"worse than both others on {len(behind)} of {count(len(varied), 'task')}. {lengths} What gets worse with the "
        "length may be forgotten; what is bad at every length was never learned.",
    )


def _by_length(task: TaskResult) -> bool:
    """Whether the further tests are one test at several lengths: named alike but for the number."""
    names = [score.name for score in task.cells["RNN"].also]
    return len(names) > 1 and len({re.sub(r"[\d,]+", "", name) for name in names}) == 1


def _lengths(task: TaskResult) -> str:
    """The cells' scores on the first and the last of the further tests, which go from short to long."""
    short, long = (task.cells["RNN"].also[end].name for end in (0, -1))
    said = [
        f"{cell} {task.written(row.also[0].mean)} and {task.written(row.also[-1].mean)}"
        for cell, row in task.cells.items()
    ]
    return f"{task.title}, {short} and {long}, the networks shown here: {listed(said)}."


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
        f"Which is significantly better, from the fewest training examples to the most: {told}. All of these training "
        "sets are small compared with what the claim has in mind. The same learning rates were tried for every cell; "
        "other settings were chosen with GRUs only (see “How well”), which may favour them.",
    )


def _copies(given: Evidence) -> Claim:
    """That it can is read off the equation; how near these networks come to it is measured."""
    gru, rule = given.gates["GRU"], CELLS["GRU"].signal("h").rule
    often, most = float(gru.above["z"].mean()), float(gru.above["z"].max())
    constants = {cell: span for cell, stats in given.gates.items() if (span := stats.time_constant()) is not None}
    told = listed([f"{cell} {_steps(span)}" for cell, span in constants.items()])
    lives = listed([f"{cell} {_steps(found.steps, found.longest)}" for cell, found in given.memory.items()])
    return Claim(
        "The update gate decides how much of the past is carried on; it can copy all of it.",
        "supported" if isinstance(rule, Blend) and rule.gate == "z" else "contradicted",
        "It follows from hₜ = (1 − z) · n + z · hₜ₋₁, whatever the weights are: with z = 1, hₜ = hₜ₋₁. How near these "
        f"networks come is measured. Over the test set, z is above {OPEN} in {share(often)} of all steps and units, "
        f"and in {share(most)} of the steps in the unit where that is most frequent. With the gate that keeps the "
        f"state alone, the state falls to 1/e in this many steps (the median unit and the longest): {told}. A small "
        f"change of a unit's memory, followed through the whole network, takes this many: {lives}. Test sequences have "
        f"{gru.steps / gru.sequences:.0f} steps on average.",
        "proved",
    )


def _steps(spans: Array, followed: int | None = None) -> str:
    """The median and the longest of the units' spans; `followed`: no further than this many steps."""
    median, longest = (_span(float(value), followed) for value in (np.median(spans), spans.max()))
    return f"{median} and {longest}"


def _span(value: float, followed: int | None) -> str:
    if math.isinf(value):
        return "no end" if followed is None else f"more than {followed}"
    return f"{value:,.1f}"


def who_leads(task: TaskResult) -> str:
    """Which cells of a task differ significantly, from each other and from the baselines."""
    found = [one for one in task.differences if one.test == TEST]
    said = list[str]()
    for cell in reversed(list(task.cells)):
        ahead = [_called(task, one.other) for one in _of(cell, found) if task.ahead(cell, one.other)]
        behind = [_called(task, one.other) for one in _of(cell, found)
                  if one.other not in task.cells and task.ahead(cell, one.other) is False]  # fmt: skip
        said += [f"{cell} is significantly better than {listed(ahead)}."] if ahead else []
        said += [f"{cell} is significantly worse than {listed(behind)}."] if behind else []
    level = [f"between {one.one} and {_called(task, one.other)}" for one in found if not one.significant]
    said += [f"There is no significant difference {listed(level)}."] if level else []
    return f"On these {task.test_examples:,} test examples: {' '.join(said)}"


def _of(cell: str, found: Sequence[Difference]) -> list[Difference]:
    """The differences that a cell has part in, seen from that cell."""
    return [one if one.one == cell else one.turned() for one in found if cell in (one.one, one.other)]


def _called(task: TaskResult, name: str) -> str:
    return name if name in task.cells else f"“{name}”"
