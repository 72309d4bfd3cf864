"""Reviews with a change that leaves the verdict alone, made from what trains only."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from gruviz.models.tasks.negation import NEGATORS
from gruviz.models.tasks.sentiment_data import SOURCES
from gruviz.models.tasks.task import EncodedExample, Example
from gruviz.records import Array

BUT, FILLER, AGREE, FORGET = 0.15, 0.15, 0.2, 0.1  # how often a sentence is varied in each way
NEUTRAL = 0.5  # a word is filler when its log-odds are nearer to 0 than this
CLEAR = 0.2  # a target further than this from 0.5 is a verdict
LONGEST_CLAUSE = 15  # words put before "but"
LONGEST_JOINED = 25  # words of what is joined to another
KEPT = NEGATORS | {"but"}  # never hidden: without them the verdict is another one

Row = tuple[list[int], float]  # words as rows of the vocabulary, and the target


def rows(examples: Sequence[Example], index: Mapping[str, int]) -> list[Row]:
    """The examples as the network reads them."""
    encoded = list[Row]()
    for example in examples:
        assert isinstance(example.target, float)
        encoded.append(([index.get(word, 0) for word in example.tokens], example.target))
    return encoded


def varier(train: Sequence[Example], vocabulary: tuple[str, ...]) -> Callable[[int, random.Random], EncodedExample]:
    """A function (i, rng) that gives training example i, varied.

    Some get a clause of the other verdict and "but" in front, some a sentence of the same verdict behind, some
    filler that says nothing; and words of reviews that people wrote become unknown ones, rare words twice as often.
    """
    index = {word: i for i, word in enumerate(vocabulary)}
    plain, size = rows(train, index), len(vocabulary)
    counts = Counter(word for words, _ in plain for word in words)
    forget = [0 if word in KEPT else FORGET * (2 if counts[i] <= 2 else 1) for i, word in enumerate(vocabulary)]
    written = [example.group in SOURCES for example in train]
    ends = {index.get(mark, -1) for mark in ".!?,"}
    stop, comma, but = (index.get(word, 0) for word in (".", ",", "but"))
    joined = [len(words) in range(2, LONGEST_JOINED + 1) and abs(target - 0.5) > CLEAR for words, target in plain]
    whole: dict[bool, list[list[int]]] = {False: [], True: []}
    for (words, target), fit in zip(plain, joined, strict=True):
        if fit:
            whole[target > 0.5].append(words)
    clauses = {
        side: [clause for words in whole[side] if len(clause := _clause(words, ends)) <= LONGEST_CLAUSE]
        for side in whole
    }
    fillers = _fillers(plain, size)

    def varied(i: int, rng: random.Random) -> EncodedExample:
        words, target = plain[i]
        way, side = rng.random(), target > 0.5
        if not joined[i]:
            pass
        elif way < BUT and clauses[not side]:
            words = rng.choice(clauses[not side]) + ([comma, but] if rng.random() < 0.5 else [but]) + words
        elif way < BUT + FILLER and fillers:
            filler = rng.choice(fillers)[: rng.randint(4, 12)]
            words = [*stopped(words), *filler] if rng.random() < 0.7 else [*filler, stop, *words]
        elif way < BUT + FILLER + AGREE:
            words = stopped(words) + rng.choice(whole[side])
        if written[i]:
            words = [0 if rng.random() < forget[word] else word for word in words]
        return words, target

    def stopped(words: list[int]) -> list[int]:
        return words if words[-1] in ends else [*words, stop]

    return varied


def _leans(plain: Sequence[Row], size: int) -> Array:
    """Log-odds (V,) of a positive review given that the word is in it, counts smoothed by one."""
    seen = np.full((2, size), 1.0)  # (side, word)
    for words, target in plain:
        seen[int(target > 0.5), list(set(words))] += 1
    leans: Array = np.log(seen[1] / seen[0])
    return leans


def _clause(words: list[int], ends: set[int]) -> list[int]:
    """A review without the marks at its end, ready for "but"."""
    stop = len(words)
    while stop > 1 and words[stop - 1] in ends:
        stop -= 1
    return words[:stop]


def _fillers(plain: Sequence[Row], size: int) -> list[list[int]]:
    """Runs of four or more words, none of which leans to either verdict."""
    leans = np.abs(_leans(plain, size)) > NEUTRAL
    runs: list[list[int]] = [[]]
    for words, _ in plain:
        for word in words:
            if leans[word]:
                runs.append([])
            else:
                runs[-1].append(word)
        runs.append([])
    return [run for run in runs if len(run) >= 4]
