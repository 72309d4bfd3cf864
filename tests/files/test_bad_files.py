"""Every file of tests/oracles/bad: refused with a sentence that says what is wrong, and nothing else happens."""

import json

import pytest

import gruviz
from tests.files import good

# what the sentence must say: what was found, and what its owner can do
SAYS = {
    "evil_pickle_zip.pt": ("os.mkdir", "none of it was run", "torch.save(model.state_dict()"),
    "evil_pickle_raw.pt": ("os.mkdir", "none of it was run", "torch.save(model.state_dict()"),
    "evil_pickle_legacy.pt": ("os.mkdir", "none of it was run", "torch.save(model.state_dict()"),
    "full_module.pt": ("whole pickled model", "torch.nn.modules.rnn.GRU", "torch.save(model.state_dict()"),
    "truncated.pt": ("breaks off", "save or copy it again"),
    "text_renamed.pt": ("not a PyTorch file", "“This is not a ch”", "torch.save(model.state_dict()"),
    "empty.pt": ("empty (0 bytes)", "Save the model again"),
    "empty.safetensors": ("empty (0 bytes)", "Save the model again"),
    "empty.keras": ("empty (0 bytes)", "Save the model again"),
    "empty.onnx": ("empty (0 bytes)", "Save the model again"),
    "shape_hh_rows.pt": ("weight_hh_l0", "(14, 5)", "(3H, H) in a GRU"),
    "header_len_1tb.safetensors": ("header says it has 1.0 TB", "150 bytes"),
    "tensor_1tb.safetensors": ("weight_ih_l0", "1.0 TB", "64 bytes", "save or copy it again"),
    "nan_weights.safetensors": ("weight_hh_l0", "1 value", "(1, 1)", "NaN", "Save an earlier checkpoint"),
    "inf_weights.safetensors": ("bias_hh_l0", "1 value", "(0,)", "infinite", "Save an earlier checkpoint"),
    "shape_hh_cols.safetensors": ("weight_hh_l0", "(15, 6)", "(3H, H) in a GRU"),
    "shape_bias.safetensors": ("bias_hh_l0", "(18,)", "must be (15,)"),
    "missing_hh.safetensors": ("weight_hh_l0 is missing", "and bias_hh_l0 are there", "Save the whole state_dict"),
    "zip_bomb.keras": ("model.weights.h5", "52.4 MB", "zip bomb"),
    "lambda_layer.keras": ("“double” is a Lambda layer", "never runs", "model.save_weights("),
    "zip_slip.keras": ("../gruviz_pwned_marker.txt", "None of it was written"),
    "keras_hard_sigmoid.keras": ("recurrent_activation='hard_sigmoid'", "recurrent_activation='sigmoid'"),
    "external_link.weights.h5": ("vars/0", "external link", "not followed", "save the model again in one file"),
    "no_gru.onnx": ("no GRU, LSTM or RNN", "MatMul and Relu"),
    "onnx_hard_sigmoid.onnx": ("['HardSigmoid', 'Tanh']", "Sigmoid and Tanh", "export it with those"),
    "onnx_clip.onnx": ("clip=0.5", "Export the model without clip"),
    "external_data.onnx": ("“W”", "../neighbour.bin", "not followed", "save_as_external_data=False"),
}


def test_all_the_files_are_here():
    told = json.loads((good.BAD / "expected.json").read_text())
    assert set(SAYS) == set(told) == {path.name for path in good.BAD.iterdir()} - {"expected.json"}


@pytest.mark.parametrize("name", SAYS)
def test_refused_with_a_sentence(name, tmp_path, monkeypatch):
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    with pytest.raises(gruviz.ModelError) as error:
        gruviz.open_model(good.BAD / name)
    for words in SAYS[name]:
        assert words in str(error.value)
    assert list(tmp_path.rglob("*")) == [inside]
    assert not list(good.BAD.rglob("*marker*"))


@pytest.mark.parametrize("ending", [".pt", ".safetensors"])
def test_a_projection_is_refused_by_name(ending):
    with pytest.raises(gruviz.ModelError, match=r"weight_hr_l0 is a projection .*proj_size=2.*proj_size=0"):
        gruviz.open_model(good.FOLDER / "torch" / f"{good.PROJECTED}{ending}")
