"""Trained models: one card (JSON) and one file of weights (safetensors) each, in `weights/`. No code a model."""

import json
from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from torch import nn

from gruviz.cells.blank import blank
from gruviz.inputs import SPLITS, TokenEncoder
from gruviz.inputs.words import UNKNOWN
from gruviz.models.model import Card, Model, ReadOut

FOLDER = Path(__file__).parent / "weights"
_MODULES = {"GRU": nn.GRU, "LSTM": nn.LSTM, "RNN": nn.RNN}


def read_card(name: str) -> dict[str, Any]:
    """The JSON card of a trained model."""
    card: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return card


def names() -> tuple[str, ...]:
    """The trained models whose encoder and read-out the pages can show."""
    found = sorted(path.stem for path in FOLDER.glob("*.json"))
    return tuple(name for name in found if _shown(read_card(name)))


def _shown(card: dict[str, Any]) -> bool:
    return card["encoder"]["kind"] in SPLITS and card["read_out"]["kind"] == "probability"


def build(name: str) -> Model:
    """Reads a trained model's card and weights from the package; never touches the network."""
    card = read_card(name)
    tensors = load_file(FOLDER / f"{name}.safetensors")
    module: nn.Module = blank(_MODULES[card["cell"]], card["features"], card["hidden"])
    module.load_state_dict({k.removeprefix("rnn."): v for k, v in tensors.items() if k.startswith("rnn.")})
    kind, vocabulary = card["encoder"]["kind"], tuple(card["encoder"]["vocabulary"])
    strict = vocabulary[0] != UNKNOWN
    hint = f"{SPLITS[kind].what.capitalize()}, each one of: {' '.join(vocabulary)}" if strict else SPLITS[kind].hint
    encoder = TokenEncoder(kind, vocabulary, tensors["embedding.weight"].numpy(), hint)
    answer = ReadOut(card["read_out"]["label"], tensors["head.weight"][0].double().numpy(), tensors["head.bias"].item())
    return Model(name, card["title"], module, encoder, _card(card["card"]), card["example"], answer)


def _card(card: dict[str, Any]) -> Card:
    split, baseline = card["split"], card["baseline"]
    return Card(
        f"{card['summary']} On {split['test']:,} test examples it never saw, it is right on {card['test']:.1%}; "
        f"{baseline['name']} on {baseline['test']:.1%}.",
        (
            (f"Test {card['metric']}", _score(card)),
            (baseline["name"], _score(baseline)),
            ("Split", f"{split['train']} to train, {split['validation']} to validate, {split['test']} to test"),
            ("Parameters", f"{card['parameters']:,}, of them {card['cell_parameters']:,} in the cell"),
            ("Data", f"{card['data']}. {card['licence']}. {card['credit']}"),
            ("Made by", f"`{card['made_by']}`"),
        ),
    )


def _score(score: dict[str, Any]) -> str:
    low, high = score["interval"]
    return f"{score['test']:.1%} (95 % interval {low:.1%} to {high:.1%})"
