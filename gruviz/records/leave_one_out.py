"""What each token does to an answer, found by leaving it out."""

from dataclasses import dataclass

from gruviz.records.trace import Array


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """The answer after each step, with all tokens and without each.

    told (T,): what is told after each step, a share or a number in a unit. without (T, T): the same, [t, k] after step
    t where the token of step k was not read, or was read as unknown (`as_unknown`); for k > t, in a network that reads
    forward, it is told[t].
    """

    told: Array
    without: Array
    as_unknown: bool = False

    def __post_init__(self) -> None:
        for array in (self.told, self.without):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.told)

    @property
    def effect(self) -> Array:
        """(T, T): [t, k] how much higher the answer after step t is for the token of step k being read."""
        effect: Array = self.told[:, None] - self.without
        return effect
