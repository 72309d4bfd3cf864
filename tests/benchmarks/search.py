"""How many trials of the search a minute of one core makes, for each cell: `python -m tests.benchmarks.search [TASK]`.

The trials are the first of a study, which none is ended early in: a whole search is faster.
"""

import sys
import tempfile
import time
from pathlib import Path

import optuna
import torch

from gruviz.models.tasks import TASKS
from gruviz.training.network import CELLS
from gruviz.training.search.studies import close_storage, open_storage, open_study
from gruviz.training.search.worker import Worker

TRIALS = 3


def rows(name="sunspots"):
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    threads, task, measured = torch.get_num_threads(), TASKS[name], []
    torch.set_num_threads(1)  # as the command does
    split = task.split()
    try:
        with tempfile.TemporaryDirectory() as folder:
            storage = open_storage(f"sqlite:///{Path(folder) / 'study.db'}", name)
            for cell in CELLS:
                worker = Worker(task, split, {cell: open_study(storage, task, cell, 0)}, TRIALS)
                start = time.perf_counter()
                worker.run()
                rate = 60 * TRIALS / (time.perf_counter() - start)
                measured.append({"what": f"search of {name}, {cell.upper()}: trials a minute", "value": rate,
                                 "unit": "", "target": ""})  # fmt: skip
            close_storage(storage)
    finally:
        torch.set_num_threads(threads)
    return measured


if __name__ == "__main__":
    for row in rows(*sys.argv[1:]):
        print(f"{row['what']:50} {row['value']:8.1f}")
