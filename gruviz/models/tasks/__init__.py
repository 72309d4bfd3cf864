"""Tasks that models are trained on, by name. A new task is a file and a row here."""

from collections.abc import Mapping

from gruviz.models.tasks.adding import Adding
from gruviz.models.tasks.brackets import Brackets
from gruviz.models.tasks.first_symbol import FirstSymbol
from gruviz.models.tasks.openings import Openings
from gruviz.models.tasks.sentiment import Sentiment
from gruviz.models.tasks.settings import PLAIN, TRIAL_SEEDS, TRIED_RATES, TrainingSettings, matched_size
from gruviz.models.tasks.sunspots import Sunspots
from gruviz.models.tasks.surnames import Surnames
from gruviz.models.tasks.task import Answered, Baseline, EncodedExample, Example, Split, Task

_ALL: tuple[Task, ...] = (Surnames(), Sunspots(), FirstSymbol(), Adding(), Openings(), Sentiment(), Brackets())
TASKS: Mapping[str, Task] = {task.name: task for task in _ALL}

__all__ = [
    "PLAIN",
    "TASKS",
    "TRIAL_SEEDS",
    "TRIED_RATES",
    "Answered",
    "Baseline",
    "EncodedExample",
    "Example",
    "Split",
    "Task",
    "TrainingSettings",
    "matched_size",
]
