"""The reference vectors of tests/oracles/torch: a name to a module and its arrays."""

from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

FOLDER = Path(__file__).parents[1] / "oracles" / "torch"
PROJECTED = "torch_lstm_L1_uni_proj"
# those that are the state_dict of one module; tests/files opens all the files there are
PLAIN = sorted(path.stem for path in FOLDER.glob("torch_*_L[12]_*.safetensors"))
NAMES = [name for name in PLAIN if name != PROJECTED]
SIGNALS = {"GRU": "rznh", "LSTM": "ifgoch", "RNN": "h"}


@cache
def arrays(name: str) -> dict[str, np.ndarray]:
    with np.load(FOLDER / f"{name}.npz") as file:
        return dict(file)


def module(name: str, dtype: torch.dtype) -> nn.Module:
    """The module that the file's name and shapes describe, with the file's weights."""
    weights = load_file(FOLDER / f"{name}.safetensors")
    kind = name.split("_")[1].upper()
    options = {"nonlinearity": name.split("_")[2]} if kind == "RNN" else {}
    built = getattr(nn, kind)(
        input_size=weights["weight_ih_l0"].shape[1],
        hidden_size=arrays(name)["h0"].shape[-1] if name != PROJECTED else 5,
        num_layers=1 + ("weight_ih_l1" in weights),
        bias="bias_ih_l0" in weights,
        bidirectional="weight_ih_l0_reverse" in weights,
        dtype=dtype,
        **options,
        **({"proj_size": 2} if name == PROJECTED else {}),
    )
    built.load_state_dict({key: value.to(dtype) for key, value in weights.items()}, strict=True)
    return built


def initial(name: str, batch: int | slice = slice(None)) -> np.ndarray | tuple[np.ndarray, ...]:
    """h0 (or the pair h0, c0) in the layout that the module takes."""
    parts = [arrays(name)[key] for key in ("h0", "c0") if key in arrays(name)]
    flat = [part.reshape(-1, *part.shape[2:])[:, batch] for part in parts]
    return flat[0] if len(flat) == 1 else tuple(flat)
