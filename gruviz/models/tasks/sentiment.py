"""Sentiment: is a one-sentence review of a product, film or restaurant positive? Asked after its last word."""

import csv
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from gruviz.inputs.words import UNKNOWN, split_words, vocabulary_form
from gruviz.models.tasks.settings import Settings
from gruviz.models.tasks.steps import at_last, last_and_earlier
from gruviz.models.tasks.task import Answered, Baseline, Encoded, Example, Split
from gruviz.models.tasks.word_vectors import cooccurrence_vectors
from gruviz.records import Array

DATA = Path(__file__).parents[1] / "data" / "sentiment" / "reviews.csv"
SPLIT_SEED = 1
TEST, VALIDATION = 0.2, 0.1  # shares; the rest trains
FIRST_SCALE = 0.3  # standard deviation of the first word vectors
SOFTENING = 0.05  # targets 0.05 and 0.95: some labels are a matter of taste
EARLIER_STEPS = 0.5  # weight of the answers before the last word
BUT, FILLER, AGREE, FORGET = 0.15, 0.15, 0.2, 0.1  # how often a sentence is varied in each way; see `varier`
NEUTRAL = 0.5  # a word is filler when its log-odds are nearer to 0 than this
LONGEST_CLAUSE = 15  # words put before "but"


class Sentiment:
    """Binary sentiment on the Sentiment Labelled Sentences (Kotzias et al., KDD 2015); see data/sentiment."""

    name = "sentiment"
    metric = "accuracy"
    lower_is_better = False
    outputs = 1
    learn_vectors = True
    needs: tuple[str, ...] = ("sklearn",)
    settings = Settings()
    tuning = "The other settings were chosen before for GRUs, on the validation part."
    about: dict[str, Any] = {  # noqa: RUF012 (a constant of the task)
        "title": "Sentiment of a review",
        "example": "The food was great but the service was terrible",
        "encoder": {"kind": "words"},
        "read_out": {"kind": "probability", "label": "positive"},
        "summary": (
            "Reads a one-sentence review word by word and tells how likely it is positive; trained from "
            "scratch on the training split, in part varied: words hidden, neutral words added, reviews joined, "
            "opposite ones by “but”."
        ),
        "data": "Sentiment Labelled Sentences (UCI data set 331): reviews of phones, films and restaurants",
        "licence": "CC BY 4.0; the copy this one was made from is under the MIT licence",
        "credit": (
            "D. Kotzias, M. Denil, N. de Freitas and P. Smyth, KDD 2015, doi:10.24432/C57604; copied from the "
            "package “sentiment”, © 2016 Andrew Sliwinski; cleaned and cut, see PROVENANCE.md"
        ),
    }

    def split(self) -> Split:
        """The reviews, each source and label shared out alike."""
        groups: dict[tuple[str, str], list[Example]] = {}
        with DATA.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                tokens = tuple(vocabulary_form(word) for word in split_words(row["text"]))
                example = Example(tokens, float(row["label"]), row["text"], row["source"])
                groups.setdefault((example.group, row["label"]), []).append(example)
        test, validation, train = list[Example](), list[Example](), list[Example]()
        rng = random.Random(SPLIT_SEED)
        for key in sorted(groups):
            rows = groups[key]
            rng.shuffle(rows)
            first, second = round(TEST * len(rows)), round((TEST + VALIDATION) * len(rows))
            test += rows[:first]
            validation += rows[first:second]
            train += rows[second:]
        return Split(SPLIT_SEED, tuple(train), tuple(validation), tuple(test))

    def vocabulary(self, train: Sequence[Example]) -> tuple[str, ...]:
        """Every word of the training reviews, by the alphabet, after the unknown word."""
        return (UNKNOWN, *sorted({word for example in train for word in example.tokens}))

    def first_vectors(self, train: Sequence[Example], vocabulary: tuple[str, ...], width: int) -> Array:
        """From which words stand together in the training reviews, labels unseen; the unknown word starts at 0."""
        rows = _rows(train, vocabulary)
        vectors = FIRST_SCALE * cooccurrence_vectors([words for words, _ in rows], len(vocabulary), width)
        vectors[0] = 0
        return vectors

    def encode(self, example: Example, index: Mapping[str, int]) -> Encoded:
        """Rows of the words, the first for unknown ones."""
        return [index.get(word, 0) for word in example.tokens], example.target

    def varier(self, train: Sequence[Example], vocabulary: tuple[str, ...]) -> Callable[[int, random.Random], Encoded]:
        """Reviews with a change that leaves the verdict alone, made from training reviews only.

        Some get a clause of the other verdict and "but" in front, some a review of the same verdict behind, some
        filler that says nothing; and words become unknown ones, rare words twice as often.
        """
        index = {word: i for i, word in enumerate(vocabulary)}
        rows = _rows(train, vocabulary)
        counts = Counter(word for words, _ in rows for word in words)
        forget = [FORGET * (2 if counts[i] <= 1 else 1) for i in range(len(vocabulary))]
        ends = {index.get(mark, -1) for mark in ".!?,"}
        stop, comma, but = (index.get(word, 0) for word in (".", ",", "but"))
        clauses = {target: [c for c in (_clause(w, ends) for w, t in rows if t == target) if len(c) <= LONGEST_CLAUSE]
                   for target in (0.0, 1.0)}  # fmt: skip
        whole = {target: [words for words, t in rows if t == target] for target in (0.0, 1.0)}
        fillers = _fillers(rows, len(vocabulary))

        def varied(i: int, rng: random.Random) -> Encoded:
            words, target = rows[i]
            way = rng.random()
            if way < BUT:
                turn = [comma, but] if rng.random() < 0.5 else [but]
                words = rng.choice(clauses[1 - target]) + turn + words
            elif way < BUT + FILLER and fillers:
                filler = rng.choice(fillers)[: rng.randint(4, 12)]
                behind = words + ([] if words[-1] in ends else [stop]) + filler
                words = behind if rng.random() < 0.7 else [*filler, stop, *words]
            elif way < BUT + FILLER + AGREE:
                words = words + rng.choice(whole[target])
            return [0 if rng.random() < forget[word] else word for word in words], target

        return varied

    def quantities(self, tokens: Sequence[str], numbers: Sequence[Sequence[float]]) -> Mapping[str, float]:  # noqa: ARG002
        """None."""
        return {}

    def loss(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:
        """Cross-entropy of the last answer, and half as much of the earlier ones, weighted (t / T)^2."""
        soft = targets * (1 - 2 * SOFTENING) + SOFTENING
        each = binary_cross_entropy_with_logits(
            logits[..., 0], soft.expand(logits.shape[:2]), reduction="none"
        )  # (T, B)
        return last_and_earlier(each, lengths, EARLIER_STEPS)

    def scores(self, answered: Answered) -> Tensor:
        """1 where p_T >= 0.5 just where the review is positive, else 0, (B,)."""
        return ((at_last(answered.logits[..., 0], answered.lengths) >= 0) == (answered.targets > 0.5)).double()

    def baselines(self, split: Split) -> tuple[Baseline, ...]:
        """Logistic regression on TF-IDF of words and pairs, chosen by cross-validation without the test."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        weigh = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        seen = weigh.fit_transform([example.text for example in split.train])
        fitted = LogisticRegression(C=100, max_iter=1000).fit(seen, [example.target for example in split.train])
        answers = fitted.predict(weigh.transform([example.text for example in split.test]))
        right = tuple(float(a == example.target) for a, example in zip(answers, split.test, strict=True))
        return (Baseline("TF-IDF + logistic regression", right),)


Words = tuple[list[int], float]


def _rows(examples: Sequence[Example], vocabulary: tuple[str, ...]) -> list[Words]:
    index = {word: i for i, word in enumerate(vocabulary)}
    return [([index[word] for word in example.tokens], _label(example)) for example in examples]


def _label(example: Example) -> float:
    assert isinstance(example.target, float)
    return example.target


def _leans(rows: Sequence[Words], size: int) -> Array:
    """Log-odds (V,) of a positive review given that the word is in it, counts smoothed by one."""
    seen = np.full((2, size), 1.0)  # (label, word)
    for words, target in rows:
        seen[int(target), list(set(words))] += 1
    leans: Array = np.log(seen[1] / seen[0])
    return leans


def _clause(words: list[int], ends: set[int]) -> list[int]:
    """A review without the marks at its end, ready for "but"."""
    stop = len(words)
    while stop > 1 and words[stop - 1] in ends:
        stop -= 1
    return words[:stop]


def _fillers(rows: Sequence[Words], size: int) -> list[list[int]]:
    """Runs of four or more words, none of which leans to either verdict."""
    leans = np.abs(_leans(rows, size)) > NEUTRAL
    runs: list[list[int]] = [[]]
    for words, _ in rows:
        for word in words:
            if leans[word]:
                runs.append([])
            else:
                runs[-1].append(word)
        runs.append([])
    return [run for run in runs if len(run) >= 4]
