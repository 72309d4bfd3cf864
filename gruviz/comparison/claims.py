"""What people say of RNN, LSTM and GRU, each beside the numbers that support or contradict it. All is computed."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from gruviz.common.quantities import count, share
from gruviz.comparison.searches import searched_lead
from gruviz.measures.costs import Cost, parameter_formula
from gruviz.models.results import TaskResult
from gruviz.models.studies import TaskStudy
from gruviz.reading.sentences import listed
from gruviz.records import Array, GateStatistics, Lifetimes
from gruviz.records.gate_statistics import OPEN
from gruviz.signals import CELLS, Blend

Verdict = Literal["supported", "contradicted", "mixed", "not decided"]


@dataclass(frozen=True)
class Claim:
    """A sentence that people repeat, and what becomes of it; why in a line, and the rest."""

    text: str
    verdict: Verdict
    line: str
    details: str = ""
    basis: Literal["proved", "measured"] = "measured"  # proved: it follows from the cell's equations

    @property
    def evidence(self) -> str:
        """All that is said for the verdict."""
        return f"{self.line} {self.details}".strip()


@dataclass(frozen=True, eq=False)
class Evidence:
    """What there is to judge by, for one task; studies are of those of all tasks that were searched.

    gates, memory and costs are by cell; `same_units` are the costs of cells with as many hidden units as the GRU.
    """

    task: TaskResult
    tasks: Mapping[str, TaskResult]
    gates: Mapping[str, GateStatistics]
    memory: Mapping[str, Lifetimes]
    costs: Mapping[str, Cost]
    same_units: Mapping[str, Cost]
    studies: Mapping[str, TaskStudy] = field(default_factory=dict)


def claims(given: Evidence) -> tuple[Claim, ...]:
    """The claims about cells that introductions to the GRU make."""
    return (
        _gates(), _memory(given), _parameters(given), _speed(given), _training_memory(given), _forgets(given),
        _data_size(given), _copies(given), searched(given),
    )  # fmt: skip


def _gates() -> Claim:
    named = {cell: [gate.name for gate in CELLS[cell].gates] for cell in ("GRU", "LSTM")}
    right = (len(named["GRU"]), len(named["LSTM"])) == (2, 3)
    line = " ".join(f"{cell}: {listed(gates)}." for cell, gates in named.items())
    verdict: Verdict = "supported" if right else "contradicted"
    return Claim("A GRU has two gates, an LSTM three.", verdict, line, basis="proved")


def _memory(given: Evidence) -> Claim:
    lstm, gru = given.costs["LSTM"], given.costs["GRU"]
    units = given.task.cells["LSTM"].hidden
    shown = float(given.gates["LSTM"].mean["o"].mean())
    hides = lstm.state_numbers > units and gru.state_numbers == given.task.cells["GRU"].hidden
    return Claim(
        "An LSTM hides its memory, a GRU shows all of its state.",
        "supported" if hides else "contradicted",
        f"From step to step the LSTM carries {lstm.state_numbers} numbers and answers from {units} of them; the GRU "
        f"answers from all {gru.state_numbers} numbers that it carries.",
        "The output gate of the LSTM decides how much of its memory the answer sees; it "
        f"has a mean of {shown:.2f} over the test set.",
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
        f"With the same units and inputs, a GRU has {ratio:.0%} of the parameters of an LSTM.",
        f"Blocks · H · (D + H + 2), with H units and D inputs, is {formulas['GRU'][0]} for a GRU and "
        f"{formulas['LSTM'][0]} for an LSTM. The networks on this page have other numbers of units, so that they are "
        f"the same size: {matched}.",
        "proved",
    )


def _speed(given: Evidence) -> Claim:
    """Faster only where even the slow end of the one is below the quick end of the other."""
    verdicts, said = set(), []
    for costs in (given.costs, given.same_units):
        gru, lstm = costs["GRU"], costs["LSTM"]
        pairs = ((gru.forward, lstm.forward), (gru.training, lstm.training))
        for one, other in pairs:
            verdicts.add("faster" if one.high < other.low else "slower" if one.low > other.high else "alike")
        forward, training = (one.median / other.median for one, other in pairs)
        said.append(
            f"{forward:.2f} times that of the LSTM for a forward pass and {training:.2f} times for a training step"
        )
    verdict: Verdict = "mixed"
    if "faster" not in verdicts:
        verdict = "contradicted" if "slower" in verdicts else "not decided"
    elif verdicts == {"faster"}:
        verdict = "supported"
    return Claim(
        "A GRU trains and runs faster than an LSTM.",
        verdict,
        f"Measured here, on networks of the same size: the GRU's time is {said[0]}.",
        f"Measured on cells with the same units: {said[1]}. A GRU is called faster or slower only where the middle "
        "80% of the repeats of one lie wholly below those of the other. Times are those of this machine's processor "
        "and PyTorch's kernels, which differ from cell to cell; other machines may differ.",
    )


def _training_memory(given: Evidence) -> Claim:
    kept = {cell: cost.kept_bytes / 1024 for cell, cost in given.same_units.items()}
    less = kept["GRU"] < kept["LSTM"]
    return Claim(
        "A GRU needs less memory to train than an LSTM.",
        "supported" if less else "contradicted",
        "PyTorch keeps this much of a forward pass for the backward pass: "
        + listed([f"{cell} {size:,.0f} KiB" for cell, size in kept.items()])
        + ".",
        "Of cells with the same units, on the same batch. The kernels' working space is included.",
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
        "With the longest sequences, the RNN is significantly worse than both others on "
        f"{len(behind)} of {count(len(varied), 'task')}.",
        f"Judged on the tasks that are tested with short and long sequences. {lengths} What gets worse with the "
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
        f"Of {count(len(by_size), 'task')}, the LSTM is significantly better on {len(lstm)} and the GRU on {len(gru)}.",
        f"Which is better, from the fewest training examples to the most: {told}. All of these training "
        "sets are small compared with what the claim has in mind. The same learning rates were tried for every cell; "
        "other settings were chosen with GRUs only (see “How well”), which may favour them.",
    )


def searched(given: Evidence) -> Claim:
    """Supported where a search says of some task other than trials of learning rates do, and nowhere less."""
    told, other, open_ = list[str](), 0, 0
    for name, study in given.studies.items():
        task = given.tasks[name]
        before, after = _of_both(task.ahead("GRU", "LSTM")), _of_both(searched_lead(study, task, "GRU", "LSTM"))
        told.append(f"{task.title}: {before} before, {after} after")
        other += before != after
        open_ += after == _of_both(None)
    verdict: Verdict = "not decided"
    if told:
        verdict = "contradicted" if not other else "mixed" if open_ else "supported"
    return Claim(
        "Whether LSTM or GRU is better on a problem, only a search for their settings tells.",
        verdict,
        f"On {other} of {count(len(told), 'searched task')} it says other than the learning rates alone did; on "
        f"{open_} it leaves the question open.",
        f"Which of GRU and LSTM is better, by the networks on this page and by a search of all their settings: "
        f"{'; '.join(told)}. {count(len(given.tasks) - len(told), 'task')} were not searched."
        if told
        else "",
    )


def _of_both(ahead: bool | None) -> str:
    return {True: "GRU", False: "LSTM", None: "neither"}[ahead]


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
        "It follows from hₜ = (1 − z) · n + z · hₜ₋₁, whatever the weights are: with z = 1, hₜ = hₜ₋₁.",
        f"How near these networks come is measured. Over the test set, z is above {OPEN} in {share(often)} of all "
        f"steps and units, and in {share(most)} of the steps in the unit where that is most frequent. With the gate "
        f"that keeps the state alone, the state falls to 1/e in this many steps (the median unit and the longest): "
        f"{told}. A small change of a unit's memory, followed through the whole network, takes this many: {lives}. "
        f"Test sequences have {gru.steps / gru.sequences:.0f} steps on average.",
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
