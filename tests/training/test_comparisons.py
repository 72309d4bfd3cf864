"""Differences between cells: the intervals hold what they should, and all that the results file says is found again."""

import json

import numpy as np
import pytest
from scipy import stats

from gruviz.models.results import results
from gruviz.training import comparisons, example_scores
from gruviz.training.comparisons import Sampled, differ, with_comparisons
from gruviz.training.example_scores import read_scores
from tests.models.test_results import FILE

NO_SEEDS = np.empty(0)


def sampled(scores):
    return Sampled(scores.mean(0), scores.mean(1))


def drawn(rng, mean, hard, seeds=5, between=0.1, noise=0.1):
    """Scores (seeds, examples) of a cell: examples are harder or easier for every cell by `hard`."""
    return mean + rng.normal(0, between, (seeds, 1)) + hard + rng.normal(0, noise, (seeds, len(hard)))


@pytest.mark.parametrize("task", list(FILE["tasks"]))
def test_every_stored_comparison_follows_from_the_scores(task):
    """By numpy and scipy, from the scores of single examples and of seeds as they are in the package."""
    scores, row = read_scores(task), FILE["tasks"][task]
    names = [baseline["name"] for baseline in row["baselines"]]
    assert len(row["comparisons"]) == 3 * (len(names) + 1 + len(row["cells"]["gru"].get("also", {})))
    for found in row["comparisons"]:
        test, parts, means = found["test"], [], []
        for name in (found["one"], found["other"]):
            if name in names:
                parts.append((scores.baselines[names.index(name)], None))
            else:
                cell = row["cells"][name.lower()]
                seeds = cell["test"] if test == "test" else cell["also"][test]
                parts.append((scores.cells[name.lower()][test].mean(0), seeds))
            means.append(np.mean(parts[-1][0] if parts[-1][1] is None else parts[-1][1]))
        groups = [parts[0][0] - parts[1][0], *(seeds for _, seeds in parts if seeds is not None)]
        errors = np.array([stats.sem(group) ** 2 for group in groups])
        mean = means[0] - means[1]
        assert found["difference"] == pytest.approx(mean, abs=1e-9)
        if not errors.sum():
            assert (found["interval"], found["p"]) == ([mean, mean], float(mean == 0))
            continue
        freedom = errors.sum() ** 2 / sum(e**2 / (len(g) - 1) for e, g in zip(errors, groups, strict=True))
        half = stats.t.ppf(0.975, freedom) * np.sqrt(errors.sum())
        assert found["interval"] == pytest.approx([mean - half, mean + half], abs=1e-9)
        assert found["p"] == pytest.approx(2 * stats.t.sf(abs(mean) / np.sqrt(errors.sum()), freedom), rel=1e-6)


@pytest.mark.parametrize("task", list(FILE["tasks"]))
def test_the_two_tests_are_of_the_shipped_networks_and_of_all_seeds(task):
    scores, row = read_scores(task), FILE["tasks"][task]
    for found in row["comparisons"]:
        if found["other"] not in {"RNN", "LSTM", "GRU"}:
            assert "two_tests" not in found
            continue
        both, networks, means = found["two_tests"], [], []
        for name in (found["one"].lower(), found["other"].lower()):
            cell, of_seeds = row["cells"][name], scores.cells[name][found["test"]]
            networks.append(of_seeds[cell["shipped_seed"]] if len(of_seeds) == 5 else of_seeds[0])
            means.append(cell["test"] if found["test"] == "test" else cell["also"][found["test"]])
            shipped = cell["shipped"]["test"] if found["test"] == "test" else None
            assert shipped is None or networks[-1].mean() == pytest.approx(shipped, rel=1e-5)
        one, other = networks
        assert both["networks"] == pytest.approx(one.mean() - other.mean(), abs=1e-9)
        if both["examples_test"] == "McNemar":
            only_one, only_other = ((one > other).sum(), (other > one).sum())
            p = stats.binomtest(only_one, only_one + only_other).pvalue if only_one + only_other else 1
            assert both["examples_p"] == pytest.approx(p)
        elif not np.array_equal(one, other):  # in thousands of draws, close to Student's for pairs
            assert both["examples_p"] == pytest.approx(stats.ttest_rel(one, other).pvalue, abs=0.05)
        assert 2 / 252 - 1e-9 <= both["seeds_p"] <= 1
        if set(means[0]).isdisjoint(means[1]) and (max(means[0]) < min(means[1]) or min(means[0]) > max(means[1])):
            assert both["seeds_p"] == pytest.approx(2 / 252)


def test_p_values_are_corrected_for_their_kind_on_all_tasks():
    kinds = {}
    for task in FILE["tasks"].values():
        for row in task["comparisons"]:
            kinds.setdefault((row["test"] == "test", row["other"] in {"RNN", "LSTM", "GRU"}), []).append(row)
    assert len(kinds) == 3
    for rows in kinds.values():
        assert {row["comparisons"] for row in rows} == {len(rows)}
        p, corrected = (np.array([row[key] for row in rows]) for key in ("p", "corrected_p"))
        for threshold in np.unique(corrected):  # the definition: at this threshold, m p / k is no larger
            k = (corrected <= threshold).sum()
            assert len(rows) * p[corrected <= threshold].max() / k == pytest.approx(threshold) or threshold == 1
        assert (corrected >= p).all()


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """Where seeds differ most, the percentiles of resampled seeds and examples are too narrow; these are not."""
    rng, runs = np.random.default_rng(0), 500
    ours = resampled = 0
    for _ in range(runs):
        hard = rng.normal(0, 0.3, 40)
        one, other = drawn(rng, 0.7, hard), drawn(rng, 0.7, hard)
        found = differ(sampled(one), sampled(other))
        ours += found.low <= 0 <= found.high
        weights = [rng.multinomial(n, [1 / n] * n, 400) / n for n in (5, 5, 40)]
        again = ((weights[0] @ one - weights[1] @ other) * weights[2]).sum(1)
        low, high = np.quantile(again, (0.025, 0.975))
        resampled += low <= 0 <= high
    assert resampled / runs < 0.92
    assert 0.93 < ours / runs < 0.98


def test_with_many_seeds_it_is_what_resampling_both_gives():
    rng = np.random.default_rng(1)
    hard = rng.normal(0, 0.3, 60)
    one, other = (drawn(rng, mean, hard, seeds=40, between=0.2) for mean in (0.8, 0.7))

    def difference(a, b, examples):
        return one[np.ix_(a, examples)].mean() - other[np.ix_(b, examples)].mean()

    drawn_again = stats.bootstrap(
        (np.arange(40), np.arange(40), np.arange(60)), difference, vectorized=False, n_resamples=2000,
        method="percentile", rng=2,
    )  # fmt: skip
    found = differ(sampled(one), sampled(other))
    assert (found.low, found.high) == pytest.approx(tuple(drawn_again.confidence_interval), abs=0.02)
    assert found.difference == pytest.approx(one.mean() - other.mean())


def test_examples_alone_beside_a_baseline_and_seeds_alone_on_one_hardness():
    rng = np.random.default_rng(2)
    scores, plain = rng.random(30), rng.random(30)
    found = differ(Sampled(scores, np.full(5, scores.mean())), Sampled(plain, NO_SEEDS))
    assert found.p == pytest.approx(stats.ttest_rel(scores, plain).pvalue)
    one, other = rng.random(5), rng.random(5)
    flat = np.zeros(30)
    assert differ(Sampled(flat, one), Sampled(flat, other)).p == pytest.approx(
        stats.ttest_ind(one, other, equal_var=False).pvalue
    )


@pytest.mark.parametrize(("other", "p"), [(1.0, 1.0), (0.5, 0.0)])
def test_cells_that_never_vary(other, p):
    found = differ(*(Sampled(np.full(9, level), np.full(5, level)) for level in (1.0, other)))
    assert (found.low, found.high, found.p) == (1 - other, 1 - other, p)


def test_the_command_scores_shipped_networks_where_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(example_scores, "FOLDER", tmp_path)
    monkeypatch.setattr(comparisons, "RESULTS", tmp_path / "results.json")
    row = {**FILE["tasks"]["sunspots"], "comparisons": []}
    (tmp_path / "results.json").write_text(json.dumps({"tasks": {"sunspots": row}}))
    monkeypatch.setattr(comparisons.write, "__defaults__", (tmp_path / "results.json",))
    comparisons.main()
    written = json.loads((tmp_path / "results.json").read_text())["tasks"]["sunspots"]
    kept = read_scores("sunspots")
    for cell, tests in kept.cells.items():
        assert tests["test"].shape == (1, 40)
        assert tests["test"].mean() == pytest.approx(row["cells"][cell]["shipped"]["test"], rel=1e-5)
    assert written == with_comparisons({"sunspots": row})["sunspots"]
    assert len(written["comparisons"]) == 3 + 9


def test_pages_read_what_the_file_says():
    for name, task in results().items():
        for found, row in zip(task.differences, FILE["tasks"][name]["comparisons"], strict=True):
            assert (found.mean, found.p) == (row["difference"], row["corrected_p"])
            assert found.significant == (row["corrected_p"] < 0.05)
            better = (found.mean > 0) != task.lower_is_better if found.significant else None
            assert task.ahead(found.one, found.other, found.test) is better
            if found.other in task.cells:
                assert task.ahead(found.other, found.one, found.test) is (None if better is None else not better)
                turned = task.between(found.other, found.one, found.test)
                assert (turned.mean, turned.low, turned.high) == (-found.mean, -found.high, -found.low)
