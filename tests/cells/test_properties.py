"""What holds for any module and any sequence, checked on random ones."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import gruviz
from gruviz.signals import Affine, Blend, CellUpdate, Gated
from tests.cells.cases import KINDS, build, call, cases, places, sequence, state

# deadline: the first example pays for torch's start
ENOUGH = settings(deadline=None, max_examples=60, derandomize=True)


def old(trace, key, reverse):
    """A part of the state one step before, in the order in which this direction reads."""
    first, values = trace.initial[key][None], trace[key]
    return np.concatenate([values[1:], first]) if reverse else np.concatenate([first, values[:-1]])


def recomputed(trace, signal, reverse):
    """A signal from its rule in the table, the other signals' values and the weights, in float64."""
    rule = signal.rule
    if isinstance(rule, Blend):
        gate = rule.kept(trace[rule.gate])
        return gate * old(trace, signal.key, reverse) + (1 - gate) * trace[rule.new]
    if isinstance(rule, CellUpdate):
        return trace[rule.forget] * old(trace, signal.key, reverse) + trace[rule.write] * trace[rule.new]
    if isinstance(rule, Gated):
        return trace[rule.gate] * np.tanh(trace[rule.inner])
    assert isinstance(rule, Affine)
    weights, rows = trace.weights, slice(rule.block * trace.units, (rule.block + 1) * trace.units)
    u, b_in, b_rec = weights.recurrent[rows], weights.input_bias[rows], weights.recurrent_bias[rows]
    state_before = old(trace, "h", reverse)
    gate = 1.0 if rule.scaled_by is None else trace[rule.scaled_by]
    memory = gate * (state_before @ u.T + b_rec) if weights.reset_after else (gate * state_before) @ u.T + b_rec
    a = trace.inputs @ weights.input[rows].T + b_in + memory
    a = rule.shift + rule.sign * a
    name = weights.activation if rule.activation == "cell" else rule.activation
    if name == "sigmoid":
        return (1 + np.tanh(a / 2)) / 2
    return {"tanh": np.tanh, "relu": lambda v: np.maximum(v, 0)}[name](a)


@ENOUGH
@given(cases())
def test_h_is_the_modules_own(case):
    out, last = call(case.module, case.x, case.h0)
    units = case.module.hidden_size
    directions = 1 + bool(case.module.bidirectional)
    for layer, reverse in places(case.module):
        trace = gruviz.trace(case.module, case.x, case.h0, layer, reverse)
        tolerance = case.tolerance * max(1, np.abs(trace["h"]).max())
        if layer == case.module.num_layers - 1:
            own = out[..., reverse * units : (reverse + 1) * units]
            np.testing.assert_allclose(trace["h"], own, rtol=0, atol=tolerance)
        for key, part in zip(trace.initial, last, strict=True):
            final = part[layer * directions + reverse]
            np.testing.assert_allclose(trace[key][0 if reverse else -1], final, rtol=0, atol=tolerance)


@ENOUGH
@given(cases())
def test_the_rules_of_the_table_hold(case):
    for layer, reverse in places(case.module):
        trace = gruviz.trace(case.module, case.x, case.h0, layer, reverse)
        assert tuple(trace.values) == tuple(signal.key for signal in trace.spec.signals)
        assert tuple(trace.initial) == trace.spec.state
        largest = max(1, np.abs(trace.inputs).max(), np.abs(trace["h"]).max())
        for signal in trace.spec.signals:
            expected = recomputed(trace, signal, reverse)
            np.testing.assert_allclose(trace[signal.key], expected, rtol=0, atol=case.tolerance * largest)


@ENOUGH
@given(cases())
def test_values_are_in_range_and_of_the_modules_type(case):
    for layer, reverse in places(case.module):
        trace = gruviz.trace(case.module, case.x, case.h0, layer, reverse)
        assert 0 <= trace.agreement <= case.tolerance * max(1, np.abs(trace["h"]).max())
        for signal in trace.spec.signals:
            values = trace[signal.key]
            assert values.dtype == next(case.module.parameters()).detach().numpy().dtype
            assert values.shape == (*case.x.shape[:-1], case.module.hidden_size)
            assert np.isfinite(values).all()
            if trace.weights.activation == "relu":
                assert values.min() >= 0  # the table's bounds of an RNN's h are those of tanh
                continue
            if signal.low is not None:
                assert values.min() >= signal.low - 1e-6
            if signal.high is not None:
                assert values.max() <= signal.high + 1e-6


@ENOUGH
@given(cases(), st.data())
def test_a_step_sees_only_its_past(case, data):
    at = data.draw(st.integers(0, len(case.x) - 1))
    other = case.x.copy()
    other[at] += 1
    for layer, reverse in places(case.module):
        if layer and case.module.bidirectional:
            continue  # reads both directions of the layer below: sees everything
        one = gruviz.trace(case.module, case.x, case.h0, layer, reverse)
        two = gruviz.trace(case.module, other, case.h0, layer, reverse)
        unseen = slice(at + 1, None) if reverse else slice(0, at)
        for key in one.values:
            np.testing.assert_allclose(
                one[key][unseen], two[key][unseen], rtol=0, atol=case.tolerance * max(1, np.abs(one["h"]).max())
            )


@ENOUGH
@given(cases())
def test_the_second_time_gives_the_same(case):
    one, two = (gruviz.trace(case.module, case.x, case.h0) for _ in range(2))
    assert all(np.array_equal(one[key], two[key]) for key in one.values)
    assert one.agreement == two.agreement


@settings(ENOUGH, max_examples=40)
@given(st.sampled_from(KINDS), st.integers(1, 12), st.integers(1, 11), st.integers(0, 99))
def test_a_sequence_can_be_continued(kind, steps, cut, seed):
    module = build(kind, seed=seed)
    x, h0 = sequence(steps + cut, 3, seed=seed), state(module, seed=seed)
    whole, first = gruviz.trace(module, x, h0), gruviz.trace(module, x[:cut], h0)
    last = tuple(first[key][-1:] for key in first.initial)
    rest = gruviz.trace(module, x[cut:], last if len(last) == 2 else last[0])
    for key in whole.values:
        joined = np.concatenate([first[key], rest[key]])
        np.testing.assert_allclose(whole[key], joined, rtol=0, atol=1e-12 * max(1, np.abs(joined).max()))


@settings(ENOUGH, max_examples=30)
@given(st.sampled_from(["GRU", "LSTM", "RNN tanh", "RNN relu"]), st.integers(0, 99))
def test_reverse_is_forward_on_the_reversed_sequence(kind, seed):
    module, single = build(kind, bidirectional=True, seed=seed), build(kind)
    single.load_state_dict(
        {key.removesuffix("_reverse"): v for key, v in module.state_dict().items() if key.endswith("_reverse")}
    )
    x = sequence(7, 3, seed=seed)
    reverse, forward = gruviz.trace(module, x, reverse=True), gruviz.trace(single, x[::-1].copy())
    for key in forward.values:
        np.testing.assert_allclose(reverse[key], forward[key][::-1], rtol=0, atol=1e-14)
    np.testing.assert_array_equal(reverse.inputs, x)


@settings(ENOUGH, max_examples=30)
@given(st.integers(0, 99), st.booleans())
def test_before_and_change_follow_the_reading_order(seed, reverse):
    module = build("LSTM", bidirectional=True, seed=seed)
    trace = gruviz.trace(module, sequence(5, 3, seed=seed), state(module, seed=seed), reverse=reverse)
    for key in ("h", "c"):
        np.testing.assert_array_equal(trace.before(key), old(trace, key, reverse))
    np.testing.assert_array_equal(trace.change(), np.abs(trace["h"] - old(trace, "h", reverse)))
