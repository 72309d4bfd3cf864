"""Text to tokens of a vocabulary: where it falls apart, what is known, and what is refused with which words."""

import numpy as np
import pytest

from gruviz.errors import GruvizError, SequenceError
from gruviz.inputs import SPLITS, TokenEncoder, label
from tests.inputs import encoders
from tests.inputs.encoders import FAMILY, FLAG, HEART, RTL, SKIN


def split(kind, text):
    return SPLITS[kind].split(text)


# Words


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The food was great.", ("The", "food", "was", "great", ".")),
        ("I don't", ("I", "don't")),
        ("I don’t", ("I", "don’t")),
        ("rock'n'roll", ("rock'n'roll",)),
        ("'quoted'", ("'", "quoted", "'")),
        ("wow!!", ("wow", "!", "!")),
        ("a,b", ("a", ",", "b")),
        ("4.5/10", ("4", ".", "5", "/", "10")),
        ("snake_case", ("snake_case",)),
        ("  two\r\nlines\t ", ("two", "lines")),
        ("no\u00a0break", ("no", "break")),
        ("<script>", ("<", "script", ">")),
        ("cafe\u0301", ("café",)),
        ("中文", ("中文",)),
        ("שלום عليكم", ("שלום", "عليكم")),
        ("so 😀", ("so", "😀")),
    ],
)
def test_words(text, tokens):
    assert split("words", text) == tokens


@pytest.mark.parametrize("word", ["x\u0302", "हिन्दी", *RTL, "ไม่", FAMILY, FLAG, SKIN, HEART])
def test_what_a_person_counts_as_one_word_or_sign_is_one_token(word):
    assert split("words", f"so {word} good") == ("so", word, "good")


def test_words_are_looked_up_without_case_and_with_a_straight_apostrophe():
    encoded = encoders.words().encode("THE Food DON’T CAFE\u0301 zzz")
    assert encoded.tokens == ("THE", "Food", "DON’T", "CAFÉ", "zzz")  # as typed
    assert encoded.known == (True, True, True, True, False)
    assert encoded.values.argmax(1).tolist() == [1, 2, 5, 7, 0]


# Characters


@pytest.mark.parametrize("sign", [FAMILY, FLAG, SKIN, HEART, "x\u0302", "שָׁ", "مُ", "é", "한", "नि"])
def test_a_character_is_what_a_person_counts_as_one(sign):
    assert split("characters", f"a{sign}b") == ("a", sign, "b")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("hi you", tuple("hi you")),
        ("a\r\nb", ("a", " ", "b")),
        ("a\nb\rc\u2028d", ("a", " ", "b", " ", "c", " ", "d")),
        ("a\n\nb", ("a", " ", " ", "b")),
        ("e\u0301", ("é",)),
        (FLAG + "🇫🇷", (FLAG, "🇫🇷")),
        (" ", (" ",)),
        ("<b>", ("<", "b", ">")),
    ],
)
def test_characters(text, tokens):
    assert split("characters", text) == tokens


def test_characters_ignore_case_and_mark_what_is_unknown():
    encoded = encoders.characters().encode("AbÉ" + FAMILY)
    assert encoded.known == (True, True, True, False)
    assert encoded.values.argmax(1).tolist() == [1, 2, 28, 0]


# Symbols


def test_symbols_are_split_at_any_white_space_and_taken_as_they_stand():
    encoded = encoders.symbols().encode(" 0\t1\r\n?\u00a01 ")
    assert encoded.tokens == ("0", "1", "?", "1")
    assert encoded.values.argmax(1).tolist() == [0, 1, 2, 1]
    assert all(encoded.known)


@pytest.mark.parametrize(("text", "token", "place"), [("x", "x", 1), ("0 1 01 ?", "01", 3), ("? ? <b>", "<b>", 3)])
def test_an_unknown_symbol_is_named_with_its_place_and_what_is_read(text, token, place):
    with pytest.raises(SequenceError) as caught:
        encoders.symbols().encode(text)
    assert str(caught.value) == f"“{token}” at position {place} is not one of this model's symbols. It reads: 0 1 ?"


def test_a_long_unknown_symbol_is_cut_in_the_message():
    with pytest.raises(SequenceError) as caught:
        encoders.symbols().encode("x" * 10_000)
    assert len(str(caught.value)) < 200


def test_a_vocabulary_that_knows_no_unknown_refuses_in_any_kind():
    encoder = TokenEncoder("characters", ("a", "b"), np.eye(2), "a and b")
    assert encoder.encode("aB").known == (True, True)
    with pytest.raises(SequenceError, match="“c” at position 3 is not one of this model's characters"):
        encoder.encode("abcd")


# All of them


@pytest.mark.parametrize("kind", ["words", "characters", "symbols"])
def test_the_vectors_are_the_rows_of_the_vocabulary(kind):
    encoder = encoders.ALL[kind]
    vectors = np.random.default_rng(0).standard_normal((len(encoder.vocabulary), 5))
    encoder = TokenEncoder(kind, encoder.vocabulary, vectors, "")
    known = [token for token in encoder.vocabulary if token != "<unk>"]
    encoded = encoder.encode(("" if kind == "characters" else " ").join(known))
    np.testing.assert_array_equal(encoded.values, vectors[len(vectors) - len(known) :])
    assert (encoder.features, encoder.what, encoder.multiline) == (5, kind, False)


def test_the_name_of_the_unknown_can_not_be_typed_as_a_known_token():
    assert encoders.words().encode("<unk>").tokens == ("<", "unk", ">")
    assert not any(encoders.characters().encode("<unk>").known[::4])


@pytest.mark.parametrize("kind", encoders.ALL)
@pytest.mark.parametrize("text", ["", " ", "\n", "\t \r\n\u00a0"])
def test_nothing_to_read(kind, text):
    if kind == "characters" and text:
        encoded = encoders.ALL[kind].encode(text)  # here a space is a step
        assert len(encoded.tokens) == len(text.replace("\r\n", "\n"))
        return
    with pytest.raises(SequenceError, match=r"^The sequence is empty\. Give 1 to 2,000 "):
        encoders.ALL[kind].encode(text)


def test_errors_are_children_of_the_one_that_pages_catch():
    assert issubclass(SequenceError, GruvizError)


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        (" ", "␣"),
        ("   ", "␣␣␣"),
        ("\t", "␣"),
        ("\n", "␣"),
        ("\u00a0", "␣"),
        ("", "␣"),
        ("a", "a"),
        (" a ", " a "),
        ("<b>", "<b>"),
        (FAMILY, FAMILY),
        ("\u202e", "U+202E"),
        ("\x00\x1b", "U+0000 U+001B"),
        ("\u202ea", "\u202ea"),
    ],
)
def test_what_can_not_be_seen_is_shown(token, shown):
    assert label(token) == shown
