"""What gruviz raises when a person, a file or a caller gives it something it cannot use."""


class GruvizError(ValueError):
    """Something was wrong; the text says what was found, where, and what is allowed."""


class SequenceError(GruvizError):
    """A sequence could not be read: too long, empty, or with a token that the model does not know."""


class ModelError(GruvizError):
    """A module, its weights, or a model's name or settings can't be used."""
