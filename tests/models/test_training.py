"""The training loop on every task, and what it left in the package: weights, cards and the results file."""

import json
import statistics
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from gruviz.models.make_card import summary, wilson
from gruviz.models.tasks import TASKS, TRIAL_SEEDS, TRIED_RATES, Answered, Settings, for_cell
from gruviz.models.train import CELLS, FOLDER, RESULTS, Network, train
from tests.models.test_tasks import split_of

NAMES = sorted(TASKS)
SHIPPED = sorted((task, cell) for task in TASKS for cell in CELLS)

# How many training examples, what to change in the task's settings, and a score on validation that chance misses.
TINY = {
    "surnames": (700, {"hidden": 12, "epochs": 5, "batch": 16, "rate": 2e-2, "averaging": 0.9}, 0.3),  # chance 0.15
    "openings": (400, {"hidden": 16, "features": 16, "epochs": 4, "batch": 16, "rate": 2e-2, "averaging": 0.9}, 0.1),
    "sunspots": (
        120,
        {"hidden": 8, "epochs": 4, "batch": 8, "rate": 2e-2, "averaging": 0.9},
        25.0,
    ),  # the mean: about 45
    "first-symbol": (
        256,
        {"hidden": 12, "epochs": 12, "batch": 16, "rate": 2e-2, "averaging": 0.9},
        0.6,
    ),  # chance 0.25
    "adding": (700, {"hidden": 12, "epochs": 6, "batch": 16, "rate": 2e-2, "averaging": 0.9}, 0.25),  # always 1: 0.33
    "brackets": (2000, {"hidden": 12, "epochs": 3, "batch": 16, "rate": 2e-2, "averaging": 0.9}, 0.4),  # broken: 0.06
    "sentiment": (600, {"features": 16, "hidden": 8, "epochs": 6, "rate": 1e-2, "averaging": 0.9}, 0.6),  # chance 0.5
}


@pytest.fixture(scope="module")
def results():
    return json.loads(RESULTS.read_text(encoding="utf-8"))["tasks"]


def read_card(task, cell):
    return json.loads((FOLDER / f"{task}-{cell}.json").read_text(encoding="utf-8"))


# Memory tasks are tried on sequences of at most 20 steps, and on the shortest of their further tests.
SHORT = {"first-symbol": "10 steps of noise", "adding": "10 steps"}


def tiny(name):
    """A GRU trained in a second or two, and its mean score on examples it has not seen."""
    (n, settings, _), task, split = TINY[name], TASKS[name], split_of(name)
    training, unseen = split.train, split.validation
    if name in SHORT:
        training = [e for e in training if len(e.tokens or e.numbers) <= 20]
        unseen = split.also[SHORT[name]]
    training, unseen = training[:: max(1, len(training) // n)], unseen[:200]
    trained = train(task, "gru", training, unseen, replace(task.settings, **settings))
    return statistics.fmean(trained.scores(task, unseen))


@pytest.mark.parametrize("name", NAMES)
def test_a_tiny_run_beats_chance_and_leaves_the_random_state(name):
    before, bound = torch.get_rng_state(), TINY[name][2]
    score = tiny(name)
    assert torch.equal(torch.get_rng_state(), before)
    assert score < bound if TASKS[name].lower_is_better else score > bound


def little(cell, **settings):
    task, split = TASKS["sentiment"], split_of("sentiment")
    tried = replace(task.settings, features=16, hidden=8, **{"epochs": 1, **settings})
    return train(task, cell, split.train[::30], split.validation[::10], tried)


@pytest.mark.parametrize("cell", sorted(CELLS))
def test_the_loop_treats_every_cell_alike(cell):
    trained = little(cell)
    assert isinstance(trained.network.rnn, CELLS[cell])
    assert not trained.network.training
    assert trained.network(torch.zeros(5, 2, dtype=torch.long)).shape == (5, 2, 1)


def test_the_same_run_gives_the_same_weights_whatever_the_random_state():
    first = little("gru", epochs=2).network.state_dict()
    torch.rand(3)  # what happened in between must not matter
    second = little("gru", epochs=2).network.state_dict()
    assert all(torch.equal(first[key], second[key]) for key in first)
    assert not torch.equal(first["head.weight"], little("gru", epochs=2, seed=7).network.state_dict()["head.weight"])


@pytest.mark.parametrize(("right", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (50, 100, 0.4038, 0.5962)])
def test_wilson_intervals_match_published_ones(right, n, low, high):
    assert wilson(right, n) == pytest.approx([low, high], abs=2e-4)


@pytest.mark.parametrize(("cell", "rows"), [("rnn", ()), ("lstm", range(5, 10)), ("gru", range(5, 10))])
def test_the_gate_that_keeps_starts_more_open(cell, rows):
    """Rows of torch's stacked biases: i, f, g, o of an LSTM, r, z, n of a GRU; an RNN has no gate."""
    biases = []
    for keep in (0.0, 2.5):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            settings = Settings(features=3, hidden=5, keep=keep)
            network = Network(torch.eye(3), cell, 1, settings, learn_vectors=False)
        biases.append(network.rnn.bias_ih_l0.detach())
    wanted = torch.zeros(len(biases[0]))
    wanted[list(rows)] = 2.5
    torch.testing.assert_close(biases[1] - biases[0], wanted)


class StoppedError(Exception):
    """In the place of Ctrl+C."""


@pytest.mark.parametrize("name", ["surnames", "sunspots"])
@pytest.mark.parametrize("cell", sorted(CELLS))
def test_an_interrupted_run_ends_with_the_same_weights(name, cell, tmp_path):
    task, split = TASKS[name], split_of(name)
    settings = replace(task.settings, hidden=6, epochs=4, batch=16)
    arguments = (task, cell, split.train[::40], split.validation[::20], settings)
    straight = train(*arguments)
    lines, checkpoint = [], tmp_path / "run.pt"

    def stop(line):
        lines.append(line)
        if "epoch 3" in line:
            raise StoppedError

    with pytest.raises(StoppedError):
        train(*arguments, report=stop, checkpoint=checkpoint)
    assert len(lines) == 3
    again = []
    resumed = train(*arguments, report=again.append, checkpoint=checkpoint)
    assert len(again) == 2  # the third epoch was not saved when the run stopped in its report
    assert resumed.epochs == straight.epochs
    assert resumed.loss == straight.loss
    for key, tensor in straight.network.state_dict().items():
        assert torch.equal(tensor, resumed.network.state_dict()[key]), key
    finished = []
    train(*arguments, report=finished.append, checkpoint=checkpoint)
    assert finished == []  # nothing left to do
    other = (*arguments[:4], replace(settings, epochs=1))
    train(*other, report=finished.append, checkpoint=checkpoint)
    assert len(finished) == 1  # another setting starts afresh
    others = (*arguments[:2], split.train[1::40][: len(arguments[2])], *arguments[3:])
    assert len(others[2]) == len(arguments[2])
    train(*others, report=finished.append, checkpoint=checkpoint)
    assert len(finished) > 1  # and so do other examples, as many


def test_early_stopping_keeps_the_best_epoch():
    """With a rate so high that it only gets worse, it stops after `patience` epochs and keeps the first."""
    task, split = TASKS["surnames"], split_of("surnames")
    lines = []
    settings = replace(task.settings, hidden=4, epochs=9, patience=2, rate=3.0, averaging=0.0, batch=16, warm_up=1)
    trained = train(task, "rnn", split.train[::20], split.validation[::5], settings, report=lines.append)
    assert len(lines) == min(9, trained.epochs + 2)
    assert trained.loss == pytest.approx(min(float(line.split("loss ")[1].split(",")[0]) for line in lines), abs=1e-3)


def test_the_default_settings_are_those_of_the_shipped_sentiment_model():
    assert TASKS["sentiment"].settings == Settings() == for_cell(Settings(), "gru", 1)


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
    assert card["card"]["split"] == {
        "seed": split.seed, "train": len(split.train), "validation": len(split.validation), "test": len(split.test)
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
    settings = replace(for_cell(task.settings, "lstm", 1), rate=card["rate"], seed=card["seed"])
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
        assert tuple(vocabulary) == task.vocabulary(split_of(name).train)
        assert tensors["embedding.weight"].shape == (len(vocabulary), card["features"])
    else:
        assert card["features"] == card["encoder"]["columns"]
    assert set(tensors) == {f"rnn.{key}" for key in rnn.state_dict()} | {"head.weight", "head.bias"} | (
        {"embedding.weight"} if vocabulary else set()
    )
    assert card["hidden"] == for_cell(task.settings, cell, task.outputs).hidden
    assert card["card"]["cell_parameters"] == sum(p.numel() for p in rnn.parameters())
    assert card["card"]["interval"][0] <= card["card"]["test"] <= card["card"]["interval"][1]
    assert (card["name"], card["task"], card["cell"]) == (f"{name}-{cell}", name, cell.upper())
    assert card["card"]["made_by"] == f"python -m gruviz.models.train {name} {cell}"


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
        key: value for key, value in settings.items() if key not in ("seed", "features", "hidden", "rate")
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
    package = FOLDER.parent
    size = sum(p.stat().st_size for part in ("weights", "data") for p in (package / part).rglob("*") if p.is_file())
    assert size < 12e6
