"""Models by name: random weights, hand-set and trained ones."""

from gruviz.models.model import Card, Knob, KnobValue, Model
from gruviz.models.opened import open_model
from gruviz.models.registry import by_task, entries, list_models, load_model

__all__ = ["Card", "Knob", "KnobValue", "Model", "by_task", "entries", "list_models", "load_model", "open_model"]
