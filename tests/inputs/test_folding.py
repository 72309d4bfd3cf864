"""Names and words with accents, special letters, curly quotes and dashes: read as their plain spelling, and said."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gruviz.inputs import TokenEncoder
from gruviz.inputs.folding import APOSTROPHES, DASHES, QUOTES, plain_letters, plain_signs
from gruviz.inputs.words import split_words, vocabulary_form
from gruviz.models import load_model

MARKS = "\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0327\u0328\u0323"
SPECIAL = {"ß": "ss", "ø": "o", "Ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ﬁ": "fi", "ĳ": "ij"}
NAMES = load_model("surnames-gru").encoder


def same(typed, plain):
    np.testing.assert_array_equal(NAMES.encode(typed).values, NAMES.encode(plain).values)


@pytest.mark.parametrize(
    ("typed", "plain", "read_as"),
    [
        ("Müller", "Muller", "6 characters (ü as u)"),
        ("Mu\u0308ller", "Muller", "6 characters (ü as u)"),
        ("O’Brien", "O'Brien", "7 characters (’ as ')"),
        ("O`Brien", "O'Brien", "7 characters (` as ')"),
        ("Weiß", "Weiss", "5 characters (ß as ss)"),
        ("Łoś", "Los", "3 characters (Ł as L, ś as s)"),
        ("Jørgensen–Smith", "Jorgensen-Smith", "15 characters (ø as o, – as -)"),
        ("Ｍａｒｉｎｏ", "Marino", "6 characters (Ｍ as M, ａ as a, ｒ as r and 3 more)"),
        ("Van\u00a0Dijk", "Van Dijk", "8 characters"),
        ("Muller", "Muller", "6 characters"),
    ],
)
def test_surnames_are_read_in_plain_letters(typed, plain, read_as):
    encoded = NAMES.encode(typed)
    same(typed, plain)
    assert "".join(encoded.tokens) == plain  # shown as read
    assert encoded.read_as == read_as
    assert encoded.warnings == ()
    assert all(encoded.known)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from("abcdefghijklmnopqrstuvwxyzABC"), st.text(MARKS, max_size=2)), min_size=1,
                max_size=12))  # fmt: skip
def test_any_accents_on_any_letters(letters):
    typed = "".join(letter + marks for letter, marks in letters)
    plain = "".join(letter for letter, _ in letters)
    same(typed, plain)
    same(unicodedata.normalize("NFC", typed), plain)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(st.lists(st.sampled_from([*"abcxyz", *APOSTROPHES, *DASHES, *SPECIAL]), min_size=1, max_size=12))
def test_any_apostrophe_dash_and_special_letter(signs):
    table = {**dict.fromkeys(APOSTROPHES, "'"), **dict.fromkeys(DASHES, "-"), **SPECIAL}
    same("".join(signs), "".join(table.get(sign, sign) for sign in signs))


def test_the_data_of_the_task_are_folded_alike():
    """Wherever the package has a name in Latin letters with accents beside its plain spelling."""
    import csv

    from gruviz.models.tasks.surnames import DATA

    with DATA.open(encoding="utf-8", newline="") as file:
        rows = [(row["surname"], row["surname_ascii"]) for row in csv.DictReader(file)]
    latin = [(name, plain) for name, plain in rows if name != plain and max(map(ord, name)) < 0x250]
    assert len(latin) > 200
    assert [name for name, plain in latin if plain_letters(name).replace(",", "").casefold() != plain.casefold()] == []


def test_letters_of_another_script_are_unknown_and_counted():
    encoded = NAMES.encode("Коваленко")
    assert encoded.known == (False,) * 9
    assert encoded.tokens == tuple("Коваленко")
    assert encoded.warnings == ("Knows 0 of 9 characters.",)


# Words


@pytest.mark.parametrize("sign", APOSTROPHES)
def test_a_word_with_any_apostrophe_is_one_word_and_the_same(sign):
    assert split_words(f"I don{sign}t know") == ("I", f"don{sign}t", "know")
    assert vocabulary_form(f"DON{sign}T") == "don't"


@pytest.mark.parametrize("sign", [*QUOTES, *DASHES])
def test_quotes_and_dashes_are_their_plain_signs(sign):
    assert plain_signs(sign) in {'"', "-"}
    assert vocabulary_form(sign) == plain_signs(sign)


def test_a_review_with_curly_quotes_is_the_same_review():
    encoder = load_model("sentiment-gru").encoder
    straight = encoder.encode("I don't think it's \"great\" - it isn't.")
    curly = encoder.encode("I don’t think it‘s “great” — it isn´t.")
    np.testing.assert_array_equal(curly.values, straight.values)
    assert curly.known == straight.known


def test_a_word_is_read_without_accents_only_where_the_vocabulary_lacks_it():
    encoder = TokenEncoder("words", ("<unk>", "cafe", "café", "naive"), np.eye(4), "")
    encoded = encoder.encode("café cafe Naïve ｎａｉｖｅ zoë")
    assert encoded.values.argmax(1).tolist() == [2, 1, 3, 3, 0]
    assert encoded.tokens == ("café", "cafe", "Naive", "naive", "zoë")
    assert encoded.read_as == "5 words (Naïve as Naive, ｎａｉｖｅ as naive)"
    assert encoded.warnings == ("Knows 4 of 5 words.",)


def test_symbols_and_brackets_in_full_width():
    latch, brackets = load_model("latch").encoder, load_model("brackets-gru").encoder
    assert latch.encode("０ １！ ？").tokens == ("0", "1!", "?")
    assert brackets.encode("（［］）").tokens == ("(", "[", "]", ")")


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.text(max_size=20))
def test_plain_letters_stay_as_they_are(text):
    once = plain_letters(text)
    assert plain_letters(once) == once
    if text.isascii() and "`" not in text:
        assert once == text
