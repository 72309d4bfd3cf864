"""Initialisations as data.

A row of the table names what is changed, its one knob, and where it comes from; a new initialisation is a new row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gruviz.errors import ModelError
from gruviz.records import Array, Weights
from gruviz.signals import CELLS


@dataclass(frozen=True)
class Parameter:
    """The one number of an initialisation: its name, the range that makes sense, and where it stands at first."""

    name: str
    low: float
    high: float
    default: float


@dataclass(frozen=True, eq=False)
class Spare:
    """Random numbers of a seed beyond the uniform weights: normal (G, H, H), and uniform (H,) in [0, 1)."""

    normal: Array
    uniform: Array


Change = Callable[[Weights, Spare, float], Weights]


@dataclass(frozen=True)
class Initialisation:
    """One way to set weights before training. `part` is what it sets: at most one of each part can be chosen.

    change: from the uniform draw, the spare numbers and the knob (NaN where there is none) to the weights.
    """

    key: str
    title: str
    part: Literal["recurrent", "bias"]
    cells: tuple[str, ...]
    knob: Parameter | None
    source: str
    change: Change


def _as_drawn(weights: Weights, _spare: Spare, _value: float) -> Weights:
    return weights


def _orthogonal(weights: Weights, spare: Spare, _value: float) -> Weights:
    q, r = np.linalg.qr(spare.normal)
    signs = np.sign(np.diagonal(r, axis1=1, axis2=2))  # makes the distribution uniform over orthogonal matrices
    return replace(weights, recurrent=(q * signs[:, None]).reshape(weights.recurrent.shape))


def _spectral_radius(weights: Weights, _spare: Spare, value: float) -> Weights:
    blocks = weights.recurrent.reshape(-1, weights.units, weights.units)
    radius = np.abs(np.linalg.eigvals(blocks)).max(axis=1)[:, None, None]
    return replace(weights, recurrent=(blocks * (value / radius)).reshape(weights.recurrent.shape))


def _identity_relu(weights: Weights, _spare: Spare, value: float) -> Weights:
    zero = np.zeros_like(weights.input_bias)
    identity = value * np.eye(weights.units)
    return replace(weights, recurrent=identity, input_bias=zero, recurrent_bias=zero.copy(), activation="relu")


Gates = Mapping[str, float]  # by gate: what the number is multiplied by, -1 where a gate of 1 lets go


def _gate_bias(cell: str, gates: Gates, bias: Callable[[Spare, float], Array | float]) -> Change:
    """The whole bias of gate blocks: the recurrent half is zero, because the two only ever act as a sum."""

    def change(weights: Weights, spare: Spare, value: float) -> Weights:
        from_input, from_state = weights.input_bias.copy(), weights.recurrent_bias.copy()
        for gate, factor in gates.items():
            first = CELLS[cell].blocks.index(gate) * weights.units
            rows = slice(first, first + weights.units)
            from_input[rows], from_state[rows] = factor * bias(spare, value), 0.0
        return replace(weights, input_bias=from_input, recurrent_bias=from_state)

    return change


def _the_number(_spare: Spare, value: float) -> float:
    return value


def _chrono(spare: Spare, longest: float) -> Array:
    if longest <= 2:
        raise ModelError(f"The longest dependency is {longest:g} steps; chrono initialisation needs more than 2.")
    bias: Array = np.log(1 + (longest - 2) * spare.uniform)
    return bias


def _bias_row(
    key: str, title: str, cell: str, name: str, source: str, gates: Gates, default: float = 1.0
) -> Initialisation:
    return Initialisation(
        key, title, "bias", (cell,), Parameter(name, -2.0, 6.0, default), source, _gate_bias(cell, gates, _the_number)
    )


def _chrono_row(key: str, title: str, cell: str, gates: Gates, remark: str = "") -> Initialisation:
    knob = Parameter("longest dependency in steps", 3.0, 2000.0, 100.0)
    source = f"Tallec and Ollivier 2018 (arXiv:1804.11188){remark}"
    return Initialisation(key, title, "bias", (cell,), knob, source, _gate_bias(cell, gates, _chrono))


_EVERY = tuple(CELLS)
_ROWS = (
    Initialisation(
        "pytorch", "PyTorch default (uniform within 1/√H)", "recurrent", _EVERY, None,
        "PyTorch documentation of nn.RNN, nn.LSTM and nn.GRU", _as_drawn,
    ),
    Initialisation(
        "orthogonal", "Orthogonal", "recurrent", _EVERY, None,
        "Saxe, McClelland and Ganguli 2014 (arXiv:1312.6120); each gate's block is drawn on its own", _orthogonal,
    ),
    Initialisation(
        "spectral_radius", "Scaled to a spectral radius ρ", "recurrent", _EVERY,
        Parameter("spectral radius", 0.1, 3.0, 1.0),
        "Pascanu, Mikolov and Bengio 2013 (arXiv:1211.5063); each gate's block is scaled on its own", _spectral_radius,
    ),
    Initialisation(
        "identity_relu", "Identity and ReLU (RNN only)", "recurrent", ("RNN",),
        Parameter("scale of the identity", 0.1, 1.2, 1.0),
        "Le, Jaitly and Hinton 2015 (arXiv:1504.00941); input weights stay the uniform draw", _identity_relu,
    ),
    _bias_row(
        "forget_bias", "Forget bias", "LSTM", "forget bias",
        "Gers, Schmidhuber and Cummins 2000 (Neural Computation 12:10); "
        "Jozefowicz, Zaremba and Sutskever 2015 (ICML 37) recommend 1", {"f": 1},
    ),
    _bias_row(
        "update_bias", "Update bias (positive keeps)", "GRU", "update bias",
        "The forget bias carried over to the gate that keeps in a GRU; Srivastava, Greff and Schmidhuber 2015 "
        "(arXiv:1505.00387) do the same in highway networks", {"z": 1},
    ),
    _chrono_row("chrono_lstm", "Chrono: forget bias log U(1, Tmax − 1), input bias its negative", "LSTM",
                {"f": 1, "i": -1}),
    _chrono_row("chrono_gru", "Chrono: update bias log U(1, Tmax − 1)", "GRU", {"z": 1},
                ", with z the gate that keeps"),
    _bias_row(
        "mgu_bias", "Forget bias (negative keeps)", "MGU", "forget bias",
        "The forget bias carried over to the one gate of an MGU, which keeps where it is 0", {"f": 1}, -1.0,
    ),
    _chrono_row("chrono_mgu", "Chrono: forget bias −log U(1, Tmax − 1)", "MGU", {"f": -1},
                ", with the one gate turned over"),
    _bias_row(
        "janet_bias", "Forget bias", "JANET", "forget bias", "The LSTM's forget bias: JANET keeps its forget gate",
        {"f": 1},
    ),
    _chrono_row("chrono_janet", "Chrono: forget bias log U(1, Tmax − 1)", "JANET", {"f": 1},
                ", as van der Westhuizen and Lasenby 2018 (arXiv:1804.04849) start JANET"),
)  # fmt: skip

INITIALISATIONS: Mapping[str, Initialisation] = {row.key: row for row in _ROWS}
