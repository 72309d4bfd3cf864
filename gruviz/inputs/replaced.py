"""A text's tokens, some of them read as others."""

from collections.abc import Mapping
from dataclasses import replace

from gruviz.errors import SequenceError
from gruviz.inputs.encoded import Encoded, Encoder, label
from gruviz.inputs.moves import MoveEncoder
from gruviz.inputs.tokens import TokenEncoder
from gruviz.inputs.words import UNKNOWN
from gruviz.records import Array


def unknown_vector(encoder: Encoder) -> Array | None:
    """What stands for tokens that the vocabulary lacks, (D,); None where there is no such vector."""
    if not isinstance(encoder, TokenEncoder | MoveEncoder) or encoder.vocabulary[0] != UNKNOWN:
        return None
    vector: Array = encoder.vectors[0]
    return vector


def replaced(encoder: Encoder, encoded: Encoded, tokens: Mapping[int, str | None]) -> Encoded:
    """The same text with the tokens at some steps (indices) read as others, with None as unknown.

    SequenceError for a step that is not there, for what is not one token, and for a token that can't be read.
    """
    if not tokens:
        return encoded
    labels, values, known = list(encoded.tokens), encoded.values.copy(), list(encoded.known)
    for step, token in tokens.items():
        if step >= len(labels):
            raise SequenceError(f"The token of step {step + 1} was to be replaced; this sequence has {len(labels)}.")
        if token is None:
            vector = unknown_vector(encoder)
            if vector is None:
                raise SequenceError(f"This model knows all of its {encoder.what}: none can be read as unknown.")
            values[step], known[step] = vector, False
        elif isinstance(encoder, MoveEncoder):
            raise SequenceError("A move can't be replaced: the moves after it depend on it. Type the other game.")
        else:
            one = encoder.encode(token)
            if len(one.tokens) != 1:
                raise SequenceError(f"“{label(token)}” is {len(one.tokens)} {encoder.what}; replace a token by one.")
            labels[step], values[step], known[step] = one.tokens[0], one.values[0], one.known[0]
    return replace(encoded, tokens=tuple(labels), values=values, known=tuple(known))
