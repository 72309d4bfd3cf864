"""How far two runs of one network are apart, step by step."""

from dataclasses import dataclass

import numpy as np

from gruviz.errors import GruvizError
from gruviz.records.trace import Array, Trace

ROUNDING = 1e-5  # of the largest state: two ways of computing the same differ by less, also in float32
TOGETHER = 0.01  # of the larger state: what counts as close


@dataclass(frozen=True, eq=False)
class Divergence:
    """Two runs aligned by step, up to the end of the shorter one.

    gap (T,): |s'_t - s_t| over the larger of |s_t| and |s'_t|, Euclidean norms of the whole state (h, and c where the
    cell has one), between 0 and 2; 0 where the two differ by no more than rounding. tokens: the steps (1 to T) whose
    tokens differ.
    """

    gap: Array
    tokens: tuple[int, ...]

    def __post_init__(self) -> None:
        self.gap.setflags(write=False)

    @property
    def first(self) -> int | None:
        """The first step (1 to T) after which the two differ; None where they never do."""
        differ = np.flatnonzero(self.gap)
        return int(differ[0]) + 1 if len(differ) else None

    @property
    def together(self) -> int | None:
        """The step from which on the two stay within 1 %, after they were further apart; None where they do not."""
        apart = np.flatnonzero(self.gap > TOGETHER)
        if not len(apart) or apart[-1] + 1 == len(self.gap):
            return None
        return int(apart[-1]) + 2

    @property
    def close(self) -> bool:
        """Whether the two are within 1 % of each other all the time."""
        return bool((self.gap <= TOGETHER).all())


def divergence(one: Trace, other: Trace) -> Divergence:
    """How two runs of one layer differ, each of one sequence; GruvizError for different cells, sizes or batches."""
    if (one.cell, one.units, one.reverse) != (other.cell, other.units, other.reverse):
        raise GruvizError("Only two runs of the same network can be compared step by step.")
    if one.inputs.ndim != 2 or other.inputs.ndim != 2:
        raise GruvizError("Runs are compared one sequence at a time; these hold a batch.")
    steps = min(len(one), len(other))
    states = [
        np.concatenate([trace[part][:steps].astype(np.float64) for part in trace.spec.state], axis=1)
        for trace in (one, other)
    ]
    apart = np.linalg.norm(states[1] - states[0], axis=1)
    size = np.maximum(*(np.linalg.norm(state, axis=1) for state in states))
    apart[apart <= ROUNDING * size.max()] = 0
    gap = np.divide(apart, size, out=np.zeros_like(apart), where=size > 0)
    tokens = tuple(t + 1 for t in range(steps) if one.tokens[t] != other.tokens[t])
    return Divergence(gap, tokens)
