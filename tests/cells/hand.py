"""An independent reference: each cell as its textbook writes it, one step of one sequence at a time, in NumPy."""

from functools import partial

import numpy as np
from torch import nn

from gruviz.cells import JANET, MGU, ResetBeforeGRU


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def as_it_is(key, value):
    return value


# `held(key, value)` is what a signal is instead of its value


def gru(x, wx, uh, state, held=as_it_is):
    (h,) = state
    (wr, wz, wn), (ur, uz, un) = wx(x), uh(h)
    r, z = held("r", sigmoid(wr + ur)), held("z", sigmoid(wz + uz))
    n = held("n", np.tanh(wn + r * un))
    return {"r": r, "z": z, "n": n, "h": held("h", (1 - z) * n + z * h)}


def gru_reset_before(x, wx, uh, state, held=as_it_is):
    (h,) = state
    (wr, wz, wn), (ur, uz, _) = wx(x), uh(h)
    r, z = held("r", sigmoid(wr + ur)), held("z", sigmoid(wz + uz))
    n = held("n", np.tanh(wn + uh(r * h)[2]))
    return {"r": r, "z": z, "n": n, "h": held("h", (1 - z) * n + z * h)}


def lstm(x, wx, uh, state, held=as_it_is):
    h, c = state
    i, f, g, o = (a + b for a, b in zip(wx(x), uh(h), strict=True))
    i, f, g, o = held("i", sigmoid(i)), held("f", sigmoid(f)), held("g", np.tanh(g)), held("o", sigmoid(o))
    c = held("c", f * c + i * g)
    return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": held("h", o * np.tanh(c))}


def mgu(x, wx, uh, state, held=as_it_is):
    """Zhou et al. 2016, equations 8a to 8c, with PyTorch's two biases."""
    (h,) = state
    f = held("f", sigmoid(wx(x)[0] + uh(h)[0]))
    n = held("n", np.tanh(wx(x)[1] + uh(f * h)[1]))
    return {"f": f, "n": n, "h": held("h", (1 - f) * h + f * n)}


def janet(x, wx, uh, state, held=as_it_is):
    """Van der Westhuizen and Lasenby 2018, equation 6, with beta = 1."""
    (h,) = state
    s, a = (w + u for w, u in zip(wx(x), uh(h), strict=True))
    f, i, n = held("f", sigmoid(s)), held("i", 1 - sigmoid(s - 1)), held("n", np.tanh(a))
    return {"f": f, "i": i, "n": n, "h": held("h", f * h + i * n)}


def rnn_tanh(x, wx, uh, state, held=as_it_is):
    return {"h": held("h", np.tanh(wx(x)[0] + uh(state[0])[0]))}


def rnn_relu(x, wx, uh, state, held=as_it_is):
    return {"h": held("h", np.maximum(0, wx(x)[0] + uh(state[0])[0]))}


def step_of(module):
    if isinstance(module, nn.RNN):
        return {"tanh": rnn_tanh, "relu": rnn_relu}[module.nonlinearity]
    return {ResetBeforeGRU: gru_reset_before, nn.GRU: gru, nn.LSTM: lstm, MGU: mgu, JANET: janet}[type(module)]


class Untouched:
    """A run in which nothing is changed; what changes one says so in these three, for a step counted from 0."""

    def held(self, t, layer, reverse, key, value):
        return value

    def shift(self, t, layer, reverse):
        return 0

    def skips(self, t):
        return False


def run_one(module, x, initial, layer, reverse, change=Untouched()):  # noqa: B008
    """One layer and direction over one sequence: x (T, D), initial [h0 (H,)] or [h0, c0] -> {signal: (T, H)}."""
    suffix = f"_l{layer}" + ("_reverse" if reverse else "")
    weights = {key: value.double().numpy() for key, value in module.state_dict().items()}
    gates = weights["weight_hh" + suffix].shape[0] // module.hidden_size

    def affine(kind, shift=0):
        matrix, bias = weights[f"weight_{kind}{suffix}"], weights.get(f"bias_{kind}{suffix}", 0)
        return lambda v: np.split(matrix @ v + bias + shift, gates)

    step, state, steps = step_of(module), initial, []
    for t in reversed(range(len(x))) if reverse else range(len(x)):
        own_input, held = affine("ih", change.shift(t, layer, reverse)), partial(change.held, t, layer, reverse)
        steps.append(step(x[t], own_input, affine("hh"), state, held))
        if change.skips(t):
            steps[-1] |= dict(zip(("h", "c"), state, strict=False))
        state = [steps[-1][key] for key in ("h", "c")[: len(initial)]]
    if reverse:
        steps.reverse()
    return {key: np.stack([one[key] for one in steps]) for key in steps[0]}


def run(module, x, initial, change=Untouched()):  # noqa: B008
    """Every layer and direction over one sequence: [layer][direction] -> {signal: (T, H)}.

    initial is [h0] or [h0, c0], each (layers * directions, H).
    """
    directions = 1 + bool(module.bidirectional)
    layers = []
    for layer in range(module.num_layers):
        both = [
            run_one(module, x, [part[layer * directions + d] for part in initial], layer, bool(d), change)
            for d in range(directions)
        ]
        layers.append(both)
        x = np.concatenate([one["h"] for one in both], -1)
    return layers
