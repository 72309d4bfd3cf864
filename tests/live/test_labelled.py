"""What people bring, good and bad."""

import re

import pytest
import torch

from gruviz.errors import GruvizError, SequenceError
from gruviz.inputs import SPLITS, TokenEncoder
from gruviz.live.labelled import read_labelled
from gruviz.live.own import labelled, numbers
from gruviz.live.race import Race
from gruviz.live.settings import LiveSettings

GOOD = "\n".join([*(f"what a good film {i}\tgood" for i in range(10)), *(f"bad, so bad {i}\tbad" for i in range(5))])


def test_lines_with_tabs():
    data = read_labelled(GOOD, "words")
    assert data.labels == ("bad", "good")
    assert data.balance == {"bad": (4, 1), "good": (8, 2)}
    assert data.problems == ()
    assert {"good", "bad", "film", ","} <= set(data.vocabulary)
    numbers = [line.number for line in (*data.training, *data.held_out)]
    assert sorted(numbers) == list(range(1, 16))


@pytest.mark.parametrize("header", ["text,label", "Label,Text", "id,text,label", "review,verdict"])
def test_csv_with_a_header(header):
    names = header.casefold().split(",")
    fill = {"id": "1", "review": '"good, really"', "verdict": "yes", "text": '"good, really"', "label": "yes"}
    other = fill | {"review": "bad", "text": "bad", "verdict": "no", "label": "no"}
    rows = [",".join(one[name] for name in names) for one in (fill, fill | {"text": "fine", "review": "fine"},
            other, other | {"text": "poor", "review": "poor"})]  # fmt: skip
    data = read_labelled("\n".join([header, *rows]), "words")
    assert data.labels == ("no", "yes")
    texts = {line.text for line in (*data.training, *data.held_out)}
    assert texts == {"good, really", "fine", "bad", "poor"}


def test_bad_lines_are_left_out_and_named():
    data = read_labelled(f"{GOOD}\nno tab here\n\tno text\nno label\t\na\tb\tc\n{'w ' * 201}\tgood", "words")
    assert data.problems == (
        "Line 16 has 0 tabs; expected 1.", "Line 17 has no text.", "Line 18 has no label.",
        "Line 19 has 2 tabs; expected 1.", "Line 20 has 201 words; at most 200.",
    )  # fmt: skip
    assert len(data.training) + len(data.held_out) == 15


def test_many_bad_lines_are_counted():
    data = read_labelled(GOOD + "\nno tab" * 9, "words")
    assert len(data.problems) == 6
    assert "4 more lines" in data.problems[-1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no data yet"),
        ("  \n\t\n", "There is no data yet"),
        ("a\tx\nb\tx\nc\tx", "All 3 lines have the label “x”"),
        ("a\tx\nb\tx\nc\ty", "Only line 3 has the label “y”"),
        ("1.5\n2.5\n3.5", "No line can be used. Line 1 has 0 tabs"),
        ("1.5\n2.5\n3.5", "choose the task “Your own numbers ahead”"),
        ("a,b,c\n1,2,3", "3 columns: a, b, c. It needs columns called text and label"),
        ("\n".join(f"a{i}\t{i // 2}" for i in range(50)), "There are 25 labels; at most 20"),
        ("a\tx\n" * 100_000, "100,001 lines; at most 20,000"),
        ("x" * 2_000_001, "2,000,001 characters; at most 2,000,000"),
        ("a\tx\na\tx\nb\ty\nb\ty", "one text only"),
        ('text,label\n"a,b\n', None),
    ],
)
def test_data_that_nothing_can_be_learned_from_are_refused_in_a_sentence(text, said):
    with pytest.raises(GruvizError, match=said and re.escape(said)):
        read_labelled(text, "words")


def test_one_token_per_line_is_enough():
    data = read_labelled("\n".join(f"{'a' if i % 2 else 'b'}{i}\t{i % 2}" for i in range(20)), "words")
    race = Race(LiveSettings(units=3, batch=4), labelled(data, LiveSettings(units=3, batch=4)))
    race.update()
    assert race.learners["GRU"].broken is None


def test_a_text_that_is_there_twice_is_in_one_part():
    data = read_labelled(GOOD + "\n" + GOOD, "words")
    assert not {line.text for line in data.training} & {line.text for line in data.held_out}


@pytest.mark.parametrize("by", ["words", "characters"])
def test_what_is_trained_on_is_what_the_encoder_reads_later(by):
    """Held-out lines as batch rows, and as the Step page's encoder reads them."""
    data = read_labelled(f"Müller’s naïve CAFÉ – “so”\tx\nmuller's naive cafe - so\tx\n{GOOD}", by)
    source = labelled(data, LiveSettings())
    encoder = TokenEncoder(by, source.encoder["vocabulary"], source.vectors.numpy(), SPLITS[by].hint)
    inputs, lengths, _ = source.held_out
    for b, line in enumerate(data.held_out):
        read = torch.from_numpy(encoder.encode(line.text).values)
        torch.testing.assert_close(source.vectors[inputs[: lengths[b], b]], read)


def test_labels_are_learned():
    settings = LiveSettings(units=8, batch=8, rate=0.02)
    race = Race(settings, labelled(read_labelled(GOOD, "words"), settings))
    for _ in range(60):
        race.update()
    for score, confusion in race.held_out().values():
        assert score == 1.0
        assert confusion.tolist() == [[1, 0], [0, 2]]


def test_a_series_of_numbers():
    source = numbers(" ".join(str(i % 7) for i in range(100)), LiveSettings(ahead=2))
    inputs, _, targets = source.held_out
    torch.testing.assert_close(inputs[2:, :, 0], targets[:-2])
    settings = LiveSettings(units=12, batch=16, rate=0.02, ahead=2)
    race = Race(settings, numbers(" ".join(str(i % 7) for i in range(100)), settings))
    for _ in range(60):
        race.update()
    assert all(learner.reached for learner in race.learners.values())


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("good film\tgood\nbad film\tbad", SequenceError, "not a number"),
        ("", SequenceError, "empty"), ("1 2 3", GruvizError, "The series has 3 numbers; at least 41"),
        ("5 " * 60, GruvizError, "are all 5"),
    ],
)  # fmt: skip
def test_series_that_can_not_be_learned_are_refused_in_a_sentence(text, kind, said):
    with pytest.raises(kind, match=said):
        numbers(text, LiveSettings())
