"""How much is taken in: exactly the limit, one over it, and that it is checked before the work."""

import dataclasses

import pytest

from gruviz.errors import SequenceError
from gruviz.inputs import MAX_CELLS, MAX_CHARACTERS, MAX_STEPS, MAX_UNITS, SPLITS, NumberEncoder, check_size, tokens
from gruviz.inputs.notations import Notation
from gruviz.models import load_model
from gruviz.models import model as models
from tests.inputs import encoders

KINDS = list(encoders.ALL)


def steps_of(kind, count):
    joint = {"characters": "", "columns": "\n"}.get(kind, " ")
    return joint.join([encoders.GOOD[kind]] * count)


@pytest.mark.parametrize("kind", KINDS)
def test_as_many_steps_as_allowed(kind):
    encoded = encoders.ALL[kind].encode(steps_of(kind, MAX_STEPS))
    assert len(encoded.tokens) == len(encoded.values) == len(encoded.known) == MAX_STEPS


@pytest.mark.parametrize("kind", KINDS)
def test_one_step_too_many(kind):
    what = {"columns": "lines of numbers"}.get(kind, encoders.ALL[kind].what)
    with pytest.raises(SequenceError) as caught:
        encoders.ALL[kind].encode(steps_of(kind, MAX_STEPS + 1))
    assert str(caught.value) == f"The sequence has 2,001 {what}. At most 2,000 time steps are shown."


@pytest.mark.parametrize("kind", KINDS)
def test_as_many_characters_as_allowed(kind):
    """Padded with white space, which (but for characters) costs no step."""
    text = steps_of(kind, 3)
    text += ("\u0301" if kind == "characters" else " ") * (MAX_CHARACTERS - len(text))
    assert len(text) == MAX_CHARACTERS
    assert len(encoders.ALL[kind].encode(text).tokens) == 3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [MAX_CHARACTERS + 1, 100_000])
def test_too_many_characters(kind, length):
    with pytest.raises(SequenceError) as caught:
        encoders.ALL[kind].encode("1" * length)
    assert str(caught.value) == (
        f"The sequence has {length:,} characters. At most 50,000 are read, and at most 2,000 time steps."
    )


def never(*_, **__):
    raise AssertionError("work was done before the limits were checked")


@pytest.mark.parametrize("kind", SPLITS)
def test_too_long_a_text_is_never_split(monkeypatch, kind):
    splits = {name: dataclasses.replace(split, split=never) for name, split in SPLITS.items()}
    monkeypatch.setattr(tokens, "SPLITS", splits)
    with pytest.raises(AssertionError):
        encoders.ALL[kind].encode("0")  # the trap works
    with pytest.raises(SequenceError):
        encoders.ALL[kind].encode("0" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize("columns", [1, 3])
def test_too_many_numbers_are_never_read(monkeypatch, columns):
    monkeypatch.setattr(Notation, "number", never)
    line = " ".join(["1"] * columns)
    with pytest.raises(AssertionError):
        NumberEncoder(columns).encode(line)
    with pytest.raises(SequenceError):
        NumberEncoder(columns).encode("\n".join([line] * (MAX_STEPS + 1)))


@pytest.mark.parametrize("kind", ["words", "characters", "symbols"])
def test_too_many_tokens_are_never_looked_up(monkeypatch, kind):
    encoder = dataclasses.replace(encoders.ALL[kind])
    object.__setattr__(encoder, "index", None)
    with pytest.raises(AttributeError):
        encoder.encode("0")
    with pytest.raises(SequenceError):
        encoder.encode(steps_of(kind, MAX_STEPS + 1))


# T * H


@pytest.mark.parametrize("units", [1, 66, 100, MAX_UNITS])
def test_cells_up_to_the_limit(units):
    most = MAX_CELLS // units
    check_size(most, units)
    with pytest.raises(SequenceError) as caught:
        check_size(most + 1, units)
    assert f"{most + 1:,} time steps of {units} hidden units are {(most + 1) * units:,} values" in str(caught.value)
    assert "At most 131,072 are shown" in str(caught.value)
    assert f"with this model, {most:,} steps" in str(caught.value)  # and that many is right, as above


def test_units_up_to_the_limit():
    check_size(1, MAX_UNITS)
    with pytest.raises(SequenceError, match=r"^This model has 513 hidden units\. At most 512 are shown\.$"):
        check_size(1, MAX_UNITS + 1)


def test_a_model_traces_nothing_that_is_too_large(monkeypatch):
    model = load_model("random", {"hidden": 64})
    assert MAX_STEPS * 64 <= MAX_CELLS  # so a smaller limit stands in
    monkeypatch.setattr("gruviz.inputs.limits.MAX_CELLS", 64 * 10)
    monkeypatch.setattr(models, "trace", never)
    with pytest.raises(AssertionError):
        model.trace("a" * 10)
    with pytest.raises(SequenceError, match=r"11 time steps of 64 hidden units are 704 values per signal\."):
        model.trace("a" * 11)
    with pytest.raises(SequenceError):
        model.encode("a" * 11)
