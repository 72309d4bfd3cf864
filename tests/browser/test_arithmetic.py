"""The arithmetic on screen: sums add up as shown, products and activations follow, results are the trace's own."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import cycle, islice

import numpy as np
import pytest
from playwright.sync_api import expect

from gruviz.equations import equation
from gruviz.models import entries, load_model
from gruviz.signals import Notation
from tests.browser.apps.traces import make_trace

DIGIT = Decimal("0.0001")
ACTIVATION = {"σ": lambda a: 1 / (1 + math.exp(-a)), "tanh": math.tanh, "relu": lambda a: max(0.0, a)}
SYMBOLS = {"pytorch": "PyTorch", "cho": "Cho et al.", "ng": "Ng’s course"}
ONE_MEANS = {"keep": "keep the old state", "write": "write the candidate"}
RESET = {"after": "after the product", "before": "before the product"}


def number(text):
    """A number as it is shown: “− 0.1234”, “(−0.5000)”, “= 0.2000”."""
    return Decimal(text.replace("−", "-").translate(str.maketrans("", "", " +=·()")))


def rounded(value):
    """To 4 decimals, from the float32 that the browser is sent."""
    return Decimal(float(np.float32(value))).quantize(DIGIT, ROUND_HALF_UP)


def bare(html):
    return re.sub(r"<.*?>", "", html)


def check_step(page, trace, notation, step, unit):
    """Holds all that is shown for a unit at a step against the trace, which comes from gruviz and not from the page."""
    page.show(step, unit)
    blocks = page.blocks()
    assert [block["key"] for block in blocks] == [signal.key for signal in trace.spec.operations]
    for block, signal in zip(blocks, trace.spec.operations, strict=True):
        where = f"step {step}, unit {unit}, {signal.key}: {block['lines']} {block['result']}"
        assert block["equation"] == shown_equation(trace, signal, notation), where
        result, expected = number(block["result"]), rounded(shown(trace, signal, notation, step, unit))
        assert result == expected, where
        assert re.fullmatch(r"−?\d+\.\d{4}", block["result"]), where
        check_lines(block["lines"], result, where)
        check_labels(block["lines"], labels(trace, signal, notation, step, unit), where)


def check_lines(lines, result, where):
    totals = []
    for line in lines:
        texts = [text for text, _ in line]
        if len(texts) == 1:  # σ(sum) = result
            flip, name, total = re.fullmatch(r"(1 − )?(σ|tanh|relu)\((.*)\) =", texts[0]).groups()
            value = ACTIVATION[name](float(number(total)))
            assert number(total) == totals[-1], where
            assert abs((1 - value if flip else value) - float(result)) <= 1.0001e-4, where
            continue
        total = number(texts[-1]) if texts[-1] != "=" else result
        if texts[1].startswith("· tanh("):
            a, b = number(texts[0]), Decimal(math.tanh(number(texts[1].removeprefix("· tanh"))))
            assert abs(a * b - total) <= 2 * DIGIT, where
        elif texts[1].startswith("·"):
            a, b = number(texts[0]), number(texts[1])
            assert abs(a * b - total) <= DIGIT * (1 + (abs(a) + abs(b)) / 2), where
            assert line[1][1] or b == totals[-1], where  # without a label: the sum of the line above
        else:
            assert all(re.match(r"[+−] ", text) for text in texts[1:-1]), where
            assert sum(map(number, texts[:-1])) == total, where
        totals.append(total)


def check_labels(lines, expected, where):
    for text, label in (term for line in lines for term in line if term[1]):
        value, exact = expected[label]
        shown = number(text.replace("tanh", ""))
        if exact:
            assert shown == rounded(value), f"{label}: {where}"
        else:  # rounded so that its sum adds up
            assert abs(float(shown) - value) < 1.01e-4, f"{label} is {value}: {where}"


def shown(trace, signal, notation, step, unit):
    value = float(trace[signal.key][step - 1, unit])
    return 1 - value if notation.flips(signal) else value


def shown_equation(trace, signal, notation):
    return equation(trace.spec, signal, notation, trace.weights.activation, trace.weights.reset_after)


def labels(trace, signal, notation, step, unit):
    """What stands under a number -> (the number, whether it is shown rounded by itself)."""
    t, cell, weights = step - 1, trace.spec, trace.weights
    found = {}
    for other in cell.signals:
        value = float(trace[other.key][t, unit])
        name = bare(notation.at(other))
        found[name] = (1 - value if notation.flips(other) else value), True
        found[f"1 − {name}"] = (value if notation.flips(other) else 1 - value), True
        found[f"tanh({name})"] = value, True
        if other.key in trace.initial:
            found[bare(notation.at(other, "before"))] = float(trace.before(other.key)[t, unit]), True
    rule = signal.rule
    match type(rule).__name__:
        case "Affine":
            w, u, b_in, b_rec = map(bare, notation.weights(signal))
            x, h = bare(notation.x), bare(notation.at(cell.signal("h"), "before"))
            row, old = rule.block * trace.units + unit, trace.before("h")[t].astype(float)
            gate = trace[rule.scaled_by][t].astype(float) if rule.scaled_by else None
            if gate is not None and not weights.reset_after:
                old, h = gate * old, f"({bare(notation.at(cell.signal(rule.scaled_by)))} ⊙ {h})"
            uh, bias = weights.recurrent[row].astype(float) @ old, float(weights.recurrent_bias[row])
            found |= {
                f"{w} {x}": (weights.input[row].astype(float) @ trace.inputs[t], False),
                b_in: (float(weights.input_bias[row]), False),
                f"{u} {h}": (uh, False),
                b_rec: (bias, False),
            }
            if gate is not None and weights.reset_after:
                found["memory part"] = gate[unit] * (uh + bias), False
        case "Blend":
            z, n = float(trace[rule.gate][t, unit]), float(trace[rule.new][t, unit])
            old = float(trace.before(signal.key)[t, unit])
            found |= {"new part": ((1 - z) * n, False), "old part": (z * old, False)}
        case "Memory":
            f, i, g = (float(trace[key][t, unit]) for key in (rule.forget, rule.write, rule.new))
            old = float(trace.before(signal.key)[t, unit])
            found |= {"kept": (f * old, False), "written": (i * g, False)}
    return found


def test_every_operation_in_every_notation(step_page):
    step_page.open(model="Random weights", seq="abc x!")
    places = cycle([(1, 0), (2, 3), (4, 7), (6, 5)])
    for reset, acts in RESET.items():
        step_page.choose("Reset gate acts", acts)
        trace = load_model("random", {"reset": reset}).trace("abc x!")
        for symbols, whose in SYMBOLS.items():
            for one, means in ONE_MEANS.items():
                notation = Notation(symbols, one)
                with step_page.popover("Notation"):
                    step_page.choose("Symbols", whose)
                    step_page.choose("An update gate of 1 means", means)
                    equations = [bare(shown_equation(trace, trace.spec.signal(key), notation)) for key in "rnzh"]
                    expect(step_page.page.locator(".equations .equation")).to_have_text(equations)
                for step, unit in islice(places, 2):
                    check_step(step_page, trace, notation, step, unit)


@pytest.mark.parametrize("name", ["sentiment-gru", "latch"])
def test_trained_and_hand_set_weights(step_page, name):
    model = load_model(name)
    trace = model.trace(model.example)
    step_page.open(model=entries()[name].title, seq=model.example)
    for step in range(1, len(trace) + 1, 2):
        check_step(step_page, trace, Notation(), step, (5 * step) % trace.units)


def test_sums_add_up_where_rounding_is_least_kind(step_page):
    """Where the state that torch gave and (1 - z) n + z h round to different last digits."""
    text = "".join(np.random.default_rng(0).choice(list("abcdefghij"), 2000))
    trace = load_model("random", {"hidden": 64, "seed": 1}).trace(text)
    sent = (trace["z"], trace["n"], trace.before("h"), trace["h"])
    z, n, old, h = (values.astype(np.float32).astype(float) for values in sent)
    places = np.argwhere(np.round((1 - z) * n + z * old, 4) != np.round(h, 4))
    assert len(places), "choose another sequence: in this one rounding never differs"
    step_page.open(model="Random weights", hidden=64, seed=1, seq=text)
    for step, unit in places[:4]:
        check_step(step_page, trace, Notation(), int(step) + 1, int(unit))


@pytest.mark.parametrize(("cell", "symbols"), [("LSTM", "pytorch"), ("LSTM", "ng"), ("RNN", "pytorch"), ("GRU", "cho")])
def test_other_cells(cells_page, cell, symbols):
    trace = make_trace(cell, 6, 8)
    cells_page.open(figure=False, cell=cell, symbols=symbols)
    for step, unit in ((1, 0), (2, 5), (5, 2), (8, 3)):
        check_step(cells_page, trace, Notation(symbols), step, unit)


def test_largest_single_products(step_page):
    model = load_model("random")
    trace = model.trace("hello")
    step_page.open(model="Random weights", seq="hello", step=3, unit=2)
    step_page.arithmetic.get_by_text("Largest single products").click()
    blocks = step_page.page.locator(".products .block")
    expect(blocks).to_have_count(3)
    for block, (key, index) in zip(blocks.all(), (("r", "r"), ("n", "n"), ("z", "z")), strict=True):
        row = trace.spec.signal(key).rule.block * trace.units + 2
        from_input = trace.weights.input[row].astype(float) * trace.inputs[2]
        from_state = trace.weights.recurrent[row].astype(float) * trace["h"][1].astype(float)
        names = model.encoder.names
        products = [(f"Wi{index}[2, {d}] · x{names[d]}", product) for d, product in enumerate(from_input)]
        products += [(f"Wh{index}[2, {j}] · h{j}", product) for j, product in enumerate(from_state)]
        largest = sorted((p for p in products if p[1]), key=lambda p: -abs(p[1]))[:6]
        lines = [line.split(" = ") for line in block.locator(".line").all_text_contents()]
        assert [what for what, _ in lines] == [what for what, _ in largest]
        assert [number(value) for _, value in lines] == [rounded(value) for _, value in largest]
