"""Models by name: what can be asked for, what is refused with which words, what is shared."""

import numpy as np
import pytest
import torch

import gruviz
from gruviz.errors import GruvizError, ModelError
from gruviz.models import Knob, entries, list_models, load_model
from gruviz.models.tasks import TASKS
from gruviz.records import Shares


def test_the_trained_ones_come_first():
    names = list_models()
    assert names == list(entries()) == gruviz.list_models()
    assert names[-2:] == ["latch", "random"]
    assert names[:-2] == sorted(f"{task}-{cell}" for task in TASKS for cell in ("rnn", "lstm", "gru"))


@pytest.mark.parametrize("name", list_models())
def test_every_model_reads_its_own_example(name):
    model = load_model(name)
    assert model.name == name
    encoded, trace = model.encode(model.example), model.trace(model.example)
    assert trace.tokens == encoded.tokens
    np.testing.assert_array_equal(trace.inputs, encoded.values.astype(trace.inputs.dtype))
    assert not any(part.any() for part in trace.initial.values())
    answers = model.outputs(trace)
    assert (answers is None) == (model.read_out is None)
    if answers is None:
        return
    assert len(answers) == len(trace)
    told = model.read_out.answers(trace)
    assert len(told) == len(trace)
    if isinstance(told, Shares):
        assert ((answers >= 0) & (answers <= 1)).all()
        np.testing.assert_allclose(told.shares[1:, 0] if told.of is not None else told.shares[1:], answers, atol=1e-12)
        np.testing.assert_allclose(told.shares.sum(1), 1)
    else:
        np.testing.assert_allclose(told.values[1:], answers, atol=1e-12)
        assert np.isfinite(answers).all()


@pytest.mark.parametrize("name", list_models())
def test_names_of_features_are_as_many_as_there_are(name):
    encoder = load_model(name).encoder
    assert len(encoder.names) in (0, encoder.features)
    assert encoder.features == load_model(name).module.input_size


@pytest.mark.parametrize("name", list_models())
def test_weights_need_no_gradient(name):
    assert not any(parameter.requires_grad for parameter in load_model(name).module.parameters())


@pytest.mark.parametrize("name", ["", "zzz", "Random weights", "../random", "x" * 1000, "<b>"])
def test_an_unknown_name(name):
    with pytest.raises(ModelError) as caught:
        load_model(name)
    assert f"no model called “{name[:40]}”" in str(caught.value)
    assert ", ".join(list_models()) in str(caught.value)
    assert len(str(caught.value)) < 100 + len(", ".join(list_models()))
    assert isinstance(caught.value, GruvizError)


@pytest.mark.parametrize(
    ("name", "knob", "value", "message"),
    [
        ("random", "hidden", 0, "Hidden units is 0; allowed: 1 to 64."),
        ("random", "hidden", 65, "Hidden units is 65; allowed: 1 to 64."),
        ("random", "hidden", "8", "Hidden units is '8'; allowed: 1 to 64."),
        ("random", "hidden", 8.0, "Hidden units is 8.0; allowed: 1 to 64."),
        ("random", "hidden", True, "Hidden units is True; allowed: 1 to 64."),
        ("random", "seed", -1, "Seed is -1; allowed: 0 to 9999."),
        ("random", "seed", False, "Seed is False; allowed: 0 to 9999."),
        ("random", "columns", 9, "Columns is 9; allowed: 1 to 8."),
        ("random", "update_shift", 8.5, "Update gate bias is 8.5; allowed: -8 to 8."),
        ("random", "update_shift", float("nan"), "Update gate bias is nan; allowed: -8 to 8."),
        ("random", "update_shift", float("inf"), "Update gate bias is inf; allowed: -8 to 8."),
        ("random", "update_shift", True, "Update gate bias is True; allowed: -8 to 8."),
        ("random", "reset", "between", "Reset gate acts is 'between'; allowed: after, before."),
        ("random", "input", 1, "Input is 1; allowed: characters, numbers."),
        ("random", "input", True, "Input is True; allowed: characters, numbers."),
        ("latch", "latch_units", 2, "Hidden units is 2; allowed: 1, 2."),
        ("latch", "latch_units", "3", "Hidden units is '3'; allowed: 1, 2."),
    ],
)  # fmt: skip
def test_a_knob_that_can_not_be_turned_so(name, knob, value, message):
    with pytest.raises(ModelError) as caught:
        load_model(name, {knob: value})
    assert str(caught.value) == message


@pytest.mark.parametrize(("name", "has"), [("latch", "latch_units"), ("random", "input, columns, cell, hidden")])
def test_an_unknown_knob(name, has):
    with pytest.raises(ModelError, match=rf"has no setting speed; it has {has}"):
        load_model(name, {"speed": 1})


def test_a_knob_of_a_model_without_knobs():
    with pytest.raises(ModelError, match=r"has no setting hidden; it has none\."):
        load_model("sentiment-gru", {"hidden": 8})


@pytest.mark.parametrize("knob", [knob for entry in entries().values() for knob in entry.knobs], ids=lambda k: k.key)
def test_a_knob_allows_its_default_and_its_ends(knob):
    assert knob.allows(knob.default)
    assert knob.label
    assert knob.help
    if knob.options is None:
        kind = type(knob.default)
        assert knob.allows(kind(knob.low))
        assert knob.allows(kind(knob.high))
        assert not knob.allows(kind(knob.low) - 1)
        assert not knob.allows(kind(knob.high) + 1)
    else:
        assert all(knob.allows(option) for option in knob.options)
        assert not knob.allows("none of them")


def test_a_whole_number_is_allowed_where_a_decimal_is():
    assert Knob("k", "K", 0.5, "", low=-1, high=1).allows(1)


def test_keys_of_knobs_are_unique_over_all_models():
    """They are names in the link."""
    keys = [knob.key for entry in entries().values() for knob in entry.knobs]
    assert len(keys) == len(set(keys))


def test_a_model_is_built_once_and_shared():
    assert load_model("random") is load_model("random", {}) is load_model("random", {"seed": 0})
    assert load_model("random") is not load_model("random", {"seed": 1})
    assert load_model("latch") is load_model("latch", {"latch_units": "2"})


def test_asking_changes_nothing_of_what_was_given():
    knobs = {"seed": 3}
    load_model("random", knobs)
    assert knobs == {"seed": 3}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(11)
        state = torch.get_rng_state()
        load_model("random", {"seed": 1234}).trace("abc")
        assert torch.equal(torch.get_rng_state(), state)


def test_the_old_names_of_the_read_out_still_work():
    model = load_model("brackets-gru")
    trace = model.trace("([])")
    np.testing.assert_array_equal(model.read_out(trace), model.outputs(trace))
    with pytest.warns(DeprecationWarning, match=r"now called Model\.read_out"):
        assert model.answer is model.read_out
