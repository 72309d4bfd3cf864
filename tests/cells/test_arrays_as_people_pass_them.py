"""Tensors and arrays of every sort are read right or refused with a sentence; so are whole numbers and labels."""

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

import gruviz
from gruviz.errors import GruvizError
from tests.cells.cases import build, sequence

GRU = build("GRU")  # 3 features, 4 units
X = sequence(5, 3)
TENSOR = torch.from_numpy(X)


@pytest.mark.parametrize(
    ("inputs", "of"),
    [
        (TENSOR.to_sparse(), X),
        (TENSOR.bfloat16(), TENSOR.bfloat16().double()),
        (TENSOR.half(), TENSOR.half().double()),
        (list(TENSOR), X),
        ([row.clone().requires_grad_() for row in TENSOR], X),
        ([list(row) for row in TENSOR.clone().requires_grad_()], X),
        (tuple(map(tuple, X)), X),
        (np.ma.masked_array(X, mask=np.zeros_like(X, dtype=bool)), X),
        (X.astype(object), X),
        (np.asfortranarray(X), X),
        (X[::-1][::-1], X),
        (TENSOR > 0, X > 0),
        ((TENSOR > 0).int(), X > 0),
    ],
)
def test_read_right(inputs, of):
    np.testing.assert_allclose(gruviz.trace(GRU, inputs).inputs, np.asarray(of, dtype=float), atol=1e-6)


@pytest.mark.filterwarnings("ignore:.*quantized tensor creation:UserWarning")
def test_quantised_tensors_are_read_as_the_numbers_they_stand_for():
    quantised = torch.quantize_per_tensor(TENSOR.float(), 0.1, 0, torch.qint8)
    np.testing.assert_array_equal(gruviz.trace(GRU, quantised).inputs, quantised.dequantize().double().numpy())


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (torch.empty(5, 3, device="meta"), "inputs are a tensor on the meta device, which holds no numbers"),
        (torch.nested.nested_tensor([torch.ones(2, 3), torch.ones(4, 3)], layout=torch.jagged), "nested tensor.*alone"),
        (np.ma.masked_array(X, mask=X[2, 1] == X), r"masked array, with no value at index \(2, 1\)"),
        (pack_padded_sequence(torch.ones(5, 2, 3), [5, 3]), r"PackedSequence; unpack them \(torch\..*pad_packed"),
        ([[1, 2, 3], [4, 5]], "row 0 holds 3 entries, row 1 2 entries; rows must be of one length"),
        ([[[1, 2, 3]], [[1, 2, 3], [1, 2, 3]]], "row 0 holds 1 entries, row 1 2 entries"),
        ([TENSOR, TENSOR[:2]], "row 0 holds 5 entries, row 1 2 entries.*one by one"),
        ([[1, 2, 3], 4], "row 0 holds 3 entries, row 1 one number"),
    ],
)
@pytest.mark.parametrize("use", [gruviz.trace, gruviz.gradient_flow])
def test_refused(inputs, said, use):
    with pytest.raises(GruvizError, match=said):
        use(GRU, inputs)


@pytest.mark.parametrize("kind", ["GRU", "RNN tanh", "ResetBeforeGRU"])
def test_a_pair_of_states_where_the_cell_has_one(kind):
    pair = np.zeros((1, 4)), np.zeros((1, 4))
    with pytest.raises(GruvizError, match=r"h0 is a pair, as an LSTM takes it.*pass h0 alone"):
        gruviz.trace(build(kind), X, pair)


@pytest.mark.parametrize(
    ("tokens", "labels"),
    [(range(5), "01234"), ("abcde", "abcde"), (np.array(list("abcde")), "abcde"), (iter("abcde"), "abcde"),
     (None, "12345"), ((), "12345"), ([1.5, None, "x", 2, "y"], ("1.5", "None", "x", "2", "y"))],
)  # fmt: skip
def test_tokens_become_strings(tokens, labels, tmp_path):
    trace = gruviz.trace(GRU, X, tokens=tokens)
    assert trace.tokens == tuple(labels)
    trace.to_csv(tmp_path / "trace.csv")
    trace.to_npz(tmp_path / "trace.npz")
    assert trace.to_json()


def test_tokens_that_are_no_labels():
    with pytest.raises(GruvizError, match="tokens are 5; give a label for each step"):
        gruviz.trace(GRU, X, tokens=5)


NO_INDEX = [3.0, 2.5, "2", None, True, [1], float("nan")]


@pytest.mark.parametrize("value", NO_INDEX)
def test_what_is_no_whole_number(value):
    flow = gruviz.gradient_flow(GRU, X)
    for call in (
        lambda: gruviz.trace(GRU, X, layer=value),
        lambda: gruviz.gradient_flow(GRU, X, layer=value),
        lambda: gruviz.gradient_flow(GRU, X, at=value),
        lambda: gruviz.gradient_flow(GRU, X, "random", seed=value),
        lambda: flow.rate(0, value),
        lambda: flow.half_life(value, 3),
        lambda: flow.doubling_time(0, value),
    ):
        with pytest.raises(GruvizError, match="it is a whole number"):
            call()


@pytest.mark.parametrize("kind", [np.int64, np.uint8, torch.tensor])
def test_whole_numbers_of_other_libraries(kind):
    flow = gruviz.gradient_flow(GRU, X, at=kind(4), layer=kind(0))
    assert flow.rate(kind(0), kind(3)) == gruviz.gradient_flow(GRU, X).rate(0, 3)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32, torch.int64])
def test_a_loss_of_any_number_type(dtype):
    flow = gruviz.gradient_flow(GRU, X, torch.ones(4, dtype=dtype, requires_grad=dtype.is_floating_point))
    np.testing.assert_array_equal(flow.log10_norm, gruviz.gradient_flow(GRU, X, "sum").log10_norm)


@pytest.mark.parametrize("loss", [torch.ones(4, device="meta"), [1, 2, "x", 4], [[1], [2, 3]], 1j * np.ones(4)])
def test_a_loss_that_is_no_vector(loss):
    with pytest.raises(GruvizError, match="loss"):
        gruviz.gradient_flow(GRU, X, loss)


@pytest.fixture
def meta_by_default():
    """As after torch.set_default_device("cuda"), on a machine that has none: new tensors go elsewhere."""
    torch.set_default_device("meta")
    yield
    torch.set_default_device(None)


@pytest.mark.usefixtures("meta_by_default")
@pytest.mark.parametrize("kind", ["GRU", "LSTM", "RNN tanh", "ResetBeforeGRU"])
@pytest.mark.parametrize("loss", ["sum", "random"])
def test_another_default_device_for_modules(kind, loss):
    with torch.device("cpu"):
        module = build(kind)
    assert np.isfinite(gruviz.trace(module, X)["h"]).all()
    assert np.isfinite(gruviz.gradient_flow(module, X, loss).log10_norm).all()


@pytest.mark.usefixtures("meta_by_default")
@pytest.mark.parametrize("name", ["sentiment-gru", "latch", "random"])
def test_another_default_device_for_models(name):
    model = gruviz.load_model(name)
    assert np.isfinite(model.trace(model.example)["h"]).all()
