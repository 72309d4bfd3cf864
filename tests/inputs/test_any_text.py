"""Whatever is typed is read or refused with words, never anything else."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gruviz.errors import SequenceError
from gruviz.inputs import label
from gruviz.inputs.folding import plain_letters
from tests.inputs import encoders

odd = st.sampled_from([
    "<script>alert(1)</script>", "\r\n", "\0", "\x1b[31m", "\u202e", "\u200d", "\ufeff", "\u0301", encoders.FAMILY,
    encoders.FLAG, *encoders.RTL, "𝒳", "1e5", "−", "food", "<unk>", "0 1", "{}", "%s", "'; DROP TABLE",
])  # fmt: skip
texts = st.lists(st.text(max_size=12) | odd, max_size=6).map("".join)


@pytest.mark.parametrize("kind", encoders.ALL)
@settings(deadline=None, max_examples=100, derandomize=True)
@given(text=texts)
def test_any_text(kind, text):
    encoder = encoders.ALL[kind]
    try:
        encoded = encoder.encode(text)
    except SequenceError as error:
        refusal = str(error)
    else:
        refusal = None
    if refusal is not None:
        assert 0 < len(refusal) < 600
        return
    assert len(encoded.tokens) == len(encoded.values) == len(encoded.known) >= 1
    assert encoded.values.shape[1] == encoder.features
    assert np.isfinite(encoded.values).all()
    assert all(label(token).strip() for token in encoded.tokens)  # none is invisible for being white space
    if kind in ("words", "characters"):
        rows = encoded.values.argmax(1)
        assert encoded.known == tuple((rows != 0).tolist())  # row 0 is the unknown's


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.lists(st.sampled_from(encoders.WORDS[1:]) | st.just("zzz"), min_size=1, max_size=8))
def test_what_is_in_the_vocabulary_is_known_and_nothing_else_is(typed):
    encoded = encoders.words().encode(" ".join(typed))
    assert encoded.tokens == tuple(typed)
    assert encoded.known == tuple(token != "zzz" for token in typed)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.text(min_size=1, max_size=30))
def test_no_character_is_lost(text):
    """All tokens together are the text in composed form, with a space for each line break; or in plain letters."""
    encoded = encoders.characters().encode(text)
    together = "".join(encoded.tokens)
    expected = unicodedata.normalize("NFC", text).replace("\r\n", " ")
    expected = "".join(" " if sign in "\n\v\f\r\x85\u2028\u2029" else sign for sign in expected)
    if " as " in encoded.read_as:
        together, expected = plain_letters(together), plain_letters(expected)
    assert together == expected


def test_a_letter_under_a_heap_of_marks_is_cut():
    """One character for a person, 49,001 code points for a browser to draw."""
    heap = "a" + "\u0301" * 49_000
    assert label(heap) == heap[:32] + "…"
    assert label("e\u0301") == "e\u0301"
    assert label("👨‍👩‍👧‍👦" * 40) == "👨‍👩‍👧‍👦" * 40
