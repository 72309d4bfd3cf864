"""Cards and weights as training writes them, with random numbers inside."""

import json

import torch
from safetensors.torch import save_file
from torch import nn

VOCABULARY = {"words": ["<unk>", "good", "bad", "."], "characters": ["<unk>", "a", "b"], "symbols": ["0", "1", "?"]}
EXAMPLES = {"words": "Good, not bad.", "characters": "abba", "symbols": "0 1 ?"}
INTERVAL = {"test": 0.875, "interval": [0.8, 0.925]}


def write(folder, name="extra", cell="GRU", kind="words", hidden=3, features=2):
    """Writes `name`.json and `name`.safetensors; returns the torch modules that hold the same weights."""
    vocabulary = VOCABULARY[kind]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        embedding, head = nn.Embedding(len(vocabulary), features), nn.Linear(hidden, 1)
        rnn = getattr(nn, cell)(features, hidden)
    parts = {"embedding": embedding, "rnn": rnn, "head": head}
    save_file({f"{part}.{key}": v for part, m in parts.items() for key, v in m.state_dict().items()},
              folder / f"{name}.safetensors")  # fmt: skip
    card = {
        "name": name, "title": f"Extra {name}", "task": "sentiment", "cell": cell,
        "features": features, "hidden": hidden,
        "encoder": {"kind": kind, "vocabulary": vocabulary}, "read_out": {"kind": "probability", "label": "positive"},
        "example": EXAMPLES[kind],
        "card": {
            "summary": "Made for a test.", "data": "None", "licence": "MIT", "credit": "Nobody",
            "split": {"train": 80, "validation": 9, "test": 11}, "parameters": 12345, "cell_parameters": 678,
            "metric": "accuracy", **INTERVAL, "baseline": {"name": "Always yes", "test": 0.5, "interval": [0.4, 0.6]},
            "made_by": "python -m none",
        },
    }  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(card), encoding="utf-8")
    return parts
