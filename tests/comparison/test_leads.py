"""Who leads, in words, against scores that are set by hand."""

from dataclasses import replace

from gruviz.comparison.leads import who_leads
from gruviz.models.results import results
from tests.models.test_results import with_means

TASK = results()["surnames"]
GOOD, MIDDLE, BAD = 0.9, 0.7, 0.5


def test_who_leads_says_every_pair_and_every_baseline():
    first, second = (replace(TASK.baselines[i], mean=mean) for i, mean in ((0, 0.6), (1, 0.7)))
    task = replace(TASK, baselines=(first, second))
    said = who_leads(with_means(task, RNN=BAD, LSTM=MIDDLE, GRU=GOOD))
    one, two = f"“{first.name}”", f"“{second.name}”"
    assert f"GRU is significantly better than LSTM, RNN, {one} and {two}." in said
    assert f"LSTM is significantly better than RNN and {one}." in said
    assert f"RNN is significantly worse than {one} and {two}." in said
    assert said.endswith(f"There is no significant difference between LSTM and {two}.")
    assert "RNN is significantly better" not in said
    level = who_leads(with_means(TASK, RNN=GOOD, LSTM=GOOD, GRU=GOOD))
    assert "There is no significant difference between GRU and LSTM, between GRU and RNN" in level
