import numpy as np
import pytest

from gruviz.errors import SequenceError
from gruviz.inputs import IdEncoder

VECTORS = np.arange(12, dtype=np.float32).reshape(6, 2)


@pytest.mark.parametrize("text", ["3 0 5", "3, 0, 5", "[3, 0, 5]", "3;0\n5"])
def test_numbers_of_tokens(text):
    encoded = IdEncoder(VECTORS).encode(text)
    assert encoded.tokens == ("3", "0", "5")
    np.testing.assert_array_equal(encoded.values, [[6, 7], [0, 1], [10, 11]])
    assert encoded.values.dtype == np.float64
    assert encoded.warnings == ()
    assert encoded.read_as == "3 token numbers"


@pytest.mark.parametrize(("text", "found"), [
    ("3 6", "“6” at position 2"), ("-1", "“-1” at position 1"), ("1.5", "“1.5”"), ("a", "“a”"), ("٣", "“٣”"),
    ("9" * 99, "“9999"),
])  # fmt: skip
def test_what_is_no_token(text, found):
    with pytest.raises(SequenceError, match=f"{found}.*is not a token number. Token numbers from 0 to 5"):
        IdEncoder(VECTORS).encode(text)


def test_padding_is_skipped_and_that_is_said():
    encoded = IdEncoder(VECTORS, padding=0).encode("0 0 3 0 5")
    assert encoded.tokens == ("3", "5")
    assert encoded.warnings == ("3 padding tokens are skipped, as the network’s mask says.",)
    with pytest.raises(SequenceError, match="All of the sequence is padding"):
        IdEncoder(VECTORS, padding=0).encode("0 0")


def test_nothing():
    with pytest.raises(SequenceError, match=r"empty. Give 1 to 2,000 token numbers"):
        IdEncoder(VECTORS).encode(" , ")
