"""Models by name: random weights, hand-set and trained ones."""

from gruviz.models.model import Card, Knob, KnobValue, Model, ReadOut
from gruviz.models.registry import entries, list_models, load_model

__all__ = ["Card", "Knob", "KnobValue", "Model", "ReadOut", "entries", "list_models", "load_model"]
