"""What networks learn from: batches drawn at random, the loss of their answers, and how well they are answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, l1_loss, mse_loss

from gruviz.models.tasks.steps import at_last, within
from gruviz.training.loop import Batch

Rng = np.random.Generator


@dataclass(frozen=True)
class Measure:
    """How well a batch is answered, one number of which more is better; and the number that counts as learned."""

    name: str  # "accuracy"
    goal: float
    reached: str  # what a network has done that reached it: "reached 95% accuracy"


ACCURACY = Measure("accuracy", 0.95, "reached 95%")


@dataclass(frozen=True, eq=False)
class Source:
    """A task, ready to be learned.

    draw: a batch of so many sequences at random. held_out: sequences that are never drawn. vectors (V, D): where the
    embedding of tokens starts, None where numbers are read. classes: what is told apart; none where a number is asked
    for. warm_up: steps at the start whose answers don't count, where there is an answer at each step.
    encoder, read_out: what a model card says of them.
    """

    name: str
    title: str
    draw: Callable[[Rng, int], Batch]
    held_out: Batch
    features: int
    encoder: Mapping[str, Any]
    read_out: Mapping[str, Any]
    example: str
    vectors: Tensor | None = None
    learn_vectors: bool = False
    classes: tuple[str, ...] = ()
    measure: Measure = ACCURACY
    tolerance: float | None = None  # how far from the number an answer may be that counts as right
    squared: bool = True  # the loss of a number: its squared error, else its absolute one
    warm_up: int = 0
    ahead: int = 0  # of a series: how many steps after it the number to predict comes
    facts: tuple[str, ...] = ()  # sentences on the data

    @property
    def outputs(self) -> int:
        """K, the numbers of a network's answer."""
        return len(self.classes) or 1

    def loss(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:
        """What training makes small: a scalar from logits (T, B, K), lengths (B,), targets (B,) or (T, B)."""
        if targets.ndim == 1:
            return self.answer_loss(at_last(logits, lengths), targets)
        use = self._counted(len(logits), lengths)
        return self.answer_loss(logits[use], targets[use])

    def answer_loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        """The mean loss of single answers: logits (N, K), targets (N,)."""
        if self.classes:
            return cross_entropy(logits, targets.long())
        error = mse_loss if self.squared else l1_loss
        return error(logits[:, 0], targets.to(logits.dtype))

    def score(self, logits: Tensor, batch: Batch) -> float:
        """The measure of a batch: the share of sequences answered right, or by how much of a series' error is saved."""
        inputs, lengths, targets = batch
        if self.ahead:
            use = self._counted(len(logits), lengths)
            error = (logits[..., 0] - targets)[use].abs().mean()
            return float(1 - error / (inputs[..., 0] - targets)[use].abs().mean())
        if targets.ndim == 1:
            last = at_last(logits, lengths)
            right = (
                last.argmax(-1) == targets if self.classes else (last[:, 0] - targets).abs() <= (self.tolerance or 0)
            )
            return float(right.double().mean())
        right = (logits.argmax(-1) == targets) | ~within(len(logits), lengths)
        return float(right.all(0).double().mean())

    def confusion(self, logits: Tensor, batch: Batch) -> "np.ndarray[Any, Any] | None":
        """How often each class (rows) was told to be each (columns), (K, K); None where a number is asked for."""
        if not self.classes:
            return None
        _, lengths, targets = batch
        if targets.ndim == 1:
            told, actual = at_last(logits, lengths).argmax(-1), targets.long()
        else:
            use = self._counted(len(logits), lengths)
            told, actual = logits.argmax(-1)[use], targets[use].long()
        counts = torch.bincount(actual * self.outputs + told, minlength=self.outputs**2)
        return counts.reshape(self.outputs, self.outputs).numpy()

    def _counted(self, steps: int, lengths: Tensor) -> Tensor:
        """Which of (T, B) are answers that count."""
        use = within(steps, lengths)
        use[: self.warm_up] = False
        return use
