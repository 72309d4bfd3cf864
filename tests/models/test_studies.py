"""The studies that are shipped: every number follows from the trials and scores in the file, by other means."""

from statistics import fmean

import numpy as np
import pytest
from scipy import stats

from gruviz.models.results import results
from gruviz.models.studies import FOLDER, path_of, record, study
from gruviz.models.tasks import TASKS
from gruviz.training.search.space import settings_of, space
from gruviz.training.search.studies import STARTUP

SHIPPED = sorted(path.name.removesuffix(".json.gz") for path in FOLDER.glob("*.json.gz"))
every = pytest.mark.parametrize("task", SHIPPED)


def test_there_are_some_and_others_say_none():
    assert SHIPPED
    assert set(SHIPPED) <= set(TASKS)
    assert all((study(task) is not None) == (task in SHIPPED) for task in TASKS)
    assert sum(path_of(task).stat().st_size for task in SHIPPED) < 1e6


@every
def test_every_cell_had_the_same_ranges_and_as_many_trials(task):
    shipped = study(task)
    assert list(shipped.cells) == ["RNN", "LSTM", "GRU"]
    for cell in shipped.cells.values():
        assert len(cell.trials) == shipped.budget["trials"] > STARTUP
        dimensions = {dimension.name: dimension for dimension in space(TASKS[task], cell.cell.lower())}
        assert {name: shipped.space[name] for name in dimensions} == {
            name: dimension.written() for name, dimension in dimensions.items()
        }
        for trial in cell.trials:
            assert set(trial.settings) == set(dimensions)
            for name, value in trial.settings.items():
                assert dimensions[name].low * 0.9999 <= value <= dimensions[name].high * 1.0001
            assert 1 <= trial.epochs <= trial.settings["epochs"]
        assert cell.units == settings_of(TASKS[task], cell.cell.lower(), cell.chosen.settings, 0).hidden
    seconds = [trial.seconds for cell in shipped.cells.values() for trial in cell.trials]
    assert shipped.budget["seconds"] == pytest.approx(sum(seconds), abs=1)


@every
def test_each_trial_is_counted_once(task):
    for cell in record(task)["cells"].values():
        for key in ("number", "seed"):
            assert len({trial[key] for trial in cell["trials"]}) == len(cell["trials"])


def slow_curve(trials):
    """The expected score of the best of n, from how likely each rank is to be the lowest."""
    ranked = sorted(trials, key=lambda trial: np.inf if trial.loss is None else trial.loss)
    count = len(ranked)
    return [
        sum(trial.score * (((count - i) / count) ** n - ((count - i - 1) / count) ** n)
            for i, trial in enumerate(ranked))
        for n in range(1, count + 1)
    ]  # fmt: skip


@every
def test_the_curves_follow_from_the_trials(task):
    shipped = study(task)
    curves = {}
    for name, cell in shipped.cells.items():
        curves[name] = slow_curve(cell.trials)
        np.testing.assert_allclose(cell.curve.mean, curves[name], rtol=1e-5)
        assert (np.array(cell.curve.low) <= np.array(cell.curve.mean) + 1e-6).all()
        assert (np.array(cell.curve.high) >= np.array(cell.curve.mean) - 1e-6).all()
        assert cell.chosen.loss == min(trial.loss for trial in cell.trials if trial.loss is not None)
        assert cell.chosen.score == pytest.approx(cell.curve.mean[-1], abs=3 * np.ptp(cell.curve.mean) + 1e-9)
        assert sum(cell.importances.values()) == pytest.approx(1, abs=1e-3)
        assert set(cell.importances) == set(cell.chosen.settings)
    assert [(row.one, row.other) for row in shipped.order] == [("GRU", "LSTM"), ("GRU", "RNN"), ("LSTM", "RNN")]
    for row in shipped.order:
        between = np.array(curves[row.one]) - np.array(curves[row.other])
        np.testing.assert_allclose(row.difference.mean, between, atol=1e-5 * max(1, np.abs(between).max()))
        clear = [(low > 0) - (high < 0) for low, high in zip(row.difference.low, row.difference.high, strict=True)]
        first = len(clear)
        while first and clear[-1] and clear[first - 1] == clear[-1]:
            first -= 1
        settled = first + 1 if clear[-1] and 2 * (first + 1) <= len(clear) else None
        assert row.settled == settled


@every
def test_the_final_networks_and_both_tests(task):
    shipped = study(task)
    for cell in shipped.cells.values():
        assert len(cell.examples) == results()[task].test_examples
        assert len(cell.test) == len(cell.losses) == 5
        assert cell.losses[cell.chosen_seed] == min(cell.losses)
        assert fmean(cell.examples) == pytest.approx(cell.test[cell.chosen_seed], rel=1e-5)
    for row in shipped.tests:
        one, other = (shipped.cells[name] for name in (row.one, row.other))
        mine, theirs = np.array(one.examples), np.array(other.examples)
        assert row.networks == pytest.approx(mine.mean() - theirs.mean(), abs=1e-5)
        assert row.seeds == pytest.approx(fmean(one.test) - fmean(other.test))
        if row.examples_test == "McNemar":
            wins, losses = int((mine > theirs).sum()), int((mine < theirs).sum())
            p = stats.binomtest(wins, wins + losses).pvalue if wins + losses else 1
            assert row.examples_p == pytest.approx(p)
        else:  # close to Student's for pairs, which asks the same of normal differences
            assert row.examples_p == pytest.approx(stats.ttest_rel(mine, theirs).pvalue, abs=0.05)
        assert 2 / 252 - 1e-9 <= row.seeds_p <= 1
