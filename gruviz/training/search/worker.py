"""One worker: it begins trials, of whichever cell has the fewest, until all cells have as many as they should."""

import math
import os
import socket
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import optuna
from optuna.exceptions import UpdateFinishedTrialError
from optuna.storages import RetryHeartbeatStaleTrialCallback, fail_stale_trials
from optuna.trial import TrialState

from gruviz.models.tasks import Split, Task
from gruviz.training.loop import Epoch, train
from gruviz.training.search.space import settings_of, space
from gruviz.training.search.studies import DONE, counted, original, quiet, suggest, surplus

WAIT = 2.0  # seconds between looks at the trials of others


class SurplusTrial(Exception):
    """Another worker began the last trial at the same moment."""


@dataclass(frozen=True, eq=False)
class Worker:
    """What a worker searches: the cells' studies of one task, and the number of trials of each over all workers.

    examples: of them only `taught` and `validation` are read.
    tell: is given a line on what is being tried after each epoch, and nothing after each trial.
    """

    task: Task
    examples: Split
    studies: Mapping[str, optuna.Study]
    trials: int
    tell: Callable[[str], None] = lambda _: None

    def run(self, until: float = math.inf) -> bool:
        """Searches until all trials are done, by whomever; False where that is not by `until` (time.monotonic)."""
        while time.monotonic() < until:
            begun = {cell: self._begun(study) for cell, study in self.studies.items()}
            cell = min(begun, key=lambda cell: begun[cell])
            if begun[cell] < self.trials:
                self._one(cell)
            elif all(len(study.get_trials(deepcopy=False, states=DONE)) >= self.trials
                     for study in self.studies.values()):  # fmt: skip
                return True
            else:  # others are at the last ones: should one of them die, its trial is waiting here
                self.tell("waiting for other workers")
                time.sleep(WAIT)
        return False

    def _begun(self, study: optuna.Study) -> int:
        """How many trials nobody needs to begin; those of dead workers are made to wait for another first."""
        with quiet():
            fail_stale_trials(study)
        return sum(trial.state != TrialState.WAITING for trial in counted(study))

    def _one(self, cell: str) -> None:
        study = self.studies[cell]
        try:
            study.optimize(lambda trial: self._loss(cell, trial), n_trials=1, catch=(SurplusTrial,))
        except UpdateFinishedTrialError:
            pass  # it was away for so long that its trial was given to another
        except ValueError as error:
            if "Cannot tell a" not in str(error):  # the same, noticed at the end
                raise
        self.tell("")

    def _loss(self, cell: str, trial: optuna.Trial) -> float:
        """The lowest validation loss of a trial; what else is known of it becomes its attributes."""
        study = self.studies[cell]
        if surplus(study, trial.number, self.trials):
            raise SurplusTrial
        for dimension in space(self.task, cell):
            suggest(trial, dimension)
        frozen = study.get_trials(deepcopy=False)[trial.number]
        trial.set_user_attr("worker", f"{socket.gethostname()} {os.getpid()}")
        settings = settings_of(self.task, cell, trial.params, seed=original(frozen))
        ended, began = [False], time.process_time()  # one more for each epoch

        def pruned(epoch: Epoch) -> bool:
            trial.report(epoch.lowest, epoch.number)
            at = f"{cell} {trial.number}, epoch {epoch.number} of {settings.epochs}, loss {epoch.lowest:.4f}"
            self.tell(at)
            ended.append(epoch.number < settings.epochs and trial.should_prune())
            return ended[-1]

        try:
            trained = train(self.task, cell, self.examples.taught, self.examples.validation, settings, ended=pruned)
        except KeyboardInterrupt:
            with quiet():
                RetryHeartbeatStaleTrialCallback()(study, frozen)
            raise
        trial.set_user_attr("score", statistics.fmean(trained.scores(self.task, self.examples.validation)))
        trial.set_user_attr("epochs", len(ended) - 1)
        trial.set_user_attr("best_epoch", trained.epochs)
        trial.set_user_attr("seconds", round(time.process_time() - began, 2))
        if ended[-1]:
            raise optuna.TrialPruned
        return trained.loss
