"""What training left in the package: weights, cards and the results file agree, and score what they say."""

import json
import statistics
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from gruviz.models.tasks import TASKS, TRIAL_SEEDS, TRIED_RATES, Answered, matched_size
from gruviz.training.__main__ import FOLDER, RESULTS
from gruviz.training.card import summary
from gruviz.training.loop import train
from gruviz.training.network import CELLS
from tests.models.test_tasks import split_of

NAMES = sorted(TASKS)
SHIPPED = sorted((task, cell) for task in TASKS for cell in CELLS)


@pytest.fixture(scope="module")
def results():
    return json.loads(RESULTS.read_text(encoding="utf-8"))["tasks"]


def read_card(task, cell):
    return json.loads((FOLDER / f"{task}-{cell}.json").read_text(encoding="utf-8"))


def network_of(task, cell):
    """The shipped network, built from torch's own modules and the card: nothing of the training code takes part."""
    card, tensors = read_card(task, cell), load_file(FOLDER / f"{task}-{cell}.safetensors")
    rnn = CELLS[cell](card["features"], card["hidden"])
    rnn.load_state_dict({key.removeprefix("rnn."): t for key, t in tensors.items() if key.startswith("rnn.")})
    head = nn.Linear(card["hidden"], len(tensors["head.bias"]))
    head.load_state_dict({"weight": tensors["head.weight"], "bias": tensors["head.bias"]})
    return card, tensors, rnn, head


def answered(task, card, tensors, rnn, head, examples):
    vocabulary = tuple(card["encoder"].get("vocabulary", ()))
    index = {token: i for i, token in enumerate(vocabulary)}
    encoded = [task.encode(example, index) for example in examples]
    inputs = [tensors["embedding.weight"][torch.tensor(steps)] if vocabulary else torch.tensor(steps)
              for steps, _ in encoded]  # fmt: skip
    targets = [torch.tensor(target) for _, target in encoded]
    with torch.no_grad():
        logits = head(rnn(nn.utils.rnn.pad_sequence(inputs))[0])
    targets = nn.utils.rnn.pad_sequence(targets) if targets[0].ndim else torch.stack(targets)
    return Answered(examples, vocabulary, logits, torch.tensor([len(x) for x in inputs]), targets)


@pytest.mark.parametrize(("name", "cell"), SHIPPED)
def test_the_shipped_weights_score_what_the_card_says(name, cell):
    task, split = TASKS[name], split_of(name)
    card, *network = network_of(name, cell)
    besides = {name: len(examples) for name, examples in split.besides.items()}
    assert card["card"]["split"] == {
        "seed": split.seed, "train": len(split.train), "validation": len(split.validation), "test": len(split.test),
        **({"besides": besides} if besides else {}),
    }  # fmt: skip
    told = {"validation": {"test": card["card"]["validation"]}, "test": card["card"]}
    told |= {row["name"]: row for row in card["card"].get("also", ())}
    parts = {"validation": split.validation, "test": split.test, **split.also}
    assert list(told) == list(parts)
    for part, examples in parts.items():
        found = summary(task.scores(answered(task, card, *network, examples)).tolist())
        # right answers are counted: equal to the last one; errors are means of floats
        assert found["test"] == pytest.approx(told[part]["test"], rel=1e-5 if task.lower_is_better else 1e-12)
        assert found["interval"] == pytest.approx(told[part].get("interval", found["interval"]), abs=1e-4)


def test_training_again_reaches_the_shipped_score(results):
    """By the card alone; on another processor the last bits differ, and training makes much of them."""
    task, split = TASKS["sunspots"], split_of("sunspots")
    card = read_card("sunspots", "lstm")["card"]
    settings = replace(matched_size(task.settings, "lstm", 1), rate=card["rate"], seed=card["seed"])
    trained = train(task, "lstm", split.train, split.validation, settings)
    low, high = card["interval"]
    assert low <= statistics.fmean(trained.scores(task, split.test)) <= high
    row = results["sunspots"]["cells"]["lstm"]
    assert trained.loss == pytest.approx(row["validation_loss"][card["seed"]], rel=0.02)


@pytest.mark.parametrize(("name", "cell"), SHIPPED)
def test_the_shipped_tensors_and_the_card_agree(name, cell):
    card, tensors, rnn, head = network_of(name, cell)
    task = TASKS[name]
    k = {"probability": 1, "value": 1}.get(card["read_out"]["kind"]) or len(card["read_out"]["labels"])
    assert head.weight.shape == (k, card["hidden"])
    assert all(t.dtype == torch.float32 and t.isfinite().all() for t in tensors.values())
    vocabulary = card["encoder"].get("vocabulary", [])
    assert len(set(vocabulary)) == len(vocabulary)
    if vocabulary:
        assert tuple(vocabulary) == task.vocabulary(split_of(name).taught)
        assert tensors["embedding.weight"].shape == (len(vocabulary), card["features"])
    else:
        assert card["features"] == card["encoder"]["columns"]
    assert set(tensors) == {f"rnn.{key}" for key in rnn.state_dict()} | {"head.weight", "head.bias"} | (
        {"embedding.weight"} if vocabulary else set()
    )
    assert card["hidden"] == matched_size(task.settings, cell, task.outputs).hidden
    assert card["card"]["cell_parameters"] == sum(p.numel() for p in rnn.parameters())
    assert card["card"]["interval"][0] <= card["card"]["test"] <= card["card"]["interval"][1]
    assert (card["name"], card["task"], card["cell"]) == (f"{name}-{cell}", name, cell.upper())
    assert card["card"]["made_by"] == f"python -m gruviz.training {name} {cell}"


def test_titles_differ():
    titles = [read_card(*pair)["title"] for pair in SHIPPED]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(("name", "cell"), SHIPPED)
def test_the_results_file_agrees_with_the_cards(results, name, cell):
    task, card = results[name], read_card(name, cell)
    row = task["cells"][cell]
    assert row["mean"] == pytest.approx(statistics.fmean(row["test"]))
    assert row["sd"] == pytest.approx(statistics.stdev(row["test"]))
    assert row["seeds"] == list(range(len(row["test"])))
    assert len(row["seeds"]) >= 5
    losses = row["validation_loss"]
    assert row["shipped_seed"] == min(row["seeds"], key=lambda seed: losses[seed])
    assert row["test"][row["shipped_seed"]] == pytest.approx(card["card"]["test"], rel=1e-6)
    assert row["validation"][row["shipped_seed"]] == pytest.approx(card["card"]["validation"], rel=1e-6)
    assert (row["hidden"], row["features"]) == (card["hidden"], card["features"])
    assert (row["parameters"], row["cell_parameters"]) == (card["card"]["parameters"], card["card"]["cell_parameters"])
    assert row["shipped"]["also"] == card["card"].get("also", [])
    assert {key: row["shipped"][key] for key in ("test", "interval")} == {
        key: card["card"][key] for key in ("test", "interval")
    }
    for key in ("epochs", "seconds"):
        assert row[key][row["shipped_seed"]] == card["card"][key]
    assert (row["rate"], row["shipped_seed"]) == (card["card"]["rate"], card["card"]["seed"])
    assert f"{task['title']}, {cell.upper()}" == card["title"]
    assert task["metric"] == card["card"]["metric"]
    assert task["lower_is_better"] == card["card"].get("lower_is_better", False)
    assert task["baselines"][0] == card["card"]["baseline"]
    assert task["baselines"][1:] == card["card"].get("more_baselines", [])


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_had_the_same_budget(results, name):
    settings, budget = vars(TASKS[name].settings), results[name]["budget"]
    assert {key: value for key, value in budget.items() if key in settings} == {
        key: value
        for key, value in settings.items()
        if key not in ("seed", "features", "hidden", "rate", "sorted_batches")
    }
    for row in results[name]["cells"].values():
        assert max(row["epochs"]) <= budget["epochs"]
        assert [trial["rate"] for trial in row["trials"]] == [settings["rate"] * part for part in TRIED_RATES]
        assert {len(trial["validation_loss"]) for trial in row["trials"]} == {len(TRIAL_SEEDS)}


@pytest.mark.parametrize(("name", "cell"), SHIPPED)
def test_every_cell_has_the_best_of_the_rates_tried(results, name, cell):
    row = results[name]["cells"][cell]
    means = {trial["rate"]: statistics.fmean(trial["validation_loss"]) for trial in row["trials"]}
    assert means[row["rate"]] == min(means.values())
    chosen = next(trial for trial in row["trials"] if trial["rate"] == row["rate"])
    assert chosen["validation_loss"] == row["validation_loss"][: len(TRIAL_SEEDS)]  # the same runs


def test_the_package_stays_small():
    package = FOLDER.parents[1]
    size = sum(
        p.stat().st_size
        for part in ("models/weights", "models/data", "training/example_scores")
        for p in (package / part).rglob("*")
        if p.is_file()
    )
    assert size < 12e6
