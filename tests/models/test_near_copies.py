"""How close the test parts come to what was trained on: what each PROVENANCE.md says of it."""

import re
from pathlib import Path

import gruviz.models
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


def test_reviews_that_differ_by_case_and_punctuation_only():
    def words(review):
        return re.sub(r"\W+", " ", review.text.casefold()).strip()

    split = split_of("sentiment")
    seen = {words(review) for review in split.train}
    test, validation = (sum(words(review) in seen for review in part) for part in (split.test, split.validation))
    sentence = f"{test} of the {len(split.test)} test reviews and {validation} of the validation reviews"
    assert sentence in said("sentiment")
