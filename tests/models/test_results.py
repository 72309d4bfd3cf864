"""The results file as pages read it: its means are those of its seeds, its test of who leads is Welch's."""

import json
import math
import random
import statistics
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import gruviz.models
from gruviz.models import by_task, load_model
from gruviz.models.results import results
from gruviz.models.trained import read_card
from gruviz.signals import STANDARD

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


def with_tests(task, **tests):
    cells = {cell: replace(row, test=tuple(tests.get(cell, row.test))) for cell, row in task.cells.items()}
    return replace(task, cells=cells)


scores = st.lists(st.floats(0, 1, width=16), min_size=5, max_size=7)


@given(scores, scores, st.booleans())
def test_ahead_is_welchs_test(one, other, lower):
    task = replace(with_tests(results()["surnames"], GRU=one, LSTM=other), lower_is_better=lower)
    a, b = statistics.fmean(one), statistics.fmean(other)
    if statistics.stdev(one) == statistics.stdev(other) == 0:
        expected = None if a == b else (a > b) != lower
    else:
        found = stats.ttest_ind(one, other, equal_var=False)
        limit = stats.t.ppf(0.975, max(1, math.floor(found.df + 1e-9)))  # degrees rounded down: the careful way
        if abs(abs(found.statistic) - limit) < 0.01:
            return  # on the edge, where the table's third decimal decides
        expected = (a > b) != lower if abs(found.statistic) > limit else None
    assert task.ahead("GRU", "LSTM") is expected
    assert task.ahead("LSTM", "GRU") is (None if expected is None else not expected)


@every
def test_ahead_does_not_depend_on_the_order_of_seeds(task):
    found = results()[task]
    turned = with_tests(found, **{cell: random.Random(1).sample(row.test, len(row.test)) for cell, row in
                                  found.cells.items()})  # fmt: skip
    for one in STANDARD:
        for other in STANDARD:
            if one != other:
                assert found.ahead(one, other) is turned.ahead(one, other)


@pytest.mark.parametrize(
    ("task", "value", "text"),
    [("surnames", 0.8254, "82.5%"), ("sunspots", 13.0512, "13.05 sunspots"), ("adding", 0.03342, "0.033")],
)
def test_scores_are_written_as_people_read_them(task, value, text):
    assert results()[task].written(value) == text
