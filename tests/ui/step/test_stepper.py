"""What goes to the browser: the trace's numbers bit for bit, an identity of the content, and not much of it."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

import gruviz
from gruviz import figures
from gruviz.cells import JANET, MGU
from gruviz.models import list_models, load_model
from gruviz.reading import read
from gruviz.records import Shares, Values
from gruviz.signals import CELLS, Notation
from gruviz.ui.step.stepper import Focus, StepperData, payload
from gruviz.ui.wire import as_bytes
from tests.wire import unwired

FOCUS = Focus("1", 2, 0)
MODULES = {"GRU": nn.GRU, "LSTM": nn.LSTM, "RNN": nn.RNN, "before": gruviz.ResetBeforeGRU, "MGU": MGU, "JANET": JANET}


def make(cell="GRU", steps=4, units=3, tokens=(), seed=0, **options):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = MODULES[cell](2, units, **options)
    return gruviz.trace(module, np.random.default_rng(0).standard_normal((steps, 2)), tokens=tokens)


def pack(trace, known=None, names=(), notation=None, answers=None, focus=FOCUS):
    shown = StepperData(trace, known or (True,) * len(trace), names, answers)
    return unwired(as_bytes(payload(shown, notation or Notation(), focus)))


def yes(*shares, asked="yes"):
    """The answer to a yes-or-no question: before the first step 1/2."""
    shares = np.array([0.5, *shares])
    return Shares(asked, (asked, f"not {asked}"), np.stack([shares, 1 - shares], -1), of=0)


def which(*rows, followed=()):
    return Shares("which", ("a", "b", "c"), np.array([[0.2, 0.3, 0.5], *rows]), followed=followed)


@pytest.mark.parametrize("cell", MODULES)
def test_arrays_are_the_trace_s_own(cell):
    trace = make(cell)
    data = pack(trace)
    assert (data["steps"], data["units"], data["features"], data["cell"]) == (4, 3, 2, trace.cell)
    for key, values in trace.values.items():
        np.testing.assert_array_equal(data["values"][key].reshape(4, 3), values)
    for key, values in trace.initial.items():
        np.testing.assert_array_equal(data["initial"][key], values)
    np.testing.assert_array_equal(data["inputs"].reshape(4, 2), trace.inputs)
    weights = {"input": "input", "recurrent": "recurrent", "inputBias": "input_bias", "recurrentBias": "recurrent_bias"}
    assert set(data["weights"]) == set(weights)
    for name, attribute in weights.items():
        expected = getattr(trace.weights, attribute)
        np.testing.assert_array_equal(data["weights"][name].reshape(expected.shape), expected)
    assert data["resetAfter"] is (cell not in ("before", "MGU"))


@pytest.mark.parametrize("cell", MODULES)
def test_names_and_answers_go_along(cell):
    data = pack(make(cell), names=("a", "b"), answers=yes(*np.linspace(0, 1, 4)))
    assert data["featureNames"] == ["a", "b"]
    np.testing.assert_array_equal(data["answer"]["bars"], np.linspace(0, 1, 4).astype(np.float32))
    assert data["answer"]["label"] == "yes"
    assert pack(make(cell))["answer"] is pack(make(cell))["board"] is None


@pytest.mark.parametrize("cell", CELLS)
def test_columns_and_operations_come_from_the_table_of_signals(cell):
    data, spec = pack(make(cell)), CELLS[cell]
    assert data["columns"] == [dataclasses.asdict(column) for column in spec.columns]
    assert [signal["key"] for signal in data["signals"]] == [signal.key for signal in spec.signals]
    keys = {signal["key"] for signal in data["signals"]}
    assert {column["signal"] for column in data["columns"]} <= keys
    assert sorted(data["operations"]) == sorted(keys)  # each is computed once
    for entry, signal in zip(data["signals"], spec.signals, strict=True):
        assert entry["rule"]["kind"].replace("_", "") == type(signal.rule).__name__.lower()
        assert entry["colour"]["fill"] == signal.colour.fill
        assert entry["bounds"] == (None if signal.low is None else [signal.low, signal.high])


@pytest.mark.parametrize("symbols", ["pytorch", "cho", "ng"])
@pytest.mark.parametrize("one", ["keep", "write"])
def test_notation(symbols, one):
    notation, trace = Notation(symbols, one), make()
    data = pack(trace, notation=notation)
    for entry, signal in zip(data["signals"], trace.spec.signals, strict=True):
        assert entry["at"] == notation.at(signal)
        assert entry["flips"] is (one == "write" and signal.key == "z")
    np.testing.assert_array_equal(data["values"]["z"].reshape(4, 3), trace["z"])  # flipped when drawn
    z = notation.symbol(trace.spec.signal("z"))
    kept = f"(1−{z})" if one == "write" else z
    node = data["signals"][3]["node"].replace(" ", "")
    assert node.endswith(f"+{kept}⊙{notation.symbol(trace.spec.signal('h'))}")


def test_a_relu_has_no_upper_bound_and_says_so():
    data = pack(make("RNN", nonlinearity="relu"))
    assert data["activation"] == "relu"
    assert data["signals"][0]["bounds"] is None


def test_tokens_are_shown_as_typed_but_for_white_space():
    tokens = ["<script>alert(1)</script>", " ", "👩🏽‍🚀", "שלום"]
    data = pack(make(tokens=tokens), known=(True, True, False, True))
    assert data["labels"] == [tokens[0], "␣", *tokens[2:]]
    assert list(data["known"]) == [True, True, False, True]


def test_a_trace_without_biases_says_so():
    assert pack(make())["biased"] is True
    assert pack(make(bias=False))["biased"] is False


@pytest.mark.parametrize("cell", MODULES)
def test_the_axis_of_sums_holds_them_or_stops_where_tanh_is_flat(cell):
    trace = make(cell)
    weights, before = trace.weights, trace.before("h")
    for entry, signal in zip(pack(trace)["signals"], trace.spec.signals, strict=True):
        if entry["rule"]["kind"] != "affine":
            assert entry["sumReach"] is None
            continue
        rows = slice(signal.rule.block * 3, signal.rule.block * 3 + 3)
        from_input = trace.inputs @ weights.input[rows].T + weights.input_bias[rows]
        total = from_input + before @ weights.recurrent[rows].T + weights.recurrent_bias[rows]
        assert entry["sumReach"] in (0.5, 1, 2, 3)
        assert entry["sumReach"] >= min(3, np.abs(total).max(), np.abs(from_input).max())


# Answers


def test_a_yes_or_no_answer():
    answer = pack(make(), answers=yes(0.6, 0.25, 0, 1))["answer"]
    np.testing.assert_array_equal(answer["bars"], np.float32([0.6, 0.25, 0, 1]))
    assert answer["texts"] == ["60% yes", "25% yes", "0% yes", "100% yes"]
    assert answer["actual"] == [""] * 4
    assert answer["ranking"] is None  # one bar says it all


def test_an_answer_among_several_options():
    rows = ([0.1, 0.7, 0.2], [0, 0, 1], [0.5, 0.25, 0.25], [0, 0, 0])
    answer = pack(make(), answers=which(*rows, followed=(0, 2, -1, -1)))["answer"]
    np.testing.assert_array_equal(answer["bars"], np.float32([0.7, 1, 0.5, 0]))
    assert answer["texts"] == ["b, 70%", "c, 100%", "a, 50%", "no answer"]
    assert answer["actual"] == ["a, 10%", "c, 100%", "", ""]
    assert [dict(row) for row in answer["ranking"]] == [
        {"b": 0.7, "c": 0.2, "a": 0.1}, {"c": 1.0}, {"a": 0.5, "b": 0.25, "c": 0.25}, {},
    ]  # fmt: skip


def test_no_more_options_than_can_be_read():
    shares = np.arange(1.0, 11) / 55
    answers = Shares("which", tuple("abcdefghij"), np.tile(shares, (5, 1)))
    ranking = pack(make(), answers=answers)["answer"]["ranking"]
    assert len(ranking) == 4
    assert ranking[0] == [[letter, shares[place]] for letter, place in zip("jihgf", range(9, 4, -1), strict=True)]


def test_an_answer_that_is_a_number():
    answers = Values("next", "mm", np.array([0, 10.0, 20, 5, 15]), np.array([11.0, 19, np.nan, np.nan]))
    answer = pack(make(), answers=answers)["answer"]
    np.testing.assert_array_equal(answer["bars"], np.float32([0.5, 1, 0.25, 0.75]))
    assert answer["texts"] == ["10.0 mm", "20.0 mm", "5.0 mm", "15.0 mm"]
    assert answer["actual"] == ["11.0 mm", "19.0 mm", "", ""]
    assert answer["ranking"] is None


@pytest.mark.parametrize("name", list_models())
def test_what_is_shown_of_a_reading_is_its_own(name):
    found = read(load_model(name), load_model(name).example)
    shown = StepperData.of(found)
    assert (shown.trace, shown.known, shown.answers) == (found.trace, found.known, found.answers)
    assert shown.names == found.model.encoder.names
    assert (shown.board is None) is (found.model.encoder.what != "moves")
    data = unwired(as_bytes(payload(shown, Notation(), FOCUS)))
    steps = len(found.trace)
    assert len(data["labels"]) == len(data["known"]) == steps
    assert data["featureNames"] == list(shown.names)
    if found.answers is None:
        assert data["answer"] is None
        return
    bars = data["answer"]["bars"]
    assert bars.shape == (steps,)
    assert ((bars >= 0) & (bars <= 1)).all()
    assert data["answer"]["texts"] == [found.answers.text(step) for step in range(1, steps + 1)]
    assert data["answer"]["actual"] == [found.answers.actual(step) for step in range(1, steps + 1)]


# Identity


def test_the_id_is_the_same_for_the_same_content():
    assert pack(make())["id"] == pack(make())["id"]
    moved = pack(make(), focus=Focus("2", 4, 1))
    assert moved["id"] == pack(make())["id"]  # where to stand is no content
    assert moved["focus"] == {"id": "2", "step": 4, "unit": 1, "visit": 0, "asked": None}


def test_the_id_changes_with_any_content():
    plain = make()
    others = [
        pack(plain),
        pack(make(seed=1)),
        pack(make("before")),
        pack(make(steps=3)),
        pack(make(tokens=list("abcd"))),
        pack(make(tokens=["a", "b", "c", "e"])),
        pack(plain, known=(True, True, True, False)),
        pack(plain, names=("a", "b")),
        pack(plain, notation=Notation("cho")),
        pack(plain, notation=Notation("ng")),
        pack(plain, notation=Notation(one_means="write")),
        pack(plain, answers=yes(0, 0, 0, 0)),
        pack(plain, answers=yes(1, 1, 1, 1)),
        pack(plain, answers=yes(0, 0, 0, 0, asked="no")),
        pack(plain, answers=which(*[[1, 0, 0]] * 4)),
        pack(plain, answers=which(*[[1, 0, 0]] * 4, followed=(0, 0, 0, 1))),
        pack(plain, answers=Values("which", "mm", np.zeros(5), np.zeros(4))),
        payload(StepperData(plain, (True,) * 4, board={"positions": []}), Notation(), FOCUS),
    ]
    assert len({data["id"] for data in others}) == len(others)


def test_the_smallest_change_of_one_number_changes_the_id():
    trace = make()
    values = {key: array.copy() for key, array in trace.values.items()}
    values["r"][1, 1] = np.nextafter(values["r"][1, 1], np.float32(2))
    assert pack(dataclasses.replace(trace, values=values))["id"] != pack(trace)["id"]


# Size


@pytest.mark.parametrize("reset", ["after", "before"])
def test_a_sequence_of_60_steps_and_32_units_stays_under_120_kb(reset):
    model = load_model("random", {"hidden": 32, "reset": reset})
    trace = model.trace("the quick brown fox jumps over the lazy dog. and once more, ok"[:60])
    assert (len(trace), trace.units) == (60, 32)
    shown = StepperData(trace, (True,) * len(trace), model.encoder.names)
    size = len(as_bytes(payload(shown, Notation(), FOCUS))) + max(
        len(figures.signals(trace, view=view, units=units).to_json().encode())
        for view, units in (("heatmap", ()), ("lines", range(8)))
    )
    assert size < 120_000
