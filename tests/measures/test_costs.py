"""What cells cost: counts against the modules themselves, memory as it must grow, nothing left behind."""

import itertools
import random

import numpy as np
import pytest
import torch
from torch import nn

from gruviz.cells.kinds import module_kind
from gruviz.cells.modules import blank
from gruviz.errors import GruvizError, ModelError
from gruviz.measures.costs import measure, parameter_formula
from gruviz.signals import CELLS, STANDARD
from tests.cells.cases import KINDS, build


def three(**options):
    names = {"RNN": "RNN tanh"}
    return {cell: build(names.get(cell, cell), dtype=torch.float32, **options) for cell in STANDARD}


def kept(module, steps, batch=2):
    return measure({"it": module}, steps, batch, repeats=1)["it"].kept_bytes


@pytest.mark.parametrize(("features", "units"), [(1, 1), (32, 24), (3, 50), (1500, 1200)])
@pytest.mark.parametrize("cell", CELLS)
def test_the_formula_counts_the_parameters_of_the_module(cell, features, units):
    text, count = parameter_formula(cell, features, units)
    with torch.device("meta"):
        module = module_kind(cell, True)(features, units)
    assert count == sum(parameter.numel() for parameter in module.parameters())
    left, right = text.replace(",", "").split(" = ")
    assert eval(left.replace("·", "*")) == int(right) == count  # what a person would type into a calculator


def test_the_formula_in_text():
    assert parameter_formula("GRU", 32, 24) == ("3 · 24 · (32 + 24 + 2) = 4,176", 4176)
    assert parameter_formula("RNN", 1, 1)[0] == "1 · 1 · (1 + 1 + 2) = 4"
    with pytest.raises(KeyError):
        parameter_formula("gru", 32, 24)


@pytest.mark.parametrize("options", [{}, {"layers": 2, "bidirectional": True}, {"bias": False}])
def test_counts_are_the_modules_own(options):
    modules = three(**options)
    for name, cost in measure(modules, 4, 2, repeats=1).items():
        module = modules[name]
        assert cost.parameters == sum(p.numel() for p in module.parameters())
        last = module(torch.zeros(4, 1, 3))[1]
        assert cost.state_numbers == sum(part.numel() for part in (last if isinstance(last, tuple) else (last,)))


def test_an_lstm_carries_twice_the_numbers():
    costs = measure(three(units=7), 3, 2, repeats=1)
    assert {name: cost.state_numbers for name, cost in costs.items()} == {"RNN": 7, "LSTM": 14, "GRU": 7}


@pytest.mark.parametrize("kind", KINDS)
def test_kept_bytes_grow_with_every_step(kind):
    module = build(kind, features=5, units=16, dtype=torch.float32)
    found = [kept(module, steps, batch=8) for steps in (10, 20, 30)]
    assert found[0] > 10 * 8 * (5 + 16) * 4  # at the least every input and every state
    assert min(np.diff(found)) >= 10 * 8 * (5 + 16) * 4


@pytest.mark.parametrize("kind", ["GRU", "RNN tanh", "RNN relu"])
def test_kept_bytes_are_those_of_one_step_times_the_steps(kind):
    module = build(kind, features=5, units=16, dtype=torch.float32)
    found = [kept(module, steps, batch=8) for steps in (10, 20, 30)]
    assert found[2] - found[1] == found[1] - found[0]


@pytest.mark.parametrize("kind", ["GRU", "RNN tanh"])
def test_the_parameters_are_not_among_the_kept_bytes(kind):
    assert kept(build(kind, features=1, units=64, dtype=torch.float32), 1, 1) < 64 * 64 * 4


def test_kept_bytes_do_not_depend_on_the_run():
    first, second = (measure(three(units=8), 9, 3, repeats=1) for _ in range(2))
    assert [cost.kept_bytes for cost in first.values()] == [cost.kept_bytes for cost in second.values()]


def test_times_are_quantiles_in_order():
    for cost in measure(three(), 5, 2, repeats=4).values():
        for times in (cost.forward, cost.training):
            assert 0 < times.low <= times.median <= times.high


def test_the_cells_take_turns():
    modules, called = three(), []
    for name, module in modules.items():
        module.register_forward_hook(lambda *_, name=name: called.append(name))
    measure(modules, 5, 2, repeats=4)
    turns = [name for name, _ in itertools.groupby(called)]
    assert turns[-12:] == list(STANDARD) * 4


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_the_module_and_the_random_states_stay_as_they_are(kind, training):
    module = build(kind).train(training)  # float64: the measurement is float32
    module.weight_hh_l0.requires_grad_(False)
    module.bias_ih_l0.grad = grad = torch.full_like(module.bias_ih_l0, 7)
    before = {name: (p, p.clone(), p._version, p.data_ptr()) for name, p in module.named_parameters()}
    attributes, state = dict(vars(module)), (torch.get_rng_state(), random.getstate())
    numbers = np.random.get_state()  # noqa: NPY002
    measure({"it": module}, 4, 2, repeats=2)
    for name, parameter in module.named_parameters():
        same, values, version, place = before[name]
        assert parameter is same
        assert torch.equal(parameter, values)
        assert (parameter._version, parameter.data_ptr(), parameter.dtype) == (version, place, torch.float64)
    assert module.bias_ih_l0.grad is grad
    assert torch.equal(grad, torch.full_like(grad, 7))
    assert module.weight_ih_l0.grad is None
    assert not module.weight_hh_l0.requires_grad
    assert module.training is training
    assert dict(vars(module)) == attributes
    assert torch.equal(torch.get_rng_state(), state[0])
    assert random.getstate() == state[1]
    np.testing.assert_equal(np.random.get_state(), numbers)  # noqa: NPY002


@pytest.mark.parametrize("threads", [1, 2])
def test_the_number_of_threads_stays_as_it_is(threads):
    before, seen, module = torch.get_num_threads(), set(), build("GRU", dtype=torch.float32)
    module.register_forward_hook(lambda *_: seen.add(torch.get_num_threads()))
    torch.set_num_threads(threads)
    try:
        measure({"it": module}, 4, 2, repeats=1)
        assert torch.get_num_threads() == threads
        with pytest.raises(ModelError):
            measure({"it": module, "other": nn.Linear(3, 4)}, 4, 2)
        assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    assert seen == {1}


def test_dropout_draws_nothing():
    module = build("GRU", layers=2, dropout=0.9, dtype=torch.float32).train()
    state = torch.get_rng_state()
    measure({"it": module}, 4, 2, repeats=1)
    assert torch.equal(torch.get_rng_state(), state)
    assert module.dropout == 0.9


@pytest.mark.parametrize("enabled", [True, False])
def test_grad_mode_and_modules_that_want_no_gradients(enabled):
    module = blank(nn.LSTM, 3, 4)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(0.1)
    with torch.set_grad_enabled(enabled):
        assert measure({"it": module}, 4, 2, repeats=1)["it"].kept_bytes > 0
        assert torch.is_grad_enabled() is enabled
    assert not any(parameter.requires_grad for parameter in module.parameters())


def test_the_time_axis_comes_first_whatever_the_module_says():
    first, second = build("GRU", dtype=torch.float32), build("GRU", dtype=torch.float32, batch_first=True)
    assert kept(first, 12, 2) == kept(second, 12, 2)


def test_nothing_is_measured_of_nothing():
    assert measure({}, 4, 2) == {}


@pytest.mark.parametrize(("sizes", "message"), [((0, 2, 1), "steps is 0"), ((4, 0, 1), "batch"), ((4, 2, 0), "repea")])
def test_sizes_below_one_are_refused(sizes, message):
    with pytest.raises(GruvizError, match=message):
        measure(three(), *sizes)


def test_other_modules_are_refused():
    with pytest.raises(ModelError, match="Linear"):
        measure({"it": nn.Linear(3, 4)}, 4, 2)
