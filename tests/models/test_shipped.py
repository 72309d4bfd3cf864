"""Trained models are data: a card and a file of weights. Any such pair is listed, loaded and traced."""

import json
import re
import socket

import numpy as np
import pytest
import torch
from torch import nn

from gruviz.models import by_task, entries, list_models, load_model, shipped
from gruviz.models.read_outs import READ_OUTS
from gruviz.models.shipped import ENCODERS
from gruviz.models.tasks import TASKS
from tests.models import trained_files


@pytest.mark.parametrize("name", shipped.names())
def test_a_shipped_model_agrees_with_its_card(name):
    card, model = shipped.read_card(name), load_model(name)
    assert (card["name"], card["task"]) == (name, model.task)
    assert model.title == card["title"] == entries()[name].title
    assert model.example == card["example"]
    assert (model.module.input_size, model.module.hidden_size) == (card["features"], card["hidden"])
    assert type(model.module) is getattr(nn, card["cell"])
    read_out = model.read_out
    assert type(read_out) is READ_OUTS[card["read_out"]["kind"]][0]
    settings = {key: value for key, value in card["read_out"].items() if key not in ("kind", "labels")}
    assert {key: getattr(read_out, key) for key in settings} == settings
    assert list(getattr(read_out, "options", ())) == card["read_out"].get("labels", [])
    outputs = len(card["read_out"].get("labels", "1"))
    assert (read_out.weight.shape, read_out.bias.shape) == ((outputs, card["hidden"]), (outputs,))


@pytest.mark.parametrize("name", shipped.names())
def test_a_shipped_model_reads_what_its_card_says(name):
    card, encoder = shipped.read_card(name)["encoder"], load_model(name).encoder
    if card["kind"] == "numbers":
        assert (encoder.columns, list(encoder.names)) == (card["columns"], card["names"])
        assert (encoder.scale, encoder.offset) == (card["scale"], card["offset"])
        return
    assert encoder.what == card["kind"]
    assert encoder.vocabulary == tuple(card["vocabulary"])
    assert len(set(encoder.vocabulary)) == len(encoder.vocabulary)
    assert encoder.vectors.shape == (len(encoder.vocabulary), load_model(name).module.input_size)
    assert encoder.names in ((), encoder.vocabulary)


@pytest.mark.parametrize("name", shipped.names())
def test_scores_are_told_in_the_unit_of_what_is_predicted(name):
    card, shown = shipped.read_card(name), load_model(name).card
    facts, told, unit = card["card"], dict(shown.facts), card["read_out"].get("unit", "")

    def score(text):
        if not facts.get("lower_is_better"):
            assert text.endswith("%")
            return float(text[:-1]) / 100
        assert text.endswith(unit)
        return float(text.removesuffix(unit))

    baselines = [facts["baseline"], *facts.get("more_baselines", ()), *facts.get("also", ())]
    for what, row in ((f"Test {facts['metric']}", facts), *((row["name"], row) for row in baselines)):
        test, low, high = re.fullmatch(r"(.+) \(95% interval (.+) to (.+)\)", told[what]).groups()
        for text, value in ((test, row["test"]), (low, row["interval"][0]), (high, row["interval"][1])):
            assert score(text) == pytest.approx(value, abs=0.00501)
        assert row["interval"][0] <= row["test"] <= row["interval"][1]
        if row in (facts, facts["baseline"]):
            assert test in shown.summary
    assert told["Made by"] == f"`python -m gruviz.training {card['task']} {card['cell'].lower()}`"


def test_all_cells_of_a_task_read_and_answer_alike():
    assert set(by_task()) == set(TASKS)
    for task, by_cell in by_task().items():
        assert list(by_cell) == ["RNN", "LSTM", "GRU"]
        models = [load_model(name) for name in by_cell.values()]
        assert [(model.task, type(model.module).__name__) for model in models] == [(task, cell) for cell in by_cell]
        assert len({(m.example, m.encoder.what, m.encoder.hint, m.encoder.names) for m in models}) == 1
        assert len({getattr(m.encoder, "vocabulary", ()) for m in models}) == 1
        assert len({(type(m.read_out), m.read_out.label, getattr(m.read_out, "options", ())) for m in models}) == 1


def test_shipped_weights_load_without_the_network(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a model asked for the network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    for name in shipped.names():
        model = shipped.build(name)
        assert model.trace(model.example).units > 0


@pytest.mark.parametrize("cell", ["GRU", "LSTM", "RNN"])
def test_a_new_pair_of_files_is_a_new_model(weights_folder, cell):
    assert list_models() == ["latch", "random"]
    parts = trained_files.write(weights_folder, "extra", cell)
    entries.cache_clear()
    assert list_models() == ["extra", "latch", "random"]
    assert entries()["extra"].title == "Extra extra"
    model = load_model("extra")
    trace = model.trace("Good zzz bad .")
    assert trace.cell == cell
    assert model.encode("Good zzz bad .").known == (True, False, True, True)
    with torch.no_grad():
        h = parts["rnn"](parts["embedding"](torch.tensor([1, 0, 2, 3])))[0]
        answers = torch.sigmoid(parts["head"](h))[:, 0]
    np.testing.assert_allclose(trace["h"], h, atol=1e-6)
    np.testing.assert_allclose(model.outputs(trace), answers, atol=1e-6)


PAIRS = [(kind, answer) for kind in ENCODERS for answer in ("probability", "classes")]
PAIRS += [("moves", "moves"), ("numbers", "value")]


def test_every_kind_is_tried():
    assert {kind for kind, _ in PAIRS} == set(ENCODERS)
    assert {answer for _, answer in PAIRS} == set(READ_OUTS)


@pytest.mark.parametrize(("kind", "answer"), PAIRS)
def test_a_new_model_may_read_and_answer_in_any_kind(weights_folder, kind, answer):
    parts = trained_files.write(weights_folder, kind=kind, answer=answer)
    model = load_model("extra")
    assert model.encoder.what == kind
    assert model.encoder.hint
    encoded, trace = model.encode(model.example), model.trace(model.example)
    with torch.no_grad():
        logits = parts["head"](parts["rnn"](torch.tensor(encoded.values, dtype=torch.float32))[0]).double()
    expected = {
        "probability": torch.sigmoid(logits[:, 0]),
        "classes": torch.softmax(logits, -1),
        "value": logits[:, 0] * 4 + 10,
    }
    if answer in expected:
        np.testing.assert_allclose(model.outputs(trace), expected[answer], atol=1e-5)
    else:  # after 1. e4 e5 2. Nc3 Black can play none of the three; after 1. e4 only e5, after 1. e4 e5 only Nf3
        np.testing.assert_array_equal(model.outputs(trace), [[0, 0, 1], [1, 0, 0], [0, 0, 0]])
    assert len(model.read_out.answers(trace)) == len(trace) == {"words": 5, "characters": 4}.get(kind, 3)


def test_tokens_and_numbers_of_a_new_model_become_the_inputs_that_the_file_says(weights_folder):
    for kind, example, rows, known in (
        ("characters", "abZ", [1, 2, 0], (True, True, False)),
        ("symbols", "? 0 1", [2, 0, 1], (True,) * 3),
        ("moves", "e4 e5 Nc3", [2, 3, 0], (True, True, False)),
    ):
        parts = trained_files.write(weights_folder, kind, kind=kind)
        encoded = shipped.build(kind).encode(example)
        np.testing.assert_array_equal(encoded.values, parts["embedding"].weight.detach()[rows])
        assert encoded.known == known
    trained_files.write(weights_folder, "numbers", kind="numbers")
    encoder = shipped.build("numbers").encoder
    encoded = encoder.encode("10 1\n12 -2")
    np.testing.assert_array_equal(encoded.values, [[0, -2.25], [0.5, -3]])
    assert encoder.names == ("amount", "mark")


def test_the_facts_of_a_card(weights_folder):
    trained_files.write(weights_folder)
    card = load_model("extra").card
    facts = dict(card.facts)
    assert card.summary.startswith("Made for a test.")
    assert set(re.findall(r"[\d.]+%", card.summary)) <= {"87.5%", "50.0%"}  # the card's own scores, if any
    assert facts["Test accuracy"] == "87.5% (95% interval 80.0% to 92.5%)"
    assert facts["Always yes"] == "50.0% (95% interval 40.0% to 60.0%)"
    assert facts["Split"] == "80 to train, 9 to validate, 11 to test"
    assert facts["Parameters"] == "12,345, of which 678 in the cell"
    assert facts["Made by"] == "`python -m none`"


def test_models_are_listed_by_name(weights_folder):
    for name in ("b", "c", "a"):
        trained_files.write(weights_folder, name)
    assert list_models() == ["a", "b", "c", "latch", "random"]
    assert json.loads((weights_folder / "a.json").read_text())["name"] == "a"


def test_models_are_found_by_their_task(weights_folder):
    for name, cell, task in (("a", "GRU", "sums"), ("b", "RNN", "words"), ("c", "LSTM", "sums"), ("d", "RNN", "sums")):
        trained_files.write(weights_folder, name, cell, task=task)
    assert by_task() == {"sums": {"RNN": "d", "LSTM": "c", "GRU": "a"}, "words": {"RNN": "b"}}
    assert [list(cells) for cells in by_task().values()] == [["RNN", "LSTM", "GRU"], ["RNN"]]
    assert load_model("c").task == "sums"
