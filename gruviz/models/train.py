"""Trains a model and writes its weights and its card: `python -m gruviz.models.train sentiment gru`."""

import argparse
import copy
import json
import math
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import dropout

from gruviz.models.make_card import make_card
from gruviz.models.tasks import TASKS, Encoded, Example, Task

FOLDER = Path(__file__).parent / "weights"
CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
# The gate that keeps the past (z of a GRU, f of an LSTM) is the second block of rows in either; an RNN has none.
KEEPS = {"lstm": 1, "gru": 1}


@dataclass(frozen=True)
class Settings:
    """How to train. The defaults were chosen on training and validation examples only."""

    features: int = 32
    hidden: int = 24
    epochs: int = 14  # of the cosine schedule; the epoch with the lowest validation loss is kept
    patience: int = 4  # epochs without a lower validation loss before it stops
    batch: int = 32
    rate: float = 3e-3
    warm_up: int = 30  # batches
    embedding_decay: float = 0.1
    decay: float = 0.05
    clip: float = 1.0  # largest gradient norm
    drop_input: float = 0.5  # features, the same ones at every step of a sequence
    drop_recurrent: float = 0.2  # recurrent weights, the same ones at every step of a batch
    drop_state: float = 0.3  # on the way to the head
    keep: float = 1.0  # added to the bias of the keeping gate, so that early evidence lasts
    averaging: float = 0.98  # the weights kept are a running average over batches
    seed: int = 3  # of 0 to 9, the lowest validation loss


class Network(nn.Module):
    """Embedding, one recurrent layer, linear head on h_t. Dropout acts in training only."""

    def __init__(self, vectors: Tensor, cell: str, outputs: int, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.embedding = nn.Embedding(len(vectors), settings.features, _weight=vectors)
        self.rnn = CELLS[cell](settings.features, settings.hidden)
        self.head = nn.Linear(settings.hidden, outputs)
        if cell in KEEPS:
            first = KEEPS[cell] * settings.hidden
            with torch.no_grad():
                self.rnn.bias_ih_l0[first : first + settings.hidden] += settings.keep

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits (T, B, outputs) after each step, from rows of the embedding (T, B)."""
        inputs = self.embedding(tokens)  # (T, B, D)
        if not self.training:
            return self.head(self.rnn(inputs)[0])  # type: ignore[no-any-return]
        inputs = inputs * dropout(torch.ones_like(inputs[:1]), self.settings.drop_input)
        thinned = {"weight_hh_l0": dropout(self.rnn.weight_hh_l0, self.settings.drop_recurrent)}
        states = torch.func.functional_call(self.rnn, thinned, (inputs,))[0]  # (T, B, H)
        return self.head(dropout(states, self.settings.drop_state))  # type: ignore[no-any-return]


@dataclass(frozen=True, eq=False)
class Trained:
    """What a run of the loop leaves: the network of its best epoch, in evaluation mode."""

    network: Network
    vocabulary: tuple[str, ...]
    epochs: int  # that the kept network was trained for
    seconds: float
    loss: float  # on validation

    def right(self, task: Task, examples: Sequence[Example]) -> int:
        """How many examples it answers right."""
        tokens, lengths, targets = _batch(_encode(examples, self.vocabulary))
        with torch.no_grad():
            return int(task.right(self.network(tokens), lengths, targets).sum())


def train(
    task: Task,
    cell: str,
    training: Sequence[Example],
    validation: Sequence[Example],
    settings: Settings,
    *,
    report: Callable[[str], None] = lambda _: None,
) -> Trained:
    """Trains one network. The same arguments give the same weights; torch's random state is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        return _train(task, cell, training, validation, settings, report=report)


def _train(
    task: Task,
    cell: str,
    training: Sequence[Example],
    validation: Sequence[Example],
    settings: Settings,
    *,
    report: Callable[[str], None],
) -> Trained:
    start, rng = time.perf_counter(), random.Random(settings.seed)
    vocabulary = task.vocabulary(training)
    vectors = torch.tensor(task.first_vectors(training, vocabulary, settings.features), dtype=torch.float32)
    network = Network(vectors, cell, task.outputs, settings)
    average = copy.deepcopy(network).eval()
    varied = task.varier(training, vocabulary)
    tokens, lengths, targets = _batch(_encode(validation, vocabulary))
    others = [*network.rnn.parameters(), *network.head.parameters()]
    optimizer = torch.optim.AdamW(
        [
            {"params": [network.embedding.weight], "weight_decay": settings.embedding_decay},
            {"params": others, "weight_decay": settings.decay},
        ],
        lr=settings.rate,
    )
    batches = math.ceil(len(training) / settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda i: min(1.0, (i + 1) / settings.warm_up) * (1 + math.cos(math.pi * i / (batches * settings.epochs))) / 2,
    )
    best, best_epoch, lowest, seen = average, 0, math.inf, 0
    for epoch in range(1, settings.epochs + 1):
        network.train()
        order = rng.sample(range(len(training)), len(training))
        for first in range(0, len(order), settings.batch):
            batch = _batch([varied(i, rng) for i in order[first : first + settings.batch]])
            loss = task.loss(network(batch[0]), *batch[1:])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), settings.clip)
            optimizer.step()
            schedule.step()
            kept = min(settings.averaging, (1 + seen) / (10 + seen))  # a short memory at the start
            seen += 1
            with torch.no_grad():
                for mean, now in zip(average.parameters(), network.parameters(), strict=True):
                    mean.lerp_(now, 1 - kept)
        with torch.no_grad():
            logits = average(tokens)
            loss_now = float(task.loss(logits, lengths, targets))
            score = float(task.right(logits, lengths, targets).double().mean())
        report(f"epoch {epoch}/{settings.epochs}  validation loss {loss_now:.4f}  {task.metric} {score:.1%}")
        if loss_now < lowest:
            best, best_epoch, lowest = copy.deepcopy(average), epoch, loss_now
        elif epoch - best_epoch >= settings.patience:
            break
    return Trained(best.eval(), vocabulary, best_epoch, time.perf_counter() - start, lowest)


def _encode(examples: Sequence[Example], vocabulary: tuple[str, ...]) -> list[Encoded]:
    index = {token: i for i, token in enumerate(vocabulary)}
    return [([index.get(token, 0) for token in example.tokens], example.target) for example in examples]


def _batch(rows: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens (T, B), lengths (B,) and targets (B,). Zeros fill the end; a cell that reads forward never meets them."""
    tokens = nn.utils.rnn.pad_sequence([torch.tensor(words) for words, _ in rows])
    return tokens, torch.tensor([len(words) for words, _ in rows]), torch.tensor([target for _, target in rows])


def main() -> None:
    """Trains, then looks at the test examples, once, and writes both files."""
    parser = argparse.ArgumentParser(description="Train a model; write its weights and its card.")
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("cell", choices=sorted(CELLS))
    asked = parser.parse_args()
    torch.set_num_threads(1)  # more threads add in another order, and training makes much of the last bit
    task, settings = TASKS[asked.task], Settings()
    split = task.split()
    trained = train(task, asked.cell, split.train, split.validation, settings, report=_progress)
    print(file=sys.stderr)
    name = f"{task.name}-{asked.cell}"
    tensors = {key: value.contiguous() for key, value in trained.network.state_dict().items()}
    save_file(tensors, FOLDER / f"{name}.safetensors")
    right = {part: trained.right(task, getattr(split, part)) for part in ("validation", "test")}
    card = make_card(task, asked.cell, split, dict(trained.network.state_dict()), trained.vocabulary, right)
    card["card"] |= {"epochs": trained.epochs, "seconds": round(trained.seconds, 1)}
    (FOLDER / f"{name}.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{name}: test {task.metric} {card['card']['test']:.1%}, baseline {card['card']['baseline']['test']:.1%}")


def _progress(line: str) -> None:
    print(f"\r{line}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
