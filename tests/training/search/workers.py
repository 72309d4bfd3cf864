"""Two workers on one study, one of which is killed."""

import subprocess
import sys
import time
from collections import Counter

from optuna.trial import TrialState

from gruviz.training.search.studies import close_storage, open_storage, open_study, original, quiet
from tests.training.search.tiny import Tiny

CELLS, TRIALS = ("rnn", "lstm", "gru"), 3


def start(url, folder, name, pause):
    """A worker that is slow enough to be killed within a trial, and writes what it says to a file."""
    command = [sys.executable, "-m", "tests.training.search.tiny", str(pause), "sunspots", "--storage", url, "--trials",
               str(TRIALS), "--grace", "4"]  # fmt: skip
    with (folder / f"{name}.log").open("w") as said:
        return subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)


def trials_of(storage):
    """All trials by cell."""
    names = {storage.get_study_name_from_id(study._study_id): study._study_id for study in storage.get_all_studies()}
    return {cell: storage.get_all_trials(names[f"sunspots-{cell}"]) for cell in CELLS if f"sunspots-{cell}" in names}


def running(storage):
    return [trial for trials in trials_of(storage).values() for trial in trials if trial.state == TrialState.RUNNING]


def soon(what, seconds=120):
    """Until it is true."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it has not happened"
        time.sleep(0.02)
    return found


def kill_one_of_two(url, folder):
    """Two workers, one killed within a trial; when the other has ended, nothing is lost or counted twice."""
    storage = open_storage(url, "sunspots", 4)
    for cell in CELLS:
        open_study(storage, Tiny(), cell, 0)  # its tables are there when both begin at once
    first, second = start(url, folder, "first", 0.15), start(url, folder, "second", 0.05)

    def within_a_trial(worker, epochs):
        """Whether a worker is in a trial, and has reported of it so many epochs."""
        trials = [trial for trial in running(storage) if trial.user_attrs.get("worker", "").endswith(f" {worker.pid}")]
        return any(len(trial.intermediate_values) == epochs for trial in trials)

    try:
        soon(lambda: first.poll() is not None or within_a_trial(first, 1))
        first.kill()
        first.wait()
        left = running(storage)
        second.wait(timeout=300)
    finally:
        for worker in (first, second):
            worker.kill()
            worker.wait()
    assert second.returncode == 0, (folder / "second.log").read_text()
    assert left  # of the killed one, of the other, or of both
    workers = {trial.user_attrs["worker"].split()[-1] for trials in trials_of(storage).values() for trial in trials
               if "worker" in trial.user_attrs}  # fmt: skip
    assert workers == {str(first.pid), str(second.pid)}
    killed = 0
    with quiet():
        for trials in trials_of(storage).values():
            states = Counter(trial.state for trial in trials)
            assert states[TrialState.COMPLETE] + states[TrialState.PRUNED] == TRIALS
            assert not states[TrialState.RUNNING]
            assert not states[TrialState.WAITING]
            done = [trial for trial in trials if trial.state in (TrialState.COMPLETE, TrialState.PRUNED)]
            assert len({original(trial) for trial in done}) == TRIALS  # each once
            assert sorted(trial.number for trial in trials) == list(range(len(trials)))
            for lost in (trial for trial in trials if trial.state == TrialState.FAIL and trial.params):
                again = [trial for trial in done if lost.number in trial.system_attrs.get("retry_history", [])]
                assert len(again) == 1
                assert again[0].params.items() >= lost.params.items()  # the same settings, from the same seed
                killed += 1
    assert killed
    dialect = storage.engine.dialect.name
    close_storage(storage)
    return dialect
