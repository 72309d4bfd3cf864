"""What a model file holds, whatever its format: recurrent parts, and what stands in front of them and behind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import torch

from gruviz.errors import ModelError
from gruviz.files.limits import short
from gruviz.signals import CELLS

Named = Mapping[str, torch.Tensor]


@dataclass(frozen=True, eq=False)
class Direction:
    """One layer and direction in PyTorch's layout, as stored (any float type), G blocks in the order of its cell.

    input (G*H, D), recurrent (G*H, H), both biases (G*H,); None without biases. `backward`: it reads from the end.
    """

    input: torch.Tensor
    recurrent: torch.Tensor
    input_bias: torch.Tensor | None
    recurrent_bias: torch.Tensor | None
    backward: bool = False

    @property
    def features(self) -> int:
        """D."""
        return int(self.input.shape[1])

    @property
    def units(self) -> int:
        """H."""
        return int(self.recurrent.shape[1])

    @property
    def parameters(self) -> int:
        """How many numbers it holds."""
        biases = (self.input_bias, self.recurrent_bias)
        return sum(t.numel() for t in (self.input, self.recurrent, *biases) if t is not None)


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: one direction or both, forward first. None: the file does not say it."""

    cell: str
    directions: tuple[Direction, ...]
    activation: str | None = "tanh"  # of an RNN: "tanh" or "relu"
    reset_after: bool | None = True  # of a GRU: the reset gate acts after the recurrent product or before it

    @property
    def width(self) -> int:
        """How many numbers a step hands on."""
        return sum(direction.units for direction in self.directions)


@dataclass(frozen=True)
class Question:
    """What a file does not say: `options` (value -> its words), and the sentence that asks."""

    key: str
    label: str
    text: str
    options: Mapping[str, str]


NONLINEARITY = Question(
    "nonlinearity", "Nonlinearity", "The file does not say which nonlinearity this RNN has.",
    {"tanh": "tanh", "relu": "ReLU"},
)  # fmt: skip
RESET = Question(
    "reset", "Reset gate acts", "The file does not say where the reset gate of this GRU acts.",
    {"after": "after the recurrent product (reset_after=True)", "before": "before it (reset_after=False)"},
)  # fmt: skip


MASK = Question(
    "mask", "Token 0", "The file does not say whether token 0 is padding that the network skips.",
    {"no": "is read as any other (mask_zero=False)", "yes": "is padding and skipped (mask_zero=True)"},
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of vectors (V, D), one for each token: an embedding. `padding`: the token that is skipped, where one is."""

    name: str
    vectors: torch.Tensor
    sure: bool = False  # whether the file itself says that it stands in front of the recurrent part
    padding: int | None = None
    asks_mask: bool = False  # whether the file leaves open if token 0 is skipped

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the file does not say of it."""
        return (MASK,) if self.asks_mask else ()

    @property
    def tokens(self) -> int:
        """V."""
        return int(self.vectors.shape[0])


@dataclass(frozen=True, eq=False)
class Head:
    """A linear map from the last layer's h to an answer: weight (K, H), bias (K,) or None.

    kind: "probability", "classes" or "number"; "" where the file does not say it.
    """

    name: str
    weight: torch.Tensor
    bias: torch.Tensor | None
    sure: bool = False  # whether the file itself says that it stands behind the recurrent part
    kind: str = ""

    @property
    def outputs(self) -> int:
        """K."""
        return int(self.weight.shape[0])

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the answer can be."""
        if self.kind:
            return (self.kind,)
        return ("probability", "number") if self.outputs == 1 else ("classes",)


HEAD_KINDS = {
    "probability": "a probability (sigmoid of the output)",
    "classes": "shares of classes (softmax of the outputs)",
    "number": "a number (the output as it is)",
}


@dataclass(frozen=True, eq=False)
class Part:
    """A recurrent part: its layers, the bottom one first. `notes`: what a person should know, each a sentence."""

    name: str
    layers: tuple[Layer, ...]
    tables: tuple[Table, ...] = ()
    heads: tuple[Head, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """ "GRU", "LSTM" or "RNN"."""
        return self.layers[0].cell

    @property
    def features(self) -> int:
        """D, the numbers that the bottom layer reads per step."""
        return self.layers[0].directions[0].features

    @property
    def width(self) -> int:
        """How many numbers a step of the top layer hands on."""
        return self.layers[-1].width

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the file does not say of it."""
        asked = []
        if any(layer.activation is None for layer in self.layers):
            asked.append(NONLINEARITY)
        if any(layer.reset_after is None for layer in self.layers):
            asked.append(RESET)
        return tuple(asked)

    def size(self) -> str:
        """In words: "2 layers of 4 units, both directions, 3 inputs"."""
        sizes = [layer.directions[0].units for layer in self.layers]
        units = f"{sizes[0]} unit{'s' * (sizes[0] != 1)}" if len({*sizes}) == 1 else f"{listed(sizes)} units"
        layers = units if len(sizes) == 1 else f"{len(sizes)} layers of {units}"
        ways = {tuple(direction.backward for direction in layer.directions) for layer in self.layers}
        way = ", both directions" if (False, True) in ways else ", read from the end" if (True,) in ways else ""
        return f"{layers}{way}, {self.features} input{'s' * (self.features != 1)}"

    def title(self) -> str:
        """Its name, kind and size: "encoder.rnn: GRU, 4 units, 3 inputs"."""
        return f"{short(self.name)}: {self.cell}, {self.size()}" if self.name else f"{self.cell}, {self.size()}"


def listed(words: Iterable[object]) -> str:
    """Words with commas, the last after "and"."""
    texts = [str(word) for word in words]
    return " and ".join(texts) if len(texts) < 3 else f"{', '.join(texts[:-1])} and {texts[-1]}"


@dataclass(frozen=True, eq=False)
class Contents:
    """A model file as read: its format in words, and the recurrent parts in it (one at least)."""

    format: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = field(default=())


def check_shape(tensor: torch.Tensor, expected: tuple[int, ...], name: str, why: str) -> None:
    """ModelError where a tensor has another shape than its neighbours ask for."""
    if tuple(tensor.shape) != expected:
        raise ModelError(f"{short(name)} has shape {tuple(tensor.shape)}; {why}, so it must be {expected}.")


def check_finite(tensor: torch.Tensor, name: str) -> None:
    """ModelError that names the tensor and counts its values that are NaN or infinite."""
    finite = torch.isfinite(tensor)
    if bool(finite.all()):
        return
    bad = (~finite).nonzero()
    first = tuple(int(i) for i in bad[0])
    what = "NaN" if bool(torch.isnan(tensor[first])) else "infinite"
    values = f"{len(bad):,} value{'s' * (len(bad) != 1)} that {'is' if len(bad) == 1 else 'are'} NaN or infinite"
    raise ModelError(
        f"{short(name)} holds {values} of {tensor.numel():,}; the first, at index {first}, is {what}. Nothing can be "
        "computed from such weights: the training diverged before the model was saved. Save an earlier checkpoint."
    )


def cell_of(rows: int, columns: int) -> str | None:
    """The cell whose recurrent weights have such a shape: 1, 3 or 4 blocks of H rows by H columns."""
    kinds = {len(CELLS[name].blocks): name for name in ("RNN", "GRU", "LSTM")}
    return kinds.get(rows // columns) if columns and rows % columns == 0 else None
