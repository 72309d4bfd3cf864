"""Results are kept within a number of bytes, computed once, and whoever waits for one can go."""

import threading
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from gruviz.common.cache import kept, size_of

SOON = 20  # seconds: far more than anything here takes
BLOCK = 2**18  # float64 numbers: two megabytes


@dataclass(frozen=True, eq=False)
class Holder:
    array: np.ndarray
    other: object = None


def counted(megabytes, make=lambda key: np.zeros(BLOCK)):
    calls = []

    @kept(megabytes)
    def compute(key, on_progress=None):
        calls.append(key)
        return make(key)

    return compute, calls


# What a result takes


@pytest.mark.parametrize(
    "value",
    [np.zeros(BLOCK), Holder(np.zeros(BLOCK)), {"a": [np.zeros(BLOCK)]}, np.zeros((BLOCK, 2)).T[:1],
     torch.zeros(BLOCK, dtype=torch.float64), "a" * (8 * BLOCK), (np.zeros(BLOCK // 2), np.ones(BLOCK // 2))],
)  # fmt: skip
def test_bytes_are_found_wherever_they_are_held(value):
    base = 2 if isinstance(value, np.ndarray) and value.base is not None else 1  # a view holds all that it looks into
    assert size_of(value) == pytest.approx(base * 8 * BLOCK, rel=0.01)


def test_what_is_held_twice_is_counted_once():
    array = np.zeros(BLOCK)
    assert size_of([array, array, Holder(array, [array[3:]])]) == pytest.approx(8 * BLOCK, rel=0.01)


def test_what_is_shared_is_not_counted():
    holder = Holder(np.zeros(BLOCK))
    assert size_of([holder, np.zeros(10)], (Holder,)) < 1000
    assert size_of([np, Holder, size_of, size_of.__call__]) < 1000


# What is kept


def test_a_result_is_computed_once():
    compute, calls = counted(100)
    first = compute("a")
    assert compute("a") is first
    assert compute("b") is not first
    assert calls == ["a", "b"]
    assert len(compute) == 2
    assert compute.size == pytest.approx(2 * 8 * BLOCK, rel=0.01)


def test_the_bytes_bound_it_and_the_oldest_use_goes_first():
    compute, calls = counted(5)
    for key in "abac":  # two fit
        compute(key)
    assert compute.size <= 5 * 2**20
    compute("a")
    assert calls == ["a", "b", "c"]
    compute("b")
    assert calls == ["a", "b", "c", "b"]


def test_what_is_larger_than_all_is_not_kept_and_drives_nothing_out():
    compute, calls = counted(5, lambda key: np.zeros(BLOCK * (4 if key == "huge" else 1)))
    for key in ("a", "huge", "huge", "a"):
        compute(key)
    assert calls == ["a", "huge", "huge"]


def test_forgetting():
    compute, calls = counted(100)
    compute("a")
    compute("b")
    compute.forget("a")
    compute.forget("never asked for")
    compute("a")
    compute("b")
    assert calls == ["a", "b", "a"]
    compute.cache_clear()
    assert (len(compute), compute.size) == (0, 0)


def test_progress_tells_no_results_apart():
    compute, calls = counted(100)
    compute("a", on_progress=lambda _: None)
    compute("a")
    assert calls == ["a"]


def test_an_error_is_raised_again_and_not_kept():
    compute, calls = counted(100, lambda key: 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            compute("a")
    assert (calls, len(compute), compute.running) == (["a", "a"], 0, 0)


# Several threads


class Gate:
    """A computation that waits until it is let go, or ended by its progress."""

    def __init__(self):
        self.entered, self.leave = threading.Semaphore(0), threading.Event()
        self.calls = 0

        @kept(100)
        def compute(key, on_progress=None):
            self.calls += 1
            self.entered.release()
            while not self.leave.wait(0.01):
                on_progress(0.5)
            return f"result {key}"

        self.compute = compute


class Ended(Exception):
    pass


class Asking(threading.Thread):
    """Asks for a result; `end` ends it as Streamlit ends a run."""

    def __init__(self, gate, key="a"):
        super().__init__(daemon=True)
        self.gate, self.key, self.ended, self.result, self.shares = gate, key, threading.Event(), None, []
        self.heard = threading.Event()
        self.start()

    def run(self):
        try:
            self.result = self.gate.compute(self.key, on_progress=self.tell)
        except Ended:
            self.result = Ended

    def tell(self, share):
        self.shares.append(share)
        if share == 0.5:
            self.heard.set()
        if self.ended.is_set():
            raise Ended

    def done(self):
        self.join(SOON)
        assert not self.is_alive()
        return self.result


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.leave.set()


def test_a_class_that_opens_one_link_computes_once(gate):
    asking = [Asking(gate) for _ in range(20)]
    assert gate.entered.acquire(timeout=SOON)
    assert all(each.heard.wait(SOON) for each in asking)  # who waits is told how far it is, too
    gate.leave.set()
    assert {each.done() for each in asking} == {"result a"}
    assert gate.calls == 1


def test_who_waits_can_go_and_the_computation_goes_on(gate):
    first = Asking(gate)
    assert gate.entered.acquire(timeout=SOON)
    second = Asking(gate)
    second.ended.set()
    assert second.done() is Ended
    assert gate.compute.running == 1
    gate.leave.set()
    assert first.done() == "result a"


def test_when_the_first_goes_another_computes(gate):
    first = Asking(gate)
    assert gate.entered.acquire(timeout=SOON)
    second = Asking(gate)
    assert second.heard.wait(SOON)
    first.ended.set()
    assert first.done() is Ended
    assert gate.entered.acquire(timeout=SOON)
    gate.leave.set()
    assert second.done() == "result a"
    assert gate.calls == 2
    assert gate.compute.running == 0


def test_two_results_at_a_time(gate):
    both = [Asking(gate, key) for key in "ab"]
    assert gate.entered.acquire(timeout=SOON)
    assert gate.entered.acquire(timeout=SOON)
    assert gate.compute.running == 2
    gate.leave.set()
    assert [each.done() for each in both] == ["result a", "result b"]
