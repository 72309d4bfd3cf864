"""What people say, judged by numbers: each verdict turns when its numbers do, and quotes them."""

import re
from dataclasses import replace

import numpy as np
import pytest

from gruviz.claims import Evidence, claims, who_leads
from gruviz.costs import Cost, Times
from gruviz.models.results import results
from gruviz.records import GateStatistics
from gruviz.signals import CELLS, STANDARD
from tests.models.test_results import with_tests

TASK = results()["surnames"]
GATES, MEMORY, PARAMETERS, SPEED, TRAINING_MEMORY, FORGETS, DATA_SIZE, COPIES = range(8)


def cost(forward=1.0, training=3.0, kept=1024, state=10, spread=0.1):
    times = (Times(ms / 1e3, (ms - spread) / 1e3, (ms + spread) / 1e3) for ms in (forward, training))
    return Cost(100, state, kept, *times)


def stats(cell, level, steps=100):
    gates = [gate.key for gate in CELLS[cell].gates]
    mean = {key: np.array([level, level / 2]) for key in gates}
    above = {key: (values > 0.9) * 1.0 for key, values in mean.items()}
    return GateStatistics(cell, steps, 10, {key: np.zeros(2) for key in gates}, above, mean)


def evidence(task=TASK, tasks=None, level=0.95, costs=None, same=None):
    alike = {cell: cost(state=row.hidden * (1 + (cell == "LSTM"))) for cell, row in task.cells.items()}
    gates = {cell: stats(cell, level) for cell in STANDARD}
    return Evidence(task, tasks or {task.name: task}, gates, alike | (costs or {}), alike | (same or {}))


def claim(place, *given, **more):
    return claims(evidence(*given, **more))[place]


def test_each_has_a_sentence_a_verdict_and_numbers():
    for task in results().values():
        for each in claims(evidence(task, results())):
            assert each.text.endswith(".")
            assert each.evidence.endswith(".")
            assert each.verdict in {"supported", "contradicted", "mixed", "not decided"}
            assert re.search(r"\d|gate", each.evidence)


def test_gates_and_what_is_shown_of_the_state():
    assert claim(GATES).verdict == "supported"
    assert "GRU: reset gate, update gate; LSTM: input gate, forget gate, output gate." in claim(GATES).evidence
    hidden = {cell: row.hidden for cell, row in TASK.cells.items()}
    found = claim(MEMORY)
    assert found.verdict == "supported"
    assert f"carries {2 * hidden['LSTM']} numbers" in found.evidence
    assert f"answers from all {hidden['GRU']}." in found.evidence
    assert "stands at 0.71 on average" in found.evidence  # the mean of 0.95 and 0.475
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
    assert f"forward, cells of one size: {gru['forward']:.2f} times" in found.evidence
    assert f"a training step, cells of the same units: {gru['training'] / 3:.2f} times" in found.evidence


def test_memory_to_train():
    assert claim(TRAINING_MEMORY, same={"GRU": cost(kept=1000)}).verdict == "supported"
    found = claim(TRAINING_MEMORY, same={"GRU": cost(kept=20480)})
    assert found.verdict == "contradicted"
    assert "GRU 20 KiB" in found.evidence


GOOD, MIDDLE, BAD = ((level, level + 0.01, level - 0.01, level, level) for level in (0.9, 0.7, 0.5))


def named(name, size=100, **tests):
    return replace(with_tests(TASK, **tests), name=name, title=name, train_examples=size)


BEHIND = named("behind", RNN=BAD, LSTM=GOOD, GRU=GOOD)
LEVEL = named("level", RNN=GOOD, LSTM=GOOD, GRU=GOOD)


@pytest.mark.parametrize(
    ("tasks", "verdict"), [([BEHIND], "supported"), ([LEVEL], "contradicted"), ([BEHIND, LEVEL], "mixed")]
)
def test_forgetting_is_trailing_both_others(tasks, verdict):
    found = claim(FORGETS, tasks={task.name: task for task in tasks})
    assert found.verdict == verdict
    assert f"trails both others on {tasks.count(BEHIND)} of {len(tasks)} tasks" in found.evidence
    assert ("behind (RNN 50.0%, LSTM 90.0%, GRU 90.0%)" in found.evidence) == (BEHIND in tasks)


def test_forgetting_is_told_from_short_to_long():
    short, long = (
        replace(TASK.baselines[0], name=name, mean=mean) for name, mean in (("2 steps", 0.9), ("9 steps", 0.4))
    )
    cells = {cell: replace(row, also=(short, short, long)) for cell, row in TASK.cells.items()}
    found = claim(FORGETS, tasks={"it": replace(BEHIND, cells=cells), "level": LEVEL})
    assert "long sequences: behind, 2 steps to 9 steps: RNN 90.0% to 40.0%, LSTM 90.0% to 40.0%, GRU" in found.evidence
    assert "long sequences: none. What falls" in claim(FORGETS).evidence
    for task in results().values():
        also = task.cells["RNN"].also
        assert (task.title + ", " + also[0].name in claim(FORGETS, tasks=results()).evidence) if also else True


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
    told = re.findall(r"(\w+) \((\d+)\): (LSTM|GRU|no difference)", found.evidence)
    assert [name for name, _, _ in told] == [task.name for task in tasks]  # the smallest first


def test_copying_is_an_update_gate_near_one():
    found = claim(COPIES, level=0.95)
    assert found.verdict == "supported"
    assert "in 50% of all steps and units" in found.evidence  # one unit of two, the other never
    assert "in 100% of the steps in the unit that does so most" in found.evidence
    assert "GRU: 20 in the longest unit, 11.0 in the median one" in found.evidence  # of 1 / 0.05 and 1 / 0.525
    assert "RNN" not in found.evidence
    assert "have 10 steps on average" in found.evidence
    assert claim(COPIES, level=0.5).verdict == "not decided"


def test_who_leads_says_every_pair_and_every_plain_method():
    first, second = (replace(TASK.baselines[0], name=name, mean=mean) for name, mean in (("one", 0.6), ("two", 0.8)))
    task = replace(named("it", RNN=BAD, LSTM=MIDDLE, GRU=GOOD), baselines=(first, second))
    said = who_leads(task)
    assert "GRU ahead of LSTM; GRU ahead of RNN; LSTM ahead of RNN." in said
    assert "than “one”: LSTM and GRU; than “two”: GRU." in said
    upside_down = who_leads(replace(task, lower_is_better=True))
    assert "GRU behind LSTM; GRU behind RNN; LSTM behind RNN." in upside_down
    assert "than “one”: RNN; than “two”: RNN and LSTM." in upside_down
    level = who_leads(replace(LEVEL, baselines=(replace(first, mean=0.9),)))
    assert "GRU not to be told from LSTM" in level
    assert level.endswith("than “one”: none.")
