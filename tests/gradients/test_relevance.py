import numpy as np
import pytest
import torch

from gruviz.errors import ModelError
from gruviz.gradients import input_relevance
from tests.gradients.unrolled import KINDS, autograd_norms, make


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [-1, 0, 5])
def test_equals_autograd(kind, at):
    module, rng = make(kind, 5, 3, 7), np.random.default_rng(8)
    x, out = rng.standard_normal((9, 3)), rng.standard_normal(5)
    _, expected = autograd_norms(module, x, out, at % 9)
    found = input_relevance(module, x, out, at)
    assert found.at == at % 9
    assert len(found) == 9
    np.testing.assert_allclose(found.norm[: found.at + 1], expected, rtol=1e-9)
    np.testing.assert_allclose(10 ** found.log10_norm[: found.at + 1], expected, rtol=1e-9)
    assert np.isnan(found.norm[found.at + 1 :]).all()


def test_far_inputs_have_a_logarithm_where_their_norm_underflows():
    found = input_relevance(make("rnn_tanh", 4, 2, 0, scale=0.1), np.ones((1000, 2)))
    assert np.isfinite(found.log10_norm).all()
    assert found.log10_norm[0] < -900
    assert found.norm[0] == 0


def test_deep_modules_are_refused():
    with pytest.raises(ModelError, match="2 layers"):
        input_relevance(torch.nn.GRU(2, 3, num_layers=2), np.ones((4, 2)))
