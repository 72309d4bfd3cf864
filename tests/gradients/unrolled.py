"""The independent reference: cells unrolled step by step in torch, so that autograd differentiates them."""

import numpy as np
import torch

from gruviz.cells import JANET, MGU, ResetBeforeGRU

KINDS = ("rnn_tanh", "rnn_relu", "lstm", "gru", "reset_before", "mgu", "janet")


def make(kind, units, features, seed, scale=1.0):
    """A float64 module with weights uniform within scale / sqrt(H)."""
    with torch.random.fork_rng():
        module = {
            "rnn_tanh": lambda: torch.nn.RNN(features, units),
            "rnn_relu": lambda: torch.nn.RNN(features, units, nonlinearity="relu"),
            "lstm": lambda: torch.nn.LSTM(features, units),
            "gru": lambda: torch.nn.GRU(features, units),
            "reset_before": lambda: ResetBeforeGRU(features, units),
            "mgu": lambda: MGU(features, units),
            "janet": lambda: JANET(features, units),
        }[kind]().double()
    rng = np.random.default_rng(seed)
    bound = scale / np.sqrt(units)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.from_numpy(rng.uniform(-bound, bound, tuple(parameter.shape))))
    return module


def step(module, x, state):
    """One step: x (D,), state (h,) or (h, c), to the next state."""
    w, u, b, c = (getattr(module, f"{n}_l0").detach() for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    h, size = state[0], u.shape[1]
    a = w @ x + b
    if isinstance(module, torch.nn.RNN):
        return (getattr(torch, module.nonlinearity)(a + u @ h + c),)
    if isinstance(module, torch.nn.LSTM):
        i, f, g, o = (a + u @ h + c).chunk(4)
        cell = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(cell), cell
    if isinstance(module, MGU):
        f = torch.sigmoid(a[:size] + u[:size] @ h + c[:size])
        n = torch.tanh(a[size:] + u[size:] @ (f * h) + c[size:])
        return ((1 - f) * h + f * n,)
    if isinstance(module, JANET):
        s, n = (a + u @ h + c).chunk(2)
        return (torch.sigmoid(s) * h + (1 - torch.sigmoid(s - 1)) * torch.tanh(n),)
    a_r, a_z, a_n = a.chunk(3)
    if isinstance(module, ResetBeforeGRU):
        r, z = torch.sigmoid(a[: 2 * size] + u[: 2 * size] @ h + c[: 2 * size]).chunk(2)
        n = torch.tanh(a_n + u[2 * size :] @ (r * h) + c[2 * size :])
    else:
        u_r, u_z, u_n = (u @ h + c).chunk(3)
        r, z = torch.sigmoid(a_r + u_r), torch.sigmoid(a_z + u_z)
        n = torch.tanh(a_n + r * u_n)
    return ((1 - z) * n + z * h,)


def parts(module):
    return 2 if isinstance(module, torch.nn.LSTM) else 1


def unroll(module, x):
    """inputs, then all states as the inputs of the next step (copies, so that later steps alone count)."""
    state = tuple(torch.zeros(module.hidden_size, dtype=torch.float64) for _ in range(parts(module)))
    inputs = [row.clone().requires_grad_() for row in torch.as_tensor(x, dtype=torch.float64)]
    states = []
    for row in inputs:
        state = tuple(part.clone() for part in step(module, row, state))
        states.append(state)
    return inputs, states


def autograd_norms(module, x, direction, at):
    """||dL/ds_t|| for t = 0 to at with L = direction . h_at, and ||dL/dx_t||."""
    inputs, states = unroll(module, x[: at + 1])
    loss = states[-1][0] @ torch.as_tensor(direction, dtype=torch.float64)
    flat = [part for state in states for part in state]
    grads = torch.autograd.grad(loss, [*flat, *inputs], allow_unused=True)
    grads = [np.zeros(1) if g is None else g.numpy() for g in grads]
    count = parts(module)
    by_state = [np.linalg.norm(np.hstack(grads[t * count : (t + 1) * count])) for t in range(at + 1)]
    return np.array(by_state), np.array([np.linalg.norm(g) for g in grads[len(flat) :]])


def autograd_jacobian(module, x, at, lag):
    """ds_at/ds_(at - lag), (N, N), by torch.autograd.functional.jacobian."""
    size = module.hidden_size
    _, states = unroll(module, x)
    start = torch.cat(states[at - lag]).detach() if at >= lag else torch.zeros(parts(module) * size).double()

    def onward(flat):
        state = flat.split(size)
        for t in range(at - lag + 1, at + 1):
            state = step(module, torch.as_tensor(x[t], dtype=torch.float64), state)
        return torch.cat(state)

    return torch.autograd.functional.jacobian(onward, start).numpy()
