"""The record of a traced sequence: what it refuses, what it answers, and that its exports lose nothing."""

import csv
import dataclasses
import io
import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import gruviz
from gruviz.errors import GruvizError
from gruviz.records import Trace, Weights

CELLS = {"GRU": "rznh", "LSTM": "ifgoch", "RNN": "h"}
ODD_TOKENS = [
    "a,b",
    'say "hi"',
    "two\nlines",
    "cr\r\nlf",
    "\r",
    "👩🏽‍🚀",
    "שלום",
    "مرحبا",
    "é",
    "<script>",
    "",
    " ",
    "'",
    "\t",
    "0",
]
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
FEW = settings(deadline=None, max_examples=40, derandomize=True)


def make(cell="GRU", steps=4, batch=(), dtype=torch.float64, tokens=(), reverse=False):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = getattr(nn, cell)(3, 2, bidirectional=reverse, dtype=dtype)
    rng = np.random.default_rng(0)
    state = [rng.uniform(-1, 1, (1 + reverse, *batch, 2)) for _ in range(1 + (cell == "LSTM"))]
    h0 = tuple(state) if cell == "LSTM" else state[0]
    return gruviz.trace(module, rng.standard_normal((steps, *batch, 3)), h0, reverse=reverse, tokens=tokens)


def arrays(trace):
    return {**trace.values, **{f"{key}0": part for key, part in trace.initial.items()}, "inputs": trace.inputs}


def read_csv(path):
    with path.open(newline="", encoding="utf-8") as file:
        heading, *rows = csv.reader(file, strict=True)
    return heading, rows


# The record


@pytest.mark.parametrize("batch", [(), (3,)])
@pytest.mark.parametrize("cell", CELLS)
def test_keys_shapes_and_sizes(cell, batch):
    trace = make(cell, batch=batch)
    assert trace.cell == trace.spec.name == cell
    assert "".join(trace.values) == CELLS[cell]
    assert all(trace[key].shape == (4, *batch, 2) for key in trace.values)
    assert all(part.shape == (*batch, 2) for part in trace.initial.values())
    assert (len(trace), trace.units, trace.weights.units, trace.weights.features) == (4, 2, 2, 3)
    assert trace.weights.input.shape == (2 * len(trace.spec.blocks), 3)


@pytest.mark.parametrize("batch", [(), (3,)])
@pytest.mark.parametrize("cell", CELLS)
def test_signals_states_and_inputs_are_read_only(cell, batch):
    for array in arrays(make(cell, batch=batch)).values():
        assert not array.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize("name", ["input", "recurrent", "input_bias", "recurrent_bias"])
def test_weights_are_read_only(name):
    assert not getattr(make().weights, name).flags.writeable


def test_the_two_biases_are_zero_where_there_are_none():
    weights = gruviz.trace(nn.GRU(3, 2, bias=False), np.ones((4, 3))).weights
    assert weights.biased is False
    for bias in (weights.input_bias, weights.recurrent_bias):
        assert bias.shape == (6,)
        assert not bias.any()
        assert not np.signbit(bias).any()  # -0.0 would be shown with its sign


def test_frozen():
    trace = make()
    with pytest.raises(dataclasses.FrozenInstanceError):
        trace.tokens = ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        trace.weights.biased = False


@pytest.mark.parametrize(("cell", "listed"), [("GRU", "r, z, n, h"), ("LSTM", "i, f, g, o, c, h"), ("RNN", "h")])
def test_an_unknown_signal(cell, listed):
    with pytest.raises(KeyError) as caught:
        make(cell)["q"]
    assert caught.value.args == (f"{cell} has no signal 'q'; it has {listed}",)


@pytest.mark.parametrize("batch", [(), (3,)])
@pytest.mark.parametrize("cell", CELLS)
def test_before_and_change(cell, batch):
    trace = make(cell, batch=batch)
    for key in trace.initial:
        before = trace.before(key)
        assert before.shape == trace[key].shape
        np.testing.assert_array_equal(before[0], trace.initial[key])
        np.testing.assert_array_equal(before[1:], trace[key][:-1])
    np.testing.assert_array_equal(trace.change()[0], np.abs(trace["h"][0] - trace.initial["h"]))
    np.testing.assert_array_equal(trace.change()[1:], np.abs(np.diff(trace["h"], axis=0)))


def test_before_and_change_of_a_reverse_trace():
    """Step t was computed from step t + 1, and the last step from the initial state."""
    trace = make("LSTM", reverse=True)
    for key in ("h", "c"):
        np.testing.assert_array_equal(trace.before(key)[-1], trace.initial[key])
        np.testing.assert_array_equal(trace.before(key)[:-1], trace[key][1:])
    np.testing.assert_array_equal(trace.change()[-1], np.abs(trace["h"][-1] - trace.initial["h"]))


def test_before_and_change_of_a_single_step():
    trace = make(steps=1)
    np.testing.assert_array_equal(trace.before("h"), trace.initial["h"][None])
    assert trace.change().shape == (1, 2)


def test_tokens_default_to_step_numbers():
    assert make().tokens == ("1", "2", "3", "4")
    assert make(tokens=list("wxyz")).tokens == ("w", "x", "y", "z")


WEIGHTS = Weights(np.zeros((2, 3)), np.zeros((2, 2)), np.zeros(2), np.zeros(2))


@pytest.mark.parametrize("shape", [(4, 3), (3, 2), (4, 1, 2), (4,)])
def test_a_signal_of_the_wrong_shape(shape):
    with pytest.raises(GruvizError, match=r"Signal h has shape .* expected \(4, 2\)"):
        Trace("RNN", {"h": np.zeros(shape)}, {"h": np.zeros(2)}, np.zeros((4, 3)), WEIGHTS, 0.0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_signal_that_is_not_finite_names_the_first_step(value):
    h = np.zeros((4, 2))
    h[2:, 1] = value
    with pytest.raises(GruvizError, match=r"Signal h stops being a finite number at step 3 of 4"):
        Trace("RNN", {"h": h}, {"h": np.zeros(2)}, np.zeros((4, 3)), WEIGHTS, 0.0)


# CSV


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("batch", [(), (3,)])
@pytest.mark.parametrize("cell", CELLS)
def test_csv_round_trip(tmp_path, cell, batch, dtype):
    trace = make(cell, batch=batch, dtype=dtype)
    trace.to_csv(tmp_path / "trace.csv")
    heading, rows = read_csv(tmp_path / "trace.csv")
    assert heading == ["step", "token", *(["sequence"] if batch else []), "unit", *CELLS[cell]]
    assert len(rows) == 5 * np.prod(batch, dtype=int) * 2
    places = 3 if batch else 2
    indices = [(int(row[0]), *map(int, row[2 : places + 1])) for row in rows]
    assert indices == list(np.ndindex(5, *batch, 2))
    for (step, *where), row in zip(indices, rows, strict=True):
        for key, text in zip(CELLS[cell], row[places + 1 :], strict=True):
            if step:
                assert float(text) == trace[key][(step - 1, *where)]
            elif key in trace.initial:
                assert float(text) == trace.initial[key][tuple(where)]
            else:
                assert text == ""  # a gate has no value before the first step
        assert row[1] == (trace.tokens[step - 1] if step else "")


def test_csv_of_odd_tokens(tmp_path):
    trace = make(steps=len(ODD_TOKENS), tokens=ODD_TOKENS)
    trace.to_csv(str(tmp_path / "trace.csv"))
    heading, rows = read_csv(tmp_path / "trace.csv")
    assert [row[1] for row in rows[2::2]] == ODD_TOKENS
    assert {len(row) for row in rows} == {len(heading)}
    (tmp_path / "trace.csv").read_bytes().decode("utf-8")


@FEW
@given(st.lists(texts, min_size=1, max_size=5))
def test_csv_of_any_tokens(tokens):
    trace = make(steps=len(tokens), tokens=tokens)
    file = io.StringIO(newline="")
    csv.writer(file).writerows(trace.rows())
    file.seek(0)
    _, *rows = csv.reader(file, strict=True)
    assert [row[1] for row in rows[2::2]] == tokens


def test_rows_hold_plain_numbers():
    heading, *rows = make("LSTM", batch=(2,), dtype=torch.float32).rows()
    assert heading[:4] == ["step", "token", "sequence", "unit"]
    assert {type(value) for row in rows for value in row} == {int, str, float}


# NPZ


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("batch", [(), (3,)])
@pytest.mark.parametrize("cell", CELLS)
def test_npz_round_trip(tmp_path, cell, batch, dtype):
    trace = make(cell, batch=batch, dtype=dtype)
    trace.to_npz(tmp_path / "trace.npz")
    weights = {
        "weight_ih": trace.weights.input,
        "weight_hh": trace.weights.recurrent,
        "bias_ih": trace.weights.input_bias,
        "bias_hh": trace.weights.recurrent_bias,
    }
    with np.load(tmp_path / "trace.npz", allow_pickle=False) as file:
        assert set(file) == {*arrays(trace), *weights, "tokens", "cell", "reset_after", "reverse"}
        assert (file["cell"].item(), file["reset_after"].item(), file["reverse"].item()) == (cell, True, False)
        for key, expected in {**arrays(trace), **weights}.items():
            assert file[key].dtype == expected.dtype
            np.testing.assert_array_equal(file[key], expected)
        assert file["tokens"].tolist() == list(trace.tokens)


@pytest.mark.parametrize("cell", CELLS)
def test_npz_is_enough_to_compute_it_again(tmp_path, cell):
    trace = make(cell, batch=(2,))
    trace.to_npz(str(tmp_path / "trace"))
    with np.load(tmp_path / "trace", allow_pickle=False) as file:
        module = getattr(nn, cell)(3, 2, dtype=torch.float64)
        module.load_state_dict({f"{k}_l0": torch.from_numpy(file[k]) for k in file if k.startswith(("weight", "bias"))})
        first = [file[key][None] for key in ("h0", "c0") if key in file]
        again = gruviz.trace(module, file["inputs"], tuple(first) if cell == "LSTM" else first[0])
        for key in trace.values:
            np.testing.assert_array_equal(again[key], file[key])


def test_npz_of_odd_tokens(tmp_path):
    make(steps=len(ODD_TOKENS), tokens=ODD_TOKENS).to_npz(tmp_path / "trace.npz")
    with np.load(tmp_path / "trace.npz", allow_pickle=False) as file:
        assert file["tokens"].tolist() == ODD_TOKENS


@FEW
@given(tokens=st.lists(texts, min_size=1, max_size=5))
def test_npz_of_any_tokens(tmp_path_factory, tokens):
    path = tmp_path_factory.getbasetemp() / "any.npz"
    make(steps=len(tokens), tokens=tokens).to_npz(path)
    with np.load(path, allow_pickle=False) as file:
        assert file["tokens"].tolist() == tokens


# JSON


def strict_json(text):
    def refuse(name):
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("batch", [(), (3,)])
@pytest.mark.parametrize("cell", CELLS)
def test_json_round_trip(cell, batch, dtype):
    trace = make(cell, batch=batch, dtype=dtype)
    read = strict_json(trace.to_json())
    assert read["cell"] == cell
    assert read["axes"] == (["time", "sequence", "unit"] if batch else ["time", "unit"])
    assert read["tokens"] == list(trace.tokens)
    assert list(read["signals"]) == list(CELLS[cell])
    assert list(read["initial"]) == list(trace.initial)
    for key in trace.values:
        np.testing.assert_array_equal(np.array(read["signals"][key], dtype=trace[key].dtype), trace[key])
    for key in trace.initial:
        np.testing.assert_array_equal(read["initial"][key], trace.initial[key])
    np.testing.assert_array_equal(read["inputs"], trace.inputs)


@FEW
@given(st.lists(texts | st.sampled_from(ODD_TOKENS), min_size=1, max_size=5))
def test_json_of_any_tokens(tokens):
    assert strict_json(make(steps=len(tokens), tokens=tokens).to_json())["tokens"] == tokens
