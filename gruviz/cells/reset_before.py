"""The GRU as Cho et al. 2014 wrote it (arXiv:1406.1078): the reset gate acts before the recurrent product."""

import math

import torch
from torch import nn


class ResetBeforeGRU(nn.Module):
    """A one-layer GRU with n_t = tanh(W_in x_t + b_in + W_hn (r_t * h_(t-1)) + b_hn).

    The parameters have the names, shapes and order of a one-layer `nn.GRU`, so either's state_dict loads into the
    other; the results differ, because here the reset gate scales h_(t-1) itself. Called with x (T, B, D) and
    h0 (1, B, H), it returns all hidden states (T, B, H) and the last one (1, B, H).
    """

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.num_layers, self.bidirectional = input_size, hidden_size, 1, False
        rows = 3 * hidden_size
        for name, shape in (
            ("weight_ih_l0", (rows, input_size)),
            ("weight_hh_l0", (rows, hidden_size)),
            ("bias_ih_l0", (rows,)),
            ("bias_hh_l0", (rows,)),
        ):
            self.register_parameter(name, nn.Parameter(torch.zeros(shape)))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """PyTorch's default: uniform within 1/sqrt(H) of zero."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    def forward(self, x: torch.Tensor, h0: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """All hidden states (T, B, H) and the last one (1, B, H), for x (T, B, D) and h0 (1, B, H), zero where None."""
        h = x.new_zeros(x.shape[1], self.hidden_size) if h0 is None else h0[0]
        weights = [self.get_parameter(f"{name}_l0") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        states = reset_before_states(x, h, weights[0], weights[1], weights[2], weights[3])
        return states, states[-1:]


def reset_before_states(
    x: torch.Tensor,
    h: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> torch.Tensor:
    """All hidden states (T, B, H) for x (T, B, D) from h (B, H): a loop over time, there is no fused kernel."""
    size = h.shape[-1]
    from_input = nn.functional.linear(x, weight_ih, bias_ih)  # (T, B, 3H)
    states = []
    for step in from_input:
        gates = torch.sigmoid(step[:, : 2 * size] + nn.functional.linear(h, weight_hh[: 2 * size], bias_hh[: 2 * size]))
        r, z = gates.chunk(2, -1)
        n = torch.tanh(step[:, 2 * size :] + nn.functional.linear(r * h, weight_hh[2 * size :], bias_hh[2 * size :]))
        h = n + z * (h - n)
        states.append(h)
    return torch.stack(states)
