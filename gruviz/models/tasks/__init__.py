"""Tasks that models are trained on, by name. A new task is a file and a row here."""

from collections.abc import Mapping

from gruviz.models.tasks.sentiment import Sentiment
from gruviz.models.tasks.task import Encoded, Example, Split, Task

TASKS: Mapping[str, Task] = {"sentiment": Sentiment()}

__all__ = ["TASKS", "Encoded", "Example", "Split", "Task"]
