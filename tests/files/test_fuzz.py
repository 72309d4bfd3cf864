"""Files damaged at random, cut and spliced: each opens, or is refused with a sentence. Nothing else happens."""

import json
import zipfile
from functools import cache
from unittest.mock import patch

import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gruviz.errors import GruvizError
from gruviz.files import keras, network, onnx_graph, read_file
from gruviz.files.parts import Contents
from gruviz.files.separate import Found, read_separately
from tests.files import good

OPTIONS = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
NEAR = [path for path in (*good.FILES, *sorted(good.BAD.iterdir())) if path.suffix in (".pt", ".safetensors")]
FAR = [path for path in good.FILES if path.suffix in (".keras", ".h5", ".onnx") and "bigru" not in path.name]


@st.composite
def damaged(draw, paths):
    """A file's name and its bytes, after one to four cuts, flips, splices with itself or another, or insertions."""
    path = draw(st.sampled_from(paths))
    data = bytearray(path.read_bytes())
    for _ in range(draw(st.integers(1, 4))):
        kind, end = draw(st.sampled_from(["cut", "flip", "splice", "insert", "number"])), max(1, len(data))
        at = draw(st.integers(0, end - 1))
        if kind == "cut":
            del data[at : draw(st.sampled_from([at + 1, at + 8, at + 64, end]))]
        elif kind == "flip" and data:
            data[at] = draw(st.integers(0, 255))
        elif kind == "splice":
            other = draw(st.sampled_from(paths)).read_bytes()
            first = draw(st.integers(0, max(0, len(other) - 1)))
            data[at : at + draw(st.integers(0, 64))] = other[first : first + draw(st.integers(0, 512))]
        elif kind == "insert":
            data[at:at] = draw(st.binary(max_size=16))
        else:
            data[at : at + 8] = draw(
                st.sampled_from([b"\xff" * 8, b"\0" * 8, b"\xff\xff\xff\x7f", b"\0\0\0\0\0\0\0\x40"])
            )
    return path.name, data


def tried(read):
    """Opens what can be opened; a GruvizError says something; any other error is a failure of the test."""
    sentence = "The file was opened."
    try:
        contents = read()
        for part in contents.parts:
            module = network(part, {"nonlinearity": "tanh", "reset": "after"})
            assert all(torch.isfinite(parameter).all() for parameter in module.parameters())
    except GruvizError as error:
        sentence = str(error)
    assert 20 <= len(sentence) < 1000
    sentence.encode()


@settings(max_examples=400, **OPTIONS)
@given(damaged(NEAR))
def test_pytorch_and_safetensors(tmp_path, monkeypatch, file):
    monkeypatch.chdir(tmp_path)
    name, data = file
    tried(lambda: read_file(data, name))
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=25, **OPTIONS)
@given(damaged(FAR))
def test_keras_and_onnx_in_a_process_of_their_own(file):
    name, data = file
    tried(lambda: read_file(data, name))


@settings(max_examples=200, **OPTIONS)
@given(
    st.binary(max_size=200),
    st.sampled_from([".pt", ".safetensors", ".keras"]),
    st.sampled_from([b"", b"PK\x03\x04", b"\x80\x02"]),
)
def test_any_bytes(data, ending, start):
    tried(lambda: read_file(bytearray(start + data), f"x{ending}"))


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2**40), st.text(max_size=5), st.floats(), st.just([]), st.just({}),
    st.sampled_from(["GRU", "Bidirectional", "Dense", "linear", "relu", "reverse", "Lambda", ["x"], {"a": 1}]),
)  # fmt: skip


def places(value, path=()):
    """The path to every value inside lists and dicts."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


@st.composite
def changed(draw, value):
    """A JSON value with one to three values in it replaced or left out."""
    value = json.loads(json.dumps(value))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([place for place in places(value) if place]))
        holder = value
        for key in path[:-1]:
            holder = holder[key]
        if draw(st.booleans()):
            del holder[path[-1]]
        else:
            holder[path[-1]] = draw(LEAVES)
    return value


KERAS = ["keras_sentiment", "keras_stack", "keras_bigru_ra1", "keras_gru_ra0"]


@cache  # no fixtures: Hypothesis would write out their contents
def archives():
    found = {}
    for name in KERAS:
        with zipfile.ZipFile(good.FOLDER / "keras" / f"{name}.keras") as archive:
            weights = read_separately(memoryview(archive.read("model.weights.h5")), "hdf5", "Keras file")
            found[name] = json.loads(archive.read("config.json")), weights
    return found


@settings(max_examples=300, **OPTIONS)
@given(st.data())
def test_what_a_keras_config_may_say(data):
    config, weights = archives()[data.draw(st.sampled_from(KERAS))]
    text = json.dumps(data.draw(changed(config)))
    tried(lambda: Contents("Keras", keras.parts(text.encode(), lambda: weights)))


GRAPHS = ["onnx_gru_lbr0_bi", "onnx_torch_export_L2_bi", "onnx_torch_export_L1_uni_nofold"]


@cache
def graphs():
    paths = {name: good.FOLDER / "onnx" / f"{name}.onnx" for name in GRAPHS}
    return {name: read_separately(memoryview(path.read_bytes()), "onnx", "ONNX file") for name, path in paths.items()}


NAMES = ["axes", "perm", "hidden_size", "direction", "activations", "clip", "axis", "linear_before_reset", "to"]
VALUES = st.one_of(
    st.integers(-3, 9), st.floats(), st.text(max_size=4), st.lists(st.integers(-3, 9), max_size=3),
    st.lists(st.text(max_size=4), max_size=3),
)  # fmt: skip
KINDS = ["GRU", "LSTM", "RNN", "Concat", "Gather", "Gemm", "Transpose", "Add"]
PLACES = st.integers(0, 9999)  # of whatever there are, counted round
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([2, 3]), PLACES, st.lists(PLACES, max_size=7)),  # inputs, outputs
        st.tuples(st.just(4), PLACES, st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=2)),
        st.tuples(st.just(0), PLACES, st.sampled_from(KINDS)),
        st.tuples(st.just(-1), PLACES, st.none()),  # left out
    ),
    min_size=1, max_size=3,
)  # fmt: skip


def rewired(found, changes):
    """The facts of a graph with nodes changed or left out; names and types stay possible."""
    nodes = json.loads(json.dumps(found.facts["nodes"]))
    names = sorted({*found.arrays, *(name for node in nodes for name in (*node[2], *node[3])), "", "nothing"})
    for part, place, what in changes:
        node = nodes[place % len(nodes)]
        if part == 4:
            node[4] |= what
        elif part == 0:
            node[0] = what
        elif part > 0:
            node[part] = [names[each % len(names)] for each in what]
        elif len(nodes) > 1:
            del nodes[place % len(nodes)]
    return {**found.facts, "nodes": nodes}


@settings(max_examples=300, **OPTIONS)
@given(st.sampled_from(GRAPHS), CHANGES)
def test_what_an_onnx_graph_may_say(name, changes):
    found = graphs()[name]
    facts = rewired(found, changes)
    with patch.object(onnx_graph, "read_separately", lambda *_: Found(found.arrays, facts)):
        tried(lambda: read_file(bytearray(b"x"), "x.onnx"))
