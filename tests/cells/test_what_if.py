"""Runs in which something is changed: against a slow explicit loop in NumPy, and what must hold of them."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import gruviz
from gruviz import Hold, Replace, Shift, Skip
from gruviz.cells.kinds import cell_name
from gruviz.errors import GruvizError, ModelError
from gruviz.signals import CELLS, Affine
from tests.cells import hand
from tests.cells.cases import KINDS, ROWS, build, parts, places, sequence, state
from tests.cells.test_untouched import assert_same, snapshot

PROPERTY = settings(deadline=None, max_examples=150, derandomize=True)
EXACT = {"rtol": 0, "atol": 1e-12}


def cell_of(module):
    return CELLS[cell_name(module)]


@dataclass(frozen=True)
class ByHand(hand.Untouched):
    """The same interventions for the loop in NumPy: looked up one by one, for a step, a unit and a sequence."""

    what_if: tuple
    looked_at: tuple  # layer, reverse
    steps: int
    units: int
    blocks: tuple
    cell: object
    sequence: int

    def _here(self, each, t, layer, reverse):
        layer_of, reverse_of = (
            own if asked is None else asked
            for own, asked in zip(self.looked_at, (each.layer, each.reverse), strict=True)
        )
        if (layer_of, reverse_of) != (layer, reverse) or t not in self._steps(each):
            return np.zeros(self.units, bool)
        return np.isin(np.arange(self.units), range(self.units) if each.units is None else each.units)

    def _steps(self, each):
        return range(self.steps) if each.steps is None else range(self.steps)[slice(*each.steps)]

    def held(self, t, layer, reverse, key, value):
        value = value.copy()
        for each in self.what_if:
            if isinstance(each, Hold) and each.signal == key:
                value[self._here(each, t, layer, reverse)] = each.value
        return value

    def shift(self, t, layer, reverse):
        blocks = np.zeros((len(self.blocks), self.units))
        for each in self.what_if:
            if isinstance(each, Shift):
                blocks[self.cell.signal(each.signal).rule.block, self._here(each, t, layer, reverse)] += each.by
        return blocks.ravel()

    def skips(self, t):
        return any(
            t in self._steps(each) and (each.sequences is None or self.sequence in each.sequences)
            for each in self.what_if
            if isinstance(each, Skip)
        )


@st.composite
def spans(draw, steps):
    first = draw(st.integers(0, steps - 1))
    last = draw(st.integers(first, steps - 1))
    return draw(
        st.sampled_from([None, first, first - steps, slice(first, last + 1), slice(first, None), slice(None, last + 1)])
    )


@st.composite
def interventions(draw, module, steps, batch):
    signal = draw(st.sampled_from(cell_of(module).signals))
    kinds = ["hold", "skip", *(["shift"] if isinstance(signal.rule, Affine) else [])]
    kind, where = draw(st.sampled_from(kinds)), draw(spans(steps))
    if kind == "skip":
        of = draw(st.none() | st.lists(st.integers(0, batch - 1), min_size=1)) if batch else None
        return Skip(0 if where is None else where, of)
    units = draw(st.none() | st.lists(st.integers(0, module.hidden_size - 1), min_size=1))
    layer, reverse = draw(st.sampled_from([(None, None), *places(module)]))
    if kind == "shift":
        return Shift(signal.key, draw(st.floats(-3, 3)), units, where, layer, reverse)
    low, high = (-1 if signal.low is None else signal.low), (1 if signal.high is None else signal.high)
    if getattr(module, "nonlinearity", "") == "relu":
        low, high = 0, 5
    return Hold(signal.key, draw(st.floats(low, high)), units, where, layer, reverse)


@st.composite
def cases(draw):
    kind, size = draw(st.sampled_from(KINDS)), st.integers(1, 4)
    plain = kind in ROWS
    shape = {"layers": 1 if plain else draw(st.integers(1, 2)), "bidirectional": not plain and draw(st.booleans()),
             "bias": plain or draw(st.booleans())}  # fmt: skip
    module = build(kind, draw(size), draw(size), seed=draw(st.integers(0, 99)), **shape)
    steps, batch = draw(st.integers(1, 7)), draw(st.sampled_from([(), (3,)]))
    what_if = draw(st.lists(interventions(module, steps, *(batch or (0,))), min_size=1, max_size=4))
    seed = draw(st.integers(0, 99))
    return module, sequence(steps, *batch, module.input_size, seed=seed, scale=2), state(module, *batch), what_if


@PROPERTY
@given(cases())
def test_every_signal_of_every_layer_is_the_loop_s(case):
    module, x, h0, what_if = case
    batched = x.ndim == 3
    for layer, reverse in places(module):
        trace = gruviz.trace(module, x, h0, layer, reverse, what_if=what_if)
        assert trace.agreement <= 1e-12
        for b in range(x.shape[1] if batched else 1):
            own, start = (x[:, b], [part[:, b] for part in parts(h0)]) if batched else (x, parts(h0))
            change = ByHand(trace.what_if, (layer, reverse), len(x), trace.units, trace.spec.blocks, trace.spec, b)
            for key, expected in hand.run(module, own, start, change)[layer][reverse].items():
                skipped = [t for t in range(len(x)) if change.skips(t)] if key not in trace.spec.state else []
                values = trace[key][:, b] if batched else trace[key]
                kept = np.delete(np.arange(len(x)), skipped)
                np.testing.assert_allclose(values[kept], expected[kept], **EXACT)


# What must hold, whatever the weights


def keeping(cell):
    """What makes a cell carry its state on."""
    return {"GRU": [Hold("z", 1)], "MGU": [Hold("f", 0)], "JANET": [Hold("f", 1), Hold("i", 0)],
            "LSTM": [Hold("f", 1), Hold("i", 0)]}[cell.name]  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("RNN")])
def test_a_gate_held_open_keeps_the_state_for_ever(kind):
    module = build(kind)
    h0 = state(module)
    trace = gruviz.trace(module, sequence(6, 3), h0, what_if=keeping(cell_of(module)))
    part = "c" if "c" in trace.spec.state else "h"
    np.testing.assert_array_equal(trace[part], np.broadcast_to(trace.initial[part], (6, 4)))


@pytest.mark.parametrize("kind", ["GRU", "ResetBeforeGRU"])
def test_with_z_and_r_held_at_0_h_depends_on_its_own_input_alone(kind):
    module, x = build(kind), sequence(6, 3)
    what_if = [Hold("z", 0), Hold("r", 0)]
    trace = gruviz.trace(module, x, state(module), what_if=what_if)
    for t in range(6):
        alone = gruviz.trace(module, x[t : t + 1], what_if=what_if)
        np.testing.assert_allclose(trace["h"][t], alone["h"][0], rtol=0, atol=1e-15)
    w, b = module.weight_ih_l0.detach().numpy()[-4:], module.bias_ih_l0.detach().numpy()[-4:]
    recurrent = module.bias_hh_l0.detach().numpy()[-4:] if kind == "ResetBeforeGRU" else 0  # acts also at r = 0
    np.testing.assert_allclose(trace["h"], np.tanh(x @ w.T + b + recurrent), **EXACT)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_nothing_changed_changes_nothing(kind, dtype):
    module, x = build(kind, dtype=dtype), sequence(6, 3)
    plain, same = gruviz.trace(module, x), gruviz.trace(module, x, what_if=[])
    by_zero = [Shift(signal.key, 0) for signal in plain.spec.signals if isinstance(signal.rule, Affine)]
    nothing = gruviz.trace(module, x, what_if=by_zero)
    for key, values in plain.values.items():
        np.testing.assert_array_equal(same[key], values)
        np.testing.assert_allclose(nothing[key], values, rtol=0, atol=1e-12 if dtype == torch.float64 else 1e-5)
    assert plain.what_if == same.what_if == ()
    assert nothing.what_if == tuple(by_zero)


@pytest.mark.parametrize("kind", KINDS)
def test_a_signal_held_where_it_is_changes_nothing(kind):
    module, x = build(kind), sequence(5, 3)
    plain = gruviz.trace(module, x)
    for key in plain.values:
        where_it_is = [Hold(key, plain[key][t, unit], unit, t) for t in range(5) for unit in range(4)]
        held = gruviz.trace(module, x, what_if=where_it_is)
        for other, values in plain.values.items():
            np.testing.assert_allclose(held[other], values, **EXACT)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bias_shifted_at_all_steps_is_another_bias(kind):
    module, x = build(kind), sequence(6, 3)
    for signal in cell_of(module).gates or cell_of(module).signals:
        other = build(kind)
        rows = slice(4 * signal.rule.block + 1, 4 * signal.rule.block + 3)
        with torch.no_grad():
            other.bias_ih_l0[rows] += 0.75
        expected = gruviz.trace(other, x, state(module))
        trace = gruviz.trace(module, x, state(module), what_if=Shift(signal.key, 0.75, units=[1, 2]))
        for key, values in expected.values.items():
            np.testing.assert_allclose(trace[key], values, **EXACT)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("left_out", [[0], [3], [6], [2, 3, 5]])
def test_a_skipped_step_is_as_if_it_were_not_there(kind, left_out):
    options = {} if kind in ROWS else {"layers": 2, "bidirectional": True}
    module, x = build(kind, **options), sequence(7, 3)
    stays = np.delete(np.arange(7), left_out)
    for layer, reverse in places(module):
        trace = gruviz.trace(module, x, state(module), layer, reverse, what_if=[Skip(t) for t in left_out])
        shorter = gruviz.trace(module, x[stays], state(module), layer, reverse)
        for key, values in shorter.values.items():
            np.testing.assert_allclose(trace[key][stays], values, **EXACT)
        for part in trace.spec.state:
            np.testing.assert_array_equal(trace[part][left_out], trace.before(part)[left_out])


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_before_is_as_it_was_and_a_silenced_unit_is_0(kind):
    module, x = build(kind), sequence(8, 3)
    plain, cut = gruviz.trace(module, x), gruviz.trace(module, x, what_if=Hold("h", 0, steps=4))
    for key, values in plain.values.items():
        np.testing.assert_allclose(cut[key][:4], values[:4], **EXACT)
    np.testing.assert_array_equal(cut["h"][4], 0)
    if len(plain.spec.state) == 1:  # nothing of what was read before is left
        np.testing.assert_allclose(cut["h"][5:], gruviz.trace(module, x[5:])["h"], **EXACT)
    silent = gruviz.trace(module, x, what_if=Hold("h", 0, units=2))
    np.testing.assert_array_equal(silent["h"][:, 2], 0)
    without = build(kind)
    with torch.no_grad():
        without.weight_hh_l0[:, 2] = 0  # nobody hears it
    others = [0, 1, 3]
    np.testing.assert_allclose(silent["h"][:, others], gruviz.trace(without, x)["h"][:, others], **EXACT)


def test_the_later_of_two_holds_counts_and_shifts_add_up():
    module, x = build("GRU"), sequence(5, 3)
    trace = gruviz.trace(module, x, what_if=[Hold("z", 0.25), Hold("z", 0.75, units=1, steps=slice(1, 3))])
    expected = np.full((5, 4), 0.25)
    expected[1:3, 1] = 0.75
    np.testing.assert_array_equal(trace["z"], expected)
    twice = gruviz.trace(module, x, what_if=[Shift("z", 0.5), Shift("z", 1)])
    once = gruviz.trace(module, x, what_if=[Shift("z", 1.5)])
    np.testing.assert_allclose(twice["h"], once["h"], **EXACT)


def test_a_change_below_is_seen_above():
    module, x = build("GRU", layers=2, bidirectional=True), sequence(5, 3)
    plain = gruviz.trace(module, x, layer=1)
    changed = gruviz.trace(module, x, layer=1, what_if=Hold("h", 0, layer=0, reverse=True))
    assert np.abs(plain["h"] - changed["h"]).max() > 1e-3
    np.testing.assert_array_equal(changed.inputs[:, 4:], 0)
    np.testing.assert_allclose(changed.inputs[:, :4], plain.inputs[:, :4], **EXACT)
    here = gruviz.trace(module, x, layer=1, what_if=Hold("h", 0))  # of the layer looked at
    np.testing.assert_allclose(here.inputs, plain.inputs, **EXACT)
    np.testing.assert_array_equal(here["h"], 0)


def test_a_step_module_and_a_batch_first_one():
    cell, x = nn.GRUCell(3, 4, dtype=torch.float64), sequence(5, 3)
    np.testing.assert_array_equal(gruviz.trace(cell, x, what_if=Hold("r", 1, units=0))["r"][:, 0], 1)
    module, batch = build("GRU", batch_first=True), sequence(2, 5, 3)
    trace = gruviz.trace(module, batch, what_if=[Skip(3, sequences=1)])
    np.testing.assert_array_equal(trace["h"][3, 1], trace["h"][2, 1])
    assert (trace["h"][3, 0] != trace["h"][2, 0]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_module_is_left_as_it_was(kind):
    module = build(kind, dtype=torch.float32)
    before, x = snapshot(module), sequence(5, 3)
    what_if = [Hold("h", 0.5), Shift(cell_of(module).signals[0].key, 2), Skip(1)]
    gruviz.trace(module, x, what_if=what_if)
    assert_same(before, snapshot(module))
    np.testing.assert_array_equal(x, sequence(5, 3))


# What can't be changed


@pytest.mark.parametrize(
    ("kind", "what_if", "text"),
    [
        ("GRU", Hold("c", 1), r"Signal 'c' was to be changed; this GRU has r, z, n, h\."),
        ("GRU", Hold("z", 1.5), "z, the update gate, was to be held at 1.5; it lies between 0 and 1"),
        ("GRU", Hold("n", -2), "between -1 and 1"),
        ("GRU", Hold("z", 1, units=4), "Unit 4 was to be changed; this module has units 0 to 3"),
        ("GRU", Hold("z", 1, steps=5), r"Steps \[5:6\] were to be changed; this sequence has step indices 0 to 4"),
        ("GRU", Hold("z", 1, steps=slice(None, 0)), r"Steps \[:0\] were to be"),
        ("GRU", Shift("h", 1), "h, the hidden state, has no bias; those of r, z, n can be shifted"),
        ("LSTM", Shift("c", 1), "those of i, f, g, o can be shifted"),
        ("RNN relu", Hold("h", -1), "after a ReLU it is 0 or more"),
        ("GRU", Skip(5), "this sequence has step indices 0 to 4"),
        ("GRU", Skip(0, sequences=1), "Sequence 1 was to be changed; this batch has sequences 0 to 0"),
        ("GRU", Replace(0, "good"), "Replace is for texts"),
        ("GRU", [Hold("z", 1), "z=1"], "what_if holds 'z=1'; give interventions"),
        ("GRU", "z=1", "what_if holds 'z=1'"),
        ("GRU", 1, "what_if holds 1"),
    ],
)
def test_what_the_module_has_no_place_for(kind, what_if, text):
    with pytest.raises(GruvizError, match=text):
        gruviz.trace(build(kind), sequence(5, 3), what_if=what_if)


def test_a_layer_or_a_direction_that_is_not_there():
    module = build("GRU")
    with pytest.raises(ModelError, match="Layer 1 was to be changed; this module has layers 0 to 0"):
        gruviz.trace(module, sequence(5, 3), what_if=Hold("z", 1, layer=1))
    with pytest.raises(ModelError, match="reads forward only"):
        gruviz.trace(module, sequence(5, 3), what_if=Hold("z", 1, reverse=True))


def test_signals_without_bounds_are_held_at_any_number():
    for kind, key, value in (("LSTM", "c", -7.5), ("JANET", "h", 4), ("RNN relu", "h", 9)):
        trace = gruviz.trace(build(kind), sequence(5, 3), what_if=Hold(key, value, steps=2))
        np.testing.assert_array_equal(trace[key][2], value)
