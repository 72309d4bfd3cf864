"""What a person typed -> tokens and a (T, D) array."""

from gruviz.inputs.encoded import Encoded, Encoder, label
from gruviz.inputs.ids import IdEncoder
from gruviz.inputs.limits import MAX_CELLS, MAX_CHARACTERS, MAX_STEPS, MAX_UNITS, check_size
from gruviz.inputs.moves import MoveEncoder
from gruviz.inputs.numbers import NumberEncoder
from gruviz.inputs.replaced import replaced, unknown_vector
from gruviz.inputs.tokens import SPLITS, TokenEncoder
from gruviz.inputs.vocabulary import VocabularyEncoder, read_vocabulary

__all__ = [
    "MAX_CELLS",
    "MAX_CHARACTERS",
    "MAX_STEPS",
    "MAX_UNITS",
    "SPLITS",
    "Encoded",
    "Encoder",
    "IdEncoder",
    "MoveEncoder",
    "NumberEncoder",
    "TokenEncoder",
    "VocabularyEncoder",
    "check_size",
    "label",
    "read_vocabulary",
    "replaced",
    "unknown_vector",
]
