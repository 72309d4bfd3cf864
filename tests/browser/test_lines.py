"""Every line of arithmetic of every model follows from its own digits, as the modules that write them say."""

import base64
import itertools

import numpy as np
import pytest
import torch
from torch import nn

import gruviz
from gruviz.cells.row_modules import JANET, MGU
from gruviz.models import list_models, load_model
from gruviz.reading.stories import STORIES
from gruviz.signals import Notation
from gruviz.ui.step.payload import StepperData, payload
from gruviz.ui.wire import Focus, as_bytes
from tests.browser.calculator import number, read

PLACES = 12  # steps and units of each trace
SCRIPT = """async ([base, traces]) => {
    const [{ unpacked }, { Trace }, { linesOf, productLine }] =
        await Promise.all(["../common/wire.js", "trace.js", "lines.js"].map((name) => import(base + name)))
    const texts = (line) => line.map(({ text }) => text)
    return traces.map(([sent, places]) => {
        const trace = new Trace(unpacked(Uint8Array.from(atob(sent), (sign) => sign.charCodeAt(0))))
        return places.map(([step, unit]) => trace.operations.map((signal) => {
            const { lines, result } = linesOf(trace, signal, step, unit)
            const products = signal.rule.kind === "affine" ? trace.largestProducts(signal.key, step, unit, 6) : []
            return { where: `${trace.cell}, step ${step}, unit ${unit}, ${signal.key}`, key: signal.key, result,
                lines: lines.map(texts), products: products.map(({ factors }) => texts(productLine(factors, []))) }
        }))
    })
}"""


def shipped():
    """Each model on its example, each story, and inputs far from all that a network was trained on."""
    yield from (load_model(name).trace(load_model(name).example) for name in list_models())
    for story in STORIES:
        yield load_model(story.model, story.knobs).trace(story.sequence)
    for reset, shift in itertools.product(("after", "before"), (0.0, 5.0)):
        yield load_model("random", {"reset": reset, "update_shift": shift}).trace("abc xyz!")
    for name in ("sunspots-gru", "sunspots-lstm", "sunspots-rnn"):
        yield load_model(name).trace("1e6 -1e6 0 123456.789 0.001 5000")
    yield load_model("adding-lstm").trace("1e6 1; -1e6 1; 0.5 0; 123.456 1")


def made(module, scale=1.0, steps=12):
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(scale * torch.randn(parameter.shape, generator=generator))
    return gruviz.trace(module, torch.randn(steps, 3, generator=generator))


def unusual():
    """No biases, dead weights, saturated gates, and states without bounds, small and huge."""
    for cell in (nn.GRU, nn.LSTM, nn.RNN):
        yield made(cell(3, 6, bias=False))
        yield made(cell(3, 6), 0.0)
        yield made(cell(3, 6), 1e-6)
        yield made(cell(3, 6), 30.0)
    for own in (gruviz.ResetBeforeGRU, MGU, JANET):
        yield made(own(3, 6), 2.0)
    for scale in (0.3, 3.0, 1000.0):
        yield made(nn.RNN(3, 6, nonlinearity="relu"), scale, steps=8)


def packed(trace, seed, notation):
    sent = as_bytes(payload(StepperData(trace, (True,) * len(trace)), notation, Focus("0", 1, 0)))
    random = np.random.default_rng(seed)
    places = [[1, 0]] + [
        [int(random.integers(len(trace))) + 1, int(random.integers(trace.units))] for _ in range(PLACES)
    ]
    return [base64.b64encode(sent).decode(), places]


def settled(trace):
    """Whether float32 holds more digits of all values than are shown."""
    return max(np.abs(values).max() for values in trace.values.values()) < 1000


@pytest.mark.parametrize("traces", [shipped, unusual])
@pytest.mark.parametrize("one", ["keep", "write"])
def test_every_line_is_true_of_its_digits(cells_page, traces, one):
    cells_page.open(figure=False)
    base = cells_page.page.evaluate(
        "performance.getEntriesByType('resource').find(({ name }) => /lines\\.js/.test(name)).name"
    ).split("lines.js")[0]
    notation, every = Notation(one_means=one), list(traces())
    sent = [packed(trace, seed, notation) for seed, trace in enumerate(every)]
    lines, approximate = 0, []
    for trace, (_, places), blocks in zip(every, sent, cells_page.page.evaluate(SCRIPT, [base, sent]), strict=True):
        for (step, unit), signals in zip(places, blocks, strict=True):
            for block in signals:
                value, result = float(trace[block["key"]][step - 1, unit]), number(block["result"])
                value = 1 - value if notation.flips(trace.spec.signal(block["key"])) else value
                assert abs(float(result) - value) <= 0.5001 * 10.0 ** result.as_tuple().exponent, block
                for texts in (*block["lines"], *block["products"]):
                    line, where = read(texts, block["result"]), f"{block['where']}: {texts} {block['result']}"
                    assert line.true or not line.claims, f"{where} is {line.exact}"
                    lines += 1
                    if not line.claims and settled(trace):
                        approximate.append(where)
                        assert abs(line.exact - line.shown) <= 2 * line.unit, where
    assert lines > 2000
    assert len(approximate) <= lines / 1000, approximate
