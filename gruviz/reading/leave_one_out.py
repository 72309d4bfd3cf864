"""Which tokens matter for an answer: each is left out, or read as unknown, and the network runs again."""

import numpy as np

from gruviz.cells import trace
from gruviz.errors import GruvizError
from gruviz.inputs import unknown_vector
from gruviz.models import Model
from gruviz.reading.reading import Reading
from gruviz.records import Array, LeaveOneOut, Replace, Skip

MOST_STEPS = 256
MOST_CELLS = 16_384  # T x H
_AT_ONCE = 1_000_000  # T x B x H of one batch


def leave_one_out(reading: Reading, as_unknown: bool = False) -> LeaveOneOut:
    """The answers without each token of a reading, with all that is changed in it.

    The state goes on over a token that is left out as if the sequence had no such token; its step keeps its place.
    GruvizError for a model without answers, for one that has no unknown token to read, and for too many steps.
    """
    model, run, steps = reading.model, reading.trace, len(reading.trace)
    check_leave_one_out(model, steps, as_unknown)
    assert model.read_out is not None
    all_tokens = model.read_out.scores(run, _states(reading, [None], as_unknown))[:, 0]
    size = max(1, _AT_ONCE // (steps * run.units))
    parts = [
        model.read_out.scores(run, _states(reading, list(range(first, min(first + size, steps))), as_unknown))
        for first in range(0, steps, size)
    ]
    return LeaveOneOut(all_tokens, np.concatenate(parts, 1), as_unknown)


def check_leave_one_out(model: Model, steps: int, as_unknown: bool = False) -> None:
    """GruvizError where it can't be done, before any work."""
    units = int(model.module.hidden_size)  # type: ignore[arg-type]
    if model.read_out is None:
        raise GruvizError(f"{model.title} gives no answers that a token could matter for.")
    if as_unknown and unknown_vector(model.encoder) is None:
        raise GruvizError(f"This model knows all of its {model.encoder.what}: none can be read as unknown.")
    if steps > MOST_STEPS or steps * units > MOST_CELLS:
        most = min(MOST_STEPS, MOST_CELLS // units)
        raise GruvizError(
            f"Leave-one-out runs the network once per token. With {units} units it is for sequences of up to {most} "
            f"steps; this one has {steps}."
        )


def _states(reading: Reading, left_out: list[int | None], as_unknown: bool) -> Array:
    """The states h (T, B, H) of a batch of runs, each without one token, or with all where that is None."""
    model, steps = reading.model, len(reading.trace)
    inputs = np.repeat(reading.encoded.values[:, None], len(left_out), axis=1)  # (T, B, D)
    what_if = [each for each in reading.what_if if not isinstance(each, Replace)]
    unknown = unknown_vector(model.encoder)
    for b, step in enumerate(left_out):
        if step is None:
            continue
        if as_unknown:
            inputs[step, b] = unknown
        else:
            what_if.append(Skip(step, sequences=b))
    batch_first = bool(getattr(model.module, "batch_first", False))
    layer, reverse = model.view
    run = trace(
        model.module, inputs.swapaxes(0, 1) if batch_first else inputs, layer=layer, reverse=reverse, what_if=what_if
    )
    states: Array = run["h"]
    assert states.shape[:2] == (steps, len(left_out))
    return states
