"""The search on a tiny task: alone, resumed, interrupted, two at once on one file, and what it may look at."""

import math
import sys

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState

from gruviz.errors import GruvizError
from gruviz.models.tasks import TASKS, Split
from gruviz.training.search import __main__ as command
from gruviz.training.search import studies as under_test
from gruviz.training.search.studies import close_storage, open_storage, open_study, original, surplus
from gruviz.training.search.worker import Worker
from tests.training.search.tiny import Tiny
from tests.training.search.workers import CELLS, kill_one_of_two

optuna.logging.set_verbosity(optuna.logging.ERROR)


@pytest.fixture
def worker(tmp_path):
    """A worker with a file of its own, or with that of an earlier one."""
    storages = []

    def made(file="study", trials=3, tell=lambda _: None, cells=("rnn", "gru")):
        storage = open_storage(f"sqlite:///{tmp_path}/{file}.db", "sunspots")
        storages.append(storage)
        studies = {cell: open_study(storage, Tiny(), cell, 0) for cell in cells}
        return Worker(Tiny(), Tiny().split(), studies, trials, tell)

    yield made
    for storage in storages:
        close_storage(storage)


def rows(worker, cell="gru"):
    """What a study's ended trials drew and reached."""
    done = worker.studies[cell].get_trials(states=under_test.DONE)
    return [(trial.number, trial.params, trial.value, trial.user_attrs["score"], trial.state) for trial in done]


def test_every_cell_has_its_trials_and_a_resumed_search_draws_the_same(worker, monkeypatch):
    monkeypatch.setattr(under_test, "STARTUP", 4)  # trials that are drawn without looking at the others
    whole = worker("whole", trials=7)
    assert whole.run()
    assert {cell: len(rows(whole, cell)) for cell in whole.studies} == {"rnn": 7, "gru": 7}
    parts = worker("parts", trials=5)
    assert parts.run()
    again = worker("parts", trials=7)  # other objects, the same file
    assert again.run()
    assert rows(again) == rows(whole)
    for dimension in ("rate", "clip", "units", "keep"):
        assert len({params[dimension] for _, params, *_ in rows(whole)}) > 3
    assert TrialState.PRUNED in {state for *_, state in rows(whole) + rows(whole, "rnn")}


def test_an_interrupted_trial_is_begun_again_with_its_settings(worker):
    def interrupt(trying):
        if trying.startswith("gru 1, epoch 2"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker(tell=interrupt).run()
    resumed = worker()
    assert resumed.run()
    trials = resumed.studies["gru"].get_trials()
    assert [trial.state for trial in trials[:2]] == [TrialState.COMPLETE, TrialState.FAIL]
    again = next(trial for trial in trials if trial.number != 1 and original(trial) == 1)
    assert again.params == trials[1].params
    undisturbed = worker("other")
    assert undisturbed.run()
    first = next(row for row in rows(undisturbed) if row[0] == 1)
    assert again.value == first[2]  # from the same seed
    assert len(rows(resumed)) == 3


def test_time_runs_out(worker):
    assert not worker().run(until=-math.inf)


def test_one_too_many_steps_back(worker):
    found = worker(cells=("gru",), trials=2)
    for _ in range(3):
        found.studies["gru"]._storage.create_new_trial(
            found.studies["gru"]._storage.get_study_id_from_name("sunspots-gru")
        )
    trials = found.studies["gru"].get_trials()
    assert [surplus(found.studies["gru"], trial.number, 2) for trial in trials] == [False, False, True]
    found.studies["gru"]._storage.set_trial_state_values(trials[0]._trial_id, TrialState.FAIL)
    assert not surplus(found.studies["gru"], trials[2].number, 2)


def test_a_storage_of_other_ranges_is_refused(worker, tmp_path):
    found = worker(cells=("gru",))
    with pytest.raises(GruvizError, match="other ranges"):
        open_study(found.studies["gru"]._storage, Tiny(), "gru", seed=1)


def test_two_workers_share_a_file_and_one_is_killed(tmp_path):
    assert kill_one_of_two(f"sqlite:///{tmp_path}/shared.db", tmp_path) == "sqlite"


class Shut(tuple):
    """Examples that nobody may look at."""

    def __iter__(self):
        raise AssertionError("the test part was looked at")

    __len__ = __getitem__ = __iter__


class Watched(Tiny):
    """Says what is scored; its test part is shut until it is opened."""

    def __init__(self):
        self.open, self.scored = False, []

    def split(self):
        whole = super().split()
        return Split(0, whole.train, whole.validation, whole.test if self.open else Shut())

    def scores(self, answered):
        self.scored.append(len(answered.examples))
        return super().scores(answered)


def test_the_search_reads_training_and_validation_alone_and_the_finish_uses_the_test_once(monkeypatch, tmp_path):
    from gruviz.models import studies as shipped

    task = Watched()
    monkeypatch.setitem(TASKS, "sunspots", task)
    monkeypatch.setattr(shipped, "FOLDER", tmp_path / "studies")
    arguments = ["search", "sunspots", "--storage", f"sqlite:///{tmp_path}/study.db", "--trials", "2"]
    monkeypatch.setattr(sys, "argv", arguments)
    command.main()
    validation, test = len(Tiny().split().validation), len(Tiny().split().test)
    assert validation != test
    assert task.scored == [validation] * 6
    task.open = True
    monkeypatch.setattr(sys, "argv", [*arguments, "--finish"])
    command.main()
    assert task.scored[6:] == [test] * 15  # five seeds of each cell's best, no other network
    found = shipped.read(shipped.record("sunspots"))
    assert list(found.cells) == [cell.upper() for cell in CELLS]
    for cell in found.cells.values():
        assert cell.chosen.loss == min(trial.loss for trial in cell.trials)
        assert len(cell.test) == 5
        assert np.mean(cell.examples) == pytest.approx(cell.test[cell.chosen_seed], abs=1e-5)
        assert cell.losses[cell.chosen_seed] == min(cell.losses)
        assert sum(cell.importances.values()) == pytest.approx(1, abs=1e-3)
