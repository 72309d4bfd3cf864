"""One text through all cells of a task: where their answers part, against the answers themselves."""

from itertools import combinations

import numpy as np
import pytest

from gruviz.comparison import Comparison, compare, compare_models, summary
from gruviz.errors import ModelError, SequenceError
from gruviz.models import by_task, load_model
from gruviz.reading import read
from gruviz.reading.sentences import answers_of
from gruviz.signals import STANDARD

every = pytest.mark.parametrize("task", list(by_task()))


def example(task):
    return load_model(by_task()[task]["GRU"]).example


def test_there_are_seven_tasks_of_three_cells():
    assert len(by_task()) >= 7
    assert all(list(models) == list(STANDARD) for models in by_task().values())


@every
def test_every_cell_reads_the_same_text_on_its_own(task):
    found = compare(task, example(task))
    assert (found.task, found.text) == (task, example(task))
    assert list(found.readings) == list(STANDARD)
    for cell, reading in found.readings.items():
        alone = read(load_model(by_task()[task][cell]), example(task))
        assert reading.trace.cell == cell
        assert reading.trace.tokens == alone.trace.tokens == found.any.trace.tokens
        np.testing.assert_array_equal(reading.trace["h"], alone.trace["h"])


@every
def test_apart_is_the_largest_distance_and_widest_its_place(task):
    found = compare(task, example(task))
    told = [answers_of(reading) for reading in found.readings.values()]
    by_hand = [max(one.distance(other)[t] for one, other in combinations(told, 2)) for t in range(len(found))]
    np.testing.assert_allclose(found.apart(), by_hand)
    assert found.apart()[found.widest() - 1] == max(by_hand)
    assert 1 <= found.widest() <= len(found)


@every
def test_they_differ_where_the_words_of_their_answers_do(task):
    found = compare(task, example(task))
    told = [answers_of(reading) for reading in found.readings.values()]
    words = [{answer.verdict(step) for answer in told} for step in range(1, len(found) + 1)]
    assert found.differ() == tuple(len(each) > 1 for each in words)
    if {None} in words:
        assert not any(found.differ())


@every
def test_the_summary_says_the_last_answers_and_where_they_part(task):
    found = compare(task, example(task))
    said = summary(found)
    for cell, reading in found.readings.items():
        assert f"{cell} ({answers_of(reading).text(len(found))})" in said
    assert f"They differ most at step {found.widest()} (" in said
    differ = found.differ()
    if any(differ):
        assert f"differ after {sum(differ)} of {len(differ)} steps, first at step {differ.index(True) + 1}." in said
    else:
        assert "Their verdicts differ" not in said


def test_the_summary_of_cells_that_agree():
    gru = read(load_model("surnames-gru"), "Rossi")
    said = summary(Comparison("surnames", "Rossi", {"GRU": gru, "LSTM": gru}))
    assert "Their verdicts agree after each of the 5 steps." in said
    assert said.endswith("Their answers are the same to the last digit.")
    one = read(load_model("surnames-gru"), "R")
    assert "agree after the only step." in summary(Comparison("surnames", "R", {"GRU": one, "LSTM": one}))


def test_the_longest_memory_shows():
    """What the page is for: the same 100 steps of noise, kept by the gated cells and lost by the RNN."""
    found = compare("first-symbol", example("first-symbol"))
    last = {cell: answers_of(reading).verdict(len(found)) for cell, reading in found.readings.items()}
    assert last["GRU"] == last["LSTM"] == found.any.trace.tokens[0]
    assert last["RNN"] != last["GRU"]


def test_models_from_anywhere():
    models = {"one": load_model("brackets-gru"), "another": load_model("brackets-lstm")}
    found = compare_models("mine", models, "([")
    assert (found.task, list(found.readings)) == ("mine", ["one", "another"])
    assert "one (" in summary(found)
    with pytest.raises(ModelError, match="takes two models or more; here is one"):
        compare_models("mine", {"one": models["one"]}, "([")
    with pytest.raises(ModelError, match="answer different questions"):
        compare_models("mine", {"one": load_model("surnames-gru"), "another": load_model("first-symbol-gru")}, "A")
    with pytest.raises(ModelError, match="read other tokens"):
        compare_models("mine", {"one": load_model("surnames-gru"), "another": load_model("sentiment-gru")}, "Good")


def test_mistakes_are_said():
    with pytest.raises(ModelError, match=r"no task called “weather”. There are: .*surnames"):
        compare("weather", "e4")
    with pytest.raises(SequenceError):
        compare("openings", "e4 e9")
