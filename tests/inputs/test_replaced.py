"""Tokens of a text that are read as others."""

import numpy as np
import pytest

from gruviz.errors import SequenceError
from gruviz.inputs import replaced, unknown_vector
from gruviz.models import load_model


def test_another_word_and_an_unknown_one():
    encoder = load_model("sentiment-gru").encoder
    encoded = encoder.encode("not bad at all")
    found = replaced(encoder, encoded, {1: "Good", 3: None})
    meant = encoder.encode("not Good at qqqq")
    assert found.tokens == ("not", "Good", "at", "all")  # what is not known is still shown
    assert found.known == meant.known == (True, True, True, False)
    np.testing.assert_array_equal(found.values, meant.values)
    np.testing.assert_array_equal(encoded.values, encoder.encode("not bad at all").values)  # as it was
    assert replaced(encoder, encoded, {}) is encoded


@pytest.mark.parametrize(
    ("model", "text", "other"),
    [("sunspots-gru", "1 2 3", "7.5"), ("adding-gru", "0.5 1\n0.25 0", "0.75 1"), ("brackets-gru", "([])", "}"),
     ("first-symbol-gru", "A B C", "D"), ("surnames-gru", "Anna", "é")],
)  # fmt: skip
def test_other_kinds_of_tokens(model, text, other):
    encoder = load_model(model).encoder
    found = replaced(encoder, encoder.encode(text), {1: other})
    np.testing.assert_array_equal(found.values[1], encoder.encode(other).values[0])
    np.testing.assert_array_equal(found.values[0], encoder.encode(text).values[0])


@pytest.mark.parametrize(
    ("model", "text", "others", "message"),
    [
        ("sentiment-gru", "not bad", {2: "good"}, "The token of step 3 was to be replaced; this sequence has 2"),
        ("sentiment-gru", "not bad", {1: "very good"}, "“very good” is 2 words; replace a token by one"),
        ("brackets-gru", "()", {1: "a"}, "“a” at position 1 is not one"),
        ("sunspots-gru", "1 2", {1: None}, "none can be read as unknown"),
        ("brackets-gru", "()", {1: None}, "none can be read as unknown"),
        ("openings-gru", "e4 e5", {1: "c5"}, "A move can't be replaced"),
    ],
)
def test_what_can_t_be_replaced(model, text, others, message):
    encoder = load_model(model).encoder
    with pytest.raises(SequenceError, match=message):
        replaced(encoder, encoder.encode(text), others)


def test_the_vector_of_unknown_tokens():
    words, moves = load_model("sentiment-gru").encoder, load_model("openings-gru").encoder
    np.testing.assert_array_equal(unknown_vector(words), words.encode("qqqq").values[0])
    np.testing.assert_array_equal(unknown_vector(moves), moves.vectors[0])
    assert unknown_vector(load_model("sunspots-gru").encoder) is None
    assert unknown_vector(load_model("brackets-gru").encoder) is None
