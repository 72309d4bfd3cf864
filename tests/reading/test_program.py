"""The PyTorch program, run as a person would run it: alone, in an empty folder, its output against the trace."""

import ast
import csv
import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

import gruviz
from gruviz import Hold, Replace, Shift, Skip
from gruviz.cells import JANET, MGU
from gruviz.errors import GruvizError
from gruviz.models import load_model
from gruviz.reading import read
from gruviz.reading.program import pytorch_snippet
from gruviz.records import written
from tests.programs import printed_by, python

HOSTILE = [
    'say "hi"', "it's", '"""', "'''", "two\nlines", "cr\r\nlf", "\\", "\\n", "\\x", "{steps}", "%s", "\t", "", " ",
    "👩🏽‍🚀",
    "שלום", "مُ", "\u2028", "\u202e", "<script>alert(1)</script>", "#", "a,b", "=1+1", "x" * 300, "long words " * 40,
]  # fmt: skip


def make(kind=nn.GRU, features=3, hidden=4, steps=5, dtype=torch.float32, tokens=(), h0=True, layer=0,
         what_if=(), **options):  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = kind(features, hidden, **options).to(dtype)
    rng = np.random.default_rng(0)
    layers = (1 + options.get("bidirectional", False)) * options.get("num_layers", 1)
    state = rng.uniform(-1, 1, (layers, hidden)) if h0 else None
    inputs = rng.standard_normal((steps, features))
    return gruviz.trace(module, inputs, state, layer=layer, tokens=tokens, what_if=what_if)


def from_the_end():
    """The reading of a layer that reads from the end, in the order in which it reads."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = nn.GRU(32, 4, 2, bidirectional=True, dtype=torch.float64)
    model = replace(load_model("sentiment-gru"), module=module, read_out=None, trained_on=None).looking_at((1, True))
    held = [
        Hold("z", 1, steps=1, layer=1, reverse=True),
        Hold("r", 0, layer=1, reverse=False),
        Hold("h", 0, 2, slice(2, 4)),
    ]
    return read(model, "The food was great but slow.", [*held, Shift("n", 1, layer=0, reverse=True), Skip(5)]).trace


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What each case's program prints."""
    return printed_by(
        tmp_path_factory.mktemp("programs"), {case: pytorch_snippet(make_trace()) for case, make_trace in CASES.items()}
    )


def test_the_program_runs_alone_in_an_empty_folder(tmp_path):
    trace = CASES["hostile tokens"]()
    (tmp_path / "program.py").write_text(pytorch_snippet(trace), encoding="utf-8", newline="")
    assert_prints(trace, python(tmp_path, "program.py"))
    assert [path.name for path in tmp_path.iterdir()] == ["program.py"]


def assert_prints(trace, text):
    heading, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    width = 3 + len(trace.values)  # without what was changed, which the program says in its head
    expected_heading, *expected = (row[:width] for row in trace.rows())
    expected = [row for row in expected if row[0]]  # the program starts at step 1
    assert heading == list(expected_heading)
    assert [row[:3] for row in rows] == [[str(row[0]), row[1], str(row[2])] for row in expected]
    got = np.array([[float(number) for number in row[3:]] for row in rows])
    np.testing.assert_allclose(got, np.array([row[3:] for row in expected]), rtol=0, atol=1e-6)
    digits = max(len(number.lstrip("-0.").replace(".", "")) for row in rows for number in row[3:] if "e" not in number)
    assert digits <= 9


CASES = {
    "random, reset after": lambda: load_model("random", {"hidden": 5}).trace("hello, <b>you</b>"),
    "random, reset before": lambda: load_model("random", {"hidden": 5, "reset": "before"}).trace("hello"),
    "random, numbers": lambda: load_model("random", {"input": "numbers", "columns": 2}).trace("1 2\n-3 1e5"),
    "latch": lambda: load_model("latch").trace("0 1 1! 0 . 0 ?"),
    "sentiment": lambda: load_model("sentiment-gru").trace("The food was great but… zzz 😀 \"terrible\"."),
    "hostile tokens": lambda: make(steps=len(HOSTILE), tokens=HOSTILE),
    "one step": lambda: make(steps=1),
    "one unit": lambda: make(hidden=1, features=1),
    "one step of one unit, reset before": lambda: make(gruviz.ResetBeforeGRU, 1, 1, 1),
    "MGU": lambda: make(MGU, hidden=9),
    "JANET": lambda: make(JANET, hidden=9),
    "float64": lambda: make(dtype=torch.float64, hidden=9),
    "no biases": lambda: make(bias=False),
    "upper layer": lambda: make(num_layers=2, layer=1),
    "LSTM": lambda: make(nn.LSTM, hidden=9, h0=False),
    "RNN, tanh": lambda: make(nn.RNN),
    "RNN, relu": lambda: make(nn.RNN, nonlinearity="relu"),
    "held": lambda: make(what_if=[Hold("z", 1, units=[1, 3], steps=slice(1, 4)), Hold("h", 0.25, units=0, steps=-1)]),
    "shifted": lambda: make(what_if=[Shift("r", 2), Shift("r", -0.5, units=2, steps=slice(2, None)), Shift("n", 1.5)]),
    "skipped": lambda: make(what_if=[Skip(0), Skip(slice(2, 4))], dtype=torch.float64),
    "all of it, LSTM": lambda: make(nn.LSTM, hidden=9, h0=False,
                                    what_if=[Hold("c", 0.5, steps=1), Hold("o", 1), Shift("f", 1, units=8), Skip(3)]),
    "all of it, reset before": lambda: make(gruviz.ResetBeforeGRU,
                                            what_if=[Hold("r", 0, units=1), Shift("n", 1), Skip(2)]),
    "all of it, JANET": lambda: make(JANET, what_if=[Hold("i", 0, steps=2), Shift("f", 1, units=[0]), Skip(3)]),
    "all of it, RNN": lambda: make(nn.RNN, what_if=[Hold("h", 0, units=3), Shift("h", 1), Skip(0)]),
    "held below": lambda: make(num_layers=2, layer=1, what_if=[Hold("h", 0, layer=0, units=1), Hold("z", 1, layer=1)]),
    "held below only": lambda: make(num_layers=2, layer=1, what_if=[Hold("h", 0, layer=0)]),
    "from the end": from_the_end,
    "replaced": lambda: load_model("sentiment-gru").trace("not bad", [Replace(0, "\\"), Replace(1, '"'), Skip(0)]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_program_prints_the_trace(printed, case):
    assert_prints(CASES[case](), printed[case])


def test_a_layer_that_reads_backwards_is_printed_right_or_refused(tmp_path):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = nn.GRU(3, 4, bidirectional=True)
    trace = gruviz.trace(module, np.random.default_rng(0).standard_normal((5, 3)), reverse=True)
    try:
        pytorch_snippet(trace)
    except GruvizError:
        return
    (tmp_path / "program.py").write_text(pytorch_snippet(trace), encoding="utf-8", newline="")
    _, *rows = csv.reader(io.StringIO(python(tmp_path, "program.py"), newline=""))
    got = {(int(row[0]), int(row[2])): [float(v) for v in row[3:]] for row in rows}
    for step, _, unit, *values in trace.rows()[1:]:
        if 1 <= step <= len(trace):
            np.testing.assert_allclose(got[step, unit], values, atol=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_it_needs_torch_and_the_standard_library_and_opens_nothing(case):
    text = pytorch_snippet(CASES[case]())
    tree = ast.parse(text)
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules <= {"csv", "sys", "torch", "base64"}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"open", "eval", "exec", "compile", "__import__", "getattr"}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not attributes & {"load", "save", "hub"}


@pytest.mark.parametrize("case", CASES)
def test_it_says_what_is_changed(case):
    head = ast.get_docstring(ast.parse(pytorch_snippet(CASES[case]())))
    what_if = CASES[case]().what_if
    assert ("What is changed" in head) is bool(what_if)
    if what_if and case != "replaced":
        assert f"What is changed: {written(what_if)}\n" in head + "\n"


def test_tokens_are_data_and_never_code():
    token = '"]\nimport os  # \'"""'
    tree = ast.parse(pytorch_snippet(make(steps=2, tokens=[token, "b"])))
    found = [n for n in tree.body if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "tokens"]
    assert ast.literal_eval(found[0].value) == [token, "b"]


def test_a_batch_is_refused():
    trace = gruviz.trace(make_module(), np.ones((5, 2, 3)))
    with pytest.raises(GruvizError, match=r"(?i)batch|2 sequences"):
        pytorch_snippet(trace)


def make_module():
    with torch.random.fork_rng(devices=[]):
        return nn.GRU(3, 4)
