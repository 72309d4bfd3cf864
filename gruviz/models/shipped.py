"""Trained models: one card (JSON) and one file of weights (safetensors) each, in `weights/`. No code a model."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.torch import load_file
from torch import nn

from gruviz.cells.modules import PYTORCH, blank
from gruviz.inputs import SPLITS, Encoder, MoveEncoder, NumberEncoder, TokenEncoder
from gruviz.inputs.words import UNKNOWN
from gruviz.models.model import Card, Model
from gruviz.models.read_outs import read_out
from gruviz.models.scores import written
from gruviz.models.trained_on import TrainedOn, trained_on
from gruviz.records import Array

FOLDER = Path(__file__).parent / "weights"


def read_card(name: str) -> dict[str, Any]:
    """The JSON card of a trained model."""
    card: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return card


def names() -> tuple[str, ...]:
    """The trained models there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def build(name: str) -> Model:
    """Reads a trained model's card and weights from the package; never touches the network."""
    card = read_card(name)
    tensors = load_file(FOLDER / f"{name}.safetensors")
    module: nn.Module = blank(PYTORCH[card["cell"]], card["features"], card["hidden"])
    module.load_state_dict({k.removeprefix("rnn."): v for k, v in tensors.items() if k.startswith("rnn.")})
    vectors = tensors["embedding.weight"].numpy() if "embedding.weight" in tensors else None
    encoder = ENCODERS[card["encoder"]["kind"]](card["encoder"], vectors)
    answer = read_out(card["read_out"], tensors["head.weight"].numpy(), tensors["head.bias"].numpy())
    seen = trained_on(card["task"], card["encoder"])
    return Model(
        name, card["title"], module, encoder, _card(card, seen), card["example"], answer, card["task"], seen
    )  # fmt: skip


def _tokens(card: Mapping[str, Any], vectors: Any) -> Encoder:
    kind, vocabulary = card["kind"], tuple(card["vocabulary"])
    hint = SPLITS[kind].hint
    if vocabulary[0] != UNKNOWN:
        hint = f"{SPLITS[kind].what.capitalize()}, each one of: {' '.join(vocabulary)}"
    size = len(vocabulary)
    one_hot = vectors.shape == (size, size) and np.array_equal(vectors, np.eye(size))
    return TokenEncoder(kind, vocabulary, vectors, hint, names=vocabulary if one_hot else ())


def _moves(card: Mapping[str, Any], vectors: Any) -> Encoder:
    return MoveEncoder(tuple(card["vocabulary"]), vectors)


def _numbers(card: Mapping[str, Any], _: Array | None) -> Encoder:
    return NumberEncoder(card["columns"], called=tuple(card["names"]), scale=card["scale"], offset=card["offset"])


# What a model reads, by the kind that its card names: from the card's part and the vectors (V, D), if there are any.
ENCODERS: Mapping[str, Callable[[Mapping[str, Any], Any], Encoder]] = {
    **dict.fromkeys(SPLITS, _tokens),
    "moves": _moves,
    "numbers": _numbers,
}


def _card(card: Mapping[str, Any], seen: TrainedOn | None) -> Card:
    facts, split = card["card"], card["card"]["split"]
    unit = card["read_out"].get("unit", "")
    baselines = [facts["baseline"], *facts.get("more_baselines", ())]
    scores = [(f"Test {facts['metric']}", facts), *((row["name"], row) for row in (*baselines, *facts.get("also", ())))]
    summary = (
        f"{facts['summary']} {facts['metric'].capitalize()} on {split['test']:,} test examples it never saw: "
        f"{written(facts['test'], facts, unit)}; {_lower_first(baselines[0]['name'])}: "
        f"{written(baselines[0]['test'], facts, unit)}."
    )
    return Card(
        summary,
        (
            *((name, _score(row, facts, unit)) for name, row in scores),
            ("Split", _split(split)),
            *((("Trained on", seen.told()),) if seen else ()),
            ("Parameters", f"{facts['parameters']:,}, of which {facts['cell_parameters']:,} in the cell"),
            ("Data", f"{facts['data']}. {facts['licence']}. {facts['credit']}"),
            (
                "Training",
                f"{facts['epochs']} epochs, {facts['seconds']:,.0f} s on one thread, learning rate {facts['rate']:g}, "
                f"seed {facts['seed']}",
            ),
            ("Made by", f"`{facts['made_by']}`"),
        ),
    )


def _split(split: Mapping[str, Any]) -> str:
    parts = f"{split['train']:,} to train, {split['validation']:,} to validate, {split['test']:,} to test"
    besides = [f"{count:,} {name}" for name, count in split.get("besides", {}).items()]
    return f"{parts}; also to train: {', '.join(besides)}" if besides else parts


def _lower_first(name: str) -> str:
    """A baseline's name inside a sentence: "Always 1" becomes "always 1", "TF-IDF" stays."""
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def _score(score: Mapping[str, Any], metric: Mapping[str, Any], unit: str) -> str:
    low, high = score["interval"]
    test, least, most = (written(value, metric, unit) for value in (score["test"], low, high))
    return f"{test} (95% interval {least} to {most})"
