"""The sentiment task: an honest split, reproducible training, and weights that do what their card says."""

import json
import random
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from gruviz.inputs.words import UNKNOWN
from gruviz.models.make_card import wilson
from gruviz.models.tasks import TASKS
from gruviz.models.train import CELLS, FOLDER, Settings, train

TASK = TASKS["sentiment"]
TINY = Settings(features=16, hidden=8, epochs=6, rate=1e-2, averaging=0.9, seed=3)


@pytest.fixture(scope="module")
def split():
    return TASK.split()


@pytest.fixture(scope="module")
def card():
    return json.loads((FOLDER / "sentiment-gru.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def weights():
    return load_file(FOLDER / "sentiment-gru.safetensors")


@pytest.fixture
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def tiny(split, cell):
    return train(TASK, cell, split.train[::3], split.validation, TINY)


def test_the_parts_do_not_overlap(split):
    parts = [{e.text.casefold() for e in part} for part in (split.train, split.validation, split.test)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 2579


def test_the_seed_fixes_the_split(split):
    assert TASK.split() == split


def test_each_part_has_each_source_and_label_in_its_share(split):
    kinds = {(e.group, e.target) for e in split.train}
    assert len(kinds) == 6
    for part in (split.validation, split.test):
        for kind in kinds:
            mine = sum((e.group, e.target) == kind for e in part) / len(part)
            train_share = sum((e.group, e.target) == kind for e in split.train) / len(split.train)
            assert mine == pytest.approx(train_share, abs=0.01)


def test_the_vocabulary_is_of_the_training_part_only(split, card):
    vocabulary = TASK.vocabulary(split.train)
    assert vocabulary[0] == UNKNOWN
    assert set(vocabulary[1:]) == {word for e in split.train for word in e.tokens}
    assert card["encoder"] == {"kind": "words", "vocabulary": list(vocabulary)}


def test_variations_keep_the_label_and_the_vocabulary(split):
    vocabulary = TASK.vocabulary(split.train)
    varied, rng = TASK.varier(split.train, vocabulary), random.Random(0)
    for i, example in enumerate(split.train):
        words, target = varied(i, rng)
        assert target == example.target
        assert len(words) >= len(example.tokens)
        assert 0 <= min(words) <= max(words) < len(vocabulary)


def test_the_shipped_tensors_are_one_plain_network(weights, card):
    d, h, v = card["features"], card["hidden"], len(card["encoder"]["vocabulary"])
    assert {key: tuple(t.shape) for key, t in weights.items()} == {
        "embedding.weight": (v, d), "rnn.weight_ih_l0": (3 * h, d), "rnn.weight_hh_l0": (3 * h, h),
        "rnn.bias_ih_l0": (3 * h,), "rnn.bias_hh_l0": (3 * h,), "head.weight": (1, h), "head.bias": (1,),
    }  # fmt: skip
    assert all(t.dtype == torch.float32 and t.isfinite().all() for t in weights.values())
    assert card["card"]["parameters"] == sum(t.numel() for t in weights.values())
    assert card["card"]["cell_parameters"] == sum(t.numel() for k, t in weights.items() if k.startswith("rnn."))


@pytest.mark.parametrize("part", ["validation", "test"])
def test_the_shipped_weights_score_what_the_card_says(split, weights, card, part):
    """Built from torch's own modules, one review at a time: nothing of the training code takes part."""
    embedding = nn.Embedding.from_pretrained(weights["embedding.weight"])
    rnn = nn.GRU(card["features"], card["hidden"])
    rnn.load_state_dict({key.removeprefix("rnn."): t for key, t in weights.items() if key.startswith("rnn.")})
    head = nn.Linear(card["hidden"], 1)
    head.load_state_dict({"weight": weights["head.weight"], "bias": weights["head.bias"]})
    index = {word: i for i, word in enumerate(card["encoder"]["vocabulary"])}
    examples, right = getattr(split, part), 0
    with torch.no_grad():
        for example in examples:
            words = torch.tensor([index.get(word, 0) for word in example.tokens])
            probability = torch.sigmoid(head(rnn(embedding(words))[0][-1])).item()
            right += (probability >= 0.5) == (example.target == 1)
    assert right / len(examples) == card["card"][part]
    if part == "test":
        assert card["card"]["interval"] == wilson(right, len(examples))


def test_the_card_says_what_it_was_trained_on(split, card):
    assert card["card"]["split"] == {
        "seed": split.seed, "train": len(split.train), "validation": len(split.validation), "test": len(split.test)
    }  # fmt: skip
    assert (card["name"], card["task"], card["cell"]) == ("sentiment-gru", "sentiment", "GRU")
    assert card["read_out"] == {"kind": "probability", "label": "positive"}


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_tiny_run_of_a_gated_cell_beats_chance(split, cell):
    examples = split.validation
    assert tiny(split, cell).right(TASK, examples) / len(examples) > 0.6  # chance: 0.5, standard error 0.03


@pytest.mark.parametrize("cell", sorted(CELLS))
def test_the_loop_treats_every_cell_alike(split, cell):
    """A plain RNN too, though it learns next to nothing from so few reviews."""
    trained = train(TASK, cell, split.train[::30], split.validation[::10], replace(TINY, epochs=2))
    assert isinstance(trained.network.rnn, CELLS[cell])
    assert not trained.network.training
    assert trained.network(torch.zeros(5, 2, dtype=torch.long)).shape == (5, 2, 1)


def test_the_same_run_gives_the_same_weights_and_leaves_the_random_state(split, one_thread):
    before = torch.get_rng_state()
    first = tiny(split, "gru").network.state_dict()
    torch.rand(3)  # what happened in between must not matter
    torch.set_rng_state(before)
    torch.rand(1)
    between = torch.get_rng_state()
    second = tiny(split, "gru").network.state_dict()
    assert torch.equal(torch.get_rng_state(), between)
    assert all(torch.equal(first[key], second[key]) for key in first)
    torch.set_rng_state(before)


def test_another_seed_gives_other_weights(split):
    short = replace(TINY, epochs=1)
    a, b = (train(TASK, "gru", split.train[::30], split.validation[::30], replace(short, seed=s)) for s in (1, 2))
    assert not torch.equal(a.network.head.weight, b.network.head.weight)


@pytest.mark.parametrize(("right", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (50, 100, 0.4038, 0.5962)])
def test_wilson_intervals_match_published_ones(right, n, low, high):
    assert wilson(right, n) == pytest.approx([low, high], abs=2e-4)
