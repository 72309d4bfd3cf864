"""One network per cell, all learning from the same batches."""

import copy
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from gruviz.cells.draws import build_module, draw
from gruviz.cells.modules import blank
from gruviz.live.settings import CLIP, MOMENTUM, LiveSettings
from gruviz.live.source import Source
from gruviz.models.tasks import PLAIN
from gruviz.signals import STANDARD
from gruviz.training.loop import Batch, update
from gruviz.training.network import Network

MAX_UPDATES = 2_000
WINDOW = 10  # batches whose mean score counts as reached


@dataclass(eq=False)
class Learner:
    """One network, its optimiser, and what it scored so far: (updates, 2) loss and score of each batch, before it."""

    network: Network
    optimizer: torch.optim.Optimizer
    history: "np.ndarray" = field(default_factory=lambda: np.empty((MAX_UPDATES, 2), dtype=np.float32))
    reached: int | None = None  # the update at which the mean of the last scores came to the goal
    broken: int | None = None  # the update that made a weight infinite; it learns no more


class Race:
    """RNN, LSTM and GRU of one size, started from one seed. The same settings and source give the same weights.

    `batch` is the one that the next update learns from: no network has seen it.
    """

    def __init__(self, settings: LiveSettings, source: Source) -> None:
        settings.check()
        self.settings, self.source = settings, source
        self.rng = np.random.default_rng(settings.seed)
        self.updates = 0
        self.learners = {cell: Learner(*_start(settings, source, cell)) for cell in STANDARD}
        self.batch: Batch = source.draw(self.rng, settings.batch)

    def update(self) -> None:
        """One update of every network that has not broken, all from the same batch."""
        settings, source, done = self.settings, self.source, self.updates
        for learner in self.learners.values():
            if learner.broken is not None:
                learner.history[done] = np.nan
                continue
            clip = CLIP if settings.clip else None
            loss, logits = update(learner.network, learner.optimizer, source.loss, self.batch, clip)
            learner.history[done] = float(loss), source.score(logits, self.batch)
            recent = learner.history[max(0, done + 1 - WINDOW) : done + 1, 1]
            if learner.reached is None and len(recent) == WINDOW and recent.mean() >= source.measure.goal:
                learner.reached = done + 1
            if not all(bool(weight.isfinite().all()) for weight in learner.network.parameters()):
                learner.broken = done + 1
        self.batch = source.draw(self.rng, settings.batch)
        self.updates = done + 1  # last: whoever looks in between sees the updates that are whole

    @property
    def over(self) -> bool:
        """Whether there is nothing left to train."""
        return self.updates >= MAX_UPDATES or all(one.broken is not None for one in self.learners.values())

    def held_out(self) -> dict[str, tuple[float, "np.ndarray | None"]]:
        """By cell, the score of the held-out sequences and the confusion of classes (K, K), if there are classes."""
        scores = {}
        for cell, learner in self.learners.items():
            if learner.broken is None:
                with torch.no_grad():
                    logits = learner.network(self.source.held_out[0])
                held_out = self.source.held_out
                scores[cell] = self.source.score(logits, held_out), self.source.confusion(logits, held_out)
        return scores

    def networks(self) -> dict[str, Network]:
        """Copies of the networks as they are now."""
        return {cell: copy.deepcopy(learner.network) for cell, learner in self.learners.items()}


def _start(settings: LiveSettings, source: Source, cell: str) -> tuple[Network, torch.optim.Optimizer]:
    weights = draw(
        cell, settings.units, source.features, 1, [settings.seed], choices=settings.choices(cell),
        activation=settings.activation,
    ).weights[0]  # fmt: skip
    head = blank(nn.Linear, settings.units, source.outputs).requires_grad_(True)
    bound, rng = settings.units**-0.5, np.random.default_rng((settings.seed, 3))
    with torch.no_grad():
        head.weight.copy_(torch.from_numpy(rng.uniform(-bound, bound, head.weight.shape)))
        head.bias.copy_(torch.from_numpy(rng.uniform(-bound, bound, head.bias.shape)))
    module = build_module(cell, weights).float().requires_grad_(True)
    vectors = None if source.vectors is None else source.vectors.clone()
    network = Network(vectors, module, head, PLAIN, learn_vectors=source.learn_vectors)
    parameters = [weight for weight in network.parameters() if weight.requires_grad]
    if settings.optimizer == "adam":
        return network, torch.optim.Adam(parameters, settings.rate)
    return network, torch.optim.SGD(parameters, settings.rate, MOMENTUM)
