"""First symbol: which letter came first? Asked after noise that says nothing about it; nothing but memory helps."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor
from torch.nn.functional import cross_entropy

from gruviz.common.progress import Progress, counting
from gruviz.models.tasks.settings import ONE_LOOK, PLAIN
from gruviz.models.tasks.steps import at_last
from gruviz.models.tasks.task import Answered, Baseline, EncodedExample, Example, Plain, Split, Varier

SPLIT_SEED = 1
TRAIN, VALIDATION, TEST = 4800, 400, 1000
STEPS = 100  # of noise, in validation and test
SHORTER_AND_LONGER = (10, 25, 50, 200)
LETTERS = ("A", "B", "C", "D")
NOISE = ("w", "x", "y", "z")


class FirstSymbol(Plain):
    """Synthetic: one of four letters, then noise of other letters."""

    name = "first-symbol"
    metric = f"accuracy after {STEPS} steps of noise"
    outputs = len(LETTERS)
    symbols = (*LETTERS, *NOISE)
    tuning = ONE_LOOK
    settings = replace(PLAIN, features=len(symbols), hidden=24, epochs=5, patience=5, rate=5e-3, keep=4.0)
    about: dict[str, Any] = {  # noqa: RUF012 (a constant of the task)
        "title": "First symbol",
        "example": "B x z w y x x z y w w x z",
        "encoder": {"kind": "symbols"},
        "read_out": {"kind": "classes", "label": "first letter", "labels": list(LETTERS)},
        "summary": (
            f"Says which of four letters a sequence began with, after 1 to {STEPS} steps of noise; it was asked after "
            "the last step only. Training started with the bias of the gate that keeps the state (the GRU's update "
            "gate, the LSTM's forget gate) raised by 4; an RNN has no such gate."
        ),
        "data": f"{TRAIN + VALIDATION + TEST:,} sequences drawn at random by this program",
        "licence": "MIT",
        "credit": "gruviz",
    }

    def split(self, on_progress: Progress = None) -> Split:
        """Training with 1 to 100 steps of noise, as many of each letter; the other parts with 100 steps."""
        rng = random.Random(SPLIT_SEED)
        count = counting(TRAIN + VALIDATION + TEST + len(SHORTER_AND_LONGER) * (TEST // 2), on_progress)

        def one(i: int, shortest: int, longest: int) -> Example:
            count()
            return _draw(rng, i % len(LETTERS), rng.randint(shortest, longest))

        def some(n: int, shortest: int, longest: int) -> tuple[Example, ...]:
            return tuple(one(i, shortest, longest) for i in range(n))

        train, validation, test = some(TRAIN, 1, STEPS), some(VALIDATION, STEPS, STEPS), some(TEST, STEPS, STEPS)
        also = {f"{steps} steps of noise": some(TEST // 2, steps, steps) for steps in SHORTER_AND_LONGER}
        return Split(SPLIT_SEED, train, validation, test, also)

    def varier(self, train: Sequence[Example], vocabulary: tuple[str, ...]) -> Varier:
        """Other noise of the same length behind the same letter."""
        index = {token: i for i, token in enumerate(vocabulary)}
        noise = [index[token] for token in NOISE]

        def varied(i: int, rng: random.Random) -> EncodedExample:
            tokens = train[i].tokens
            return [index[tokens[0]], *rng.choices(noise, k=len(tokens) - 1)], train[i].target

        return varied

    def quantities(self, tokens: Sequence[str], numbers: Sequence[Sequence[float]]) -> Mapping[str, float]:  # noqa: ARG002
        """Where the letters are that may come first: there, and nowhere else."""
        letters = [int(token in LETTERS) for token in tokens]
        return {"{} letters A to D at the start": letters[0], "{} letters A to D later": sum(letters[1:])}

    def loss(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:
        """Cross-entropy of the last answer only."""
        return cross_entropy(at_last(logits, lengths), targets.long())

    def scores(self, answered: Answered) -> Tensor:
        """1 where the last answer is right, else 0, (B,)."""
        return (at_last(answered.logits, answered.lengths).argmax(-1) == answered.targets).double()

    def baselines(self, split: Split) -> tuple[Baseline, ...]:
        """What the noise tells: nothing."""
        return (Baseline("Always the same letter", tuple(float(example.target == 0) for example in split.test)),)


def _draw(rng: random.Random, letter: int, steps: int) -> Example:
    tokens = (LETTERS[letter], *rng.choices(NOISE, k=steps))
    return Example(tokens, float(letter), " ".join(tokens))
