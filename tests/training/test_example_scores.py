"""The scores of single examples: those in the package are those of the results file, and they survive the file."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gruviz.errors import ModelError
from gruviz.models.results import results
from gruviz.training import example_scores
from gruviz.training.example_scores import gathered, read_scores
from tests.models.test_results import FILE
from tests.models.test_tasks import split_of

every = pytest.mark.parametrize("task", list(FILE["tasks"]))
score = st.floats(0, 100, width=32)


@every
def test_they_are_of_every_test_example_and_of_every_seed_or_the_one_that_is_shipped(task):
    found, split = read_scores(task), split_of(task)
    assert [cell.upper() for cell in found.cells] == list(results()[task].cells)
    for cell, tests in found.cells.items():
        row = FILE["tasks"][task]["cells"][cell]
        networks = len(tests["test"])
        assert networks in (1, len(row["seeds"]))
        assert {name: scores.shape for name, scores in tests.items()} == {
            name: (networks, len(examples)) for name, examples in {"test": split.test, **split.also}.items()
        }
        for name, scores in tests.items():
            recorded = row["test"] if name == "test" else row["also"][name]
            expected = recorded if networks > 1 else [recorded[row["shipped_seed"]]]
            np.testing.assert_allclose(scores.mean(axis=1), expected, rtol=1e-5)


@every
def test_they_are_of_every_baseline(task):
    recorded = FILE["tasks"][task]["baselines"]
    found = read_scores(task).baselines
    assert found.shape == (len(recorded), len(split_of(task).test))
    np.testing.assert_allclose(found.mean(axis=1), [row["test"] for row in recorded], rtol=1e-6)


@settings(deadline=None, max_examples=25)  # files take as long as the disk does
@given(st.lists(st.lists(score, min_size=3, max_size=3), min_size=2, max_size=2))
def test_a_file_holds_them_as_they_are(tmp_path_factory, seeds):
    folder = tmp_path_factory.mktemp("scores")
    made = gathered({"gru": [{"test": seed, "far/away": seed[:2]} for seed in seeds]}, [seeds[0]])
    (folder / "some.npz").write_bytes(made.to_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(example_scores, "FOLDER", folder)
        found = read_scores("some")
    np.testing.assert_array_equal(found.cells["gru"]["test"], seeds)
    np.testing.assert_array_equal(found.cells["gru"]["far/away"], [seed[:2] for seed in seeds])
    np.testing.assert_array_equal(found.baselines, seeds[:1])


def test_scores_of_other_examples_are_refused():
    with pytest.raises(ModelError, match="all must be of the same"):
        gathered({"gru": [{"test": [1.0, 0.0]}]}, [[1.0, 0.0, 1.0]])


def test_a_task_without_scores_is_named():
    with pytest.raises(ModelError, match=r"“chess”: train it with all cells"):
        read_scores("chess")
