"""The training loop on every task."""

import random
import statistics
from dataclasses import replace

import pytest
import torch

from gruviz.models.tasks import TASKS, TrainingSettings, matched_size
from gruviz.training.card import summary
from gruviz.training.loop import shuffled, train
from gruviz.training.network import CELLS, Network
from tests.models.test_tasks import split_of

NAMES = sorted(TASKS)

# How many training examples, what to change in the task's settings, and a score on validation that chance misses.
TINY = {
    "surnames": (700, {"hidden": 12, "epochs": 5, "batch": 16, "rate": 2e-2, "averaging": 0.9}, 0.3),  # chance 0.15
    "openings": (400, {"hidden": 16, "features": 16, "epochs": 4, "batch": 16, "rate": 2e-2, "averaging": 0.9}, 0.1),
    "sunspots": (
        120,
        {"hidden": 8, "epochs": 4, "batch": 8, "rate": 2e-2, "averaging": 0.9},
        25.0,
    ),  # the mean: about 45
    "first-symbol": (
        256,
        {"hidden": 12, "epochs": 12, "batch": 16, "rate": 2e-2, "averaging": 0.9},
        0.6,
    ),  # chance 0.25
    "adding": (700, {"hidden": 12, "epochs": 6, "batch": 16, "rate": 2e-2, "averaging": 0.9}, 0.25),  # always 1: 0.33
    "brackets": (2000, {"hidden": 12, "epochs": 3, "batch": 16, "rate": 2e-2, "averaging": 0.9}, 0.4),  # broken: 0.06
    "sentiment": (
        900,
        {"features": 16, "hidden": 8, "epochs": 6, "batch": 16, "rate": 2e-2, "averaging": 0.9},
        0.6,
    ),  # chance 0.5
}


# Memory tasks are tried on sequences of at most 20 steps, and on the shortest of their further tests.
SHORT = {"first-symbol": "10 steps of noise", "adding": "10 steps"}


def tiny(name):
    """A GRU trained in a second or two, and its mean score on examples it has not seen."""
    (n, settings, _), task, split = TINY[name], TASKS[name], split_of(name)
    training, unseen = split.train, split.validation
    if name in SHORT:
        training = [e for e in training if len(e.tokens or e.numbers) <= 20]
        unseen = split.also[SHORT[name]]
    training, unseen = training[:: max(1, len(training) // n)], unseen[:200]
    trained = train(task, "gru", training, unseen, replace(task.settings, **settings))
    return statistics.fmean(trained.scores(task, unseen))


@pytest.mark.parametrize("name", NAMES)
def test_a_tiny_run_beats_chance_and_leaves_the_random_state(name):
    before, bound = torch.get_rng_state(), TINY[name][2]
    score = tiny(name)
    assert torch.equal(torch.get_rng_state(), before)
    assert score < bound if TASKS[name].lower_is_better else score > bound


def little(cell, **settings):
    task, split = TASKS["sentiment"], split_of("sentiment")
    tried = replace(task.settings, features=16, hidden=8, **{"epochs": 1, **settings})
    return train(task, cell, split.train[::30], split.validation[::10], tried)


@pytest.mark.parametrize("cell", sorted(CELLS))
def test_the_loop_treats_every_cell_alike(cell):
    trained = little(cell)
    assert isinstance(trained.network.rnn, CELLS[cell])
    assert not trained.network.training
    assert trained.network(torch.zeros(5, 2, dtype=torch.long)).shape == (5, 2, 1)


def test_the_same_run_gives_the_same_weights_whatever_the_random_state():
    first = little("gru", epochs=2).network.state_dict()
    torch.rand(3)  # what happened in between must not matter
    second = little("gru", epochs=2).network.state_dict()
    assert all(torch.equal(first[key], second[key]) for key in first)
    assert not torch.equal(first["head.weight"], little("gru", epochs=2, seed=7).network.state_dict()["head.weight"])


@pytest.mark.parametrize(("right", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (50, 100, 0.4038, 0.5962)])
def test_wilson_intervals_match_published_ones(right, n, low, high):
    assert summary([1.0] * right + [0.0] * (n - right))["interval"] == pytest.approx([low, high], abs=2e-4)


@pytest.mark.parametrize(("cell", "rows"), [("rnn", ()), ("lstm", range(5, 10)), ("gru", range(5, 10))])
def test_the_gate_that_keeps_starts_more_open(cell, rows):
    """Rows of torch's stacked biases: i, f, g, o of an LSTM, r, z, n of a GRU; an RNN has no gate."""
    biases = []
    for keep in (0.0, 2.5):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            settings = TrainingSettings(features=3, hidden=5, keep=keep)
            network = Network.drawn(torch.eye(3), cell, 1, settings, learn_vectors=False)
        biases.append(network.rnn.bias_ih_l0.detach())
    wanted = torch.zeros(len(biases[0]))
    wanted[list(rows)] = 2.5
    torch.testing.assert_close(biases[1] - biases[0], wanted)


class StoppedError(Exception):
    """In the place of Ctrl+C."""


@pytest.mark.parametrize("name", ["surnames", "sunspots"])
@pytest.mark.parametrize("cell", sorted(CELLS))
def test_an_interrupted_run_ends_with_the_same_weights(name, cell, tmp_path):
    task, split = TASKS[name], split_of(name)
    settings = replace(task.settings, hidden=6, epochs=4, batch=16)
    arguments = (task, cell, split.train[::40], split.validation[::20], settings)
    straight = train(*arguments)
    lines, checkpoint = [], tmp_path / "run.pt"

    def stop(epoch):
        lines.append(epoch)
        if epoch.number == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        train(*arguments, report=stop, checkpoint=checkpoint)
    assert len(lines) == 3
    again = []
    resumed = train(*arguments, report=again.append, checkpoint=checkpoint)
    assert len(again) == 2  # the third epoch was not saved when the run stopped in its report
    assert resumed.epochs == straight.epochs
    assert resumed.loss == straight.loss
    for key, tensor in straight.network.state_dict().items():
        assert torch.equal(tensor, resumed.network.state_dict()[key]), key
    finished = []
    train(*arguments, report=finished.append, checkpoint=checkpoint)
    assert finished == []  # nothing left to do
    other = (*arguments[:4], replace(settings, epochs=1))
    train(*other, report=finished.append, checkpoint=checkpoint)
    assert len(finished) == 1  # another setting starts afresh
    others = (*arguments[:2], split.train[1::40][: len(arguments[2])], *arguments[3:])
    assert len(others[2]) == len(arguments[2])
    train(*others, report=finished.append, checkpoint=checkpoint)
    assert len(finished) > 1  # and so do other examples, as many


def test_early_stopping_keeps_the_best_epoch():
    """With a rate so high that it only gets worse, it stops after `patience` epochs and keeps the first."""
    task, split = TASKS["surnames"], split_of("surnames")
    lines = []
    settings = replace(task.settings, hidden=4, epochs=9, patience=2, rate=3.0, averaging=0.0, batch=16, warm_up=1)
    trained = train(task, "rnn", split.train[::20], split.validation[::5], settings, report=lines.append)
    assert len(lines) == min(9, trained.epochs + 2)
    assert trained.loss == min(epoch.loss for epoch in lines)


def test_the_units_of_a_gru_are_those_that_are_set():
    assert matched_size(TrainingSettings(), "gru", 1) == TrainingSettings()


def test_batches_of_sequences_about_as_long_hold_each_example_once():
    settings, rng = TrainingSettings(batch=4, sorted_batches=3), random.Random(0)
    lengths = [rng.randint(1, 40) for _ in range(30)]
    batches = list(shuffled(30, lambda i, _: ([i] * lengths[i], 0.0), settings, rng))
    assert sorted(row[0][0] for batch in batches for row in batch) == list(range(30))
    assert [len(batch) for batch in batches].count(4) == 7  # and one of the two left over
    spread = [max(map(len, sizes)) - min(map(len, sizes)) for batch in batches if (sizes := [row[0] for row in batch])]
    assert sum(spread) / len(spread) < 20
    assert [[row[0][0] for row in batch] for batch in batches] != sorted([row[0][0] for row in b] for b in batches)
