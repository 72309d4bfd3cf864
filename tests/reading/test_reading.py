"""A reading: the text, what the model knew of it, its trace, its answers, and where the told answer points."""

import numpy as np
import pytest

from gruviz.errors import SequenceError
from gruviz.models import list_models, load_model
from gruviz.reading import read

every = pytest.mark.parametrize("name", list_models())


@every
def test_a_reading_holds_what_the_model_makes_of_the_text(name):
    model = load_model(name)
    found = read(model, model.example)
    encoded, trace = model.encode(model.example), model.trace(model.example)
    assert (found.model, found.text, found.known) == (model, model.example, encoded.known)
    assert found.trace.tokens == encoded.tokens
    for key, values in trace.values.items():
        np.testing.assert_allclose(found.trace[key], values, atol=1e-6)
    assert (found.answers is None) == (model.read_out is None)
    if found.answers is not None:
        assert len(found.answers) == len(found.trace) == len(found.known)
        again = model.read_out.answers(trace)
        assert [found.answers.text(t) for t in range(len(trace) + 1)] == [again.text(t) for t in range(len(trace) + 1)]


@every
def test_a_step_along_the_direction_raises_the_logit_that_is_told(name):
    model = load_model(name)
    found = read(model, model.example)
    for step in range(1, len(found.trace) + 1):
        direction = found.direction(step)
        if model.read_out is None:
            assert direction is None
            continue
        assert direction.shape == (found.trace.units,)
        state = found.trace["h"][step - 1].astype(float)
        told = found.answers.told(step) if hasattr(found.answers, "told") else 0
        for unit in range(0, found.trace.units, 7):
            nudge = 1e-4 * np.eye(found.trace.units)[unit]
            up, down = (model.read_out.logits(state + sign * nudge)[told] for sign in (1, -1))
            assert direction[unit] == pytest.approx((up - down) / 2e-4, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("latch", "x", "“x” at position 1"),
        ("openings-gru", "e4 e5 Ke3", "“Ke3” at position 3"),
        ("brackets-gru", "(a)", "“a” at position 2"),
        ("sunspots-gru", "1 2 three", "“three” at position 3"),
        ("adding-gru", "0.5 1\n0.5", "Line 2 holds 1 number"),
        ("first-symbol-gru", "", "The sequence is empty"),
    ],
)
def test_what_can_not_be_read_is_told(name, text, message):
    with pytest.raises(SequenceError, match=message):
        read(load_model(name), text)


def test_words_that_the_model_does_not_know_are_marked():
    assert read(load_model("sentiment-gru"), "good zzzz .").known == (True, False, True)
    assert read(load_model("openings-gru"), "e4 h6 Na3 h5").known[0] is True
