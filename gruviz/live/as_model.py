"""A network in training as a model that the other pages can show, as it is at that moment."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from gruviz.cells.modules import PYTORCH, blank
from gruviz.common.quantities import count
from gruviz.live.sentences import written_score
from gruviz.live.settings import LiveSettings
from gruviz.live.source import Source
from gruviz.models import Card, Model
from gruviz.models.read_outs import Number, ReadOut, read_out
from gruviz.models.shipped import ENCODERS
from gruviz.records import Array, Trace, Values
from gruviz.training.network import Network


@dataclass(frozen=True, eq=False)
class Ahead(Number):
    """The number of a series so many steps later."""

    ahead: int

    def answers(self, trace: Trace) -> Values:
        """The numbers, what came so many steps later, and the number as it is now."""
        now = self._real(trace.inputs[:, 0].astype(np.float64))
        later = np.append(now[self.ahead :], np.full(min(self.ahead, len(now)), np.nan))
        baselines = {"persistence (same as now)": now.copy()}
        return Values(self.label, self.unit, self._real(self._from_start(trace)[:, 0]), later, baselines)


def as_model(
    network: Network, source: Source, settings: LiveSettings, cell: str, updates: int, score: float | None, name: str
) -> Model:
    """The model, with a card that says how it was trained. Nothing of it is the network's own: that may learn on."""
    options = {"nonlinearity": str(network.rnn.nonlinearity)} if cell == "RNN" else {}
    kind: type[nn.Module] = PYTORCH[cell]
    module = blank(kind, source.features, settings.units, dtype=torch.float32, **options)
    module.load_state_dict(network.rnn.state_dict())
    vectors = None if network.embedding is None else network.embedding.weight.detach().numpy().copy()
    encoder = ENCODERS[source.encoder["kind"]](source.encoder, vectors)
    summary = f"A {cell} that learned the task “{source.title}” on the Train page for {count(updates, 'update')}."
    if score is not None:
        summary += f" Held out, {source.measure.name}: {written_score(score, source)}."
    known = "not measured" if score is None else written_score(score, source)
    facts = (
        (f"Held out, {source.measure.name}", known),
        ("Updates", f"{updates:,}"),
        ("Data", " ".join(source.facts)),
        ("Training", f"{settings.optimizer}, learning rate {settings.rate:g}, batch {settings.batch}, clipping "
                     f"{'on' if settings.clip else 'off'}, seed {settings.seed}"),
        ("Start", ", ".join([key if number is None else f"{key} {number:g}"
                             for key, number in settings.choices(cell).items()])),
    )  # fmt: skip
    title = f"{source.title}, {cell}, {count(updates, 'update')}"
    return Model(name, title, module, encoder, Card(summary, facts), source.example, _read_out(network, source))


def _read_out(network: Network, source: Source) -> ReadOut:
    weight, bias = (part.detach().numpy().copy() for part in (network.head.weight, network.head.bias))
    card = source.read_out
    if not source.ahead:
        return read_out(card, weight, bias)
    wide: tuple[Array, Array] = (weight.astype(np.float64), bias.astype(np.float64))
    return Ahead(card["label"], *wide, card["unit"], card["scale"], card["offset"], "next", source.ahead)
