"""What the table is made of: cells, their signals and columns, and the colours of signals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gruviz.signals.rules import Affine, Rule

Symbols = Literal["pytorch", "cho", "ng"]
Role = Literal["reset", "update", "candidate", "state", "input_gate", "forget", "output", "cell_state", "input"]


@dataclass(frozen=True)
class Colour:
    """One signal's colour: `fill` for marks, the two inks for text with a contrast of 4.5 to 1 and more."""

    fill: str
    on_light: str
    on_dark: str


COLOURS: Mapping[Role, Colour] = {
    "reset": Colour("#D55E00", "#AD4C00", "#FF9450"),
    "update": Colour("#0072B2", "#0068A3", "#5CB8F0"),
    "candidate": Colour("#009E73", "#007254", "#34CFA3"),
    "state": Colour("#7B3FA0", "#7B3FA0", "#CBA0E6"),
    "input_gate": Colour("#E69F00", "#8A5F00", "#F2B63A"),
    "forget": Colour("#56B4E9", "#1E6E9C", "#7CC8F2"),
    "output": Colour("#CC79A7", "#9C4275", "#E39CC4"),
    "cell_state": Colour("#5B5FC7", "#4E52B8", "#A5A8F0"),
    "input": Colour("#767676", "#5E5E5E", "#B0B0B0"),
}


@dataclass(frozen=True)
class Signal:
    """One quantity with a value for each unit and step."""

    key: str
    name: str
    role: Role
    rule: Rule
    low: float | None  # None: no bound
    high: float | None
    verb: str  # what its operation does, for stepping inside a step
    symbols: Mapping[Symbols, tuple[str, str]]  # the symbol (HTML), and the index of its weights

    @property
    def colour(self) -> Colour:
        """The colour of this signal everywhere."""
        return COLOURS[self.role]


@dataclass(frozen=True)
class Column:
    """One column of the stepper: how it draws (`kind`) which signal, now or one step before."""

    kind: Literal["square", "gauge", "parts", "blend", "cell_update"]
    signal: str
    when: Literal["now", "before"] = "now"


@dataclass(frozen=True)
class Cell:
    """A recurrent cell: its signals in PyTorch's order, its state, and its columns in the order of computing."""

    name: str
    blocks: tuple[str, ...]  # the gates in the order of the stacked weight rows
    signals: tuple[Signal, ...]
    state: tuple[str, ...]
    columns: tuple[Column, ...]
    colour: Colour  # where cells stand beside each other; not a signal's colour
    dash: str  # its line there, as plotly names it: colour never carries meaning alone
    keeps: str | None  # the gate that carries the old state on, which sets how long a unit remembers; None: no gate
    resets_before: bool = False  # whether the gate that scales the recurrent part always acts before the product
    variant_of: str = ""  # the cell whose weights it has, where it only computes another way with them

    def signal(self, key: str) -> Signal:
        """The signal called `key`; KeyError with the names there are."""
        for signal in self.signals:
            if signal.key == key:
                return signal
        raise KeyError(f"{self.name} has no signal {key!r}; it has {', '.join(s.key for s in self.signals)}")

    @property
    def base(self) -> str:
        """The key in CELLS of the cell that its weights are of."""
        return self.variant_of or self.name

    @property
    def chooses_activation(self) -> bool:
        """Whether its module chooses an activation: tanh or ReLU."""
        return any(isinstance(s.rule, Affine) and s.rule.activation == "cell" for s in self.signals)

    @property
    def plain_blocks(self) -> int:
        """How many blocks no gate scales; they come before those that one does."""
        scaled = {s.rule.block for s in self.signals if isinstance(s.rule, Affine) and s.rule.scaled_by}
        return len(self.blocks) - len(scaled)

    @property
    def operations(self) -> tuple[Signal, ...]:
        """The signals in the order in which one step computes them."""
        keys = dict.fromkeys(column.signal for column in self.columns if column.when == "now")
        return tuple(self.signal(key) for key in keys)

    @property
    def gates(self) -> tuple[Signal, ...]:
        """The signals that open and close: affine, through a sigmoid."""
        return tuple(s for s in self.signals if isinstance(s.rule, Affine) and s.rule.activation == "sigmoid")
