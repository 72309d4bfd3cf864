"""What the training loop asks of a task: its examples, its first vectors, its loss and its score."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor

from gruviz.records import Array

Encoded = tuple[list[int], float]  # the rows of a sequence's tokens in the vocabulary, and the target


@dataclass(frozen=True)
class Example:
    """A sequence of tokens, spelled as in the vocabulary, and what the model should answer."""

    tokens: tuple[str, ...]
    target: float
    text: str
    group: str = ""


@dataclass(frozen=True)
class Split:
    """The examples, cut once by a seed. Only `train` teaches, `validation` chooses, `test` is looked at last."""

    seed: int
    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    test: tuple[Example, ...]


class Task(Protocol):
    """A task names its data, vocabulary, loss and metric; the loop does the rest, for any cell."""

    name: str
    metric: str
    outputs: int
    about: dict[str, Any]  # what the model card says of the task: title, encoder, read_out, data, licence, ...

    def split(self) -> Split:
        """The task's examples in the order that its fixed seed gives them."""
        ...

    def vocabulary(self, train: Sequence[Example]) -> tuple[str, ...]:
        """The tokens the model knows, from training examples only; the first one stands for all others."""
        ...

    def first_vectors(self, train: Sequence[Example], vocabulary: tuple[str, ...], width: int) -> Array:
        """Where the embedding starts, (V, D)."""
        ...

    def varier(self, train: Sequence[Example], vocabulary: tuple[str, ...]) -> Callable[[int, random.Random], Encoded]:
        """A function (i, rng) that gives training example i, varied at random without changing its target."""
        ...

    def loss(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:
        """What training makes small: a scalar from logits (T, B, outputs), lengths (B,) and targets (B,)."""
        ...

    def right(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:
        """Whether each answer is right, booleans (B,)."""
        ...

    def baseline(self, split: Split) -> tuple[str, int]:
        """The name of a method without a recurrent cell, and how many test examples it gets right."""
        ...
