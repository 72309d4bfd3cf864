"""The arithmetic on screen: sums add up as shown, products and activations follow, results are the trace's own."""

import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import cycle, islice

import numpy as np
import pytest
from playwright.sync_api import expect

from gruviz.models import entries, load_model
from gruviz.notation.equations import equation
from gruviz.signals import Notation
from tests.browser.apps.traces import make_trace
from tests.browser.calculator import number, read

SYMBOLS = {"pytorch": "PyTorch", "cho": "Cho et al.", "ng": "Ng’s course"}
ONE_MEANS = {"keep": "keep the old state", "write": "write the candidate"}
RESET = {"after": "after the product", "before": "before the product"}


def rounded(value, shown):
    """To as many decimals as are shown, from the float32 that the browser is sent."""
    return Decimal(float(np.float32(value))).quantize(last_place(shown), ROUND_HALF_UP)


def last_place(shown):
    """One unit in the last place."""
    return Decimal(1).scaleb(shown.as_tuple().exponent)


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
        result = number(block["result"])
        assert result == rounded(shown(trace, signal, notation, step, unit), result), where
        assert re.fullmatch(r"−?\d+\.\d{4,7}", block["result"]), where
        check_lines(block["lines"], block["result"], where)
        check_labels(block["lines"], labels(trace, signal, notation, step, unit), where)


def check_lines(lines, result, where):
    """Each line is true of its digits, and goes on with the numbers of those before."""
    totals = []
    for line in lines:
        texts = [text for text, _ in line]
        found = read(texts, result)
        assert found.claims, where
        assert found.true, where
        if found.kind == "activation":
            assert number(re.search(r"\((.*)\)", texts[0])[1]) == totals[-1], where
        elif found.kind == "product":
            assert line[1][1] or number(texts[1]) == totals[-1], where  # without a label: the sum of the line above
        totals.append(found.shown)


def check_labels(lines, expected, where):
    for text, label in (term for line in lines for term in line if term[1]):
        value, first = expected[label]
        shown = number(text.replace("tanh", ""))
        if first:  # of a sum: takes what rounding leaves over
            assert abs(float(shown) - value) < 3 * last_place(shown), f"{label} is {value}: {where}"
        else:
            assert shown == rounded(value, shown), f"{label}: {where}"


def shown(trace, signal, notation, step, unit):
    value = float(trace[signal.key][step - 1, unit])
    return 1 - value if notation.flips(signal) else value


def shown_equation(trace, signal, notation):
    return equation(trace.spec, signal, notation, trace.weights.activation, trace.weights.reset_after)


def labels(trace, signal, notation, step, unit):
    """What stands under a number -> (the number, whether it is the first of a sum)."""
    t, cell, weights = step - 1, trace.spec, trace.weights
    found = {}
    for other in cell.signals:
        value = float(trace[other.key][t, unit])
        name = bare(notation.at(other))
        found[name] = (1 - value if notation.flips(other) else value), False
        found[f"1 − {name}"] = (value if notation.flips(other) else 1 - value), False
        found[f"tanh({name})"] = value, False
        if other.key in trace.initial:
            found[bare(notation.at(other, "before"))] = float(trace.before(other.key)[t, unit]), False
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
                f"{w} {x}": (weights.input[row].astype(float) @ trace.inputs[t], True),
                b_in: (float(weights.input_bias[row]), False),
                f"{u} {h}": (uh, True),
                b_rec: (bias, False),
            }
            if gate is not None and weights.reset_after:
                found["recurrent part"] = gate[unit] * (uh + bias), False
        case "Blend":
            z, n = float(trace[rule.gate][t, unit]), float(trace[rule.new][t, unit])
            old = float(trace.before(signal.key)[t, unit])
            found |= {"new part": ((1 - z) * n, False), "old part": (z * old, False)}
        case "CellUpdate":
            f, i, g = (float(trace[key][t, unit]) for key in (rule.forget, rule.write, rule.new))
            old = float(trace.before(signal.key)[t, unit])
            found |= {"kept": (f * old, False), "written": (i * g, False)}
    return found


def test_every_operation_in_every_notation(step_page):
    step_page.open(model="Random weights", seq="abc x!")
    places = cycle([(1, 0), (2, 3), (4, 7), (6, 5)])
    for reset, acts in RESET.items():
        with step_page.popover("Weights"):
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
    step_page.beside("Arithmetic")
    step_page.arithmetic.get_by_text("Largest single products").click()
    blocks = step_page.page.locator(".products .block")
    expect(blocks).to_have_count(3)
    for block, (key, index) in zip(blocks.all(), (("r", "r"), ("n", "n"), ("z", "z")), strict=True):
        row = trace.spec.signal(key).rule.block * trace.units + 2
        from_input = trace.weights.input[row].astype(float) * trace.inputs[2]
        from_state = trace.weights.recurrent[row].astype(float) * trace["h"][1].astype(float)
        names = model.encoder.names
        products = [((f"Wi{index}[2, {d}]", f"xt[{names[d]}]"), product) for d, product in enumerate(from_input)]
        products += [((f"Wh{index}[2, {j}]", f"ht−1[{j}]"), product) for j, product in enumerate(from_state)]
        largest = sorted((p for p in products if p[1]), key=lambda p: -abs(p[1]))[:6]
        lines = block.locator(".line").evaluate_all("""(lines) => lines.map((line) =>
            [...line.children].map((term) => [...term.children].map((part) => part.textContent)))""")
        assert [tuple(label for _, label in line[:-1]) for line in lines] == [labels for labels, _ in largest]
        for line, (_, product) in zip(lines, largest, strict=True):
            assert number(line[-1][0]) == rounded(product, number(line[-1][0]))


def test_a_feature_s_name_is_text(cells_page):
    cells_page.open(figure=False, cell="GRU", name="<unk>")
    cells_page.beside("Arithmetic")
    cells_page.arithmetic.get_by_text("Largest single products").click()
    expect(cells_page.page.locator(".products small", has_text="xt[<unk>]").first).to_be_visible()
