import json

import numpy as np
import pytest

from gruviz.errors import SequenceError
from gruviz.inputs import VocabularyEncoder, read_vocabulary

VECTORS = np.arange(12, dtype=float).reshape(6, 2)


@pytest.mark.parametrize(
    "data",
    [
        "<pad>\nthe\ncat\n", "<pad>\r\nthe\r\ncat", '["<pad>", "the", "cat"]', '{"the": 1, "cat": 2, "<pad>": 0}',
        '{"0": "<pad>", "2": "cat", "1": "the"}', "\ufeff<pad>\nthe\ncat\n",
    ],
)  # fmt: skip
def test_lists_maps_and_lines(data):
    assert read_vocabulary(data.encode(), 5) == ("<pad>", "the", "cat", "", "")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a\nb\nc\n", r"a token number 2 \(“c”\), and the embedding has 2 rows, 0 to 1"),
        (b"[1, 2]", "a JSON list, but not only of texts"),
        (b'{"a": "b"}', "not from token to number"),
        (b'{"a": -1}', "a token number -1"),
        (b'{"a": 1, "b": 1}', "one number to several tokens"),
        (b"", "is empty"),
        (b"[]", "is empty"),
        (b"\xff\xfe", r"not UTF-8 text \(byte 0\)"),
        (b"x" * (17 * 2**20), "at most 16,777,216 are read"),
    ],
)
def test_what_does_not_fit(data, sentence):
    with pytest.raises(SequenceError, match=sentence):
        read_vocabulary(data, 2)


def test_a_text_that_only_begins_like_json():
    assert read_vocabulary(b"[PAD]\n[UNK]\n", 2) == ("[PAD]", "[UNK]")


@pytest.mark.parametrize("data", [json.dumps([["a"] * 2] * 3), "{" * 10_000, '{"a": [1]}', "[" * 100_000])
def test_strange_json(data):
    with pytest.raises(SequenceError):
        read_vocabulary(data.encode(), 1)


def test_words_as_typed_then_small_then_unknown():
    encoder = VocabularyEncoder(("<pad>", "<unk>", "the", "Cat", "don't", "."), VECTORS, padding=0)
    encoded = encoder.encode("The Cat don't dog. <pad>")
    assert encoded.tokens == ("The", "Cat", "don't", "dog", ".")
    assert encoded.known == (True, True, True, False, True)
    np.testing.assert_array_equal(encoded.values, VECTORS[[2, 3, 4, 1, 5]])
    assert encoded.warnings == ("1 padding token is skipped, as the network’s mask says.", "Knows 4 of 5 words.")
    assert "is read as “unknown”" in encoder.hint


def test_without_a_token_for_the_unknown():
    encoder = VocabularyEncoder(("a", "bee", "", "", "", ""), VECTORS)
    with pytest.raises(
        SequenceError, match="“dog” at position 2 is not in the vocabulary, and it has no token for the"
    ):
        encoder.encode("bee dog")


def test_characters():
    encoder = VocabularyEncoder(("<unk>", "a", "b", " ", "é", "A"), VECTORS)
    assert encoder.what == "characters"
    encoded = encoder.encode("aB é?")
    assert encoded.tokens == ("a", "B", " ", "é", "?")
    assert encoded.known == (True, True, True, True, False)
