"""What a person typed -> tokens and a (T, D) array."""

from gruviz.inputs.encoded import Encoded, Encoder, label
from gruviz.inputs.limits import MAX_CELLS, MAX_CHARACTERS, MAX_STEPS, MAX_UNITS, check_size
from gruviz.inputs.moves import MoveEncoder
from gruviz.inputs.numbers import NumberEncoder
from gruviz.inputs.replaced import replaced, unknown_vector
from gruviz.inputs.tokens import SPLITS, TokenEncoder

__all__ = [
    "MAX_CELLS",
    "MAX_CHARACTERS",
    "MAX_STEPS",
    "MAX_UNITS",
    "SPLITS",
    "Encoded",
    "Encoder",
    "MoveEncoder",
    "NumberEncoder",
    "TokenEncoder",
    "check_size",
    "label",
    "replaced",
    "unknown_vector",
]
