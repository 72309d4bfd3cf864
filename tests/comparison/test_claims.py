"""What people say, judged by numbers: each verdict turns when its numbers do, and quotes them."""

import re
from dataclasses import replace

import numpy as np
import pytest

from gruviz.comparison.claims import Evidence, claims
from gruviz.measures.costs import Cost, Times
from gruviz.models.results import results
from gruviz.records import GateStatistics, Lifetimes
from gruviz.signals import CELLS, STANDARD
from tests.models.test_results import with_means

TASK = results()["surnames"]
GATES, MEMORY, PARAMETERS, SPEED, TRAINING_MEMORY, FORGETS, DATA_SIZE, COPIES = range(8)


def cost(forward=1.0, training=3.0, kept=1024, state=10, spread=0.1):
    times = (Times(ms / 1e3, (ms - spread) / 1e3, (ms + spread) / 1e3) for ms in (forward, training))
    return Cost(100, state, kept, *times)


def stats(cell, level, steps=100):
    gates = [gate.key for gate in CELLS[cell].gates]
    mean = {key: np.array([level, level / 2]) for key in gates}
    above = {key: (values > 0.9) * 1.0 for key, values in mean.items()}
    geometric = {key: np.exp(-1 / np.array([20.0, 4.0])) for key in gates}
    return GateStatistics(cell, steps, 10, {key: np.zeros(2) for key in gates}, above, mean, geometric)


def evidence(task=TASK, tasks=None, level=0.95, costs=None, same=None):
    alike = {cell: cost(state=row.hidden * (1 + (cell == "LSTM"))) for cell, row in task.cells.items()}
    gates = {cell: stats(cell, level) for cell in STANDARD}
    memory = {
        "RNN": Lifetimes("RNN", np.array([0.5, 1.5]), 9, 30),
        "GRU": Lifetimes("GRU", np.array([np.inf, 2]), 9, 30),
    }
    return Evidence(task, tasks or {task.name: task}, gates, memory, alike | (costs or {}), alike | (same or {}))


def claim(place, *given, **more):
    return claims(evidence(*given, **more))[place]


def test_each_has_a_sentence_a_verdict_and_numbers():
    for task in results().values():
        for each in claims(evidence(task, results())):
            assert each.text.endswith(".")
            assert each.line.endswith(".")
            assert len(each.line) < 150  # a line or two of a card
            assert not each.details or each.details.endswith(".")
            assert each.evidence == f"{each.line} {each.details}".strip()
            assert each.verdict in {"supported", "contradicted", "mixed", "not decided"}
            assert each.basis in {"proved", "measured"}
            assert re.search(r"\d|gate", each.evidence)


def test_gates_and_what_is_shown_of_the_state():
    assert claim(GATES).verdict == "supported"
    assert "GRU: reset gate and update gate. LSTM: input gate, forget gate and output gate." in claim(GATES).evidence
    hidden = {cell: row.hidden for cell, row in TASK.cells.items()}
    found = claim(MEMORY)
    assert found.verdict == "supported"
    assert f"carries {2 * hidden['LSTM']} numbers" in found.evidence
    assert f"answers from all {hidden['GRU']} numbers" in found.evidence
    assert "has a mean of 0.71 over the test set" in found.evidence  # the mean of 0.95 and 0.475
    assert claim(MEMORY, costs={"LSTM": cost(state=hidden["LSTM"])}).verdict == "contradicted"


@pytest.mark.parametrize("task", list(results()))
def test_the_parameters_of_each_cell_are_worked_out(task):
    found = claim(PARAMETERS, results()[task])
    assert found.verdict == "supported"
    assert "75%" in found.evidence
    for row in results()[task].cells.values():
        assert f"= {row.cell_parameters:,}" in found.evidence


@pytest.mark.parametrize(
    ("gru", "verdict"),
    [
        ({"forward": 0.5, "training": 2}, "supported"),
        ({"forward": 2, "training": 6}, "contradicted"),
        ({"forward": 0.5, "training": 6}, "mixed"),
        ({"forward": 1.1, "training": 3.1}, "not decided"),  # within the spread
        ({"forward": 0.5, "training": 3.1}, "mixed"),
        ({"forward": 1.1, "training": 6}, "contradicted"),
    ],
)
def test_faster_is_said_only_beyond_the_spread(gru, verdict):
    found = claim(SPEED, costs={"GRU": cost(**gru)}, same={"GRU": cost(**gru)})
    assert found.verdict == verdict
    forward, training = gru["forward"], gru["training"] / 3
    told = f"{forward:.2f} times that of the LSTM for a forward pass and {training:.2f} times for a training step."
    assert f"on networks of the same size: the GRU's time is {told}" in found.line
    assert f"on cells with the same units: {told}" in found.details


def test_memory_to_train():
    assert claim(TRAINING_MEMORY, same={"GRU": cost(kept=1000)}).verdict == "supported"
    found = claim(TRAINING_MEMORY, same={"GRU": cost(kept=20480)})
    assert found.verdict == "contradicted"
    assert "GRU 20 KiB" in found.evidence


GOOD, BAD = 0.9, 0.5


def named(name, size=100, **means):
    return replace(with_means(TASK, **means), name=name, title=name, train_examples=size)


BEHIND = named("behind", RNN=BAD, LSTM=GOOD, GRU=GOOD)
LEVEL = named("level", RNN=GOOD, LSTM=GOOD, GRU=GOOD)


def varied(task, names=("2 steps", "9 steps")):
    """The task with two further tests, of short and of long sequences, on which cells differ as on the test."""
    cells = {}
    for cell, row in task.cells.items():
        ends = zip(names, (0.95, row.mean), strict=True)
        short, long = (replace(task.baselines[0], name=name, mean=mean) for name, mean in ends)
        cells[cell] = replace(row, also=(short, long))
    further = [replace(one, test=names[1]) for one in task.differences if one.other in cells]
    return replace(task, cells=cells, differences=(*task.differences, *further))


@pytest.mark.parametrize(
    ("tasks", "verdict", "judged"),
    [
        ([varied(BEHIND)], "supported", "1 of 1 task."),
        ([varied(LEVEL)], "contradicted", "0 of 1 task."),
        ([varied(BEHIND), varied(LEVEL)], "mixed", "1 of 2 tasks."),
        ([varied(BEHIND), LEVEL], "supported", "1 of 1 task."),  # a task that asks for no memory decides nothing
        ([LEVEL, BEHIND], "not decided", "0 of 0 tasks."),
        ([varied(BEHIND, ("5 films", "9 negations"))], "not decided", "0 of 0 tasks."),  # other texts, not longer ones
    ],
)
def test_forgetting_is_judged_where_the_length_is_varied(tasks, verdict, judged):
    found = claim(FORGETS, tasks={task.name: task for task in tasks})
    assert found.verdict == verdict
    assert f"worse than both others on {judged}" in found.line
    told = "behind, 2 steps and 9 steps, the networks shown here: RNN 95.0% and 50.0%, LSTM 95.0% and 90.0% and GRU"
    assert (told in found.evidence) == ("1 of" in judged)


def test_the_shipped_tasks_whose_length_is_varied():
    found = claim(FORGETS, tasks=results())
    assert found.verdict == "supported"
    assert "on 3 of 3 tasks" in found.evidence
    assert "Sunspots" not in found.evidence


SMALL_GRU = named("small", 100, LSTM=BAD, GRU=GOOD)
LARGE_LSTM = named("large", 900, LSTM=GOOD, GRU=BAD)
LARGE_GRU = named("large", 900, LSTM=BAD, GRU=GOOD)
SMALL_LSTM = named("small", 100, LSTM=GOOD, GRU=BAD)


@pytest.mark.parametrize(
    ("tasks", "verdict"),
    [
        ([SMALL_GRU, LARGE_LSTM], "supported"),
        ([SMALL_LSTM, LARGE_GRU], "contradicted"),
        ([LEVEL], "not decided"),
        ([LEVEL, LARGE_LSTM], "not decided"),
        ([LEVEL, LARGE_GRU], "not decided"),  # a larger task may be the LSTM's
    ],
)
def test_much_data_and_little(tasks, verdict):
    found = claim(DATA_SIZE, tasks={task.name: task for task in reversed(tasks)})
    assert found.verdict == verdict
    assert found.line.startswith(f"Of {len(tasks)} task")
    told = re.findall(r"(\w+) \((\d+)\): (LSTM|GRU|no difference)", found.details)
    assert [name for name, _, _ in told] == [task.name for task in tasks]  # the smallest first


@pytest.mark.parametrize("level", [0.95, 0.5, 0.0])
def test_that_it_can_copy_all_is_proved_whatever_the_gates_do(level):
    found = claim(COPIES, level=level)
    assert (found.verdict, found.basis) == ("supported", "proved")
    assert "with z = 1, hₜ = hₜ₋₁. How near these networks come is measured." in found.evidence


def test_how_near_the_gates_come_to_copying_is_measured():
    found = claim(COPIES, level=0.95)
    assert "in 50% of all steps and units" in found.evidence  # one unit of two, the other never
    assert "in 100% of the steps in the unit where that is most frequent" in found.evidence
    assert "LSTM 12.0 and 20.0 and GRU 12.0 and 20.0. A small change" in found.evidence
    assert "takes this many: RNN 1.0 and 1.5 and GRU more than 9 and more than 9." in found.evidence
    assert "have 10 steps on average" in found.evidence
