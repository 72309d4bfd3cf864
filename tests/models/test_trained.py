"""Trained models are data: a card and a file of weights. Any such pair is listed, loaded and traced."""

import json
import re
import socket

import numpy as np
import pytest
import torch
from torch import nn

from gruviz.models import entries, list_models, load_model, trained
from tests.models import trained_files


@pytest.mark.parametrize("name", trained.names())
def test_a_shipped_model_agrees_with_its_card(name):
    card, model = trained.read_card(name), load_model(name)
    assert card["name"] == name
    assert model.title == card["title"] == entries()[name].title
    assert model.example == card["example"]
    assert (model.module.input_size, model.module.hidden_size) == (card["features"], card["hidden"])
    assert type(model.module) is getattr(nn, card["cell"])
    assert model.encoder.vocabulary == tuple(card["encoder"]["vocabulary"])
    assert len(set(model.encoder.vocabulary)) == len(model.encoder.vocabulary)
    assert model.encoder.vectors.shape == (len(model.encoder.vocabulary), card["features"])
    assert model.answer.label == card["read_out"]["label"]
    assert model.answer.weight.shape == (card["hidden"],)
    assert card["card"]["interval"][0] <= card["card"]["test"] <= card["card"]["interval"][1]
    facts = dict(model.card.facts)
    assert f"{card['card']['test']:.1%}" in facts[f"Test {card['card']['metric']}"]
    assert f"{card['card']['baseline']['test']:.1%}" in facts[card["card"]["baseline"]["name"]]


@pytest.mark.parametrize("name", trained.names())
def test_every_entry_of_a_shipped_vocabulary_can_be_typed(name):
    encoder = load_model(name).encoder
    known = [token for token in encoder.vocabulary if token != "<unk>"]
    if encoder.kind == "words":
        lost = [token for token in known if encoder.encode(token).known != (True,)]
        assert lost == []


def test_shipped_weights_load_without_the_network(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a model asked for the network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    for name in trained.names():
        model = trained.build(name)
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
    np.testing.assert_allclose(model.read_out(trace), answers, atol=1e-6)


@pytest.mark.parametrize("kind", ["words", "characters", "symbols"])
def test_a_new_model_may_read_any_kind_of_token(weights_folder, kind):
    trained_files.write(weights_folder, kind=kind)
    model = load_model("extra")
    assert model.encoder.what == kind
    assert model.encoder.hint
    assert len(model.trace(model.example)) > 1


def test_the_facts_of_a_card(weights_folder):
    trained_files.write(weights_folder)
    card = load_model("extra").card
    facts = dict(card.facts)
    assert card.summary.startswith("Made for a test.")
    assert set(re.findall(r"[\d.]+%", card.summary)) <= {"87.5%", "50.0%"}  # the card's own scores, if any
    assert facts["Test accuracy"] == "87.5% (95 % interval 80.0% to 92.5%)"
    assert facts["Always yes"] == "50.0% (95 % interval 40.0% to 60.0%)"
    assert facts["Split"] == "80 to train, 9 to validate, 11 to test"
    assert facts["Parameters"] == "12,345, of them 678 in the cell"
    assert facts["Made by"] == "`python -m none`"


def test_models_are_listed_by_name(weights_folder):
    for name in ("b", "c", "a"):
        trained_files.write(weights_folder, name)
    assert list_models() == ["a", "b", "c", "latch", "random"]
    assert json.loads((weights_folder / "a.json").read_text())["name"] == "a"
