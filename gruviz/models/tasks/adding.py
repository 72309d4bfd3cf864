"""Adding: the sum of the two marked numbers in a sequence of 50 (Hochreiter and Schmidhuber 1997)."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import mse_loss

from gruviz.common.progress import Progress, counting
from gruviz.models.tasks.settings import ONE_LOOK, PLAIN
from gruviz.models.tasks.steps import at_last
from gruviz.models.tasks.task import Answered, Baseline, EncodedExample, Example, Plain, Split, Varier

SPLIT_SEED = 1
TRAIN, VALIDATION, TEST = 6400, 400, 1000
SHORTEST, STEPS = 5, 50  # training has all lengths between them; validation and test the longest
SHORTER_AND_LONGER = (10, 25, 100)


class Adding(Plain):
    """Synthetic: a step is (number from 0 to 1, mark); one mark in each half of the sequence."""

    name = "adding"
    metric = "mean absolute error"
    lower_is_better = True
    outputs = 1
    tuning = ONE_LOOK
    settings = replace(PLAIN, features=2, hidden=28, epochs=8, patience=8, rate=1e-2, keep=3.0)
    about: dict[str, Any] = {  # noqa: RUF012 (a constant of the task)
        "title": "Adding two numbers",
        "example": "0.31 0\n0.62 1\n0.08 0\n0.95 0\n0.44 0\n0.73 0\n0.25 1\n0.57 0\n0.12 0\n0.89 0",
        "encoder": {"kind": "numbers", "columns": 2, "names": ["number", "mark"], "scale": 1.0, "offset": 0.0},
        "read_out": {
            "kind": "value",
            "label": "sum of the marked numbers",
            "unit": "",
            "scale": 1.0,
            "offset": 0.0,
            "target": "marked_sum",
        },
        "summary": (
            f"Adds the two numbers that are marked with 1 in a sequence of numbers from 0 to 1, one mark in each half; "
            f"trained on {SHORTEST} to {STEPS} steps and asked after the last step only. Training started with the "
            "bias of the gate that keeps the state (the GRU's update gate, the LSTM's forget gate) raised by 3; an RNN "
            "has no such gate."
        ),
        "data": f"{TRAIN + VALIDATION + TEST:,} sequences drawn at random by this program",
        "licence": "MIT",
        "credit": "gruviz; the problem is that of S. Hochreiter and J. Schmidhuber, Neural Computation 1997",
    }

    def split(self, on_progress: Progress = None) -> Split:
        """Training with 5 to 50 steps; the other parts with 50."""
        rng = random.Random(SPLIT_SEED)
        count = counting(TRAIN + VALIDATION + TEST + len(SHORTER_AND_LONGER) * (TEST // 2), on_progress)

        def one(shortest: int, longest: int) -> Example:
            count()
            return _draw(rng, rng.randint(shortest, longest))

        def some(n: int, shortest: int, longest: int) -> tuple[Example, ...]:
            return tuple(one(shortest, longest) for _ in range(n))

        train, validation, test = some(TRAIN, SHORTEST, STEPS), some(VALIDATION, STEPS, STEPS), some(TEST, STEPS, STEPS)
        also = {f"{steps} steps": some(TEST // 2, steps, steps) for steps in SHORTER_AND_LONGER}
        return Split(SPLIT_SEED, train, validation, test, also)

    def varier(self, train: Sequence[Example], vocabulary: tuple[str, ...]) -> Varier:  # noqa: ARG002
        """Other numbers where there is no mark."""

        def varied(i: int, rng: random.Random) -> EncodedExample:
            return tuple((x if mark else rng.random(), mark) for x, mark in train[i].numbers), train[i].target

        return varied

    def quantities(self, tokens: Sequence[str], numbers: Sequence[Sequence[float]]) -> Mapping[str, float]:  # noqa: ARG002
        """How many numbers are marked, and how many marks are neither 0 nor 1."""
        others = sum(mark not in (0.0, 1.0) for _, mark in numbers)
        return {"{} marked numbers": sum(mark == 1 for _, mark in numbers), "{} marks other than 0 and 1": others}

    def loss(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:
        """Squared error of the last answer only."""
        return mse_loss(at_last(logits[..., 0], lengths), targets)

    def scores(self, answered: Answered) -> Tensor:
        """The distance of the last answer from the sum, (B,)."""
        return (at_last(answered.logits[..., 0], answered.lengths).double() - answered.targets).abs()

    def baselines(self, split: Split) -> tuple[Baseline, ...]:
        """The mean of all sums, whatever was read."""
        targets = torch.tensor([example.target for example in split.test])
        return (Baseline("Always 1", tuple((targets - 1).abs().tolist())),)


def _draw(rng: random.Random, steps: int) -> Example:
    marked = (rng.randrange(steps // 2), rng.randrange(steps // 2, steps))
    numbers = tuple((round(rng.random(), 4), float(i in marked)) for i in range(steps))
    text = "\n".join(f"{x:g} {mark:g}" for x, mark in numbers)
    return Example((), sum(x for x, mark in numbers if mark), text, numbers=numbers)
