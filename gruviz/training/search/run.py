"""The two halves of a search: all trials of every cell, then what was chosen from them, on the test part."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import optuna
import torch
from optuna.storages import RDBStorage
from tqdm import tqdm

from gruviz.models.tasks import Split, Task
from gruviz.training.network import CELLS
from gruviz.training.search.finals import final
from gruviz.training.search.record import done_trials, study_record, trial_loss, write
from gruviz.training.search.space import settings_of
from gruviz.training.search.studies import DONE, close_storage, open_storage, open_study
from gruviz.training.search.worker import Worker

SEED = 0  # of what is proposed; each trial trains from its own number


@dataclass(frozen=True, eq=False)
class Studies:
    """The storage of a search and its study of each cell."""

    storage: RDBStorage
    cells: Mapping[str, optuna.Study]

    def done(self) -> int:
        """How many trials have ended."""
        return sum(len(study.get_trials(deepcopy=False, states=DONE)) for study in self.cells.values())


@contextmanager
def searching(task: Task, url: str | None, grace: int) -> Iterator[Studies]:
    """A task's studies in the storage at a URL, on one thread of PyTorch: more add in another order."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    torch.set_num_threads(1)
    storage = open_storage(url, task.name, grace)
    try:
        yield Studies(storage, {cell: open_study(storage, task, cell, SEED) for cell in CELLS})
    finally:
        close_storage(storage)


def search(task: Task, studies: Studies, trials: int, minutes: float) -> bool:
    """Works until all cells have their trials, by whichever worker; False where time ran out before."""
    whole = task.split()
    split = Split(whole.seed, whole.train, whole.validation, (), besides=whole.besides)  # the test part stays shut
    with tqdm(total=len(studies.cells) * trials, desc=task.name, unit="trial") as bar:

        def tell(trying: str) -> None:
            bar.set_postfix_str(trying, refresh=False)
            bar.update(0 if trying else studies.done() - bar.n)  # after a trial, also what others have done

        tell("")
        worker = Worker(task, split, studies.cells, trials, tell)
        done = worker.run(time.monotonic() + 60 * minutes)
        tell("")
    return done


def finish(task: Task, studies: Studies, trials: int) -> None:
    """Trains each cell's best settings from five seeds, asks them the test examples, and writes the study."""
    split, finals = task.split(), {}
    for cell, study in studies.cells.items():
        best = min(done_trials(study)[:trials], key=trial_loss)
        finals[cell] = final(task, cell, split, settings_of(task, cell, best.params, 0))
        print(f"{task.name}-{cell}: test {task.metric} {finals[cell].scores.mean():.4g}", flush=True)
    write(study_record(task, studies.cells, finals, trials))
