"""The command that trains: what it writes, from tiny networks."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest

from gruviz.models.tasks import TASKS, Split
from gruviz.training import __main__ as command
from gruviz.training import example_scores, ranges
from gruviz.training.card import summary


class Tiny(type(TASKS["sunspots"])):
    """Sunspots from a few windows."""

    settings = replace(TASKS["sunspots"].settings, hidden=3, epochs=1)

    def split(self, on_progress=None):
        whole = super().split(on_progress)
        return Split(0, whole.train[::60], whole.validation[::2], whole.test)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the command on the tiny task in an empty folder; gives what it wrote: results, and scores by example."""
    monkeypatch.setitem(TASKS, "sunspots", Tiny())
    for module, name in ((command, "FOLDER"), (example_scores, "FOLDER")):
        folder = tmp_path / ("weights" if module is command else "example_scores")
        folder.mkdir(exist_ok=True)
        monkeypatch.setattr(module, name, folder)
    monkeypatch.setattr(ranges, "FILE", tmp_path / "ranges.json")
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(command, "CHECKPOINTS", tmp_path / "checkpoints")
    monkeypatch.setattr(command, "SEEDS", 2)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["train", *arguments])
        command.main()
        return json.loads((tmp_path / "results.json").read_text())["tasks"]["sunspots"]

    return run


def test_the_scores_of_every_example_are_written(run):
    row, scores = run("sunspots"), example_scores.read_scores("sunspots")
    for cell, tests in scores.cells.items():
        assert tests["test"].shape == (2, 40)
        np.testing.assert_allclose(tests["test"].mean(1), row["cells"][cell]["test"], rtol=1e-6)
    np.testing.assert_allclose(scores.baselines.mean(1), [each["test"] for each in row["baselines"]], rtol=1e-6)


def test_recorded_trials_are_not_run_again(run, tmp_path):
    first = run("sunspots")
    trial = first["cells"]["gru"]["trials"][0]
    trial["validation_loss"] = [-2.0, -1.0]  # which no run reaches: found again only where the record is used
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"tasks": {"sunspots": first}}))
    again = run("sunspots", "--reuse-trials")["cells"]["gru"]
    assert again["trials"][0] == trial
    assert again["rate"] == trial["rate"]
    with pytest.raises(SystemExit):
        run("sunspots", "gru", "--reuse-trials")  # one cell is not tried at all


def test_the_interval_of_a_few_errors_is_students():
    """By the table in any statistics textbook: 3 degrees of freedom, 3.182."""
    low, high = summary([1.0, 2.0, 3.0, 6.0])["interval"]
    half = 3.182 * np.std([1, 2, 3, 6], ddof=1) / 2
    assert (low, high) == pytest.approx((max(0, 3 - half), 3 + half), abs=1e-3)
