"""Sentiment: is a one-sentence review of a product, film or restaurant positive? Asked after its last word."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from gruviz.common.progress import Progress
from gruviz.inputs.words import UNKNOWN
from gruviz.models.tasks.sentiment_data import WORDS, positive, split
from gruviz.models.tasks.sentiment_variations import rows, varier
from gruviz.models.tasks.settings import TrainingSettings
from gruviz.models.tasks.steps import at_last, last_and_earlier
from gruviz.models.tasks.task import Answered, Baseline, EncodedExample, Example, Split, Varier
from gruviz.models.tasks.word_vectors import cooccurrence_vectors
from gruviz.records import Array

FIRST_SCALE = 0.3  # standard deviation of the first word vectors
VALENCE = 0.6  # the last number of a rated word's first vector: this times the log-odds of its rating
EARLIER_STEPS = 0.5  # weight of the answers before the last word
CLEAR = 0.17  # the baseline learns from targets further than this from 0.5, as ratings from 0.5 on are


class Sentiment:
    """Labelled and rated reviews, rated words and sentences that a program negated; see `sentiment_data`."""

    name = "sentiment"
    metric = "accuracy"
    lower_is_better = False
    outputs = 1
    learn_vectors = True
    needs: tuple[str, ...] = ("sklearn",)
    settings = TrainingSettings(epochs=5, batch=256, sorted_batches=16, rate=0.01, warm_up=20, drop_input=0.3)
    tuning = "The other settings were chosen beforehand by looking at one seed of the GRU and the validation part."
    about: dict[str, Any] = {  # noqa: RUF012 (a constant of the task)
        "title": "Sentiment of a review",
        "example": "The food was great but the service was terrible",
        "encoder": {"kind": "words"},
        "read_out": {"kind": "probability", "label": "positive"},
        "summary": (
            "Reads a one-sentence review word by word and says how likely it is to be positive; trained from scratch "
            "on reviews that people labelled or rated, on rated words, and on sentences that a program made to teach "
            "negation. It is tested on reviews that people wrote, and on 80 negations written for it."
        ),
        "data": (
            "Sentiment Labelled Sentences (UCI data set 331), reviews of phones, films and restaurants; rated film and "
            "product reviews and a lexicon from the package “vaderSentiment”; negations written for this project"
        ),
        "licence": (
            "UCI: CC BY 4.0, the copy this one was made from under the MIT licence; rated reviews and lexicon: MIT, "
            "© 2016 C.J. Hutto"
        ),
        "credit": (
            "D. Kotzias, M. Denil, N. de Freitas and P. Smyth, KDD 2015, doi:10.24432/C57604, copied from the "
            "package “sentiment”, © 2016 Andrew Sliwinski; C.J. Hutto and E. Gilbert, “VADER”, ICWSM 2014; both "
            "cleaned and cut, see the PROVENANCE.md of each"
        ),
    }

    def split(self, on_progress: Progress = None) -> Split:
        """Reviews in every part, each source and side in its share; see `sentiment_data`."""
        return split(on_progress)

    def vocabulary(self, train: Sequence[Example]) -> tuple[str, ...]:
        """Every word that two training examples have, and every rated word, by the alphabet, after the unknown word."""
        counts = Counter(word for example in train for word in set(example.tokens))
        rated = {word for example in train if example.group == WORDS for word in example.tokens}
        return (UNKNOWN, *sorted(word for word, count in counts.items() if count > 1 or word in rated))

    def first_vectors(self, train: Sequence[Example], vocabulary: tuple[str, ...], width: int) -> Array:
        """From which words stand together in what trains, and in the last number how people rated the word.

        The unknown word starts at 0.
        """
        index = {word: i for i, word in enumerate(vocabulary)}
        sentences = [words for words, _ in rows(train, index)]
        vectors = FIRST_SCALE * cooccurrence_vectors(sentences, len(vocabulary), width)
        vectors[:, -1] = 0
        for example in train:
            if example.group == WORDS and isinstance(example.target, float):
                log_odds = np.log(example.target / (1 - example.target))
                vectors[[index[word] for word in example.tokens], -1] = VALENCE * log_odds
        vectors[0] = 0
        return vectors

    def encode(self, example: Example, index: Mapping[str, int]) -> EncodedExample:
        """Rows of the words, the first for unknown ones."""
        return [index.get(word, 0) for word in example.tokens], example.target

    def varier(self, train: Sequence[Example], vocabulary: tuple[str, ...]) -> Varier:
        """Reviews with a change that leaves the verdict alone; see `sentiment_variations`."""
        return varier(train, vocabulary)

    def quantities(self, tokens: Sequence[str], numbers: Sequence[Sequence[float]]) -> Mapping[str, float]:  # noqa: ARG002
        """None."""
        return {}

    def loss(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:
        """Cross-entropy of the last answer, and half as much of the earlier ones, weighted (t / T)^2."""
        each = binary_cross_entropy_with_logits(
            logits[..., 0], targets.expand(logits.shape[:2]), reduction="none"
        )  # (T, B)
        return last_and_earlier(each, lengths, EARLIER_STEPS)

    def scores(self, answered: Answered) -> Tensor:
        """1 where p_T >= 0.5 just where the review is positive, else 0, (B,)."""
        return ((at_last(answered.logits[..., 0], answered.lengths) >= 0) == (answered.targets > 0.5)).double()

    def baselines(self, split: Split) -> tuple[Baseline, ...]:
        """Logistic regression on TF-IDF of words and pairs of the written training reviews, C from the validation part.

        With what a program made it does worse, on validation: 76 % instead of 82 %.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        train = [example for example in split.train if abs(_target(example) - 0.5) > CLEAR]
        weigh = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        seen = weigh.fit_transform([example.text for example in train])
        fitted = LogisticRegression(C=30, max_iter=1000).fit(seen, [positive(example) for example in train])
        answers = fitted.predict(weigh.transform([example.text for example in split.test]))
        right = tuple(float(a == positive(example)) for a, example in zip(answers, split.test, strict=True))
        return (Baseline("TF-IDF + logistic regression", right),)


def _target(example: Example) -> float:
    assert isinstance(example.target, float)
    return example.target
