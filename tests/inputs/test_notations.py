"""Numbers as people of many countries write them: read as meant, said how, or refused with the readings there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gruviz.errors import SequenceError
from gruviz.inputs import NumberEncoder

SOME = settings(deadline=None, max_examples=150, derandomize=True)


def encoded(text, columns=1):
    return NumberEncoder(columns, called=("number", "mark") if columns == 2 else ()).encode(text)


def refused(text, columns=1):
    with pytest.raises(SequenceError) as caught:
        encoded(text, columns)
    assert len(str(caught.value)) < 600
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "values", "read_as"),
    [
        # every day
        ("1, 2, 3", [1, 2, 3], "3 numbers"),
        ("1 2 3", [1, 2, 3], "3 numbers"),
        ("1,2,3", [1, 2, 3], "3 numbers"),
        ("112,120,135", [112, 120, 135], "3 numbers"),
        ("1.5, 2", [1.5, 2], "2 numbers"),
        ("1.234, 2.345", [1.234, 2.345], "2 numbers"),
        ("100 200 300", [100, 200, 300], "3 numbers"),
        ("86 109.8", [86, 109.8], "2 numbers"),
        ("1e-3", [0.001], "1 number"),
        ("−1 –2 －3", [-1, -2, -3], "3 numbers"),
        ("１２ ３．５，４", [12, 3.5, 4], "3 numbers"),
        ("٣ ٤", [3, 4], "2 numbers"),
        ("1, 2\n3", [1, 2, 3], "3 numbers"),
        ("1, 2, 3,\n4, 5, 6", [1, 2, 3, 4, 5, 6], "6 numbers"),
        # decimal commas
        ("1,5; 2,5", [1.5, 2.5], "2 numbers, decimal comma"),
        ("58,0 62,6", [58, 62.6], "2 numbers, decimal comma"),
        ("107,7 109,8 86", [107.7, 109.8, 86], "3 numbers, decimal comma"),
        ("1,05, 2,75", [1.05, 2.75], "2 numbers, decimal comma"),
        ("58,0\n62,6\n63", [58, 62.6, 63], "3 numbers, decimal comma"),
        ("58,0\t62,6", [58, 62.6], "2 numbers, decimal comma"),
        ('"1,5","2,5"', [1.5, 2.5], "2 numbers, decimal comma"),
        # thousands
        ("1 000 2 000", [1000, 2000], "2 numbers, spaces between thousands"),
        ("1 000,5; 2 000", [1000.5, 2000], "2 numbers, decimal comma, spaces between thousands"),
        ("1,234.5; 2,000", [1234.5, 2000], "2 numbers, commas between thousands"),
        ("1,000,000", [1e6], "1 number, commas between thousands"),
        ("1.234,5; 2.345,6", [1234.5, 2345.6], "2 numbers, decimal comma, points between thousands"),
        ("1'234.5 2’000", [1234.5, 2000], "2 numbers, apostrophes between thousands"),
        ("1\u00a0234,5\n2\u202f345,6", [1234.5, 2345.6], "2 numbers, decimal comma, spaces between thousands"),
    ],
)  # fmt: skip
def test_one_reading_is_read_and_said(text, values, read_as):
    found = encoded(text)
    assert found.values[:, 0].tolist() == values
    assert found.read_as == read_as
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("text", "values", "read_as"),
    [
        ("0.31 0\n0.62 1", [[0.31, 0], [0.62, 1]], "2 steps of 2 numbers"),
        ("0.31,0;0.62,1", [[0.31, 0], [0.62, 1]], "2 steps of 2 numbers"),
        ("0,5;1\n0,3;0", [[0.5, 1], [0.3, 0]], "2 steps of 2 numbers, decimal comma"),
        ("0,5\t1\n0,3\t0", [[0.5, 1], [0.3, 0]], "2 steps of 2 numbers, decimal comma"),
        ('"0,5","1"\n"0,3","0"', [[0.5, 1], [0.3, 0]], "2 steps of 2 numbers, decimal comma"),
        ("1 000 2 000", [[1000, 2000]], "1 step of 2 numbers, spaces between thousands"),
        ("1 234\t5\n6\t7", [[1234, 5], [6, 7]], "2 steps of 2 numbers, spaces between thousands"),
        ("1;2\n3;4", [[1, 2], [3, 4]], "2 steps of 2 numbers"),
    ],
)
def test_rows_of_several_numbers(text, values, read_as):
    found = encoded(text, 2)
    assert found.values.tolist() == values
    assert found.read_as == read_as
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("text", "columns", "ways"),
    [
        ("1,5", 1, ["2 numbers (1; 5)", "1 number, decimal comma (1.5)"]),
        ("1,5, 2,5", 1, ["4 numbers (1; 5; 2; …)", "2 numbers, decimal comma (1.5; 2.5)"]),
        ("1,234", 1, ["2 numbers (1; 234)", "commas between thousands (1234)", "decimal comma (1.234)"]),
        ("1.234,5", 1, ["2 numbers (1.234; 5)", "decimal comma, points between thousands (1234.5)"]),
        ("1\u00a0200", 1, ["2 numbers (1; 200)", "1 number, spaces between thousands (1200)"]),
        ("1 200; 3 400", 1, ["2 numbers, spaces between thousands (1200; 3400)", "4 numbers (1; 200; 3; …)"]),
        ("1 100\n2 200", 1, ["2 numbers, spaces between thousands (1100; 2200)", "4 numbers (1; 100; 2; …)"]),
        ("1 234,5 2 345,6", 1, ["4 numbers, decimal comma (1; 234.5; 2; …)", "(1234.5; 2345.6)"]),
        (
            "107,7 86 109,8",
            1,
            ["(107.7; 86; 109.8)", "2 numbers, decimal comma, spaces between thousands (107.7; 86109.8)"],
        ),
        ("1,5;2,5", 2, ["2 steps of 2 numbers (1 5; 2 5)", "1 step of 2 numbers, decimal comma (1.5 2.5)"]),
        ("1 234 567", 2, ["(1 234567)", "(1234 567)"]),
        ("1,234\t5", 2, ["commas between thousands (1234 5)", "decimal comma (1.234 5)"]),
    ],
)
def test_several_readings_are_refused_and_all_are_told(text, columns, ways):
    said = refused(text, columns)
    assert said.startswith(f"This can be read in {len(ways)} ways: as ")
    assert all(way in said for way in ways)
    assert "Write decimals with a point" in said


@pytest.mark.parametrize("text", ["1\t10\n2\t20", "1\t10 2\t20", "1 10\n2 20", "1 10, 2 20", "1, 2; 3, 4"])
def test_a_table_is_not_read_across(text):
    assert refused(text) == (
        "This looks like a table of 2 columns and 2 rows; this model reads one number per step. "
        "Paste one column, or one row."
    )


def test_numbers_that_begin_with_zero_are_parts_of_others():
    assert refused("1,50,2,75,3,05").startswith("“3,05” may be one number or several.")
    assert encoded("1 05 2").values[:, 0].tolist() == [1, 5, 2]


# What is no number


@pytest.mark.parametrize(
    ("text", "columns", "values", "warning"),
    [
        ("sunspots 17.5 14.2", 1, [[17.5], [14.2]], "The header “sunspots” is left out."),
        ("Temperature (°C)\n17,5\n14,2", 1, [[17.5], [14.2]], "The header “Temperature (°C)” is left out."),
        ("Number,Mark\n0.5,1", 2, [[0.5, 1]], "The header “Number,Mark” is left out."),
        ("a b c\n0.5 1", 2, [[0.5, 1]], "The header “a b c” is left out."),
        ("1, 2,", 1, [[1], [2]], "Nothing follows the last number (position 2)."),
        ("0.5,1,\n0.2,0,", 2, [[0.5, 1], [0.2, 0]], "2 lines (the first: 1): nothing after column 2."),
        ("1 2\n,\n3 4", 2, [[1, 2], [3, 4]], "Line 2 left out as empty."),
        ("1,2,,,\n3,4", 2, [[1, 2], [3, 4]], "Line 1: nothing after column 2."),
        ("1,2\n,\n,\n3,4", 2, [[1, 2], [3, 4]], "2 lines (the first: 2) left out as empty."),
        ("1 2\n\n\n3 4", 2, [[1, 2], [3, 4]], "2 empty lines are left out."),
    ],
)
def test_what_is_left_out_is_said(text, columns, values, warning):
    found = encoded(text, columns)
    assert found.values.tolist() == values
    assert found.warnings == (warning,)


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        ("1,,2", 1, "Position 2 is empty. Give a number there."),
        ("0.5,1\n0.3,", 2, "Line 2, column 2 is empty. Give a number there."),
        ("0.5\t1\n\t0", 2, "Line 2, column 1 is empty. Give a number there."),
        ("number,mark\n0.5,1\n0.3,", 2, "Line 3, column 2 is empty. Give a number there."),
        ("1 NaN 3", 1, "“NaN” at position 2 is not a number but a missing value. Give a number there."),
        ("n/a 1 3", 1, "“n/a” at position 1 is not a number but a missing value. Give a number there."),
        ("1 #REF! 3", 1, "“#REF!” at position 2 is not a number but a missing value. Give a number there."),
        ("0.5,nan", 2, "“nan” at line 1, column 2 is not a number but a missing value. Give a number there."),
        ("mark,number\n1,0.5", 2, "The header names mark, number; this model reads number, mark, in that order."),
    ],
)
def test_what_is_missing_is_named_by_row_and_column(text, columns, said):
    assert refused(text, columns) == said


def test_a_mistake_is_named_where_it_stands_in_the_notation_that_was_meant():
    assert refused("1,5; x; 2,5").startswith("“x” at position 2 is not a number. Numbers separated by spaces")
    assert refused("0,5;x\n1;2", 2).startswith("“x” at line 1, column 2 is not a number. 2 numbers per line")


@pytest.mark.parametrize("columns", [1, 2, 8])
@pytest.mark.parametrize(
    "text", ["1 " * 25_000, "1," * 25_000, "1;1,1\t1 " * 5_000, "1 000," * 8_000, "1.000,5;" * 6_000, '"' * 50_000,
             "\u00a0" * 49_999 + "1", "1" * 50_000, "1 234 " * 8_000, "a " * 24_000 + "1 x", "1,000" * 10_000],
)  # fmt: skip
def test_hostile_texts_are_refused_in_a_moment(text, columns):
    try:
        found = encoded(text, columns)
    except SequenceError as error:
        assert 0 < len(str(error)) < 600  # noqa: PT017
    else:
        assert len(found.tokens) == 1


# Locales

numbers = st.lists(st.integers(-99_999_999, 99_999_999).map(lambda n: n / 100), min_size=2, max_size=12)
LOCALES = {
    "en": (".", ","), "de": (",", "."), "fr": (",", "\u202f"), "ch": (".", "’"), "pl": (",", "\u00a0"),
    "excel": (",", " "),
}  # fmt: skip
SEPARATORS = ["; ", ";", "\n", "\r\n", " ", "\t", ", "]


def in_locale(number, decimal, group):
    return f"{number:,.2f}".translate(str.maketrans({",": group, ".": decimal}))


@pytest.mark.parametrize("locale", LOCALES)
@SOME
@given(numbers, st.sampled_from(SEPARATORS), st.data())
def test_a_column_in_any_locale_is_read_exactly_or_refused(locale, values, separator, data):
    """Never as other numbers; and where the separator is no part of a number, it is read."""
    decimal, group = LOCALES[locale]
    text = separator.join(in_locale(value, decimal, group) for value in values)
    try:
        found = encoded(text).values[:, 0].tolist()
    except SequenceError as error:
        found = None
        said = str(error)
    if found is not None:
        assert found == values
        return
    assert said.startswith(("This can be read in", "This looks like a table")) or "may be one number" in said
    if separator == "; ":
        assert group == " "  # a plain space may be between numbers, too


@pytest.mark.parametrize("locale", ["en", "de", "fr", "ch", "pl"])
@SOME
@given(st.data(), st.integers(2, 4), st.sampled_from(["\t", ";"]))
def test_a_sheet_in_any_locale(locale, data, columns, separator):
    """Copied from a sheet (tabs) or exported (semicolons), it is read as it was."""
    decimal, group = LOCALES[locale]
    cells = st.integers(-99_999_999, 99_999_999).map(lambda n: n / 100)
    table = data.draw(st.lists(st.lists(cells, min_size=columns, max_size=columns), min_size=2, max_size=5))
    text = "\r\n".join(separator.join(in_locale(value, decimal, group) for value in row) for row in table)
    try:
        values = encoded(text, columns).values.tolist()
    except SequenceError as error:
        assert str(error).startswith("This can be read in")  # noqa: PT017
        assert separator == ";"
    else:
        np.testing.assert_array_equal(values, table)


@SOME
@given(numbers, st.sampled_from([" ", ", ", "; ", "\n", "\t"]))
def test_plain_numbers_are_read_without_a_word_more(values, separator):
    found = encoded(separator.join(f"{value:g}" for value in values))
    assert found.read_as == f"{len(values)} numbers"
    assert found.warnings == ()
