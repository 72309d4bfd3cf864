"""What training examples are like: how long, within which numbers. `python -m gruviz.training.ranges` measures it.

Training writes the same, so that ranges.json always speaks of the examples that the shipped networks were trained on.
"""

import json
import random
from typing import Any

import numpy as np

from gruviz.models.tasks import TASKS, Split, Task
from gruviz.models.trained_on import FILE, read_ranges
from gruviz.records import Array

_DIGITS = 6  # numbers are scaled for training and back


def measured(task: Task, split: Split) -> dict[str, Any]:
    """Of the training examples and one pass of their variations: the longest, and the ends of each range."""
    vocabulary = task.vocabulary(split.taught)
    index, rng = {token: i for i, token in enumerate(vocabulary)}, random.Random(0)
    varied = task.varier(split.taught, vocabulary)
    longest, tables, quantities = 0, list[Array](), dict[str, list[float]]()
    for i, example in enumerate(split.taught):
        for steps, _ in (task.encode(example, index), varied(i, rng)):
            longest = max(longest, len(steps))
            if example.numbers:
                tables.append(_typed(task, steps))
        typed = _typed(task, example.numbers).tolist() if example.numbers else []
        for phrase, value in task.quantities(example.tokens, typed).items():
            least, most = quantities.get(phrase, [value, value])
            quantities[phrase] = [min(least, value), max(most, value)]
    numbers = np.concatenate(tables) if tables else np.empty((1, 0))
    ends = np.stack([numbers.min(0), numbers.max(0)], 1).tolist()
    return {"longest": longest, "numbers": ends, "quantities": quantities}


def _typed(task: Task, steps: Any) -> Array:
    """Numbers (T, D) as people type them."""
    encoder = task.about["encoder"]
    numbers: Array = (np.array(steps) * encoder["scale"] + encoder["offset"]).round(_DIGITS)
    return numbers


def record(task: Task, split: Split) -> None:
    """Writes a task's ranges to the file."""
    ranges = {**read_ranges(), task.name: measured(task, split)}
    ordered = {name: ranges[name] for name in TASKS if name in ranges}
    FILE.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for each in TASKS.values():
        record(each, each.split())
