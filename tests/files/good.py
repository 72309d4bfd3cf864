"""The good files of tests/oracles: what must be answered to open each, and what each computes."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

import gruviz
from gruviz.cells.layer_stack import LayerStack

FOLDER = Path(__file__).parents[1] / "oracles"
BAD = FOLDER / "bad"
ENDINGS = (".pt", ".safetensors", ".keras", ".weights.h5", ".onnx")
PROJECTED = "torch_lstm_L1_uni_proj"
FILES = sorted(
    path
    for folder in ("torch", "keras", "onnx")
    for path in (FOLDER / folder).iterdir()
    if path.name.endswith(ENDINGS) and not path.name.startswith(PROJECTED)
)
STACKED_WEIGHTS = "keras_stack.weights.h5"  # nothing in it says that one layer reads the other


@dataclass(frozen=True)
class Opening:
    """How a file is opened, and under which names its numbers stand in the .npz."""

    path: Path
    options: dict = field(default_factory=dict)
    keys: tuple[str, ...] = ("",)  # a prefix for each layer; one for all where they have an axis of their own

    @property
    def name(self):
        return self.path.name.partition(".")[0]

    def arrays(self):
        return arrays(self.path.parent / f"{self.name}.npz")

    def model(self):
        """Opened once for all tests: nothing of it may be changed."""
        return _model(self.path, tuple(self.options.items()))

    def __str__(self):
        return f"{self.path.name}{':' + self.options['part'] if 'part' in self.options else ''}"


def openings():
    for path in FILES:
        name, options = path.name, {}
        if "_rnn_" in name:
            options["nonlinearity"] = name.split("_")[2]
        if "_nobias.weights.h5" in name:
            options["reset"] = "after" if "_ra1_" in name else "before"
        if "two_grus" in name:
            options["part"] = "encoder.rnn"
        if name == STACKED_WEIGHTS:
            yield Opening(path, {"part": "zeta"}, ("l0_",))
        elif "keras_stack" in name:
            yield Opening(path, options, ("l0_", "l1_"))
        else:
            yield Opening(path, options)


@cache
def _model(path, options):
    return gruviz.open_model(path, **dict(options))


@cache
def arrays(path):
    with np.load(path) as file:
        return dict(file)


def expected(opening, key, layer, place):
    """(T, B, H): of a layer and the place of its direction in the .npz, 0 where there is one alone."""
    found = opening.arrays()
    if len(opening.keys) > 1 or opening.keys[0]:
        return found[f"{opening.keys[layer]}{key}"][0, place]
    return found[key][layer, place]


def initial(opening, module):
    """h0 as `trace` takes it for the module; None where it starts from zero."""
    parts = [opening.arrays()[key] for key in ("h0", "c0") if key in opening.arrays()]
    if not parts:
        return None
    flat = [part.reshape(-1, *part.shape[2:]) for part in parts]
    if isinstance(module, LayerStack):
        starts = [tuple(part[i : i + 1] for part in flat) for i in range(len(flat[0]))]
        return [start[0] if len(start) == 1 else start for start in starts]
    return flat[0] if len(flat) == 1 else tuple(flat)
