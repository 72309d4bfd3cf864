"""How fast gradient flows are, against autograd on the unrolled cell with its states' gradients retained.

CPU time of one thread, the smallest of a few rounds taken in turn: other work on the machine moves it least.
"""

import time

import torch

from gruviz.cells.draws import draw
from gruviz.gradients import gradient_flows

SEEDS, STEPS, UNITS, FEATURES = 20, 1000, 64, 8
ALONE = 4  # of the seeds are timed one at a time, and the time is scaled up


def rows():
    """The table's rows: what, value, target, unit."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        table = []
        for cell in ("RNN", "LSTM", "GRU"):
            ours, batched, alone = _times(cell)
            shape = f"{cell}, {SEEDS} seeds, T={STEPS}, H={UNITS}"
            table += [
                _row(f"gradient flow: autograd, a seed at a time / gruviz ({shape})", alone / ours, "at least 5", "x"),
                _row(f"gradient flow: autograd, seeds in one batch / gruviz ({shape})", batched / ours, "", "x"),
                _row(f"gradient flow: gruviz ({shape})", ours, "", "s"),
            ]
        drawn = {cell: draw(cell, 32, FEATURES, 200, range(SEEDS)) for cell in ("RNN", "LSTM", "GRU")}
        page = min(_seconds(lambda: [_flows(one) for one in drawn.values()]) for _ in range(5))
        table.append(_row(f"gradient flow: all three cells, {SEEDS} seeds, T=200, H=32", page, "under 0.4", "s"))
        return table
    finally:
        torch.set_num_threads(threads)


def _row(what, value, target, unit):
    return {"what": what, "value": round(value, 3), "target": target, "unit": unit}


def _flows(drawn):
    return gradient_flows(drawn.cell, drawn.weights, drawn.inputs)


def _seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def _times(cell):
    drawn = draw(cell, UNITS, FEATURES, STEPS, range(SEEDS))
    x = torch.from_numpy(drawn.inputs)
    names = ("input", "recurrent", "input_bias", "recurrent_bias")
    weights = [torch.stack([torch.tensor(getattr(one, name)) for one in drawn.weights]) for name in names]
    ours, batched, alone = [], [], []
    for _ in range(3):
        ours.append(_seconds(lambda: _flows(drawn)))
        batched.append(_seconds(lambda: _batched(cell, x, *weights)))
        alone.append(_seconds(lambda: [_alone(cell, x[s], *(w[s] for w in weights)) for s in range(ALONE)]))
    return min(ours), min(batched), min(alone) * SEEDS / ALONE


def _batched(cell, x, w, u, b, c):
    """Norms (T, S) by autograd, all seeds in one graph."""
    sums = torch.baddbmm(b[:, None], x, w.transpose(1, 2)).unbind(1)
    to_sums, bias = u.transpose(1, 2), c[:, None]
    return _norms(cell, sums, lambda h: torch.baddbmm(bias, h[:, None], to_sums)[:, 0], x.new_zeros(len(x), UNITS))


def _alone(cell, x, w, u, b, c):
    """Norms (T,) by autograd, one seed."""
    return _norms(cell, (x @ w.T + b).unbind(0), lambda h: torch.addmv(c, u, h), x.new_zeros(UNITS))


def _norms(cell, sums, recurrent, zero):
    h = c = zero.requires_grad_()
    hidden, memory = [], []
    for a in sums:
        m = recurrent(h)
        if cell == "RNN":
            h = torch.tanh(a + m)
        elif cell == "GRU":
            (a_r, a_z, a_n), (m_r, m_z, m_n) = a.chunk(3, -1), m.chunk(3, -1)
            r, z = torch.sigmoid(a_r + m_r), torch.sigmoid(a_z + m_z)
            n = torch.tanh(a_n + r * m_n)
            h = (1 - z) * n + z * h
        else:
            i, f, g, o = (a + m).chunk(4, -1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            c.retain_grad()
            memory.append(c)
        h.retain_grad()
        hidden.append(h)
    h.sum().backward()
    return torch.stack([state.grad for state in (*hidden, *memory)]).norm(dim=-1)


if __name__ == "__main__":
    for row in rows():
        print(f"{row['what']:85} {row['value']:8.3f} {row['unit']:2} {row['target']}")
