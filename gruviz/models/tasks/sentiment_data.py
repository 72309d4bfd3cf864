"""What the sentiment task reads, from where, and how it is cut: see the PROVENANCE.md of each folder."""

import csv
import gzip
import math
import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from gruviz.common.progress import Progress, between, reporting
from gruviz.inputs.words import split_words, vocabulary_form
from gruviz.models.tasks.negation import STRONG, Words, frame_of, turned_review
from gruviz.models.tasks.negation_frames import frame_sentences
from gruviz.models.tasks.task import Example, Split

DATA = Path(__file__).parents[1] / "data"
SPLIT_SEED = 1
# Shares for test and validation, by data set; the rest trains.
LABELLED, RATED = (0.2, 0.1), (0.1, 0.05)
SOURCES = {"amazon": LABELLED, "imdb": LABELLED, "yelp": LABELLED, "movies": RATED, "products": RATED}
WORDS = "words"  # the group of rated words
NEUTRAL = 0.5  # a rating nearer to 0 is no verdict: such a review teaches, but tests nothing
STRONGER = 1.5  # a rated word that no training review has is learned from this valence on
STEEPNESS = 1.5  # a rating r is taken as the probability 1 / (1 + e^(-STEEPNESS r)) of a positive verdict
LABEL = 0.95  # the probability that a label stands for: some are a matter of taste
MADE, TURNED = 0.9, 0.85  # the same of a sentence that a program made
READING = 0.5  # of the work, about: what comes before sentences are made
FRAMES = 12000  # sentences that are drawn from frames; those that are alike are kept once


def split(on_progress: Progress = None) -> Split:
    """Reviews that people wrote are in every part, each source and side in its share; what is made only teaches."""
    negations = {part: tuple(_negations(part)) for part in ("validation", "test")}
    lexicon = read_lexicon()
    known = {words_of(example) for part in negations.values() for example in part}
    groups: dict[tuple[str, bool], list[Example]] = {}
    neutral = []
    read = between(on_progress, 0.0, READING)
    for example, rating in chain(_labelled(between(read, 0.0, 0.2)), _rated(between(read, 0.2, 1.0))):
        if words_of(example) not in known:
            known.add(words_of(example))
            if abs(rating) >= NEUTRAL:
                groups.setdefault((example.group, positive(example)), []).append(example)
            else:
                neutral.append(example)
    test, validation, train = list[Example](), list[Example](), list[Example]()
    rng = random.Random(SPLIT_SEED)
    for key in sorted(groups):
        rows = groups[key]
        rng.shuffle(rows)
        for_test, for_validation = SOURCES[key[0]]
        first, second = round(for_test * len(rows)), round((for_test + for_validation) * len(rows))
        test += rows[:first]
        validation += rows[first:second]
        train += rows[second:]
    further = {
        "UCI reviews": [example for example in test if SOURCES[example.group] == LABELLED],
        "rated reviews": [example for example in test if SOURCES[example.group] == RATED],
        "negations": negations["test"],
    }
    return Split(
        SPLIT_SEED,
        (*train, *neutral),
        (*validation, *negations["validation"]),
        tuple(test),
        also={f"{len(examples):,} {name}": tuple(examples) for name, examples in further.items()},
        besides={
            "rated words": tuple(_words(lexicon, {word for e in (*train, *neutral) for word in e.tokens}, known)),
            **_made(
                train,
                lexicon,
                known,
                {frame_of(e.tokens, lexicon) for part in negations.values() for e in part},
                between(on_progress, READING, 1.0),
            ),
        },
    )


def positive(example: Example) -> bool:
    """The side that an example is on."""
    assert isinstance(example.target, float)
    return example.target > 0.5


def words_of(example: Example) -> Words:
    """A text without its signs: two examples with the same are near-copies."""
    return tuple(word for word in example.tokens if word[0].isalnum())


def read_lexicon() -> dict[str, float]:
    """The valence of each word that says something, -4 to 4."""
    rows = _rows("sentiment_rated/lexicon.csv.gz")
    return {row["word"]: float(row["valence"]) for row in rows if abs(float(row["valence"])) >= STRONG}


def _example(text: str, target: float, group: str) -> Example:
    return Example(tuple(vocabulary_form(word) for word in split_words(text)), target, text, group)


def _labelled(progress: Progress) -> Iterator[tuple[Example, float]]:
    for row in reporting(_rows("sentiment/reviews.csv"), progress):
        yes = row["label"] == "1"
        yield _example(row["text"], _side(yes, LABEL), row["source"]), 4.0 if yes else -4.0


def _rated(progress: Progress) -> Iterator[tuple[Example, float]]:
    for row in reporting(_rows("sentiment_rated/reviews.csv.gz"), progress):
        rating = float(row["rating"])
        yield _example(row["text"], _probability(rating), row["source"]), rating


def _negations(part: str) -> Iterator[Example]:
    for row in _rows("negations/negations.csv"):
        if row["part"] == part:
            yield _example(row["text"], _side(row["label"] == "1", LABEL), "negations")


def _words(lexicon: Mapping[str, float], read: Collection[str], known: Collection[Words]) -> Iterator[Example]:
    """Rated words, each alone: those that training reviews have, and of the others those that say most.

    None that is a review itself ("Terrible."): that may test.
    """
    for word, valence in lexicon.items():
        if (word in read or abs(valence) >= STRONGER) and (word,) not in known:
            yield _example(word, _probability(valence), WORDS)


def _made(
    train: Sequence[Example],
    lexicon: Mapping[str, float],
    seen: Collection[Words],
    kept: Collection[Words],
    progress: Progress,
) -> dict[str, tuple[Example, ...]]:
    """What a program makes, each sentence once: none that is in `seen`, none of a frame that is in `kept`."""
    seen, rng = set(seen), random.Random(SPLIT_SEED)

    def new(examples: Iterable[Example]) -> Iterator[Example]:
        for example in examples:
            if words_of(example) not in seen and frame_of(example.tokens, lexicon) not in kept:
                seen.add(words_of(example))
                yield example

    made = reporting(tuple(frame_sentences(FRAMES, rng)), between(progress, 0.0, 0.5))
    frames = (_example(text, _side(verdict, MADE), "frames") for text, verdict in made)
    turned = (
        _example(" ".join(words), _side(not positive(example), TURNED), "turned")
        for example in reporting(train, between(progress, 0.5, 1.0))
        if (words := turned_review(example.tokens, positive(example), lexicon, rng))
    )
    return {"sentences made from frames": tuple(new(frames)), "reviews with their meaning reversed": tuple(new(turned))}


def _side(yes: bool, probability: float) -> float:
    return probability if yes else 1 - probability


def _probability(rating: float) -> float:
    return 1 / (1 + math.exp(-STEEPNESS * rating))


def _rows(name: str) -> list[dict[str, str]]:
    path = DATA / name
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
