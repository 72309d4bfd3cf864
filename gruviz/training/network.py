"""The network that every task trains, whatever its cell."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout

from gruviz.cells.modules import PYTORCH
from gruviz.models.tasks import TrainingSettings
from gruviz.signals import CELLS as SPECS

CELLS = {name.lower(): kind for name, kind in PYTORCH.items()}  # as the command line and the files are named


class Network(nn.Module):
    """Embedding (none for numbers), one recurrent layer, linear head on h_t. Dropout acts in training only."""

    def __init__(
        self, vectors: Tensor | None, rnn: Any, head: nn.Linear, settings: TrainingSettings, *, learn_vectors: bool
    ) -> None:
        super().__init__()
        self.settings = settings
        self.embedding = None
        if vectors is not None:
            self.embedding = nn.Embedding(len(vectors), vectors.shape[1], _weight=vectors)
            self.embedding.weight.requires_grad_(learn_vectors)
        self.rnn = rnn
        self.head = head

    @classmethod
    def drawn(
        cls, vectors: Tensor | None, cell: str, outputs: int, settings: TrainingSettings, *, learn_vectors: bool
    ) -> "Network":
        """With the weights that torch draws, from its random state, and the bias of the keeping gate raised."""
        rnn = CELLS[cell](settings.features, settings.hidden)
        spec = SPECS[cell.upper()]
        if spec.keeps is not None:
            first = spec.blocks.index(spec.keeps) * settings.hidden
            with torch.no_grad():
                rnn.bias_ih_l0[first : first + settings.hidden] += settings.keep
        return cls(vectors, rnn, nn.Linear(settings.hidden, outputs), settings, learn_vectors=learn_vectors)

    def forward(self, steps: Tensor) -> Tensor:
        """Logits (T, B, outputs) after each step, from rows of the embedding (T, B) or numbers (T, B, D)."""
        inputs = steps if self.embedding is None else self.embedding(steps)  # (T, B, D)
        drops = self.settings
        if not self.training or not (drops.drop_input or drops.drop_recurrent):
            states = self.rnn(inputs)[0]  # (T, B, H)
        else:
            inputs = inputs * dropout(torch.ones_like(inputs[:1]), drops.drop_input)
            thinned = {"weight_hh_l0": dropout(self.rnn.weight_hh_l0, drops.drop_recurrent)}
            states = torch.func.functional_call(self.rnn, thinned, (inputs,))[0]
        if self.training and drops.drop_state:
            states = dropout(states, drops.drop_state)
        return self.head(states)  # type: ignore[no-any-return]
