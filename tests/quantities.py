"""Quantities as sentences write them, read back."""

import re

import pytest

SHARE = r"(?:(?:more than |less than |[<>])?\d+(?:\.\d+)?%)"
POINTS = r"(?:[+−-]\d+ points?|less than 1 point (?:up|down)|unchanged)"


def assert_says_share(text, value):
    """The text says this share, as precisely as its digits, and never that it is all or nothing where it is not."""
    said = re.fullmatch(r"(more than |less than |[<>])?(\d+(?:\.(\d+))?)%", text)
    assert said, f"not a share as people read it: {text!r}"
    percent, unit = float(said[2]), 10.0 ** -len(said[3] or "")
    if said[1] in ("more than ", ">"):
        assert percent == pytest.approx(100 - unit)
        assert percent < 100 * value < 100
    elif said[1]:
        assert percent == unit
        assert 0 < 100 * value < percent
    else:
        assert percent == pytest.approx(100 * value, abs=0.501 * unit)
        assert (percent == 100) is bool(value == 1)
        assert (percent == 0) is bool(value == 0)


def assert_says_points(text, change):
    """The text says how far a share moved, in percentage points."""
    said = re.fullmatch(r"([+−-]\d+) (points?)", text)
    if said:
        assert int(said[1].replace("−", "-")) == pytest.approx(100 * change, abs=0.501)
        assert (said[2] == "point") is (said[1][1:] == "1")
        return
    assert abs(100 * change) < 0.501
    assert text == ("unchanged" if change == 0 else f"less than 1 point {'up' if change > 0 else 'down'}")
