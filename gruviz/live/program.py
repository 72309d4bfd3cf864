"""A trained network as files: its tensors as safetensors, and a PyTorch program that loads them."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from safetensors.torch import save

from gruviz.common.quantities import count
from gruviz.live.settings import LiveSettings
from gruviz.live.source import Source
from gruviz.training.network import Network

_PROGRAM = '''\
"""Loads {file}, a {cell} that learned the task “{title}” for {updates}, and reads one sequence with it."""

import torch
from safetensors.torch import load_file

SETTINGS = {settings}
CARD = {card}  # what it reads, and what its answer means
tensors = load_file("{file}")

rnn = torch.nn.{cell}({features}, {units}{options})
rnn.load_state_dict({{key.removeprefix("rnn."): value for key, value in tensors.items() if key.startswith("rnn.")}})
head = torch.nn.Linear({units}, {outputs})
head.load_state_dict({{key.removeprefix("head."): value for key, value in tensors.items() if key.startswith("head.")}})

{inputs}
with torch.no_grad():
    states, _ = rnn(x)  # (T, H)
    answers = head(states)  # (T, {outputs}): {meaning}
for step, answer in enumerate(answers.tolist(), 1):
    print(step, *answer)
'''

_TOKENS = """\
rows = {rows}  # of an example's tokens in CARD["encoder"]["vocabulary"]
x = tensors["embedding.weight"][torch.tensor(rows)]  # (T, {features})"""

_NUMBERS = """\
x = torch.tensor({rows})  # (T, {features}): an example's numbers, less the offset and over the scale in CARD"""


def tensors(network: Network) -> bytes:
    """All weights as a safetensors file: rnn.*, head.*, and embedding.weight where tokens are read."""
    return save({key: value.contiguous() for key, value in network.state_dict().items()})


def program(network: Network, source: Source, settings: LiveSettings, cell: str, updates: int, file: str) -> str:
    """The program that loads `file`; it prints the answer after each step of the first held-out sequence."""
    inputs, lengths, _ = source.held_out
    first = inputs[: int(lengths[0]), 0]
    rows = np.round(first.double().numpy(), 6).tolist() if network.embedding is None else first.tolist()
    card = {"encoder": _plain(source.encoder), "read_out": _plain(source.read_out)}
    return _PROGRAM.format(
        file=file, cell=cell, title=source.title, updates=count(updates, "update"), settings=repr(vars(settings)),
        card=json.dumps(card, ensure_ascii=False), features=source.features, units=settings.units,
        options=', nonlinearity="relu"' if getattr(network.rnn, "nonlinearity", "tanh") == "relu" else "",
        outputs=source.outputs, meaning="logits of CARD's labels" if source.classes else "the number, scaled",
        inputs=(_NUMBERS if network.embedding is None else _TOKENS).format(rows=rows, features=source.features),
    )  # fmt: skip


def _plain(card: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in card.items()}
