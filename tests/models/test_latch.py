"""The latch does what its card says, by the numbers."""

import math

import numpy as np
import pytest

from gruviz.models import load_model

STORED = math.tanh(3.0)
KEPT_PER_STEP = 1 / (1 + math.exp(-8.0))  # the update gate without a marker


@pytest.mark.parametrize("units", ["1", "2"])
@pytest.mark.parametrize(("bit", "sign"), [("1", 1), ("0", -1)])
def test_a_marked_bit_is_stored(units, bit, sign):
    h = load_model("latch", {"latch_units": units}).trace(f"{bit}!")["h"]
    assert h[0, 0] == pytest.approx(sign * STORED, abs=1e-3)


@pytest.mark.parametrize("units", ["1", "2"])
@pytest.mark.parametrize(("bit", "sign"), [("1", 1), ("0", -1)])
@pytest.mark.parametrize("noise", ["random", "opposed", "silent"])
def test_a_stored_bit_is_kept_through_200_steps_of_noise(units, bit, sign, noise):
    opposite = "10"[int(bit)]
    between = {
        "random": [("0", "1", ".")[i] for i in np.random.default_rng(0).integers(0, 3, 200)],
        "opposed": [opposite] * 200,
        "silent": ["."] * 200,
    }[noise]
    model = load_model("latch", {"latch_units": units})
    trace = model.trace(" ".join([f"{bit}!", *between, "?"]))
    h = trace["h"][:, 0].astype(float)
    # the worst noise pulls by a share of 1 - z a step towards the other bit: 2 STORED (1 - z^200) in all
    most = 2 * STORED * (1 - KEPT_PER_STEP**201) + 2e-3
    assert most < 0.14
    assert np.abs(h - sign * STORED).max() < most
    assert (model.outputs(trace)[-1] > 0.99) == (bit == "1")
    assert (model.outputs(trace)[-1] < 0.01) == (bit == "0")


def test_the_update_gate_opens_at_the_marker_and_nowhere_else():
    trace = load_model("latch").trace("0 1 1! . 0! ? 1")
    z = trace["z"][:, 0]
    marked = np.array([token.endswith("!") for token in trace.tokens])
    np.testing.assert_allclose(z[~marked], KEPT_PER_STEP, atol=1e-6)
    np.testing.assert_allclose(z[marked], 1 - KEPT_PER_STEP, atol=1e-6)


def test_a_later_marker_overwrites():
    h = load_model("latch").trace("1! . 0! 1 1 1! 0")["h"][:, 0]
    np.testing.assert_array_equal(np.sign(h), [1, 1, -1, -1, -1, 1, 1])
    np.testing.assert_allclose(np.abs(h), STORED, atol=5e-3)


@pytest.mark.parametrize(("bit", "sign"), [("1", 1), ("0", -1)])
def test_the_reader_is_silent_until_it_is_asked(bit, sign):
    trace = load_model("latch").trace(f"{bit}! 0 1 . 0 ? 1 .")
    asked = np.array([token == "?" for token in trace.tokens])
    reader = trace["h"][:, 1]
    assert np.abs(reader[~asked]).max() < 2e-3
    assert sign * reader[asked] > 0.98
    assert trace["r"][~asked, 1].max() < 1e-3
    assert trace["r"][asked, 1] > 0.999


def test_nothing_was_stored():
    model = load_model("latch")
    trace = model.trace(". . ?")
    np.testing.assert_array_equal(trace["h"], 0)
    np.testing.assert_array_equal(model.outputs(trace), 0.5)


def test_the_card_names_the_units_there_are():
    one, two = (load_model("latch", {"latch_units": units}).card for units in "12")
    assert [name for name, _ in one.facts] == ["Latch, unit 0"]
    assert [name for name, _ in two.facts] == ["Latch, unit 0", "Reader, unit 1"]
    assert "Set by hand" in one.summary


@pytest.mark.parametrize("units", ["1", "2"])
def test_the_answer_is_the_share_of_a_stored_1(units):
    model = load_model("latch", {"latch_units": units})
    trace = model.trace(". 1! 0 0! ?")
    answers = model.read_out.answers(trace)
    assert answers.asked == "likely that the bit is 1"
    np.testing.assert_allclose(answers.shares[1:, 0], 1 / (1 + np.exp(-6 * trace["h"][:, 0].astype(float))))
    assert [answers.text(step) for step in (0, 1, 2, 5)] == [
        f"{p}% likely that the bit is 1" for p in ("50", "50", "more than 99", "less than 1")
    ]
