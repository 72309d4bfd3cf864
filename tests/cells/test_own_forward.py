"""A module whose forward is not the kernel's is traced as it computes, or refused by name."""

import copy
import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune

import gruviz
from gruviz.errors import ModelError
from tests.cells.cases import KINDS, build, sequence

X = sequence(6, 2, 3)
DEPRECATED = "ignore:.*(weight_norm|spectral_norm).*:FutureWarning"


def weight_norm(module):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        nn.utils.weight_norm(module, "weight_hh_l0")
    with torch.no_grad():  # as an optimiser does: the weight itself follows when the module is next called
        module.weight_hh_l0_g.mul_(3)
    return module


def spectral_norm(module):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return nn.utils.spectral_norm(module, "weight_hh_l0")


def pruned(module):
    prune.l1_unstructured(module, "weight_hh_l0", 0.5)
    with torch.no_grad():
        module.weight_hh_l0_orig.mul_(3)
    return module


def new_weight_norm(module):
    parametrizations.weight_norm(module, "weight_hh_l0")
    with torch.no_grad():
        module.parametrizations.weight_hh_l0.original0.mul_(3)
    return module


def new_spectral_norm(module):
    return parametrizations.spectral_norm(module, "weight_hh_l0")


def stale(module):
    """The kernel reads the old weights: whoever put new ones in did so behind the module's back."""
    module._parameters["weight_hh_l0"] = nn.Parameter(3 * module.weight_hh_l0.detach())
    return module


def watched(module):
    module.register_forward_hook(lambda *_: None)
    module.register_forward_pre_hook(lambda *_: None)
    return module


REMAKES = [weight_norm, spectral_norm, pruned, new_weight_norm, new_spectral_norm, watched]


def outputs(module, x=X):
    own = copy.deepcopy(module).eval() if not hasattr(module, "_forward_pre_hooks") else module.eval()
    with torch.no_grad():
        return own(torch.from_numpy(x).to(next(own.parameters()).dtype))[0].numpy()


def everything(module):
    """All that a caller could see of a module: parameters, buffers, plain tensors, mode."""
    plain = {name: value for name, value in vars(module).items() if isinstance(value, torch.Tensor)}
    tensors = {**dict(module.named_parameters()), **dict(module.named_buffers()), **plain}
    return {name: (value, value.detach().clone()) for name, value in tensors.items()}, module.training


def assert_untouched(module, before):
    tensors, training = everything(module)
    assert training is before[1]
    assert tensors.keys() == before[0].keys()
    for name, (value, numbers) in tensors.items():
        assert value is before[0][name][0], name
        assert torch.equal(numbers, before[0][name][1]), name


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("remake", REMAKES)
@pytest.mark.parametrize("kind", ["GRU", "LSTM", "RNN tanh"])
def test_remade_weights_are_traced_as_the_module_computes(kind, remake, training):
    module = remake(build(kind, layers=2, dropout=0.5)).train(training)
    before = everything(module)
    trace = gruviz.trace(module, X, layer=1)
    assert_untouched(module, before)
    np.testing.assert_allclose(trace["h"], outputs(module), rtol=0, atol=1e-12)


@pytest.mark.parametrize("remake", REMAKES)
def test_gradients_are_taken_of_the_module_as_it_computes(remake):
    module = remake(build("GRU"))
    before = everything(module)
    flow = gruviz.gradient_flow(module, X[:, 0])
    assert_untouched(module, before)
    own = module.eval()
    state, states = torch.zeros(1, 1, 4, dtype=torch.float64), []
    for x in torch.from_numpy(X[:, :1]):
        state = state.clone().requires_grad_()
        states.append(state)
        state = own(x[None], state)[1]
    grads = torch.autograd.grad(state.sum(), states[1:])
    norms = [grad.norm().log10().item() for grad in grads]
    np.testing.assert_allclose(flow.log10_norm[:-1], norms, rtol=0, atol=1e-9)


class Doubled(nn.GRU):
    def forward(self, x, h0=None):
        out, last = super().forward(x, h0)
        return 2 * out, last


class Renamed(nn.GRU):
    def forward(self, inputs, h0=None):
        return super().forward(inputs, h0)


class Summed(nn.GRU):
    def forward(self, x, h0=None):
        return super().forward(x, h0)[0].sum()


class Pooled(nn.GRU):
    def forward(self, x, h0=None):
        return super().forward(x, h0)[0][:1]


class Broken(nn.GRU):
    def forward(self, x, h0=None, *, mask):
        return super().forward(x, h0)


def halved(kind):
    module = build(kind)
    module.register_forward_hook(lambda module, inputs, output: (output[0] / 2, output[1]))
    return module


def shifted(kind):
    module = build(kind)
    module.register_forward_pre_hook(lambda module, inputs: (inputs[0] + 1, *inputs[1:]))
    return module


def replaced():
    module = build("GRU")
    plain = module.forward
    module.forward = lambda x, h0=None: (plain(x, h0)[0] ** 2, None)
    return module


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (Doubled(3, 4), r"This Doubled does not compute what a GRU .* differ by up to 0\.\d"),
        (Pooled(3, 4), r"This Pooled does not compute .* shape \(1, \d, 4\), not \(6, \d, 4\)"),
        (Summed(3, 4), r"forward of this Summed returns no hidden states of shape \(T, B, H\)"),
        (Broken(3, 4), r"Calling this Broken .* fails: .*mask"),
        (replaced(), r"This GRU does not compute what a GRU"),
        (stale(build("GRU")), "weight_hh_l0 of this GRU was replaced, but the module still computes with the old one"),
        *((halved(kind), "differ by up to") for kind in ("GRU", "LSTM", "RNN relu", "ResetBeforeGRU")),
        *((shifted(kind), "differ by up to") for kind in ("GRU", "LSTM", "RNN relu", "ResetBeforeGRU")),
    ],
)
@pytest.mark.parametrize("use", [gruviz.trace, lambda module, x: gruviz.gradient_flow(module, x[:, 0])])
def test_another_network_is_refused_by_name(module, said, use):
    with pytest.raises(ModelError, match=said):
        use(module, X)


def test_a_forward_that_changes_nothing_is_traced():
    module = Renamed(3, 4).double()
    np.testing.assert_allclose(gruviz.trace(module, X)["h"], outputs(module), atol=1e-12)


def test_a_hook_on_all_modules_counts_too():
    module = build("GRU")
    handle = nn.modules.module.register_module_forward_hook(lambda module, inputs, output: (output[0] / 2, output[1]))
    try:
        with pytest.raises(ModelError, match="differ by up to"):
            gruviz.trace(module, X)
    finally:
        handle.remove()
    gruviz.trace(module, X)


@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_module_is_not_called(kind, monkeypatch):
    module = build(kind)
    monkeypatch.setattr(nn.Module, "__call__", lambda *_: pytest.fail("the module was called"))
    gruviz.trace(module, X)


def test_a_module_that_cannot_be_copied():
    module = watched(build("GRU"))
    module.lines = (line for line in "ab")  # deepcopy refuses generators
    with pytest.raises(ModelError, match=r"This GRU computes in a way of its own .* can't be copied"):
        gruviz.trace(module, X)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_other_precisions(dtype):
    module = watched(build("GRU").to(dtype))
    plain = build("GRU").to(dtype)
    np.testing.assert_allclose(gruviz.trace(module, X)["h"], gruviz.trace(plain, X)["h"], atol=1e-6)
