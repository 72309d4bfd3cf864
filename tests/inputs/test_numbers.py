"""Numbers as typed and as pasted from spreadsheets, in one column and in several."""

import contextlib
import signal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gruviz.errors import SequenceError
from gruviz.inputs import MAX_CHARACTERS, NumberEncoder
from gruviz.inputs.readings import LARGEST

FEW = settings(deadline=None, max_examples=60, derandomize=True)
finite = st.floats(-LARGEST, LARGEST, allow_nan=False)


def read(text, columns=1):
    return NumberEncoder(columns).encode(text).values.tolist()


@contextlib.contextmanager
def within(seconds):
    """Stops what hangs: a regular expression looks at signals while it searches."""

    def stop(*_):
        raise AssertionError(f"not done after {seconds} s")

    old = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


# One column


@pytest.mark.parametrize("gap", [" ", ",", ";", "\t", "\n", "\r\n", "\r", ", ", " ;\n", "\u00a0", "\u2003"])
def test_any_gap(gap):
    assert read(f"1{gap}-2.5{gap}3") == [[1], [-2.5], [3]]


@pytest.mark.parametrize("text", ["1 2, 3", "1\t2 3", " 1, 2;3 ", "1; 2\n3", "1 2\n3"])
def test_a_mix_of_gaps(text):
    assert read(text) == [[1], [2], [3]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("+1", 1), ("-1", -1), ("−1", -1), ("1.", 1), (".5", 0.5), ("-.5", -0.5), ("1e5", 1e5), ("1E5", 1e5),
        ("1e-3", 0.001), ("1e−3", 0.001), ("+1.5e+2", 150), ("007", 7), ("1e-400", 0), ("1e6", 1e6), ("-1000000", -1e6),
    ],
)  # fmt: skip
def test_ways_to_write_a_number(text, value):
    encoded = NumberEncoder().encode(text)
    assert encoded.values.tolist() == [[value]]
    assert encoded.tokens == (text,)  # as typed
    assert encoded.known == (True,)


@pytest.mark.parametrize(
    "word",
    ["1_000", "-inf", "0x10", "1e", "e5", "--1", "1.2.3", "½", "²", "1+1", "a", "<script>", "😀", "1\u200b", "1e5.5"],
)  # fmt: skip
def test_what_is_not_a_number_is_named_with_its_place_and_what_is(word):
    with pytest.raises(SequenceError) as caught:
        read(f"1 2 {word} 4")
    assert str(caught.value) == f"“{word}” at position 3 is not a number. {NumberEncoder().hint}"


@pytest.mark.parametrize("word", ["1000001", "-1e7", "1e400", "-1e400", "9" * 400])
def test_too_large(word):
    with pytest.raises(SequenceError) as caught:
        read(f"1, {word}")
    assert str(caught.value) == (
        f"“{word[:40]}” at position 2 is outside the range: numbers from -1,000,000 to 1,000,000."
    )


@pytest.mark.parametrize("word", ["1" * (MAX_CHARACTERS - 1) + "x", "1." + "1" * (MAX_CHARACTERS - 3) + "x"])
def test_a_very_long_word_is_refused_at_once(word):
    """Digits that end in a letter must not make the check try every way to divide them."""
    with within(2), pytest.raises(SequenceError, match=r"^“1[.1]{39}” at position 1 is not a number"):
        read(word)


# Several columns


@pytest.mark.parametrize(
    "text",
    [
        "1 2 3\n4 5 6",
        "1,2,3;4,5,6",
        "1\t2\t3\r\n4\t5\t6\r\n",
        "1, 2, 3 ; 4, 5, 6;",
        "\n1 2 3\n\n\n4 5 6\n",
        "1 2\t3\r4,5 6",
    ],
)
def test_a_line_or_semicolon_is_a_step(text):
    encoded = NumberEncoder(3).encode(text)
    assert encoded.values.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert encoded.tokens == ("1 2 3", "4 5 6")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2 3\n4 5", "Line 2 holds 2 numbers (4 5). This model reads 3 per line."),
        ("1", "Line 1 holds 1 number (1). This model reads 3 per line."),
        ("1 2 3 4\n1 2 3", "Line 1 holds 4 numbers (1 2 3 4). This model reads 3 per line."),
        ("1 2 3;1 2 ; 1 2 3", "Line 2 holds 2 numbers (1 2). This model reads 3 per line."),
    ],
)
def test_a_line_of_the_wrong_length(text, message):
    with pytest.raises(SequenceError) as caught:
        read(text, 3)
    assert str(caught.value) == message


def test_a_bad_number_is_named_by_line_and_column():
    with pytest.raises(SequenceError, match=r"^“x” at line 2, column 3 is not a number\. 3 numbers per line"):
        read("1 2 3\n4 5 x", 3)
    with pytest.raises(SequenceError, match=r"^“1e7” at line 1, column 2 is outside the range"):
        read("1 1e7 3", 3)


@pytest.mark.parametrize("columns", [1, 2, 8])
def test_what_an_encoder_says_of_itself(columns):
    encoder = NumberEncoder(columns)
    assert (encoder.features, encoder.multiline, encoder.what) == (columns, columns > 1, "numbers")
    assert encoder.names == tuple("12345678"[:columns])
    assert encoder.hint.startswith(f"{columns} numbers per line" if columns > 1 else "Numbers separated by spaces")


@pytest.mark.parametrize(("called", "said"), [((), "2 numbers per line,"), (("number", "mark"), "(number, mark)")])
def test_columns_may_have_names(called, said):
    encoder = NumberEncoder(2, called=called)
    assert encoder.names == (called or ("1", "2"))
    assert said in encoder.hint
    with pytest.raises(SequenceError) as caught:
        encoder.encode("1 2\n3 x")
    assert str(caught.value) == f"“x” at line 2, column 2 is not a number. {encoder.hint}"


def test_the_name_of_a_single_column():
    assert NumberEncoder(called=("sunspots",)).names == ("sunspots",)
    assert NumberEncoder(called=("sunspots",)).hint == NumberEncoder().hint


def test_numbers_are_scaled_for_the_network_and_shown_as_typed():
    encoded = NumberEncoder(scale=40.0, offset=50.0).encode("50 90 −10 1e2")
    assert encoded.values.tolist() == [[0], [1], [-1.5], [1.25]]
    assert encoded.tokens == ("50", "90", "−10", "1e2")
    encoded = NumberEncoder(2, scale=0.5, offset=1.0).encode("1 2\n0 1.5")
    assert encoded.values.tolist() == [[0, 2], [-2, 1]]


@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_the_range_is_that_of_the_numbers_typed(scale):
    encoder = NumberEncoder(scale=scale, offset=1e6)
    assert encoder.encode("1e6").values.tolist() == [[0]]
    with pytest.raises(SequenceError, match=r"^“1000001” at position 1 is outside the range"):
        encoder.encode("1000001")


# Properties


@FEW
@given(st.lists(finite, min_size=1, max_size=30), st.sampled_from([" ", ", ", "\t", "\r\n", ";"]))
def test_a_column_of_numbers_comes_back_exactly(numbers, gap):
    assert read(gap.join(map(repr, numbers))) == [[number] for number in numbers]


@FEW
@given(st.data(), st.integers(2, 8), st.sampled_from([" ", ",", "\t"]), st.sampled_from(["\n", "\r\n", ";"]))
def test_a_table_of_numbers_comes_back_exactly(data, columns, gap, end):
    table = data.draw(st.lists(st.lists(finite, min_size=columns, max_size=columns), min_size=1, max_size=6))
    encoded = NumberEncoder(columns).encode(end.join(gap.join(map(repr, row)) for row in table))
    np.testing.assert_array_equal(encoded.values, table)
    assert len(encoded.tokens) == len(encoded.known) == len(table)


@FEW
@given(st.text(st.sampled_from("0123456789+-−.eE ,;\t\n"), max_size=20), st.integers(1, 3))
def test_number_like_text_is_read_as_python_reads_it_or_refused(text, columns):
    """Where what was read says of no other notation."""
    try:
        encoded = NumberEncoder(columns).encode(text)
    except SequenceError:
        return
    assert np.isfinite(encoded.values).all()
    if "comma" in encoded.read_as or "between" in encoded.read_as:
        return
    words = [word for token in encoded.tokens for word in token.split(" ")]
    assert [float(word.replace("−", "-")) for word in words] == encoded.values.ravel().tolist()


@FEW
@given(st.lists(finite, min_size=1, max_size=30), st.floats(0.01, 1000), st.floats(-1000, 1000))
def test_scaled_numbers_can_be_had_back(numbers, scale, offset):
    encoded = NumberEncoder(scale=scale, offset=offset).encode(" ".join(map(repr, numbers)))
    np.testing.assert_allclose(encoded.values[:, 0] * scale + offset, numbers, rtol=1e-9, atol=1e-9)
