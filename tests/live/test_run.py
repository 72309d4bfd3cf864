"""The thread behind the page: started, paused, resumed, left alone, limited, and one of many."""

import gc
import threading
import time

import numpy as np
import pytest
import torch

from gruviz.live import race as race_module
from gruviz.live import run as run_module
from gruviz.live.line import Line
from gruviz.live.made_up import first_symbol
from gruviz.live.race import Race
from gruviz.live.run import Run
from gruviz.live.settings import LiveSettings

SETTINGS = LiveSettings(lag=5, units=4, batch=4)


def until(condition, seconds=60):
    """Waits for a condition; how long that may take is not what is tested."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


@pytest.fixture
def line():
    return Line(2)


@pytest.fixture
def make(line):
    runs = []

    def run(settings=SETTINGS, in_line=None):
        runs.append(Run(settings, first_symbol(settings), in_line or line))
        return runs[-1]

    yield run
    for one in runs:
        one.pause()
    assert len(line) == 0


def weights(networks):
    return {f"{cell} {key}": value for cell, net in networks.items() for key, value in net.state_dict().items()}


def test_it_is_ready_then_trains_then_is_paused(make, line):
    run = make()
    assert run.look().state == "ready"
    run.start()
    until(lambda: run.look().updates >= 3)
    assert run.look().state == "training"
    assert len(line) == 1
    run.pause()
    look = run.look()
    assert (look.state, look.why) == ("paused", "")
    assert not run.alive
    assert len(line) == 0
    assert all(rows.shape == (look.updates, 2) and np.isfinite(rows).all() for rows in look.history.values())
    assert run.look().updates == look.updates


def test_pausing_and_stepping_give_the_weights_of_running_through(make, monkeypatch):
    monkeypatch.setattr(race_module, "MAX_UPDATES", 40)
    monkeypatch.setattr(run_module, "MAX_UPDATES", 40)
    run = make()
    run.step()
    run.start()
    until(lambda: run.look().updates >= 5)
    run.pause()
    run.step()
    run.start()
    until(lambda: run.look().updates >= 15)
    run.pause()
    run.start()
    until(lambda: run.look().state == "finished")
    assert run.look().why == "updates"
    straight = Race(SETTINGS, first_symbol(SETTINGS))
    while not straight.over:
        straight.update()
    assert straight.updates == run.look().updates == 40
    wanted = weights(straight.networks())
    for key, value in weights(run.networks()).items():
        assert torch.equal(value, wanted[key]), key
    run.start()
    run.step()
    assert run.look().updates == 40


def test_starting_twice_is_starting_once(make, line):
    run = make()
    run.start()
    until(lambda: run.look().updates >= 1)
    thread = run._thread
    run.start()
    assert run._thread is thread
    assert len(line) == 1


def test_a_run_that_nobody_watches_ends_within_five_seconds_and_can_go_on(make):
    run = make()
    run.start()
    until(lambda: run.look().updates >= 1)
    left = time.monotonic()
    until(lambda: not run.alive)
    assert time.monotonic() - left < 5
    look = run.look()
    assert (look.state, look.why) == ("paused", "unwatched")
    run.start()
    until(lambda: run.look().updates > look.updates)


def test_a_run_that_waits_unwatched_leaves_the_line(make, monkeypatch):
    monkeypatch.setattr(run_module, "PATIENCE", 0.3)
    line = Line(1)
    line.join("another")
    run = make(in_line=line)
    run.start()
    until(lambda: not run.alive)
    assert len(line) == 1
    assert run.look().state == "ready"


def test_a_run_has_a_limit_of_time(make, monkeypatch):
    monkeypatch.setattr(run_module, "MAX_SECONDS", 0.2)
    run = make()
    run.start()
    until(lambda: run.look().state == "finished")
    look = run.look()
    assert look.why == "time"
    assert look.seconds >= 0.2


def test_so_many_train_at_once_and_the_others_are_told_their_place(make, line):
    runs = [make() for _ in range(5)]
    for run in runs:
        run.start()
    until(lambda: all(run.look().updates for run in runs[:2]))
    looks = [run.look() for run in runs]
    assert [look.state for look in looks] == ["training"] * 2 + ["waiting"] * 3
    assert [look.ahead for look in looks] == [0, 0, 1, 2, 3]
    runs[0].pause()
    until(lambda: [run.look() for run in runs] and runs[2].look().state == "training")
    assert [run.look().ahead for run in runs[3:]] == [1, 2]
    runs[3].pause()  # leaves the line without having trained
    assert runs[3].look().state == "ready"
    assert runs[4].look().ahead == 1


def test_looks_come_with_new_snapshots_while_it_trains(make, monkeypatch):
    monkeypatch.setattr(run_module, "SNAPSHOTS", 0.0)
    monkeypatch.setattr(run_module, "SCORINGS", 0.0)
    run = make()
    first = run.look()
    assert first.now is first.first
    assert len(first.now["GRU"].log10_norm) == SETTINGS.lag + 1
    run.start()
    until(lambda: run.look().now is not first.now and run.look().held_out is not first.held_out)
    assert run.look().first is first.first


def test_two_hundred_runs_leave_nothing_behind(make, line):
    """No thread, no place in the line, and no run or network that lives on."""
    import weakref

    before, alive = threading.active_count(), []
    for seed in range(200):
        settings = LiveSettings(lag=5, units=2, batch=1, seed=seed)
        run = Run(settings, first_symbol(settings), line)
        alive += [weakref.ref(run), weakref.ref(run._race)]
        run.start()
        run.pause()
    del run
    gc.collect()
    assert [reference for reference in alive if reference() is not None] == []
    assert threading.active_count() == before
    assert len(line) == 0
