"""Cards and weights as training writes them, with random numbers inside."""

import json

import torch
from safetensors.torch import save_file
from torch import nn

ENCODERS = {
    "words": {"vocabulary": ["<unk>", "good", "bad", "."]},
    "characters": {"vocabulary": ["<unk>", "a", "b"]},
    "symbols": {"vocabulary": ["0", "1", "?"]},
    "moves": {"vocabulary": ["<unk>", "Nf3", "e4", "e5"]},
    "numbers": {"columns": 2, "names": ["amount", "mark"], "scale": 4.0, "offset": 10.0},
}
EXAMPLES = {"words": "Good, not bad.", "characters": "abba", "symbols": "0 1 ?", "moves": "e4 e5 Nc3",
            "numbers": "10 1\n12 0\n8 1"}  # fmt: skip
READ_OUTS = {
    "probability": {"label": "positive"},
    "classes": {"label": "kind", "labels": ["one", "two", "three"]},
    "moves": {"label": "next move", "labels": ["Nf3", "e4", "e5"]},
    "value": {"label": "sum", "unit": "apples", "scale": 4.0, "offset": 10.0, "target": "marked_sum"},
}
INTERVAL = {"test": 0.875, "interval": [0.8, 0.925]}


def write(folder, name="extra", cell="GRU", kind="words", answer="probability", hidden=3, features=2, task="none"):
    """Writes `name`.json and `name`.safetensors; returns the torch modules that hold the same weights."""
    encoder, read_out = {"kind": kind} | ENCODERS[kind], {"kind": answer} | READ_OUTS[answer]
    parts = {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        if "vocabulary" in encoder:
            parts["embedding"] = nn.Embedding(len(encoder["vocabulary"]), features)
        parts["head"] = nn.Linear(hidden, len(read_out.get("labels", "1")))
        parts["rnn"] = getattr(nn, cell)(features, hidden)
    save_file({f"{part}.{key}": v for part, m in parts.items() for key, v in m.state_dict().items()},
              folder / f"{name}.safetensors")  # fmt: skip
    card = {
        "name": name, "title": f"Extra {name}", "task": task, "cell": cell, "features": features, "hidden": hidden,
        "encoder": encoder, "read_out": read_out, "example": EXAMPLES[kind],
        "card": {
            "summary": "Made for a test.", "data": "None", "licence": "MIT", "credit": "Nobody",
            "split": {"train": 80, "validation": 9, "test": 11}, "parameters": 12345, "cell_parameters": 678,
            "metric": "accuracy", **INTERVAL, "baseline": {"name": "Always yes", "test": 0.5, "interval": [0.4, 0.6]},
            "rate": 0.004, "seed": 2, "epochs": 7, "seconds": 12.3, "made_by": "python -m none",
        },
    }  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(card), encoding="utf-8")
    return parts
