"""How signals are written: in whose symbols, and with which meaning of an update gate of 1."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gruviz.signals.cell import Cell, Signal, Symbols

MeaningOfOne = Literal["keep", "write"]


@dataclass(frozen=True)
class Notation:
    """How signals are written: whose symbols, and what an update gate of 1 means."""

    symbols: Symbols = "pytorch"
    one_means: MeaningOfOne = "keep"

    def symbol(self, signal: Signal) -> str:
        """The bare symbol, HTML (only <sub> is used)."""
        return signal.symbols[self.symbols][0]

    def at(self, signal: Signal, when: Literal["now", "before"] = "now") -> str:
        """The symbol with its time index, HTML: h<sub>t</sub>, or Γ<sub>r</sub><sup>⟨t⟩</sup> in Ng's notation."""
        time = "t" if when == "now" else "t−1"
        if self.symbols == "ng":
            return f"{self.symbol(signal)}<sup>⟨{time}⟩</sup>"
        return f"{self.symbol(signal)}<sub>{time}</sub>"

    @property
    def x(self) -> str:
        """The input's symbol with its time index, HTML."""
        return "x<sup>⟨t⟩</sup>" if self.symbols == "ng" else "x<sub>t</sub>"

    def weights(self, signal: Signal) -> tuple[str, str, str, str]:
        """The symbols of input weights, recurrent weights, input bias and recurrent bias, HTML."""
        index = signal.symbols[self.symbols][1]
        if self.symbols == "pytorch":
            return (f"W<sub>i{index}</sub>", f"W<sub>h{index}</sub>", f"b<sub>i{index}</sub>", f"b<sub>h{index}</sub>")
        sub = f"<sub>{index}</sub>" if index else ""
        return f"W{sub}", f"U{sub}", f"b{sub}", f"b′{sub}"

    def flips(self, signal: Signal) -> bool:
        """Whether this signal is shown as 1 - value: an update gate whose 1 means "write"."""
        return signal.role == "update" and self.one_means == "write"

    def convention(self, cell: Cell) -> str:
        """What an update gate of 1 means in files, where `z` is always PyTorch's; "" for a cell without such a gate."""
        gate = next((signal for signal in cell.signals if signal.role == "update"), None)
        if gate is None:
            return ""
        keeps = f"{gate.key} = 1 keeps the old state (PyTorch)"
        return f"{keeps}; {gate.key}_write = 1 - {gate.key}: 1 writes the candidate" if self.flips(gate) else keeps

    def sentence(self, cell: Cell) -> str:
        """What an update gate of 1 means where it is drawn as it is shown; "" for a cell without such a gate."""
        gate = next((signal for signal in cell.signals if signal.role == "update"), None)
        if gate is None:
            return ""
        return f"An update gate of 1 {'writes the candidate' if self.flips(gate) else 'keeps the old state'}."

    def columns(self, cell: Cell) -> Mapping[str, tuple[str, bool]]:
        """The signals' columns in files: name -> (key, whether it holds 1 - value).

        A key means the same in every file, what PyTorch means by it; beside a signal that is shown flipped stands what
        is shown: `z_write`.
        """
        named: dict[str, tuple[str, bool]] = {}
        for signal in cell.signals:
            named[signal.key] = (signal.key, False)
            if self.flips(signal):
                named[f"{signal.key}_write"] = (signal.key, True)
        return named
