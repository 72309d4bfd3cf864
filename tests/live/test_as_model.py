"""A network in training as a model of the other pages: it reads and answers as the network itself does."""

import numpy as np
import pytest
import torch

from gruviz.live.as_model import as_model
from gruviz.live.labelled import read_labelled
from gruviz.live.own import labelled, numbers
from gruviz.live.race import Race
from gruviz.live.settings import LiveSettings
from gruviz.live.sources import TASKS
from gruviz.signals import STANDARD
from tests.live.test_labelled import GOOD

OWN = {
    "texts": lambda settings: labelled(read_labelled(GOOD, "words"), settings),
    "numbers": lambda settings: numbers(" ".join(str(i % 7) for i in range(100)), settings),
}


def trained(task, **knobs):
    settings = LiveSettings(task, lag=6, units=5, batch=4, **knobs)
    race = Race(settings, (TASKS[task].make or OWN[task])(settings))
    for _ in range(2):
        race.update()
    return race


def made(race, cell):
    network = race.networks()[cell]
    return network, as_model(network, race.source, race.settings, cell, race.updates, 0.5, "mine")


@pytest.mark.parametrize("cell", STANDARD)
@pytest.mark.parametrize("task", TASKS)
def test_it_answers_as_the_network_does(task, cell):
    race = trained(task, ahead=3)
    network, model = made(race, cell)
    trace = model.trace(race.source.example)
    x = torch.from_numpy(model.encode(race.source.example).values).float()
    with torch.no_grad():
        logits = network.head(network.rnn(x)[0])
    answers = model.outputs(trace)
    if race.source.classes:
        np.testing.assert_allclose(answers, logits.softmax(-1), atol=1e-5)
    else:
        read_out = race.source.read_out
        np.testing.assert_allclose(answers, logits[:, 0] * read_out["scale"] + read_out["offset"], rtol=1e-4, atol=1e-4)
    assert len(model.answers(trace)) == len(trace)
    assert f"{cell} that learned the task" in model.card.summary
    assert all(text for _, text in model.card.facts) or not race.settings.choices(cell)


def test_a_held_out_text_is_read_as_it_was_in_training():
    race = trained("texts")
    network, model = made(race, "GRU")
    inputs, lengths, _ = race.source.held_out
    rows = inputs[: lengths[0], 0]
    np.testing.assert_allclose(model.encode(race.source.example).values, network.embedding.weight[rows].detach())


def test_what_comes_later_is_told_where_it_is_known():
    race = trained("numbers", ahead=3)
    _, model = made(race, "GRU")
    answers = model.answers(model.trace("0 1 2 3 4 5 6"))
    np.testing.assert_allclose(answers.target, [3, 4, 5, 6, np.nan, np.nan, np.nan], atol=1e-5)
    np.testing.assert_allclose(answers.baselines["persistence (same as now)"], np.arange(7), atol=1e-5)


def test_the_activation_goes_along_and_the_network_may_learn_on():
    race = trained("first-symbol", activation="relu", recurrent=("identity_relu", 1.0))
    network, model = made(race, "RNN")
    before = model.module.weight_hh_l0.clone()
    assert model.module.nonlinearity == "relu"
    with torch.no_grad():
        network.rnn.weight_hh_l0.zero_()
        network.embedding.weight.zero_()
    assert torch.equal(model.module.weight_hh_l0, before)
    assert model.encode("A x").values.any()
