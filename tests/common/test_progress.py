"""Every long computation gives its caller the chance to end it, often enough, and ends there."""

import threading
import time
from functools import partial

import pytest
from threadpoolctl import threadpool_limits

from gruviz import experiment
from gruviz.cells.draws import build_module
from gruviz.common.progress import between, reporting
from gruviz.comparison import compare
from gruviz.experiment import MAX_STEPS, MAX_UNITS, MAX_WORK
from gruviz.experiment import ExperimentSettings as Settings
from gruviz.gradients import gradient_flow, input_relevance
from gruviz.measures import costs
from gruviz.measures.gate_statistics import gate_statistics
from gruviz.models import by_task, load_model, measures
from gruviz.models.tasks import TASKS
from gruviz.models.test_set import held_out
from gruviz.signals import CELLS

LARGEST = Settings(MAX_STEPS, MAX_UNITS, MAX_WORK // (MAX_STEPS * MAX_UNITS))
MANY_SEEDS = Settings(MAX_WORK // (MAX_UNITS * 50), MAX_UNITS, 50, recurrent=("spectral_radius", 1.0))
ONE = Settings(MAX_STEPS, MAX_UNITS, 1)
PATIENCE = 0.5  # seconds of this thread's own work between two chances: other work on the machine does not count


@pytest.fixture(autouse=True, scope="module")
def _as_the_server_runs():
    """With one thread, or NumPy's own wait for one another, and their waiting counts as work."""
    with threadpool_limits(1, user_api="blas"):
        yield


class Ended(Exception):
    """As Streamlit's exceptions, which end a run."""


class Chances:
    """Ends the work after so many calls; keeps how much work was done between two."""

    def __init__(self, calls):
        self.left, self.shares, self.gaps, self.last = calls, [], [], time.thread_time()

    def __call__(self, share):
        now = time.thread_time()
        self.gaps.append(now - self.last)
        self.last = now
        self.shares.append(share)
        self.left -= 1
        if not self.left:
            raise Ended


def own(function, cell):
    made = experiment.drawn(ONE, cell, seeds=1)
    return partial(function, build_module(cell, made.weights[0]), made.inputs[0])


def gates(cell):
    model = load_model(by_task()["surnames"][cell])
    return partial(gate_statistics, model.module, *held_out(model))


WORK = {
    **{f"flows {cell}": partial(experiment.flows, LARGEST.reduced_to(cell), cell) for cell in CELLS},
    **{f"flows of many seeds {cell}": partial(experiment.flows, MANY_SEEDS.reduced_to(cell), cell) for cell in CELLS},
    **{f"Jacobians {cell}": partial(experiment.jacobians, ONE.reduced_to(cell), cell) for cell in CELLS},
    **{f"relevance {cell}": partial(experiment.relevance, ONE.reduced_to(cell), cell) for cell in CELLS},
    "costs": partial(measures.costs, "surnames"),
}
OWN = {"own flow": gradient_flow, "own relevance": input_relevance}


def assert_can_be_ended(work, calls=25):
    chances = Chances(calls)
    with pytest.raises(Ended):
        work(on_progress=chances)
    assert len(chances.shares) == calls  # it did not go on
    assert chances.shares == sorted(chances.shares)
    assert 0 <= chances.shares[0] <= chances.shares[-1] <= 1
    assert max(chances.gaps) < PATIENCE


@pytest.mark.parametrize("name", WORK)
def test_the_largest_work_can_be_ended(name):
    assert_can_be_ended(WORK[name])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("name", OWN)
def test_what_a_model_s_own_weights_take_can_be_ended(name, cell):
    assert_can_be_ended(own(OWN[name], cell))


@pytest.mark.parametrize("task", TASKS)
def test_putting_a_test_set_together_can_be_ended(task):
    assert_can_be_ended(TASKS[task].split, calls=3)
    chances = Chances(1_000_000)
    TASKS[task].split(chances)
    assert max(chances.gaps) < PATIENCE
    assert chances.shares == sorted(chances.shares)
    assert chances.shares[-1] == pytest.approx(1)


@pytest.mark.parametrize("cell", ["LSTM", "GRU"])
def test_gate_statistics_can_be_ended(cell):
    assert_can_be_ended(gates(cell), calls=3)


def test_a_comparison_can_be_ended():
    assert_can_be_ended(partial(compare, "openings", "e4 c5 Nf3"), calls=2)


@pytest.mark.parametrize(
    ("work", "least"),
    [
        (partial(experiment.jacobians, Settings(100, 3, 1), "GRU"), 100),  # once a step
        (partial(experiment.flows, Settings(320, 3, 5), "GRU"), 25),  # once a seed, and every 32 steps there and back
        (partial(experiment.relevance, Settings(320, 3, 1), "GRU"), 30),
    ],
)
def test_the_chances_grow_with_the_work_and_end_at_1(work, least):
    chances = Chances(10_000)
    work(on_progress=chances)
    assert len(chances.shares) >= least
    assert chances.shares[-1] == 1
    assert chances.shares == sorted(chances.shares)


def test_a_measurement_that_waits_for_another_can_be_ended():
    chances = Chances(2)
    with costs._alone:
        threads = threading.active_count()
        with pytest.raises(Ended):
            costs.measure({"GRU": load_model("surnames-gru").module}, 5, 2, 1, on_progress=chances)
        assert threading.active_count() == threads
    measured = costs.measure({"GRU": load_model("surnames-gru").module}, 5, 2, 1)
    assert measured["GRU"].forward.median > 0  # the lock is free again


def test_a_part_tells_its_share_of_the_whole():
    shares = []
    assert list(reporting("ab", between(shares.append, 0.2, 0.6))) == ["a", "b"]
    assert shares == pytest.approx([0.2, 0.4, 0.6])
    assert between(None, 0.2, 0.6) is None


@pytest.mark.parametrize("cell", CELLS)
def test_effort_says_which_work_is_long(cell):
    """The Jacobians of one seed are most of the work, though its flow is soon done."""
    small = Settings(761, 128, 1).reduced_to(cell)
    assert experiment.effort("jacobians", small, cell) > 5 * experiment.effort("flow", small, cell)
    assert experiment.effort("flow", LARGEST, cell) > 3 * experiment.effort("relevance", LARGEST, cell)
