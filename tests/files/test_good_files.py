"""Every good file of tests/oracles, opened and run: the numbers of its .npz, which another program computed."""

import copy
import json
import pickle

import numpy as np
import pytest
import torch

import gruviz
from gruviz.cells.layer_stack import views
from tests.files import good

OPENINGS = list(good.openings())
WHOLE = [opening for opening in OPENINGS if "mask" not in opening.arrays()]  # in the others each row has its own steps
EACH = pytest.mark.parametrize("opening", OPENINGS, ids=str)


def test_all_the_files_are_here():
    counts = {ending: sum(o.path.name.endswith(ending) for o in OPENINGS) for ending in good.ENDINGS}
    assert counts == {".pt": 18, ".safetensors": 16, ".keras": 8, ".weights.h5": 8, ".onnx": 12}


@pytest.mark.parametrize("opening", WHOLE, ids=str)
def test_the_numbers_of_another_program(opening):
    """1e-9 in float64, as it is opened, and 2e-6 in float32."""
    module = opening.model().module
    assert {parameter.dtype for parameter in module.parameters()} == {torch.float64}
    start, x = good.initial(opening, module), opening.arrays()["x"]
    for tolerance, each in ((1e-9, module), (2e-6, copy.deepcopy(module).float())):
        for layer, reverse in views(module):
            trace = gruviz.trace(each, x, start, layer, reverse)
            assert trace.reverse == reverse
            assert set(trace.values) == set({"GRU": "rznh", "LSTM": "ifgoch", "RNN": "h"}[trace.cell])
            places = [way for number, way in views(module) if number == layer]
            for key in trace.values:
                right = good.expected(opening, key, layer, places.index(reverse))
                np.testing.assert_allclose(trace[key], right, rtol=0, atol=tolerance)


@pytest.mark.parametrize("opening", WHOLE, ids=str)
def test_the_frameworks_own_states(opening):
    module, arrays = opening.model().module, opening.arrays()
    top = max(layer for layer, _ in views(module))
    own = next(
        (arrays[key] for key in ("keras_h", "l1_keras_h", "onnx_Y", "ort_y", "torch_out") if key in arrays), None
    )
    assert own is not None
    if "mask" in arrays or opening.path.name == good.STACKED_WEIGHTS:
        return
    start = good.initial(opening, module)
    ways = [reverse for layer, reverse in views(module) if layer == top]
    states = [gruviz.trace(module, arrays["x"], start, top, reverse)["h"] for reverse in ways]
    if "onnx_Y" in arrays:
        ours = np.stack(states, 1)
    else:
        ours = np.concatenate(states, -1)
        batch_first = "keras" in opening.name or opening.name == "onnx_torch_export_L2_bi"
        ours = ours.transpose(1, 0, 2) if batch_first else ours
    np.testing.assert_allclose(ours, own, rtol=0, atol=1e-5)


def test_two_parts_are_listed_and_never_mixed():
    path = good.FOLDER / "torch" / "torch_two_grus.pt"
    with pytest.raises(gruviz.GruvizError, match=r"holds 2 recurrent parts \(encoder.rnn: GRU, 4 units, 3 i"):
        gruviz.open_model(path)
    assert gruviz.open_model(path, part="decoder.rnn").module.hidden_size == 3
    with pytest.raises(gruviz.GruvizError, match="None is called “rnn”"):
        gruviz.open_model(path, part="rnn")


@pytest.mark.parametrize("ending", [".pt", ".safetensors"])
def test_an_embedding_and_a_head_are_used_once_they_are_named(ending):
    path, arrays = (
        good.FOLDER / "torch" / f"torch_gru_prefixed{ending}",
        good.arrays(good.FOLDER / "torch" / "torch_gru_prefixed.npz"),
    )
    bare = gruviz.open_model(path)
    assert bare.read_out is None
    assert bare.encoder.features == 4
    model = gruviz.open_model(path, embedding="embed", head="head", kind="number")
    for row in range(3):
        text = " ".join(map(str, arrays["tokens"][:, row]))
        encoded = model.encode(text)
        np.testing.assert_allclose(encoded.values, arrays["x"][:, row], rtol=0, atol=1e-9)
        # the head was run on states that began at h0
        trace = gruviz.trace(model.module, encoded.values, arrays["h0"][0, :, row], tokens=encoded.tokens)
        np.testing.assert_allclose(model.outputs(trace)[-1], arrays["torch_logit"][row, 0], rtol=0, atol=1e-5)


def test_what_a_head_means_is_asked():
    path = good.FOLDER / "torch" / "torch_gru_prefixed.pt"
    with pytest.raises(gruviz.GruvizError, match=r"“head” means. Say kind='probability' .*, or kind='number'"):
        gruviz.open_model(path, head="head")
    with pytest.raises(gruviz.GruvizError, match=r"embedding='words' names nothing that fits .* choose from embed"):
        gruviz.open_model(path, embedding="words")


@pytest.mark.parametrize(("name", "masked"), [("keras_sentiment", False), ("keras_sentiment_masked", True)])
@pytest.mark.parametrize("ending", [".keras", ".weights.h5"])
def test_keras_tokens_to_a_probability(name, masked, ending):
    """Padding is skipped where the layer says so: the answer is Keras's, for rows padded in front and behind."""
    path, arrays = good.FOLDER / "keras" / f"{name}{ending}", good.arrays(good.FOLDER / "keras" / f"{name}.npz")
    told = {} if ending == ".keras" else {"mask": "yes" if masked else "no", "kind": "probability"}
    if told:
        with pytest.raises(gruviz.GruvizError, match=r"token 0 is padding that the network skips. Say mask='no'"):
            gruviz.open_model(path, embedding="words")
    model = gruviz.open_model(path, embedding="words", head="sentiment", **told)
    for row in range(3):
        encoded = model.encode(" ".join(map(str, arrays["tokens"][:, row])))
        trace = model.run(encoded)
        read = arrays["mask"][:, row] if masked else np.ones(11, bool)
        assert len(trace) == read.sum()
        assert bool(encoded.warnings) == (not read.all())
        for key in "rznh":
            np.testing.assert_allclose(trace[key], arrays[key][0, 0, read, row], rtol=0, atol=1e-9)
        np.testing.assert_allclose(model.outputs(trace)[-1], arrays["keras_prob"][row, 0], rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("torch/torch_rnn_tanh_L1_uni.pt", r"which nonlinearity this RNN has. Say nonlinearity='tanh' \(tanh\), or "),
        ("keras/keras_gru_ra1_nobias.weights.h5", r"where the reset gate of this GRU acts. Say reset='after' .*, or "),
    ],
)
def test_what_a_file_cannot_say_is_asked(path, sentence):
    with pytest.raises(gruviz.GruvizError, match=sentence):
        gruviz.open_model(good.FOLDER / path)


def test_the_two_resets_differ():
    path = good.FOLDER / "keras" / "keras_gru_ra1_nobias.weights.h5"
    models = [gruviz.open_model(path, reset=reset) for reset in ("after", "before")]
    after, before = (gruviz.trace(model.module, np.ones((5, 4)))["h"] for model in models)
    assert np.abs(after - before).max() > 0.01


def test_names_and_cards():
    model = gruviz.open_model(good.FOLDER / "onnx" / "onnx_gru_lbr1_fwd_h0.onnx", name="mine")
    assert model.name == model.title == "mine"
    assert "SHA-256" in json.dumps(model.card.facts)
    assert any("initial_h" in text for _, text in model.card.facts)
    assert model.trace(model.example).agreement < 1e-12


@EACH
def test_an_opened_model_reads_its_example(opening):
    model = opening.model()
    for view in model.views:
        looked = model.looking_at(view)
        trace = looked.trace(model.example)
        assert np.isfinite(trace["h"]).all()
        assert len(looked.feature_names) == trace.weights.features
    assert model.name.isascii()
    with pytest.raises(gruviz.GruvizError, match="has no layer 9"):
        model.looking_at((9, False))


def test_inputs_of_a_higher_layer_have_names():
    model = gruviz.open_model(good.FOLDER / "keras" / "keras_stack.keras")
    assert model.looking_at((1, False)).feature_names == tuple(f"layer 0, unit {unit}" for unit in range(6))
    both = gruviz.open_model(good.FOLDER / "torch" / "torch_gru_L2_bi.pt").looking_at((1, True))
    assert both.feature_names[2:4] == ("layer 0, forward, unit 2", "layer 0, backward, unit 0")


def test_the_path_may_be_wrong(tmp_path):
    with pytest.raises(gruviz.GruvizError, match=r"none.pt can't be read: No such file"):
        gruviz.open_model(tmp_path / "none.pt")
    (tmp_path / "model.pkl").write_bytes(pickle.dumps({}))
    with pytest.raises(gruviz.GruvizError, match=r"“model.pkl” has an ending that gruviz does not know; it reads .pt"):
        gruviz.open_model(tmp_path / "model.pkl")
