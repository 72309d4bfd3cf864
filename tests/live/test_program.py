"""The files of a trained network: the program, run as a person would, prints what the network answers."""

import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import load

import gruviz
from gruviz.live.labelled import read_labelled
from gruviz.live.made_up import adding, first_symbol, sine
from gruviz.live.own import labelled
from gruviz.live.program import program, tensors
from gruviz.live.race import Race
from gruviz.live.settings import LiveSettings
from tests.live.test_labelled import GOOD
from tests.live.test_race import race


def own():
    settings = LiveSettings(units=4, batch=3)
    return Race(settings, labelled(read_labelled(GOOD, "words"), settings))


@pytest.mark.parametrize(
    ("make", "cell"),
    [(lambda: race(first_symbol), "GRU"), (lambda: race(adding), "LSTM"), (own, "LSTM"),
     (lambda: race(sine, activation="relu"), "RNN")],
)  # fmt: skip
def test_the_program_prints_what_the_network_answers(make, cell, tmp_path):
    made = make()
    made.update()
    network = made.networks()[cell]
    (tmp_path / "network.safetensors").write_bytes(tensors(network))
    text = program(network, made.source, made.settings, cell, made.updates, "network.safetensors")
    (tmp_path / "program.py").write_text(text)
    run = subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120
    )
    printed = np.array([[float(number) for number in line.split()] for line in run.stdout.splitlines()])
    inputs, lengths, _ = made.source.held_out
    with torch.no_grad():
        answers = network(inputs)[: lengths[0], 0].numpy()
    np.testing.assert_array_equal(printed[:, 0], np.arange(1, len(answers) + 1))
    np.testing.assert_allclose(printed[:, 1:], answers, rtol=1e-4, atol=1e-5)


def test_all_weights_are_in_the_file():
    network = own().networks()["GRU"]
    assert (
        set(load(tensors(network)))
        == set(network.state_dict())
        >= {"embedding.weight", "head.bias", "rnn.weight_hh_l0"}
    )


@pytest.mark.parametrize("cell", ["RNN", "LSTM", "GRU"])
def test_the_file_opens_again_as_a_model_that_answers_alike(cell, tmp_path):
    made = own()
    made.update()
    network = made.networks()[cell]
    (tmp_path / "network.safetensors").write_bytes(tensors(network))
    (tmp_path / "vocabulary.json").write_text(json.dumps(list(made.source.encoder["vocabulary"])))
    model = gruviz.open_model(
        tmp_path / "network.safetensors", embedding="embedding", head="head", kind="classes",
        labels=made.source.classes, vocabulary=tmp_path / "vocabulary.json",
        nonlinearity="tanh" if cell == "RNN" else None,
    )  # fmt: skip
    words = made.source.encoder["vocabulary"][1:6]
    with torch.no_grad():
        wanted = network(torch.arange(1, 6)[:, None])[:, 0].softmax(-1)
    answers = model.outputs(model.trace(" ".join(words)))
    assert len(answers) == len(wanted)
    np.testing.assert_allclose(answers, wanted, atol=1e-5)
