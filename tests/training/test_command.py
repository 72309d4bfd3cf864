"""The command line of training: what it trains, and what it refuses before any work."""

import sys

import pytest

from gruviz.models.tasks import TASKS
from gruviz.training import __main__ as command


@pytest.fixture
def work(monkeypatch):
    """What the command line asks for: (task, cell, seed), the cell None for all of them."""
    asked = []
    monkeypatch.setattr(command, "_one", lambda task, cell, seed: asked.append((task.name, cell, seed)))
    monkeypatch.setattr(command, "_all", lambda tasks, *_: asked.extend((task.name, None, None) for task in tasks))
    monkeypatch.setattr(command.torch, "set_num_threads", lambda _: None)
    return asked


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["train", *arguments])
    command.main()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["all"], [(task, None, None) for task in TASKS]),
        (["all", "gru"], [(task, "gru", None) for task in TASKS]),
        (["adding"], [("adding", None, None)]),
        (["adding", "lstm"], [("adding", "lstm", None)]),
        (["adding", "rnn", "--seed", "3"], [("adding", "rnn", 3)]),
    ],
)
def test_it_trains_what_it_is_asked_for(monkeypatch, work, arguments, expected):
    run(monkeypatch, *arguments)
    assert work == expected


@pytest.mark.parametrize("arguments", [["all"], ["all", "gru"], ["surnames", "lstm"], ["sentiment"]])
def test_a_missing_library_is_said_before_the_training(monkeypatch, work, capsys, arguments):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(SystemExit):
        run(monkeypatch, *arguments)
    assert "sklearn must be installed to score what is trained: run pip install -e .[train]" in capsys.readouterr().err
    assert not work


def test_what_every_task_needs_is_said_for_every_task(monkeypatch, work, capsys):
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(SystemExit):
        run(monkeypatch, "adding", "gru")
    assert "scipy must be installed" in capsys.readouterr().err
    assert not work


def test_a_task_that_does_not_need_it_is_trained_without_it(monkeypatch, work):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    run(monkeypatch, "adding", "gru")
    assert work == [("adding", "gru", None)]


@pytest.mark.parametrize(
    "arguments", [["all", "--seed", "1"], ["all", "gru", "--seed", "1"], ["adding", "--seed", "1"]]
)
def test_a_seed_is_for_one_network(monkeypatch, work, capsys, arguments):
    with pytest.raises(SystemExit):
        run(monkeypatch, *arguments)
    assert "--seed needs a task and a cell" in capsys.readouterr().err
    assert not work


@pytest.mark.parametrize("arguments", [["adding", "gru", "--reuse-trials"], ["all", "gru", "--reuse-trials"]])
def test_trials_are_reused_for_all_cells(monkeypatch, work, capsys, arguments):
    with pytest.raises(SystemExit):
        run(monkeypatch, *arguments)
    assert "leave the cell out" in capsys.readouterr().err
    assert not work
