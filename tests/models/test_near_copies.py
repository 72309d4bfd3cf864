"""How close the test parts come to what was trained on: what each PROVENANCE.md says of it."""

import csv
import gzip
import re
from pathlib import Path

import gruviz.models
from gruviz.models.tasks.negation import frame_of
from gruviz.models.tasks.sentiment_data import read_lexicon
from tests.models.test_tasks import split_of

DATA = Path(gruviz.models.__file__).parent / "data"


def said(name):
    return (DATA / name / "PROVENANCE.md").read_text(encoding="utf-8")


def test_openings_that_begin_like_a_training_game():
    split = split_of("openings")

    def shared(moves):
        seen = {game.tokens[:moves] for game in split.train}
        return sum(game.tokens[:moves] in seen for game in split.test)

    assert shared(24) == 0
    assert (
        f"{shared(23)} of the {len(split.test)} test games have their first 23 moves in common with a training game, "
        f"{shared(20)} their first 20." in said("openings")
    )


def reviews(name):
    """The words of each row of a set of reviews, signs and case left out."""
    kind, path = (open, "reviews.csv") if name == "sentiment" else (gzip.open, "reviews.csv.gz")
    with kind(DATA / name / path, "rt", encoding="utf-8", newline="") as file:
        return [words(row["text"]) for row in csv.DictReader(file)]


def words(text):
    return " ".join(re.findall(r"\w+", text.casefold()))


def runs(text, length=8):
    row = words(text).split()
    return {tuple(row[i : i + length]) for i in range(len(row) - length + 1)}


def test_reviews_that_differ_by_case_and_punctuation_only():
    labelled, rated = reviews("sentiment"), reviews("sentiment_rated")
    twice = len(labelled) - len(set(labelled))
    assert f"{twice} of them differ from another by case and punctuation only" in said("sentiment")
    both = sum(text in set(labelled) for text in rated)
    assert f"{both} stand in `sentiment` too, but for case and punctuation" in said("sentiment_rated")
    split = split_of("sentiment")
    taught = {words(example.text) for example in split.taught}
    for part in (split.test, split.validation, *split.also.values()):
        assert not [example.text for example in part if words(example.text) in taught]


def test_reviews_that_have_eight_words_in_a_row_in_common():
    split = split_of("sentiment")
    taught = set().union(*(runs(example.text) for example in split.taught))
    test, validation = (sum(bool(runs(e.text) & taught) for e in part) for part in (split.test, split.validation))
    assert (
        f"{test} of the {len(split.test):,} test reviews and {validation} of the {len(split.validation)} validation "
        "sentences have eight words in a row in common with what trains." in said("sentiment_rated")
    )


def test_negations_that_have_the_frame_of_a_training_review():
    split, lexicon = split_of("sentiment"), read_lexicon()
    tested = [e for part in (split.validation, *split.also.values()) for e in part if e.group == "negations"]
    written = {frame_of(example.tokens, lexicon) for example in split.train}
    shared = sum(frame_of(example.tokens, lexicon) in written for example in tested)
    assert f"{shared} of the {len(tested)} have the frame of a training review" in said("negations")


def test_what_a_program_makes_is_counted():
    for name, examples in split_of("sentiment").besides.items():
        assert f"- {len(examples):,} {name}" in said("negations")
