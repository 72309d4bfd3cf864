"""The results file as pages read it: its means are those of its seeds."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import gruviz.models
from gruviz.models import by_task, load_model
from gruviz.models import results as under_test
from gruviz.models.results import results
from gruviz.models.shipped import read_card
from gruviz.signals import CELLS, STANDARD

FILE = json.loads((Path(gruviz.models.__file__).parent / "results.json").read_text(encoding="utf-8"))
every = pytest.mark.parametrize("task", list(results()))


def test_all_tasks_are_in_it():
    assert set(results()) == set(FILE["tasks"]) == set(by_task())
    assert len(results()) >= 7


@every
def test_each_cell_has_five_seeds_and_its_card_is_of_one_of_them(task):
    found = results()[task]
    assert list(found.cells) == list(STANDARD)
    for cell, row in found.cells.items():
        assert len(row.test) >= 5
        assert row.mean == pytest.approx(np.mean(row.test))
        assert row.sd == pytest.approx(np.std(row.test, ddof=1))
        assert row.shipped.mean in row.test
        assert row.shipped.low <= row.shipped.mean <= row.shipped.high
        module = load_model(by_task()[task][cell]).module
        assert (row.features, row.hidden) == (module.input_size, module.hidden_size)
        assert row.cell_parameters == sum(p.numel() for p in module.parameters())
        assert row.parameters >= row.cell_parameters
        assert read_card(f"{task}-{cell.lower()}")["card"]["test"] == row.shipped.mean


@every
def test_networks_are_of_one_size(task):
    """What differs is then the cells' own: parameters of the networks lie within 5 % of each other."""
    sizes = [row.parameters for row in results()[task].cells.values()]
    assert max(sizes) <= 1.05 * min(sizes)


@every
def test_cells_had_the_same_budget(task):
    rows = FILE["tasks"][task]["cells"].values()
    assert len({len(row["test"]) for row in rows}) == 1
    tried = [row.tried for row in results()[task].cells.values()]
    assert all(list(of_cell) == list(tried[0]) for of_cell in tried)  # the same learning rates
    assert len({len(losses) for of_cell in tried for losses in of_cell.values()}) == 1  # as many seeds each
    assert len(tried[0]) >= 5
    assert results()[task].tuning


def with_means(task, **means):
    """The task with other means over seeds; cells whose means differ do so significantly, on every test."""
    level = {cell: row.mean for cell, row in task.cells.items()} | means
    level |= {score.name: score.mean for score in task.baselines}
    cells = {cell: replace(row, test=(level[cell],) * 5) for cell, row in task.cells.items()}
    differences = []
    for one in task.differences:
        mean = level[one.one] - level[one.other]
        differences.append(replace(one, mean=mean, low=mean - 0.01, high=mean + 0.01, p=0.001 if mean else 1.0))
    return replace(task, cells=cells, differences=tuple(differences))


def test_ahead_needs_significance():
    task = with_means(results()["surnames"], GRU=0.9, LSTM=0.9, RNN=0.7)
    assert task.ahead("GRU", "RNN") is True
    assert task.ahead("RNN", "LSTM") is False
    assert task.ahead("GRU", "LSTM") is None
    assert replace(task, lower_is_better=True).ahead("GRU", "RNN") is False
    unsure = replace(task, differences=tuple(replace(one, p=0.05) for one in task.differences))
    assert unsure.ahead("GRU", "RNN") is None
    with pytest.raises(KeyError, match="Surname origin: GRU and ELM were not compared on 'test'"):
        task.ahead("GRU", "ELM")


def test_a_cell_without_results_is_left_out(monkeypatch):
    monkeypatch.setattr(under_test, "CELLS", {**CELLS, "ELM": CELLS["RNN"]})
    found = under_test.results.__wrapped__()
    assert all(list(task.cells) == ["RNN", "LSTM", "GRU"] for task in found.values())


@pytest.mark.parametrize(
    ("task", "value", "text"),
    [
        ("surnames", 0.01749, "+1.75 points"), ("surnames", -0.00004, "−0.004 points"),
        ("surnames", 0.0, "0.00 points"),
        ("sunspots", -0.541, "−0.54 sunspots"), ("adding", 0.0295, "+0.03"),
    ],
)  # fmt: skip
def test_differences_are_written_with_their_sign(task, value, text):
    assert results()[task].written_difference(value) == text


@pytest.mark.parametrize(
    ("task", "value", "text"),
    [
        ("surnames", 0.8254, "82.5%"),
        ("surnames", 0.9996, ">99.9%"),
        ("sunspots", 13.0512, "13.05 sunspots"),
        ("adding", 0.03342, "0.033"),
    ],
)
def test_scores_are_written_as_people_read_them(task, value, text):
    assert results()[task].written(value) == text
