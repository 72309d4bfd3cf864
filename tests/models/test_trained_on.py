"""What is said of a sequence that training had nothing like; the ranges are those of the training examples."""

import pytest

from gruviz.models import by_task, load_model
from gruviz.models.tasks import TASKS
from gruviz.models.tasks.brackets import depth
from gruviz.models.trained_on import read_ranges
from gruviz.reading import read
from gruviz.training import ranges


def warnings(name, text):
    return load_model(name).encode(text).warnings


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("sentiment-gru", "مرحبا بكم جميعا", ["Knows 0 of 3 words."]),
        ("sentiment-gru", "The food was great", []),
        ("sentiment-gru", "good " * 300, ["Longer than any sequence it was trained on ({sentiment} words)."]),
        ("brackets-gru", "([{}])[()]", []),
        ("brackets-gru", "(((())))", []),
        ("brackets-gru", "((((()))))", ["Depth 5; trained to depth 4."]),
        (
            "brackets-lstm",
            "(" * 200,
            ["Longer than any sequence it was trained on (20 characters).", "Depth 200; trained to depth 4."],
        ),
        ("sunspots-gru", "10 20 30", []),
        ("sunspots-gru", "58,0 900", ["“900” (position 2) outside the range it was trained on, 0 to 238.9."]),
        ("sunspots-gru", "-1 5 1e5", ["“-1” (position 1) and 1 more outside the range it was trained on, 0 to 238.9."]),
        ("adding-rnn", "0.31 0\n0.62 1\n0.25 1", []),
        (
            "adding-gru",
            "0.5 1\n1.5 0\n0.5 1\n0.5 1",
            [
                "“1.5” (step 2, number) outside the range it was trained on, 0 to 1.",
                "3 marked numbers; trained with 2.",
            ],
        ),
        (
            "adding-gru",
            "0.5 1\n0.5 0.3\n0.5 1",
            ["1 marks other than 0 and 1; trained with none."],
        ),
        ("first-symbol-gru", "A x y z", []),
        (
            "first-symbol-gru",
            "x A",
            [
                "0 letters A to D at the start; trained with 1.",
                "1 letters A to D later; trained with none.",
            ],
        ),
        ("first-symbol-gru", "A " + "x " * 101, ["Longer than any sequence it was trained on (101 steps)."]),
        ("openings-gru", "Nf3 Nf6 Ng1 Ng8 " * 6, ["Longer than any sequence it was trained on (23 moves)."]),
        ("latch", "0 1! ?", []),
    ],
)
def test_what_a_model_never_met_is_said(name, text, said):
    said = [line.replace("{sentiment}", str(read_ranges()["sentiment"]["longest"])) for line in said]
    assert list(warnings(name, text)) == said
    assert list(read(load_model(name), text).encoded.warnings) == said


@pytest.mark.parametrize("task", TASKS)
def test_the_ranges_are_those_of_the_training_examples(task):
    assert ranges.measured(TASKS[task], TASKS[task].split()) == read_ranges()[task]


@pytest.mark.parametrize("task", by_task())
def test_the_card_says_what_it_was_trained_on(task):
    for name in by_task()[task].values():
        (text,) = [text for title, text in load_model(name).card.facts if title == "Trained on"]
        assert text.startswith(f"up to {read_ranges()[task]['longest']} ")
    if task == "sunspots":
        assert text == "up to 71 steps, numbers from 0 to 238.9"


@pytest.mark.parametrize(
    ("brackets", "deepest"), [("", 0), ("(", 1), ("()[]", 1), ("([{", 3), ("(]((((", 1), ("([)]", 2), (")(((", 0)]
)
def test_depth(brackets, deepest):
    assert depth(brackets) == deepest
