"""Runs begin one after the other, but nobody waits long for anybody."""

import threading

import pytest

from gruviz.ui import turns
from gruviz.ui.turns import end_turn, turn

LONG = 30.0  # s: no run of these tests takes so long


class Run(threading.Thread):
    """A run that goes on until it is told to end; `begun` once it has had its turn."""

    def __init__(self, work=lambda: None):
        super().__init__(daemon=True)
        self.begun, self.ending, self.ended, self.work = threading.Event(), threading.Event(), threading.Event(), work
        self.start()

    def run(self):
        with turn():
            self.begun.set()
            self.work()
            assert self.ending.wait(LONG)
        self.ended.set()

    def end(self):
        self.ending.set()
        assert self.ended.wait(LONG)


@pytest.fixture
def patient(monkeypatch):
    monkeypatch.setattr(turns, "_PATIENCE", LONG)


@pytest.mark.usefixtures("patient")
def test_the_next_run_begins_when_the_one_before_has_ended():
    first = Run()
    assert first.begun.wait(LONG)
    second = Run()
    assert not second.begun.wait(0.1)
    first.end()
    assert second.begun.wait(LONG)
    second.end()


@pytest.mark.usefixtures("patient")
def test_long_work_lets_the_next_run_begin_and_ends_only_its_own_turn():
    first = Run(end_turn)
    second = Run()
    assert second.begun.wait(LONG)
    first.end()
    third = Run()
    assert not third.begun.wait(0.1)
    second.end()
    assert third.begun.wait(LONG)
    third.end()


@pytest.mark.usefixtures("patient")
def test_a_run_that_fails_ends_its_turn():
    with pytest.raises(ZeroDivisionError), turn():
        raise ZeroDivisionError
    second = Run()
    assert second.begun.wait(LONG)
    second.end()


def test_nobody_waits_longer_than_a_moment(monkeypatch):
    monkeypatch.setattr(turns, "_PATIENCE", 0.05)
    first = Run()
    assert first.begun.wait(LONG)
    second = Run()
    assert second.begun.wait(LONG)
    second.end()
    third = Run()
    assert third.begun.wait(LONG)
    third.end()
    first.end()
