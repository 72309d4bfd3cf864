"""How much gruviz takes in. Checked before any work is done."""

from gruviz.errors import SequenceError

MAX_CHARACTERS = 50_000
MAX_STEPS = 2_000
MAX_UNITS = 512
MAX_CELLS = 131_072  # T * H


def check_text(text: str) -> None:
    """SequenceError where the text is longer than anything that could be read."""
    if len(text) > MAX_CHARACTERS:
        raise SequenceError(
            f"The sequence has {len(text):,} characters. At most {MAX_CHARACTERS:,} are read, "
            f"and at most {MAX_STEPS:,} time steps."
        )


def check_steps(steps: int, what: str) -> None:
    """SequenceError for no steps or too many; `what` names them in the plural ("words")."""
    if steps == 0:
        raise SequenceError(f"The sequence is empty. Give 1 to {MAX_STEPS:,} {what}.")
    if steps > MAX_STEPS:
        raise SequenceError(f"The sequence has {steps:,} {what}. At most {MAX_STEPS:,} time steps are shown.")


def check_size(steps: int, units: int) -> None:
    """SequenceError where steps * units is more than the stepper can hold."""
    if units > MAX_UNITS:
        raise SequenceError(f"This model has {units:,} hidden units. At most {MAX_UNITS} are shown.")
    if steps * units > MAX_CELLS:
        raise SequenceError(
            f"{steps:,} time steps of {units} hidden units are {steps * units:,} values per signal. "
            f"At most {MAX_CELLS:,} are shown: with this model, {MAX_CELLS // units:,} steps."
        )
