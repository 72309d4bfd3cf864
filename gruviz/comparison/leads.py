"""Which cells of a task are better than others, beyond chance, in words."""

from collections.abc import Sequence

from gruviz.models.results import TEST, Difference, TaskResult
from gruviz.reading.sentences import listed


def who_leads(task: TaskResult) -> str:
    """Which cells of a task differ significantly, from each other and from the baselines."""
    found = [one for one in task.differences if one.test == TEST]
    said = list[str]()
    for cell in reversed(list(task.cells)):
        ahead = [_called(task, one.other) for one in _of(cell, found) if task.ahead(cell, one.other)]
        behind = [_called(task, one.other) for one in _of(cell, found)
                  if one.other not in task.cells and task.ahead(cell, one.other) is False]  # fmt: skip
        said += [f"{cell} is significantly better than {listed(ahead)}."] if ahead else []
        said += [f"{cell} is significantly worse than {listed(behind)}."] if behind else []
    level = [f"between {one.one} and {_called(task, one.other)}" for one in found if not one.significant]
    said += [f"There is no significant difference {listed(level)}."] if level else []
    return f"On these {task.test_examples:,} test examples: {' '.join(said)}"


def _of(cell: str, found: Sequence[Difference]) -> list[Difference]:
    """The differences that a cell has part in, seen from that cell."""
    return [one if one.one == cell else one.turned() for one in found if cell in (one.one, one.other)]


def _called(task: TaskResult, name: str) -> str:
    return name if name in task.cells else f"“{name}”"
