"""Steps of a cell as the linear maps that their derivatives are, and how to go back through them.

Axes: T steps, S seeds, R row vectors that travel together (1 for a gradient, N for a whole Jacobian), N numbers of the
state (H, or 2 H for an LSTM: h then c), G*H rows of weights. Names say from where: `n_slope` is dn/d(its sum).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch


def product(v: torch.Tensor, matrices: torch.Tensor) -> torch.Tensor:
    """v (S, R, I) times matrices (S, I, J), for each of the S.

    It is NumPy's product: torch hands even a small one to a team of threads, and on a machine that is busy with other
    work their waiting for one another takes milliseconds, at each of a thousand steps.
    """
    return torch.from_numpy(np.matmul(v.numpy(), matrices.numpy()))


class Maps(Protocol):
    """The derivatives of T steps in a row."""

    def back(self, step: int, v: torch.Tensor) -> torch.Tensor:
        """From v = dL/ds_step to dL/ds_(step - 1) through that step alone, both (S, R, N)."""

    def to_sums(self, v: torch.Tensor) -> torch.Tensor:
        """From v = dL/ds_t of all T steps, (T, S, N), to dL/d(W x_t + b), (T, S, G*H)."""


@dataclass(frozen=True, eq=False)
class RNNMaps:
    """h = act(a), a = W x + b + U h'. slope (T, S, 1, H): dh/da."""

    recurrent: torch.Tensor
    slope: torch.Tensor

    def back(self, step: int, v: torch.Tensor) -> torch.Tensor:
        """See Maps."""
        return product(self.slope[step] * v, self.recurrent)

    def to_sums(self, v: torch.Tensor) -> torch.Tensor:
        """See Maps."""
        return self.slope[:, :, 0] * v


@dataclass(frozen=True, eq=False)
class GRUMaps:
    """h = (1 - z) n + z h', n = tanh(W_n x + b_n + r q), q = U_n h' + b'_n.

    keep (T, S, 1, H): z. rzq (T, S, 1, 3, H): dh/d of the sums of r and z, and of q. n (T, S, 1, H): dh/d(sum of n).
    """

    recurrent: torch.Tensor
    keep: torch.Tensor
    rzq: torch.Tensor
    n: torch.Tensor

    def back(self, step: int, v: torch.Tensor) -> torch.Tensor:
        """See Maps."""
        sums = (self.rzq[step] * v[:, :, None]).flatten(2)  # (S, R, 3H)
        return product(sums, self.recurrent).addcmul_(self.keep[step], v)

    def to_sums(self, v: torch.Tensor) -> torch.Tensor:
        """See Maps."""
        r, z, _ = self.rzq[:, :, 0].unbind(2)
        return torch.cat([r * v, z * v, self.n[:, :, 0] * v], -1)


@dataclass(frozen=True, eq=False)
class ResetBeforeMaps:
    """h = (1 - z) n + z h', n = tanh(W_n x + b_n + U_n k + b'_n), k = r h'.

    All (T, S, 1, H): r and z themselves, r_sum dk/d(sum of r), z_sum and n_sum dh/d of those sums.
    """

    recurrent: torch.Tensor
    r: torch.Tensor
    z: torch.Tensor
    r_sum: torch.Tensor
    z_sum: torch.Tensor
    n_sum: torch.Tensor

    def back(self, step: int, v: torch.Tensor) -> torch.Tensor:
        """See Maps."""
        size = v.shape[-1]
        k = product(self.n_sum[step] * v, self.recurrent[:, 2 * size :])
        sums = torch.cat([self.r_sum[step] * k, self.z_sum[step] * v], -1)
        kept = product(sums, self.recurrent[:, : 2 * size])
        return kept.addcmul_(self.z[step], v).addcmul_(self.r[step], k)

    def to_sums(self, v: torch.Tensor) -> torch.Tensor:
        """See Maps."""
        n = self.n_sum[:, :, 0] * v
        k = torch.einsum("tsi,sij->tsj", n, self.recurrent[:, 2 * v.shape[-1] :])
        return torch.cat([self.r_sum[:, :, 0] * k, self.z_sum[:, :, 0] * v, n], -1)


@dataclass(frozen=True, eq=False)
class LSTMMaps:
    """h = o tanh(c), c = f c' + i g.

    c (T, S, 1, H): dh/dc. ifg (T, S, 1, 3, H): dc/d of those sums. o (T, S, 1, H): dh/d(sum of o). f (T, S, 1, H).
    """

    recurrent: torch.Tensor
    c: torch.Tensor
    ifg: torch.Tensor
    o: torch.Tensor
    f: torch.Tensor

    def back(self, step: int, v: torch.Tensor) -> torch.Tensor:
        """See Maps."""
        dh, dc = v.chunk(2, -1)
        dc = torch.addcmul(dc, self.c[step], dh)  # with the path c_t -> h_t inside the step
        sums = torch.cat([(self.ifg[step] * dc[:, :, None]).flatten(2), self.o[step] * dh], -1)
        return torch.cat([product(sums, self.recurrent), self.f[step] * dc], -1)

    def to_sums(self, v: torch.Tensor) -> torch.Tensor:
        """See Maps."""
        dh, dc = v.chunk(2, -1)
        dc = torch.addcmul(dc, self.c[:, :, 0], dh)
        return torch.cat([(self.ifg[:, :, 0] * dc[:, :, None]).flatten(2), self.o[:, :, 0] * dh], -1)
