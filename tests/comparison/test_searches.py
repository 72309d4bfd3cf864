"""The sentences on a study, from studies made up so that each can be said."""

from dataclasses import replace

import pytest

from gruviz.comparison.claims import Evidence, searched
from gruviz.comparison.searches import fell_short, mattered, order_sentence, paired_sentence
from gruviz.models.results import results
from gruviz.models.studies import CellStudy, Curve, Order, PairedTests, TaskStudy, Trial

SHARE, ERROR = results()["surnames"], results()["sunspots"]


def cell(name, last, importances=None):
    curve = Curve((last - 0.1, last), (last - 0.2,) * 2, (last + 0.1,) * 2)
    return CellStudy(name, (), curve, importances or {}, 0, 8, (), (), (), 0)


def order(one, other, difference, settled):
    return Order(one, other, Curve((0.0, difference), (0.0, 0.0), (0.0, 0.0)), settled)


def study(orders, **last):
    cells = {name: cell(name, value) for name, value in last.items()}
    budget = {"trials": 40, "epochs": 10, "seconds": 60}
    return TaskStudy("task", "", budget, {}, {}, cells, tuple(orders), ())


@pytest.mark.parametrize(("task", "ranked"), [(SHARE, "GRU, LSTM and RNN"), (ERROR, "RNN, LSTM and GRU")])
def test_an_order_that_is_settled(task, ranked):
    orders = [order("GRU", "LSTM", 0.1, 12), order("GRU", "RNN", 0.3, 3), order("LSTM", "RNN", 0.2, 5)]
    found = study(orders, RNN=0.6, LSTM=0.8, GRU=0.9)
    text = f"In this search, the order {ranked}, the best first, is settled from 12 trials per cell on."
    assert order_sentence(found, task) == text


def test_an_order_that_is_not():
    orders = [order("GRU", "LSTM", 0.1, None), order("GRU", "RNN", 0.3, 3), order("LSTM", "RNN", 0.2, 1)]
    assert order_sentence(study(orders, RNN=0.6, LSTM=0.8, GRU=0.9), SHARE) == (
        "The 40 trials of each cell do not settle which of GRU and LSTM is better. That GRU is better than RNN is "
        "settled from 3 trials per cell on. That LSTM is better than RNN is settled from the first trial on."
    )
    orders[1:] = [order("GRU", "RNN", 0.3, None), order("LSTM", "RNN", 0.2, None)]
    assert order_sentence(study(orders, RNN=0.6, LSTM=0.8, GRU=0.9), SHARE) == (
        "The 40 trials of each cell do not settle which of GRU and LSTM, nor which of GRU and RNN, nor which of LSTM "
        "and RNN is better."
    )


def test_what_mattered():
    found = cell("GRU", 0.9, {"rate": 0.5, "clip": 0.3, "decay": 0.2})
    assert mattered(found) == "GRU: learning rate 50% and gradient clipping 30%."


@pytest.mark.parametrize(
    ("examples", "seeds", "networks", "said"),
    [
        (0.01, 0.01, 0.1, "GRU is better than LSTM by both tests."),
        (0.01, 0.01, -0.1, "GRU and LSTM: the two tests contradict each other."),
        (0.5, 0.5, 0.1, "GRU and LSTM: neither test finds a difference."),
        (0.01, 0.5, 0.1, "GRU and LSTM: only the test over examples finds a difference."),
        (0.5, 0.01, 0.1, "GRU and LSTM: only the test over seeds finds a difference."),
    ],
)
def test_two_tests(examples, seeds, networks, said):
    row = PairedTests("GRU", "LSTM", networks, examples, "McNemar", 0.1, seeds, "permutation")
    assert paired_sentence(row, SHARE) == said


def test_of_errors_the_smaller_is_better():
    row = PairedTests("GRU", "LSTM", -0.2, 0.01, "", -0.1, 0.01, "")
    assert paired_sentence(row, ERROR) == "GRU is better than LSTM by both tests."


def test_where_the_search_fell_short():
    """Surname origin: the lowest validation loss that a learning rate reached, by the results file."""
    known = min(loss for losses in SHARE.cells["GRU"].tried.values() for loss in losses)
    for loss, missing in ((known + 0.1, True), (known, False), (None, False)):
        trial = Trial(0, False, {}, loss, 0.5, 1, 1.0)
        cells = {"GRU": replace(cell("GRU", 0.9), trials=(trial,))}
        text = fell_short(replace(study([]), cells=cells), SHARE)
        assert (f"GRU {known + 0.1:.3g} against {known:.3g}" in text) == missing
        assert bool(text) == missing


def test_the_claim_that_only_a_search_tells():
    """Surname origin: the GRU is ahead by learning rates alone."""
    tasks = {"surnames": SHARE}
    agrees = study([order("GRU", "LSTM", 0.1, 5)], LSTM=0.8, GRU=0.9)
    differs = study([order("GRU", "LSTM", -0.1, 5)], LSTM=0.8, GRU=0.9)
    leaves_open = study([order("GRU", "LSTM", 0.1, None)], LSTM=0.8, GRU=0.9)
    assert SHARE.ahead("GRU", "LSTM")
    expected = {"contradicted": {"surnames": agrees}, "supported": {"surnames": differs},
                "mixed": {"surnames": leaves_open}, "not decided": {}}  # fmt: skip
    for verdict, studies in expected.items():
        claim = searched(Evidence(SHARE, tasks, {}, {}, {}, {}, studies))
        assert claim.verdict == verdict
    claim = searched(Evidence(SHARE, tasks, {}, {}, {}, {}, {"surnames": differs}))
    assert claim.line.startswith("On 1 of 1 searched task it says other than the learning rates alone did; on 0 it")
    assert "Surname origin: GRU before, LSTM after." in claim.details
