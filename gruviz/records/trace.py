"""A traced sequence and the weights behind it, with the exports."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gruviz.errors import GruvizError
from gruviz.records.intervention_text import written
from gruviz.records.interventions import Hold, Intervention, Shift, Skip
from gruviz.signals import CELLS, Affine, Cell

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Weights:
    """One layer and direction of a recurrent module, G gate blocks of H rows each, PyTorch's order.

    input (G*H, D), recurrent (G*H, H), input_bias and recurrent_bias (G*H,), zero where `biased` is False.
    """

    input: Array
    recurrent: Array
    input_bias: Array
    recurrent_bias: Array
    biased: bool = True
    activation: str = "tanh"  # of an RNN: "tanh" or "relu"
    reset_after: bool = True  # of a GRU: the reset gate acts after the recurrent product (PyTorch) or before (Cho)

    def __post_init__(self) -> None:
        for array in (self.input, self.recurrent, self.input_bias, self.recurrent_bias):
            array.setflags(write=False)

    @property
    def features(self) -> int:
        """D, the number of input features."""
        return int(self.input.shape[1])

    @property
    def units(self) -> int:
        """H, the number of hidden units."""
        return int(self.recurrent.shape[1])


@dataclass(frozen=True, eq=False)
class Trace:
    """Everything a recurrent layer computed for a sequence, or for a batch of B sequences.

    values[key] has shape (T, H) or (T, B, H), for each signal of the cell; initial[key] (H,) or (B, H), for each part
    of the state; inputs (T, D) or (T, B, D). `agreement` is the largest |state recomputed from the other signals
    minus the state that torch's fused module gave|. In a `reverse` trace the layer reads from step T to step 1; values
    stand at their input's step all the same. Where such a trace is turned to the order of reading, `reverse` is False
    and `from_end` True: step 1 is the last input. `what_if` is what was changed in the run, with steps counted as they
    stand here; `layer` is the layer looked at. Arrays are read-only.
    """

    cell: str
    values: Mapping[str, Array]
    initial: Mapping[str, Array]
    inputs: Array
    weights: Weights
    agreement: float
    reverse: bool = False
    tokens: tuple[str, ...] = field(default=())
    what_if: tuple[Intervention, ...] = field(default=())
    layer: int = 0
    from_end: bool = False

    def __post_init__(self) -> None:
        steps = self.inputs.shape[0]
        if not self.tokens:
            object.__setattr__(self, "tokens", tuple(str(t) for t in range(1, steps + 1)))
        if len(self.tokens) != steps:
            raise GruvizError(f"{len(self.tokens)} tokens were given for {steps} time steps; give one per step.")
        for key, values in self.values.items():
            expected = (*self.inputs.shape[:-1], self.weights.units)
            if values.shape != expected:
                raise GruvizError(f"Signal {key} has shape {values.shape}; expected {expected}.")
        for key, values in (("x (from the layer below)", self.inputs), *self.values.items()):
            bad = np.argwhere(~np.isfinite(values))
            if len(bad):
                step = int(bad[-1 if self.reverse else 0][0]) + 1
                raise GruvizError(
                    f"Signal {key} stops being a finite number at step {step} of {steps}: "
                    "the state grew beyond what its number type can hold. Use smaller weights or fewer steps."
                )
        for array in (*self.values.values(), *self.initial.values(), self.inputs):
            array.setflags(write=False)

    def __getitem__(self, key: str) -> Array:
        """The values of one signal, (T, H) or (T, B, H)."""
        if key not in self.values:
            raise KeyError(f"{self.cell} has no signal {key!r}; it has {', '.join(self.values)}")
        return self.values[key]

    def __len__(self) -> int:
        return int(self.inputs.shape[0])

    @property
    def spec(self) -> Cell:
        """This cell's row of the table of signals."""
        return CELLS[self.cell]

    @property
    def units(self) -> int:
        """H, the number of hidden units."""
        return self.weights.units

    def takes(self, change: Intervention) -> bool:
        """Whether a change acts on the layer and direction looked at; the inputs show what it does below."""
        if isinstance(change, Hold | Shift):
            return change.layer in (None, self.layer) and change.reverse in (None, self.reverse or self.from_end)
        return isinstance(change, Skip)

    def bounds(self, key: str) -> tuple[float, float] | None:
        """Between which values a signal stays, for a state that starts from zero; None where it has no bounds."""
        signal = self.spec.signal(key)
        own = isinstance(signal.rule, Affine) and signal.rule.activation == "cell"
        if signal.low is None or signal.high is None or (own and self.weights.activation == "relu"):
            return None
        return signal.low, signal.high

    def before(self, key: str) -> Array:
        """A part of the state before each step, (T, H) or (T, B, H): in reading order, the initial one comes first."""
        first, values = self.initial[key][None], self.values[key]
        return np.concatenate([values[1:], first] if self.reverse else [first, values[:-1]])

    def change(self) -> Array:
        """|h_t - h_(t-1)|, (T, H) or (T, B, H)."""
        return np.abs(self.values["h"] - self.before("h"))

    def rows(self) -> Sequence[Sequence[str | int | float]]:
        """The export as a table: a heading, then one row a step, sequence and unit.

        The initial state stands where reading starts: at step 0, or at step T + 1 in a reverse trace. A changed run
        says in a last column what was changed.
        """
        keys = list(self.values)
        batched, changed = self.inputs.ndim == 3, ["what_if"] if self.what_if else []
        heading = ["step", "token", *(["sequence"] if batched else []), "unit", *keys, *changed]
        start = np.stack([self.initial.get(k, np.full(self.initial["h"].shape, np.nan)) for k in keys], -1)
        read = np.stack([self.values[k] for k in keys], -1)
        table, offset = (
            (np.concatenate([read, start[None]]), 1) if self.reverse else (np.concatenate([start[None], read]), 0)
        )
        rows: list[Sequence[str | int | float]] = [heading]
        told = [written(self.what_if)] if self.what_if else []
        for index in np.ndindex(table.shape[:-1]):
            step = index[0] + offset
            token = self.tokens[step - 1] if 1 <= step <= len(self) else ""
            rows.append([step, token, *index[1:], *("" if np.isnan(v) else float(v) for v in table[index]), *told])
        return rows

    def to_csv(self, path: str | Path) -> None:
        """Writes `rows` as UTF-8 CSV, one line a step and unit, numbers in full precision."""
        with Path(path).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(self.rows())

    def arrays(self) -> dict[str, Any]:
        """What NPZ files hold: signals, initial state (h0, c0), inputs, tokens, weights, and what was changed."""
        weights = self.weights
        return {
            **self.values,
            **{f"{key}0": value for key, value in self.initial.items()},
            "weight_ih": weights.input,
            "weight_hh": weights.recurrent,
            "bias_ih": weights.input_bias,
            "bias_hh": weights.recurrent_bias,
            "cell": self.cell,
            "reset_after": weights.reset_after,
            "reverse": self.reverse,
            "inputs": self.inputs,
            "tokens": np.array(self.tokens, dtype=np.str_),
            **({"what_if": written(self.what_if)} if self.what_if else {}),
        }

    def content(self) -> dict[str, Any]:
        """What JSON files hold: signals, initial state, inputs and tokens, as lists, and what was changed."""
        return {
            "cell": self.cell,
            "reset_after": self.weights.reset_after,
            "reverse": self.reverse,
            "axes": ["time", "sequence", "unit"] if self.inputs.ndim == 3 else ["time", "unit"],
            "tokens": list(self.tokens),
            "initial": {key: value.tolist() for key, value in self.initial.items()},
            "signals": {key: value.tolist() for key, value in self.values.items()},
            "inputs": self.inputs.tolist(),
            **({"what_if": written(self.what_if)} if self.what_if else {}),
        }

    def to_npz(self, path: str | Path) -> None:
        """Writes `arrays` as a compressed NPZ (no pickles)."""
        with Path(path).open("wb") as file:
            np.savez_compressed(file, **self.arrays())

    def to_json(self) -> str:
        """`content` as JSON text."""
        return json.dumps(self.content(), ensure_ascii=False)
