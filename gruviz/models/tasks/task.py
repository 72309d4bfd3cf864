"""What the training loop asks of a task: its examples, its first vectors, its loss and its score."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from torch import Tensor

from gruviz.common.progress import Progress
from gruviz.models.tasks.settings import TrainingSettings
from gruviz.records import Array

Target = float | tuple[float, ...]  # one for the sequence, or one a step
# The rows of a sequence's tokens in the vocabulary (or its numbers, a tuple a step), and the target.
EncodedExample = tuple[Sequence[int] | Sequence[tuple[float, ...]], Target]
# Gives training example i, varied at random in ways that keep the target right.
Varier = Callable[[int, random.Random], EncodedExample]


@dataclass(frozen=True)
class Example:
    """A sequence of tokens, spelled as in the vocabulary, and what the model should answer."""

    tokens: tuple[str, ...]
    target: Target
    text: str  # as a person would type it; no two parts of a split share one
    group: str = ""
    numbers: tuple[tuple[float, ...], ...] = ()  # (T, D) in place of tokens


@dataclass(frozen=True)
class Split:
    """The examples, cut once by a seed. Only `train` teaches, `validation` chooses, `test` is looked at last."""

    seed: int
    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    test: tuple[Example, ...]
    # further tests: such as longer sequences, or parts of `test`
    also: Mapping[str, tuple[Example, ...]] = field(default_factory=dict)
    # what teaches besides `train`: such as sentences that a program made
    besides: Mapping[str, tuple[Example, ...]] = field(default_factory=dict)

    @property
    def taught(self) -> tuple[Example, ...]:
        """All that teaches."""
        return (*self.train, *(example for examples in self.besides.values() for example in examples))


@dataclass(frozen=True, eq=False)
class Answered:
    """Examples with a network's answers to them, for scoring."""

    examples: Sequence[Example]
    vocabulary: tuple[str, ...]
    logits: Tensor  # (T, B, outputs)
    lengths: Tensor  # (B,)
    targets: Tensor  # (B,) or (T, B)


@dataclass(frozen=True)
class Baseline:
    """A method without a recurrent cell and its score on each test example."""

    name: str
    scores: tuple[float, ...]


class Task(Protocol):
    """A task names its data, vocabulary, loss and metric; the loop does the rest, for any cell."""

    name: str
    metric: str
    lower_is_better: bool  # the metric is an error
    outputs: int
    learn_vectors: bool  # the embedding is trained; else it stays as `first_vectors` gives it
    settings: TrainingSettings  # for a GRU
    tuning: str  # how those that are not tried for each cell were set, one sentence
    needs: tuple[str, ...]  # modules that its baselines import, beyond what gruviz depends on
    about: dict[str, Any]  # what the model card says of the task: title, encoder, read_out, data, licence, ...

    def split(self, on_progress: Progress = None) -> Split:
        """The task's examples in the order that its fixed seed gives them.

        on_progress: called again and again with the fraction done; an exception that it raises ends the work.
        """
        ...

    def vocabulary(self, train: Sequence[Example]) -> tuple[str, ...]:
        """The tokens the model knows, from training examples only; empty where it reads numbers."""
        ...

    def first_vectors(self, train: Sequence[Example], vocabulary: tuple[str, ...], width: int) -> Array:
        """Where the embedding starts, (V, D)."""
        ...

    def encode(self, example: Example, index: Mapping[str, int]) -> EncodedExample:
        """An example as the network takes it; `index` gives a token's row in the vocabulary."""
        ...

    def varier(self, train: Sequence[Example], vocabulary: tuple[str, ...]) -> Varier:
        """A function (i, rng) that gives training examples, varied."""
        ...

    def quantities(self, tokens: Sequence[str], numbers: Sequence[Sequence[float]]) -> Mapping[str, float]:
        """What else the networks may not have met, such as the depth of brackets: phrases with {} for the number."""
        ...

    def loss(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:
        """What training makes small: a scalar from logits (T, B, outputs), lengths (B,), targets (B,) or (T, B)."""
        ...

    def scores(self, answered: Answered) -> Tensor:
        """How well each example is answered, (B,): 1 or 0 for right or wrong, a share, or an error in real units."""
        ...

    def baselines(self, split: Split) -> tuple[Baseline, ...]:
        """What methods without a recurrent cell reach on the test examples; the one to be compared with first."""
        ...


class Plain:
    """What most tasks do: fixed tokens as one-hot vectors, examples as they are. Subclasses fill in the rest."""

    symbols: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    learn_vectors = False
    lower_is_better = False

    def vocabulary(self, train: Sequence[Example]) -> tuple[str, ...]:  # noqa: ARG002
        """The task's fixed tokens."""
        return self.symbols

    def first_vectors(self, train: Sequence[Example], vocabulary: tuple[str, ...], width: int) -> Array:  # noqa: ARG002
        """One-hot."""
        return np.eye(len(vocabulary))

    def encode(self, example: Example, index: Mapping[str, int]) -> EncodedExample:
        """Rows of tokens, the first row for those not in the vocabulary; or the numbers."""
        return example.numbers or [index.get(token, 0) for token in example.tokens], example.target

    def varier(self, train: Sequence[Example], vocabulary: tuple[str, ...]) -> Varier:
        """No variation."""
        index = {token: i for i, token in enumerate(vocabulary)}
        rows = [self.encode(example, index) for example in train]
        return lambda i, rng: rows[i]  # noqa: ARG005

    def quantities(self, tokens: Sequence[str], numbers: Sequence[Sequence[float]]) -> Mapping[str, float]:  # noqa: ARG002
        """None."""
        return {}
