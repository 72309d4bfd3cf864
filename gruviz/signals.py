"""The one table of what a cell computes.

Equations, colours, figures, the stepper's columns and exports are all read from here, so a new cell is a
row of this table and not an `if` somewhere else. Formulas follow PyTorch's documentation of `nn.GRU`, `nn.LSTM` and
`nn.RNN`; Cho et al. 2014 (arXiv:1406.1078) and Ng's course on sequence models give the other two notations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Symbols = Literal["pytorch", "cho", "ng"]
MeaningOfOne = Literal["keep", "write"]
Role = Literal["reset", "update", "candidate", "state", "input_gate", "forget", "output", "memory", "input"]


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
    "memory": Colour("#5B5FC7", "#4E52B8", "#A5A8F0"),
    "input": Colour("#767676", "#5E5E5E", "#B0B0B0"),
}


@dataclass(frozen=True)
class Affine:
    """act(shift + sign * (W x + b_i + U h_(t-1) + b_h)), rows `block` of the stacked weights.

    With `scaled_by`, that gate multiplies the recurrent part: after the recurrent product (PyTorch) as
    g * (U h_(t-1) + b_h), or before it (Cho et al.) as U (g * h_(t-1)) + b_h. Scaled blocks stand last.
    """

    block: int
    activation: Literal["sigmoid", "tanh", "cell"]  # "cell": the one the module was built with
    scaled_by: str | None = None
    sign: Literal[1, -1] = 1
    shift: float = 0.0


@dataclass(frozen=True)
class Blend:
    """gate * old + (1 - gate) * new, where old is this signal one step before; with `writes` the other way round."""

    gate: str
    new: str
    writes: bool = False  # whether a gate of 1 writes the new value instead of keeping the old one

    def kept(self, gate: float) -> float:
        """The share of the old value that a gate keeps."""
        return 1 - gate if self.writes else gate


@dataclass(frozen=True)
class Memory:
    """forget * old + write * new, where old is this signal one step before."""

    forget: str
    write: str
    new: str


@dataclass(frozen=True)
class Gated:
    """gate * tanh(inner)."""

    gate: str
    inner: str


Rule = Affine | Blend | Memory | Gated


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

    kind: Literal["square", "gauge", "parts", "blend", "memory"]
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


_GRU = Cell(
    name="GRU",
    blocks=("r", "z", "n"),
    signals=(
        Signal("r", "reset gate", "reset", Affine(0, "sigmoid"), 0, 1, "reset",
               {"pytorch": ("r", "r"), "cho": ("r", "r"), "ng": ("Γ<sub>r</sub>", "r")}),
        Signal("z", "update gate", "update", Affine(1, "sigmoid"), 0, 1, "update",
               {"pytorch": ("z", "z"), "cho": ("z", "z"), "ng": ("Γ<sub>u</sub>", "u")}),
        Signal("n", "candidate", "candidate", Affine(2, "tanh", scaled_by="r"), -1, 1, "candidate",
               {"pytorch": ("n", "n"), "cho": ("h̃", ""), "ng": ("c̃", "c")}),
        Signal("h", "hidden state", "state", Blend("z", "n"), -1, 1, "blend",
               {"pytorch": ("h", ""), "cho": ("h", ""), "ng": ("c", "")}),
    ),
    state=("h",),
    columns=(
        Column("square", "h", "before"), Column("gauge", "r"), Column("parts", "n"), Column("gauge", "z"),
        Column("blend", "h"), Column("square", "h"),
    ),
    colour=Colour("#C2185B", "#AD1457", "#F48FB1"),
    dash="solid",
    keeps="z",
)  # fmt: skip

_LSTM = Cell(
    name="LSTM",
    blocks=("i", "f", "g", "o"),
    signals=(
        Signal("i", "input gate", "input_gate", Affine(0, "sigmoid"), 0, 1, "input",
               {"pytorch": ("i", "i"), "cho": ("i", "i"), "ng": ("Γ<sub>u</sub>", "u")}),
        Signal("f", "forget gate", "forget", Affine(1, "sigmoid"), 0, 1, "forget",
               {"pytorch": ("f", "f"), "cho": ("f", "f"), "ng": ("Γ<sub>f</sub>", "f")}),
        Signal("g", "candidate", "candidate", Affine(2, "tanh"), -1, 1, "candidate",
               {"pytorch": ("g", "g"), "cho": ("g", "c"), "ng": ("c̃", "c")}),
        Signal("o", "output gate", "output", Affine(3, "sigmoid"), 0, 1, "output",
               {"pytorch": ("o", "o"), "cho": ("o", "o"), "ng": ("Γ<sub>o</sub>", "o")}),
        Signal("c", "cell state", "memory", Memory("f", "i", "g"), None, None, "memory",
               {"pytorch": ("c", ""), "cho": ("c", ""), "ng": ("c", "")}),
        Signal("h", "hidden state", "state", Gated("o", "c"), -1, 1, "show",
               {"pytorch": ("h", "h"), "cho": ("h", "h"), "ng": ("a", "a")}),
    ),
    state=("h", "c"),
    columns=(
        Column("square", "h", "before"), Column("square", "c", "before"), Column("gauge", "f"), Column("gauge", "i"),
        Column("parts", "g"), Column("memory", "c"), Column("gauge", "o"), Column("square", "h"),
    ),
    colour=Colour("#00838F", "#006D77", "#4DD0E1"),
    dash="dash",
    keeps="f",
)  # fmt: skip

_RNN = Cell(
    name="RNN",
    blocks=("h",),
    signals=(
        Signal("h", "hidden state", "state", Affine(0, "cell"), -1, 1, "update",
               {"pytorch": ("h", "h"), "cho": ("h", "h"), "ng": ("a", "a")}),
    ),
    state=("h",),
    columns=(Column("square", "h", "before"), Column("parts", "h"), Column("square", "h")),
    colour=Colour("#8D6E00", "#755B00", "#E6C34A"),
    dash="dot",
    keeps=None,
)  # fmt: skip

_MGU = Cell(  # Zhou, Wu, Zhang and Zhou 2016 (arXiv:1603.09420): one gate forgets, resets and writes
    name="MGU",
    blocks=("f", "n"),
    signals=(
        Signal("f", "forget gate", "forget", Affine(0, "sigmoid"), 0, 1, "forget",
               {"pytorch": ("f", "f"), "cho": ("f", "f"), "ng": ("Γ<sub>f</sub>", "f")}),
        Signal("n", "candidate", "candidate", Affine(1, "tanh", scaled_by="f"), -1, 1, "candidate",
               {"pytorch": ("n", "n"), "cho": ("h̃", "h"), "ng": ("c̃", "c")}),
        Signal("h", "hidden state", "state", Blend("f", "n", writes=True), -1, 1, "blend",
               {"pytorch": ("h", ""), "cho": ("h", ""), "ng": ("c", "")}),
    ),
    state=("h",),
    columns=(
        Column("square", "h", "before"), Column("gauge", "f"), Column("parts", "n"), Column("blend", "h"),
        Column("square", "h"),
    ),
    colour=Colour("#5D7A1F", "#4C6619", "#B5D469"),
    dash="dashdot",
    keeps="f",
    resets_before=True,
)  # fmt: skip

_JANET = Cell(  # van der Westhuizen and Lasenby 2018 (arXiv:1804.04849), with beta = 1: the forget gate alone
    name="JANET",
    blocks=("f", "n"),
    signals=(
        Signal("f", "forget gate", "forget", Affine(0, "sigmoid"), 0, 1, "forget",
               {"pytorch": ("f", "f"), "cho": ("f", "f"), "ng": ("Γ<sub>f</sub>", "f")}),
        Signal("i", "input share", "input_gate", Affine(0, "sigmoid", sign=-1, shift=1.0), 0, 1, "input",
               {"pytorch": ("i", "f"), "cho": ("i", "f"), "ng": ("Γ<sub>u</sub>", "f")}),
        Signal("n", "candidate", "candidate", Affine(1, "tanh"), -1, 1, "candidate",
               {"pytorch": ("n", "n"), "cho": ("c̃", "c"), "ng": ("c̃", "c")}),
        Signal("h", "hidden state", "state", Memory("f", "i", "n"), None, None, "memory",
               {"pytorch": ("h", ""), "cho": ("c", ""), "ng": ("c", "")}),
    ),
    state=("h",),
    columns=(
        Column("square", "h", "before"), Column("gauge", "f"), Column("gauge", "i"), Column("parts", "n"),
        Column("memory", "h"), Column("square", "h"),
    ),
    colour=Colour("#5E548E", "#4F4580", "#B8AEE0"),
    dash="longdash",
    keeps="f",
)  # fmt: skip

STANDARD = ("RNN", "LSTM", "GRU")  # those that PyTorch has a module for, which the shipped networks are made of
CELLS: Mapping[str, Cell] = {cell.name: cell for cell in (_RNN, _LSTM, _GRU, _MGU, _JANET)}  # the order everywhere

_RESET_BEFORE_GRU = replace(
    _GRU, name="reset-before GRU", variant_of="GRU", resets_before=True, dash="longdashdot",
    colour=Colour("#455A64", "#455A64", "#A9BCC6"),
)  # fmt: skip  # as Cho et al. 2014 wrote it
# what can stand side by side: a cell, then what computes another way with the same weights
VARIANTS: Mapping[str, Cell] = {row.name: row for row in (_RNN, _LSTM, _GRU, _RESET_BEFORE_GRU, _MGU, _JANET)}


def variant(cell: str, reset_after: bool) -> str:
    """The key in VARIANTS of a cell of CELLS whose reset gate, if it has one, acts after or before the product."""
    found = (name for name, row in VARIANTS.items() if row.base == cell and row.resets_before != reset_after)
    return next(found, cell)


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
