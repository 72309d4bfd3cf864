"""What gruviz raises when a person, a file or a caller gives it something it cannot use."""

import operator
from typing import Any


class GruvizError(ValueError):
    """Something was wrong; the text says what was found, where, and what is allowed."""


class SequenceError(GruvizError):
    """A sequence could not be read: too long, empty, or with a token that the model does not know."""


class ModelError(GruvizError):
    """A module, its weights, or a model's name or settings can't be used."""


def whole_number(value: Any, name: str, meaning: str) -> int:
    """An argument that must be a whole number, as an int; GruvizError for a float, a bool or anything else."""
    if not isinstance(value, bool):
        try:
            return operator.index(value)
        except TypeError:
            pass
    raise GruvizError(f"{name} is {value!r}; it is a whole number, {meaning}.")
