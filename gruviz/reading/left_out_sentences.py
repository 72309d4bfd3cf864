"""What each token does to the answer, in words computed from the runs without it."""

import numpy as np

from gruviz.common.quantities import share
from gruviz.reading.reading import Reading
from gruviz.reading.sentences import quote
from gruviz.records import Answers, LeaveOneOut, Shares, Values

_ROUNDING = 1e-5  # of the largest answer


def left_out_at(reading: Reading, left_out: LeaveOneOut, step: int) -> str:
    """Which token changes the answer after a step (1 to T) most when it is left out, and to what."""
    answers = reading.answers
    assert answers is not None
    effect, how = left_out.effect[step - 1], "read as unknown" if left_out.as_unknown else "left out"
    most = int(np.abs(effect).argmax())
    if abs(effect[most]) <= _ROUNDING * max(1.0, float(np.abs(left_out.told).max())):
        return f"Leave-one-out: no token changes the answer after step {step} when it is {how}."
    without = _written(answers, step, float(left_out.without[step - 1, most]))
    token = f"{quote(reading, most + 1)} (step {most + 1})"
    return (
        f"Leave-one-out: the answer after step {step}, {answers.text(step)}, changes most when {token} is {how}: "
        f"it is then {without}."
    )


def _written(answers: Answers, step: int, value: float) -> str:
    """An answer of the kind that is told after a step."""
    if isinstance(answers, Values):
        return answers.number(value)
    assert isinstance(answers, Shares)  # there are no other kinds
    option = answers.options[answers.told(step)]
    return f"{share(value)} {option}" if answers.of is not None else f"{option}, {share(value)}"
