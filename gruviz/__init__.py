"""gruviz: see what happens inside a GRU."""

from gruviz import figures
from gruviz.cells import ResetBeforeGRU, trace
from gruviz.errors import GruvizError, ModelError, SequenceError
from gruviz.gradients import gradient_flow
from gruviz.models import list_models, load_model

__all__ = [
    "GruvizError",
    "ModelError",
    "ResetBeforeGRU",
    "SequenceError",
    "figures",
    "gradient_flow",
    "list_models",
    "load_model",
    "trace",
]
