"""gruviz: see what happens inside a GRU."""

from gruviz import figures
from gruviz.cells import ResetBeforeGRU, trace
from gruviz.errors import GruvizError, ModelError, SequenceError
from gruviz.gradients import gradient_flow
from gruviz.models import list_models, load_model, open_model
from gruviz.records import Hold, Replace, Shift, Skip

__all__ = [
    "GruvizError",
    "Hold",
    "ModelError",
    "Replace",
    "ResetBeforeGRU",
    "SequenceError",
    "Shift",
    "Skip",
    "figures",
    "gradient_flow",
    "list_models",
    "load_model",
    "open_model",
    "trace",
]
