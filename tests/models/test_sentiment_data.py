"""What the sentiment task reads: people's reviews in every part, what a program made in training only."""

import random
import re

import pytest

from gruviz.inputs.words import split_words, vocabulary_form
from gruviz.models import load_model
from gruviz.models.tasks.negation import NEGATORS, frame_of, turned_review
from gruviz.models.tasks.negation_frames import SLOT, frame_sentences, frames
from gruviz.models.tasks.sentiment_data import positive, read_lexicon, words_of
from tests.models.test_tasks import split_of

MADE = ("sentences made from frames", "reviews with their meaning reversed")


def further(test):
    """A further test by the end of its name, which begins with how many examples it has."""
    return next(examples for name, examples in split_of("sentiment").also.items() if name.endswith(test))


def negations():
    split = split_of("sentiment")
    return [*further("negations"), *(e for e in split.validation if e.group == "negations")]


def tokens(text):
    return tuple(vocabulary_form(word) for word in split_words(text))


def test_what_a_program_made_only_teaches():
    split = split_of("sentiment")
    people = {"amazon", "imdb", "yelp", "movies", "products"}
    assert {e.group for e in split.train} == {e.group for e in split.test} == people
    assert {e.group for e in split.validation} == people | {"negations"}
    assert {e.group for name in MADE for e in split.besides[name]} == {"frames", "turned"}
    assert len(split.taught) == len(split.train) + sum(map(len, split.besides.values()))


def test_nothing_that_tests_is_taught_not_even_with_other_signs():
    split = split_of("sentiment")
    taught = {words_of(e) for e in split.taught}
    for part in (split.validation, split.test, *split.also.values()):
        assert not taught & {words_of(e) for e in part}


def test_the_negations_are_many_and_balanced():
    test = further("negations")
    assert len(test) == 80
    assert sum(map(positive, test)) == 40
    negated = sum(bool(NEGATORS & set(e.tokens)) for e in negations())
    assert negated >= 0.95 * len(negations())


def test_no_made_sentence_has_the_frame_of_a_negation_that_tests():
    split, lexicon = split_of("sentiment"), read_lexicon()
    kept = {frame_of(e.tokens, lexicon) for e in negations()}
    assert len(kept) > 100
    for name in MADE:
        assert not [e.text for e in split.besides[name] if frame_of(e.tokens, lexicon) in kept]


def test_no_idiom_can_be_filled_to_be_a_negation_that_tests():
    """Whatever one to four words stand in its slots."""
    spoken = [" ".join(words_of(e)) + " " for e in negations()]
    for idiom in sum(frames().idioms, ()):
        free = re.sub(r"\{(?:tail|end)\}", "", idiom.replace(",", " ")).split()
        pattern = re.compile("".join(r"(?:\S+ ){1,4}" if "{" in word else re.escape(word) + " " for word in free))
        assert not [text for text in spoken if pattern.fullmatch(text)], idiom


def test_the_frames_name_slots_there_are():
    known = frames()
    for frame in (*known.turned, *known.kept, *sum(known.idioms, ())):
        for sign, name in SLOT.findall(frame):
            assert name in known.opinions or (name in known.neutral and not sign), frame
        assert "{" not in SLOT.sub("", frame)


def test_frames_are_filled_with_words_of_the_side_that_makes_their_verdict():
    side_of = {word: side for sides in frames().opinions.values() for side in (0, 1) for word in sides[side]}
    checked = 0
    for text, verdict in frame_sentences(2000, random.Random(3)):
        assert "{" not in text
        if (said := re.fullmatch(r"(?:not|never) (\w+)", text)) and said[1] in side_of:  # "never again" is an idiom
            assert side_of[said[1]] != verdict
            checked += 1
    assert checked > 10


@pytest.mark.parametrize(
    ("review", "verdict", "expected"),
    [
        ("the soup was great", True, {"the soup wasn't great", "the soup was not great", "the soup was never great",
                                     "the soup was hardly great"}),
        ("a very dull film", False, {"not a very dull film"}),
        ("i love it", True, {"i don't love it", "i do not love it", "i didn't love it", "i did not love it"}),
        ("it is not boring", True, {"it is boring"}),
        ("great food , great service", True, {None}),  # two words of opinion
        ("the food was great", False, {None}),  # says another thing than its verdict
        ("never boring", True, {None}),
        ("great , but i left", True, {None}),
    ],
)  # fmt: skip
def test_a_review_is_turned_where_one_word_carries_its_verdict(review, verdict, expected):
    lexicon = {"great": 3.1, "dull": -1.7, "love": 3.2, "boring": -1.3}
    turned = {turned_review(tokens(review), verdict, lexicon, random.Random(seed)) for seed in range(60)}
    assert {words and " ".join(words) for words in turned} == expected


def says(cell, text):
    model = load_model(f"sentiment-{cell}")
    return float(model.outputs(model.trace(text))[-1])


def test_not_bad_is_positive_and_not_good_is_negative():
    assert says("gru", "not bad at all") > 0.5
    assert says("gru", "not good") < 0.5
    assert says("gru", "not good at all") < 0.5
    assert says("gru", "This movie was not bad.") > 0.5


def test_what_the_gru_reaches_on_sentences_training_never_saw():
    for test, least in (("rated reviews", 0.8), ("UCI reviews", 0.85), ("negations", 0.9)):
        right = [(says("gru", e.text) >= 0.5) == positive(e) for e in further(test)]
        assert sum(right) / len(right) >= least, test


def test_the_card_says_on_how_many_negations_it_was_tested():
    facts = dict(load_model("sentiment-gru").card.facts)
    assert set(split_of("sentiment").also) == {"514 UCI reviews", "1,174 rated reviews", "80 negations"} <= set(facts)
    assert " sentences made from frames" in facts["Split"]
