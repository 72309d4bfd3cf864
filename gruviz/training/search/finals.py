"""What was chosen, trained from five seeds and scored on the test part: the only use that is made of it."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from gruviz.models.tasks import Split, Task, TrainingSettings
from gruviz.records import Array
from gruviz.training.loop import Trained, train
from gruviz.training.paired import over_examples, over_seeds

SEEDS = 5


@dataclass(frozen=True, eq=False)
class Final:
    """A cell with the settings of its best trial.

    chosen: the seed of the lowest validation loss, whose network is the cell's.
    scores: of each seed on each test example, (S, N).
    """

    settings: TrainingSettings
    losses: tuple[float, ...]  # on validation, one per seed
    chosen: int
    scores: Array

    def written(self) -> dict[str, Any]:
        """For the study's file."""
        return {
            "units": self.settings.hidden,
            "seeds": list(range(len(self.losses))),
            "validation_loss": list(self.losses),
            "chosen_seed": self.chosen,
            "test": [statistics.fmean(row) for row in self.scores.tolist()],
            "examples": [round(score, 6) for score in self.scores[self.chosen].tolist()],  # of the chosen network
        }


def final(
    task: Task, cell: str, split: Split, settings: TrainingSettings, report: Callable[[str], None] = lambda _: None
) -> Final:
    """Trains from five seeds, and then asks each network the test examples."""
    trained = list[Trained]()
    for seed in range(SEEDS):
        report(f"{cell} seed {seed}")
        trained.append(train(task, cell, split.taught, split.validation, replace(settings, seed=seed)))
    losses = tuple(each.loss for each in trained)
    scores = np.array([each.scores(task, split.test) for each in trained])
    return Final(settings, losses, losses.index(min(losses)), scores)


def tests(finals: Mapping[str, Final]) -> list[dict[str, Any]]:
    """For each pair of cells, newest first: the difference of their mean test scores, and both tests of it."""
    rows = list[dict[str, Any]]()
    for one, other in combinations(list(finals)[::-1], 2):
        mine, theirs = finals[one], finals[other]
        paired = over_examples(mine.scores[mine.chosen], theirs.scores[theirs.chosen])
        seeds = over_seeds(mine.scores.mean(1), theirs.scores.mean(1))
        rows.append({
            "one": one, "other": other,
            "networks": float(mine.scores[mine.chosen].mean() - theirs.scores[theirs.chosen].mean()),
            "examples_p": paired.p, "examples_test": paired.test,
            "seeds": float(mine.scores.mean() - theirs.scores.mean()), "seeds_p": seeds.p, "seeds_test": seeds.test,
        })  # fmt: skip
    return rows
