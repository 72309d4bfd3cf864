"""Reviews turned round, so that a network learns what "not" does; and what two sentences of one frame share."""

import random
from collections.abc import Collection, Mapping, Sequence

Words = tuple[str, ...]

NEGATORS = frozenset((
    "not", "no", "never", "nothing", "neither", "nor", "none", "nobody", "hardly", "barely", "scarcely",
    "without", "cannot", "lacks", "lack", "few", "little", "less", "isn't", "wasn't", "aren't", "weren't",
    "don't", "doesn't", "didn't", "won't", "wouldn't", "can't", "couldn't", "shouldn't", "hasn't", "haven't",
    "hadn't", "ain't", "dont", "doesnt", "didnt", "isnt", "wasnt", "cant", "wont", "couldnt", "wouldnt",
    "fails", "failed", "far", "nowhere",
))  # fmt: skip
# What may turn a verdict round, or say that it is not the last word.
TURNS = NEGATORS | {
    "but", "however", "although", "though", "despite", "yet", "except", "if", "would", "could", "should", "too",
}  # fmt: skip
SUBJECTS = {"i": "do", "we": "do", "you": "do", "they": "do", "it": "does", "he": "does", "she": "does"}
COPULAS = ("is", "was", "are", "were", "be", "been", "am", "it's", "that's", "he's", "she's", "they're", "i'm", "i've")
INTENSIFIERS = frozenset((
    "very", "so", "really", "pretty", "quite", "too", "truly", "extremely", "absolutely", "totally", "highly",
    "incredibly",
))  # fmt: skip
LONGEST = 25  # words of a review to be turned: in longer ones, one word is not the verdict
STRONG = 1.0  # a word of the lexicon says something from this valence on


def turned_review(words: Words, positive: bool, lexicon: Mapping[str, float], rng: random.Random) -> Words | None:
    """A review with its one word of opinion negated, or that word's negation taken away; None where there is not one.

    The word must say what the review's verdict says (or, behind a negation, its opposite), nothing else of the
    review may: then the verdict of what comes out is the other one.
    """
    says = [i for i, word in enumerate(words) if abs(lexicon.get(word, 0)) >= STRONG and word not in NEGATORS]
    negated = [i for i, word in enumerate(words) if word in NEGATORS]
    if len(words) > LONGEST or len(says) != 1 or len(negated) > 1:
        return None
    at = says[0]
    agrees = (lexicon[words[at]] > 0) == positive
    if negated:
        if agrees or words[at - 1] != "not" or at == 0:
            return None
        return words[: at - 1] + words[at:]
    if not agrees or TURNS & set(words):
        return None
    return _negated(words, at, rng)


def _negated(words: Words, at: int, rng: random.Random) -> Words:
    """The word at `at` negated as one would: before its article and adverbs, in the verb where there is one."""
    start = at
    while start and words[start - 1] in INTENSIFIERS:
        start -= 1
    if start and words[start - 1] in ("a", "an", "the"):
        start -= 1
    before = words[start - 1] if start else ""
    if before in COPULAS:
        short = {"is": "isn't", "was": "wasn't", "are": "aren't", "were": "weren't"}.get(before)
        if short and rng.random() < 0.5:
            return (*words[: start - 1], short, *words[start:])
        return (*words[:start], rng.choice(("not", "not", "never", "hardly")), *words[start:])
    if before in SUBJECTS and not words[at].endswith("ed"):
        verb = SUBJECTS[before] if rng.random() < 0.6 else "did"
        return (*words[:start], *rng.choice(((f"{verb}n't",), (verb, "not"))), *words[start:])
    return (*words[:start], "not", *words[start:])


def frame_of(words: Sequence[str], opinions: Collection[str]) -> Words:
    """What is left of a sentence without its words of opinion and its signs: two sentences of one frame are alike."""
    return tuple("_" if word in opinions and word not in NEGATORS else word for word in words if word[0].isalnum())
