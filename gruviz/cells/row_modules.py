"""Modules for cells that PyTorch has none for: its layout of parameters, computed as the row of the table says."""

import math
from typing import ClassVar

import torch
from torch import nn
from torch.nn.functional import linear

from gruviz.cells.steps import Layer, states
from gruviz.signals import CELLS


class RowModule(nn.Module):
    """One layer of a cell of the table whose state is h alone.

    The parameters have the names, shapes and order of a one-layer module of PyTorch: weight_ih_l0 (G*H, D),
    weight_hh_l0 (G*H, H), bias_ih_l0 and bias_hh_l0 (G*H,), for the cell's G blocks. Called with x (T, B, D) and
    h0 (1, B, H), it returns all hidden states (T, B, H) and the last one (1, B, H).
    """

    cell: ClassVar[str]
    reset_after: ClassVar[bool] = True  # where the gate that scales the recurrent part acts

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.num_layers, self.bidirectional = input_size, hidden_size, 1, False
        rows = len(CELLS[self.cell].blocks) * hidden_size
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
        own = (self.get_parameter(f"{name}_l0") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        weight_ih, weight_hh, bias_ih, bias_hh = own
        layer = Layer(CELLS[self.cell], weight_hh, bias_hh, reset_after=self.reset_after)
        after = torch.stack(states(layer, linear(x, weight_ih, bias_ih), {"h": h})["h"])
        return after, after[-1:]


class ResetBeforeGRU(RowModule):
    """The GRU as Cho et al. 2014 wrote it (arXiv:1406.1078): the reset gate acts before the recurrent product.

    n_t = tanh(W_in x_t + b_in + W_hn (r_t * h_(t-1)) + b_hn). A one-layer nn.GRU's state_dict loads into it and back;
    the results differ.
    """

    cell, reset_after = "GRU", False


class MGU(RowModule):
    """The minimal gated unit (Zhou et al. 2016, arXiv:1603.09420): one gate f, which resets and writes.

    n_t = tanh(W_n x_t + b_in + U_n (f_t * h_(t-1)) + b_hn), h_t = (1 - f_t) * h_(t-1) + f_t * n_t.
    """

    cell, reset_after = "MGU", False


class JANET(RowModule):
    """Just another network (van der Westhuizen and Lasenby 2018, arXiv:1804.04849), with beta = 1: one forget gate.

    With s_t the sum of the forget gate: h_t = sigmoid(s_t) * h_(t-1) + (1 - sigmoid(s_t - 1)) * n_t.
    """

    cell = "JANET"


ROW_MODULES: tuple[type[RowModule], ...] = (ResetBeforeGRU, MGU, JANET)
