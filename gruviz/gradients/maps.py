"""Steps of a cell as the linear maps that their derivatives are, and how to go back through them.

Axes: T steps, S seeds, R row vectors that travel together (1 for a gradient, N for a whole Jacobian), N numbers of the
state (H, or 2 H for an LSTM: h then c), G*H rows of weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch


def product(v: torch.Tensor, matrices: torch.Tensor) -> torch.Tensor:
    """v (S, R, I) times matrices (S, I, J), for each of the S.

    It is NumPy's product: torch hands even a small one to a team of threads, and on a machine that is busy with other
    work their waiting for one another takes milliseconds, at each of a thousand steps.
    """
    return torch.from_numpy(np.matmul(v.numpy(), matrices.numpy()))


@dataclass(frozen=True, eq=False)
class Scaled:
    """A block whose recurrent part is U (g * h'): what comes back through U reaches the gate g and h' alone.

    slope (T, S, 1, H): by the block's sum. matrix (S, H, H): U. gate (T, S, 1, H): g. to_gate (T, S, 1, H): h' times
    the slope of g by the sum of its own block, `gate_block`.
    """

    block: int
    gate_block: int
    slope: torch.Tensor
    matrix: torch.Tensor
    gate: torch.Tensor
    to_gate: torch.Tensor


@dataclass(eq=False)
class Slopes:
    """The derivatives of one part of the state by what it is computed from, all (T, S, 1, H).

    by_sum: by the sum of each block; by_product: by U h' + b alone, which is another where a gate scales it. parts: by
    other parts of the state at the same step. kept: by the same part one step before; None where it keeps nothing.
    """

    by_sum: dict[int, torch.Tensor] = field(default_factory=dict)
    by_product: dict[int, torch.Tensor] = field(default_factory=dict)
    parts: dict[str, torch.Tensor] = field(default_factory=dict)
    kept: torch.Tensor | None = None
    scaled: list[Scaled] = field(default_factory=list)


class Maps:
    """The derivatives of T steps in a row.

    state: the parts in the order in which they stand side by side, h first. slopes: by part, the last one computed
    first. recurrent (S, G*H, H): U. Each block acts on one part of the state.
    """

    def __init__(self, state: Sequence[str], slopes: dict[str, Slopes], recurrent: torch.Tensor) -> None:
        self.state, self.slopes = state, slopes
        self.scaled = [(part, scaled) for part, own in slopes.items() for scaled in own.scaled]
        units = recurrent.shape[2]
        through = {part: sorted(own.by_product) for part, own in slopes.items() if own.by_product}
        self.order = sorted(through, key=lambda part: through[part][0])
        self.blocks = [block for part in self.order for block in through[part]]
        self.stacked = {part: torch.stack([slopes[part].by_product[b] for b in through[part]], -2) for part in through}
        whole = self.blocks == list(range(recurrent.shape[1] // units))
        rows = recurrent.split_with_sizes([units] * (recurrent.shape[1] // units), 1)
        self.matrix = recurrent if whole else torch.cat([rows[block] for block in self.blocks], 1)

    def back(self, step: int, v: torch.Tensor) -> torch.Tensor:
        """From v = dL/ds_step to dL/ds_(step - 1) through that step alone, both (S, R, N)."""
        parts = dict(zip(self.state, v.chunk(len(self.state), -1), strict=True))
        for part, own in self.slopes.items():
            for other, slope in own.parts.items():
                parts[other] = torch.addcmul(parts[other], slope[step], parts[part])
        pieces = [(self.stacked[part][step] * parts[part][:, :, None]).flatten(2) for part in self.order]
        sums = pieces[0] if len(pieces) == 1 else torch.cat(pieces, -1)
        returned = []
        for part, scaled in self.scaled:
            through = product(scaled.slope[step] * parts[part], scaled.matrix)
            first = self.blocks.index(scaled.gate_block) * through.shape[-1]
            sums[..., first : first + through.shape[-1]].addcmul_(scaled.to_gate[step], through)
            returned.append((scaled.gate[step], through))
        before = product(sums, self.matrix)
        for gate, through in returned:
            before.addcmul_(gate, through)
        kept = [self._kept(part, step, parts[part], before) for part in self.state]
        return kept[0] if len(kept) == 1 else torch.cat(kept, -1)

    def to_sums(self, v: torch.Tensor) -> torch.Tensor:
        """From v = dL/ds_t of all T steps, (T, S, N), to dL/d(W x_t + b), (T, S, G*H)."""
        parts = dict(zip(self.state, v.chunk(len(self.state), -1), strict=True))
        sums: dict[int, torch.Tensor] = {}
        for part, own in self.slopes.items():
            for other, slope in own.parts.items():
                parts[other] = torch.addcmul(parts[other], slope[:, :, 0], parts[part])
            sums |= {block: slope[:, :, 0] * parts[part] for block, slope in own.by_sum.items()}
        for _, scaled in self.scaled:
            through = torch.einsum("tsi,sij->tsj", sums[scaled.block], scaled.matrix)
            sums[scaled.gate_block] = torch.addcmul(sums[scaled.gate_block], scaled.to_gate[:, :, 0], through)
        return torch.cat([sums[block] for block in sorted(sums)], -1)

    def _kept(self, part: str, step: int, v: torch.Tensor, before: torch.Tensor) -> torch.Tensor:
        kept = self.slopes[part].kept
        if part == "h":  # only h goes through the recurrent product
            return before if kept is None else before.addcmul_(kept[step], v)
        assert kept is not None
        return kept[step] * v
