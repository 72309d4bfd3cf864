"""Interventions: one form whatever they were given as, what they refuse, and their line of text."""

import csv
import io
import json
from contextlib import suppress

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import gruviz
from gruviz import Hold, Replace, Shift, Skip
from gruviz.errors import GruvizError
from gruviz.records import as_interventions, parsed, written

PROPERTY = settings(deadline=None, max_examples=300, derandomize=True)


def test_equal_interventions_are_equal_however_they_are_given():
    assert Hold("z", 1, units=3, steps=4) == Hold("z", 1.0, units=[3, 3], steps=slice(4, 5))
    assert Hold("z", 1, steps=slice(None)) == Hold("z", 1)
    assert Hold("z", 1, steps=-1) == Hold("z", 1, steps=slice(-1, None))
    assert Skip(2) == Skip(slice(2, 3))
    assert Hold("z", -0.0) == Hold("z", 0)
    assert len({Hold("z", 1, [5, 3]), Hold("z", 1, (3, 5)), Shift("z", 1, [3, 5])}) == 2  # hashable, on every Python
    assert as_interventions(Skip(1)) == as_interventions([Skip(1)]) == (Skip(1),)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Hold("z", float("nan")), "value is nan; it is a finite number"),
        (lambda: Hold("z", "1"), "value is '1'; it is a finite number"),
        (lambda: Hold("z", True), "value is True"),
        (lambda: Shift("z", float("inf")), "by is inf; it is a finite number"),
        (lambda: Hold(3, 1), "signal is 3; give its key"),
        (lambda: Hold("z", 1, units=-1), "units is -1; give indices counted from 0"),
        (lambda: Hold("z", 1, units=[]), "units is empty"),
        (lambda: Hold("z", 1, units=1.5), "units is 1.5; it is a whole number"),
        (lambda: Hold("z", 1, units="3"), "units is '3'"),
        (lambda: Hold("z", 1, steps=slice(0, 4, 2)), "takes no stride"),
        (lambda: Hold("z", 1, steps=slice(4, 4)), "which holds no step"),
        (lambda: Hold("z", 1, steps="4"), "steps is '4'; it is a whole number"),
        (lambda: Hold("z", 1, layer=0.5), "layer is 0.5"),
        (lambda: Skip(None), "reads nothing"),
        (lambda: Skip(1, sequences=-2), "sequences is -2"),
        (lambda: Replace(-1, "a"), "step is -1"),
        (lambda: Replace(0, 3), "token is 3"),
    ],
)
def test_what_is_refused(make, text):
    with pytest.raises(GruvizError, match=text):
        make()


# The line of text

LINES = {
    "z=1": [Hold("z", 1)],
    "z[3]@4-8=1": [Hold("z", 1, units=3, steps=slice(3, 8))],
    "z[3,5]@4=0.5": [Hold("z", 0.5, units=[3, 5], steps=3)],
    "n@4-end=-0.25": [Hold("n", -0.25, steps=slice(3, None))],
    "h@end=0": [Hold("h", 0, steps=-1)],
    "1r/z=1;0/z=0": [Hold("z", 1, layer=1, reverse=True), Hold("z", 0, layer=0, reverse=False)],
    "z+=-2": [Shift("z", -2)],
    "f[0]@2+=1.5": [Shift("f", 1.5, units=0, steps=1)],
    "skip@3;skip@5-6": [Skip(2), Skip(slice(4, 6))],
    "read@4=good;unknown@6": [Replace(3, "good"), Replace(5, None)],
    "read@1=%3B%25=%2C": [Replace(0, ";%=,")],
    "": [],
}


@pytest.mark.parametrize("text", LINES)
def test_it_is_written_and_read(text):
    assert written(LINES[text]) == text
    assert parsed(text) == tuple(LINES[text])


def test_it_may_be_typed_with_spaces_and_other_forms_of_numbers():
    assert parsed("z[3 5]=1") == (Hold("z", 1, units=[3, 5]),)
    assert parsed(" z=1.0 ;; h@5=.0;n=+.5;c=1e1 ") == (
        Hold("z", 1),
        Hold("h", 0, steps=4),
        Hold("n", 0.5),
        Hold("c", 10),
    )
    assert parsed("z@1-end=1") == (Hold("z", 1, steps=slice(0, None)),)


indices = st.integers(0, 999_998)
numbers = st.floats(-1e6, 1e6).map(lambda value: float(f"{value:.6g}"))
spans = st.one_of(st.none(), indices, st.just(-1), indices.map(lambda first: slice(first, first + 3)),
                  indices.map(lambda first: slice(first, None)))  # fmt: skip
tokens = st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"]), min_size=1, max_size=8)


@st.composite
def interventions(draw):
    kind = draw(st.sampled_from([Hold, Shift, Skip, Replace]))
    if kind is Skip:
        return Skip(draw(spans.filter(lambda span: span is not None)))
    if kind is Replace:
        return Replace(draw(indices), draw(st.none() | tokens))
    layer, reverse = draw(st.sampled_from([(None, None), (0, False), (2, True)]))
    units = draw(st.none() | st.lists(indices, min_size=1, max_size=4))
    return kind(draw(st.sampled_from("rznhifgoc")), draw(numbers), units, draw(spans), layer, reverse)


@PROPERTY
@given(st.lists(interventions(), max_size=5))
def test_every_one_comes_back_from_its_text(what_if):
    assert parsed(written(what_if)) == tuple(what_if)


def test_steps_that_count_from_the_end_are_not_written_but_for_the_last():
    with pytest.raises(GruvizError, match="count from the end"):
        written([Hold("z", 1, steps=-2)])


@PROPERTY
@given(st.text(st.sampled_from("zh[]@-=+;,.r/1234567890endskipreadunknown ") | st.characters(), max_size=30))
def test_any_text_is_read_or_refused_in_a_sentence(text):
    with suppress(GruvizError):
        assert parsed(written(parsed(text))) == parsed(text)


@pytest.mark.parametrize(
    "text",
    ["z", "z=", "z=nan", "z=1e999", "Z=1", "z@0=1", "z@5-4=1", "z@end-3=1", "z[]=1", "z[-1]=1", "z@4-8-=2", "skip",
     "skip@0", "read@1=", "read=good", "unknown@0", "unknown@1=x", "z=1,h=0", "zzzz=1", "z=1=1", "r/z=1", "z = 1",
     "z=１", "z[" + "1," * 3000 + "1]"],
)  # fmt: skip
def test_what_can_t_be_read(text):
    with pytest.raises(GruvizError, match=r"not an intervention; those are written such as|finite"):
        parsed(text)


def test_there_are_not_more_than_can_be_listed():
    assert len(parsed(";".join(["z=1"] * 64))) == 64
    with pytest.raises(GruvizError, match="There are 65 interventions; at most 64"):
        parsed(";".join(["z=1"] * 65))


# In a trace's files


def test_files_of_a_changed_run_say_what_was_changed(tmp_path):
    with torch.random.fork_rng(devices=[]):
        module = nn.GRU(3, 4)
    x, what_if = np.ones((5, 3)), [Hold("z", 1, units=3, steps=slice(1, 3)), Skip(4)]
    plain, changed = gruviz.trace(module, x), gruviz.trace(module, x, what_if=what_if)
    assert changed.what_if == tuple(what_if)
    text = "z[3]@2-3=1;skip@5"
    assert json.loads(changed.to_json())["what_if"] == text
    changed.to_npz(tmp_path / "changed.npz")
    with np.load(tmp_path / "changed.npz", allow_pickle=False) as arrays:
        assert arrays["what_if"] == text
    changed.to_csv(tmp_path / "changed.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "changed.csv").read_text("utf-8"))))
    assert {row["what_if"] for row in rows} == {text}
    assert "what_if" not in plain.content() | plain.arrays()
    assert "what_if" not in plain.rows()[0]
