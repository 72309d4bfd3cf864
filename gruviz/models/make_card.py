"""The card of a freshly trained model: what it reads and answers, what it learned from, and how well it does."""

import math
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from gruviz.models.tasks import Split, Task


def wilson(right: int, n: int) -> list[float]:
    """The 95 % interval of a share of `right` in n (Wilson, JASA 1927)."""
    z, p = 1.959964, right / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return [round((middle - half) / (1 + z * z / n), 4), round((middle + half) / (1 + z * z / n), 4)]


def make_card(
    task: Task,
    cell: str,
    split: Split,
    tensors: Mapping[str, Tensor],
    vocabulary: tuple[str, ...],
    right: Mapping[str, int],
) -> dict[str, Any]:
    """The card as JSON takes it. `right` counts the right answers on "validation" and "test"; fits the baseline."""
    about, n = dict(task.about), len(split.test)
    facts = {key: about.pop(key) for key in ("summary", "data", "licence", "credit")}
    about["encoder"] = {**about["encoder"], "vocabulary": list(vocabulary)}
    baseline, baseline_right = task.baseline(split)
    parts = {part: len(getattr(split, part)) for part in ("train", "validation", "test")}
    return {
        "name": f"{task.name}-{cell}",
        "task": task.name,
        "cell": cell.upper(),
        "features": tensors["embedding.weight"].shape[1],
        "hidden": tensors["head.weight"].shape[1],
        **about,
        "card": {
            **facts,
            "split": {"seed": split.seed, **parts},
            "parameters": sum(tensor.numel() for tensor in tensors.values()),
            "cell_parameters": sum(tensor.numel() for key, tensor in tensors.items() if key.startswith("rnn.")),
            "metric": task.metric,
            "validation": right["validation"] / parts["validation"],
            "test": right["test"] / n,
            "interval": wilson(right["test"], n),
            "baseline": {"name": baseline, "test": baseline_right / n, "interval": wilson(baseline_right, n)},
            "made_by": f"python -m gruviz.models.train {task.name} {cell}",
        },
    }
