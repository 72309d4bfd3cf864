"""Brackets: is the string so far balanced, how deep is it open, or is it broken? Asked after each character."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from gruviz.common.progress import Progress, counting
from gruviz.models.tasks.settings import PLAIN
from gruviz.models.tasks.steps import within
from gruviz.models.tasks.task import Answered, Baseline, EncodedExample, Example, Plain, Split, Varier

SPLIT_SEED = 1
TRAIN, VALIDATION, TEST = 6000, 400, 1000
SHORTEST, LONGEST = 2, 20  # characters of the strings trained on
BEYOND = (48, 96)
DEEPEST = 4
OPEN = 0.45  # how often a bracket opens where it might as well close
BREAK = 0.5  # how many strings have a bracket of the wrong kind, or one that closes nothing
PAIRS = ("()", "[]", "{}")
CLOSES = {pair[1]: pair[0] for pair in PAIRS}
BALANCED, BROKEN = 0, DEEPEST + 1  # between them: that many brackets open
ANSWERS = ("balanced", *(f"{depth} deep" for depth in range(1, DEEPEST + 1)), "broken")


class Brackets(Plain):
    """Synthetic strings of three kinds of brackets; half of them are broken somewhere."""

    name = "brackets"
    metric = "strings right after every character"
    outputs = len(ANSWERS)
    tuning = (
        "The number of epochs was chosen beforehand by looking at one GRU with 10 and with 20 and the validation part; "
        "other networks had been trained to say only whether the string is balanced."
    )
    symbols = tuple("()[]{}")
    settings = replace(PLAIN, features=len(symbols), hidden=32, epochs=20, patience=10, batch=32, rate=1e-2)
    about: dict[str, Any] = {  # noqa: RUF012 (a constant of the task)
        "title": "Balanced brackets",
        "example": "([{}])[()]",
        "encoder": {"kind": "characters"},
        "read_out": {"kind": "classes", "label": "so far", "labels": list(ANSWERS)},
        "summary": (
            "Reads brackets one by one and says whether the string so far is balanced, how many brackets are open, or "
            f"that it is broken for good; trained on strings of {SHORTEST} to {LONGEST} characters, at most {DEEPEST} "
            "deep; half of them contain a mismatched bracket."
        ),
        "data": f"{TRAIN + VALIDATION + TEST:,} strings drawn at random by this program",
        "licence": "MIT",
        "credit": "gruviz",
    }

    def split(self, on_progress: Progress = None) -> Split:
        """Strings of the trained lengths in three parts, and longer ones. None is another one with kinds swapped.

        Nor does a test string begin one that taught or chose a network: that asks for an answer after each character,
        so it would have been taught the answers to all of it.
        """
        rng, seen = random.Random(SPLIT_SEED), set[str]()
        count = counting(TRAIN + VALIDATION + TEST + len(BEYOND) * (TEST // 2), on_progress)

        def fresh(n: int, lengths: tuple[int, int]) -> tuple[Example, ...]:
            made: list[Example] = []
            while len(made) < n:
                text = draw(rng, rng.randint(*lengths))
                if canonical(text) not in seen:
                    seen.add(canonical(text))
                    made.append(Example(tuple(text), judged(text), text))
                    count()
            return tuple(made)

        trained = (SHORTEST, LONGEST)
        train, validation = fresh(TRAIN, trained), fresh(VALIDATION, trained)
        seen.update(form[:length] for form in tuple(seen) for length in range(1, len(form)))
        test = fresh(TEST, trained)
        also = {f"strings of {length} characters": fresh(TEST // 2, (length, length)) for length in BEYOND}
        return Split(SPLIT_SEED, train, validation, test, also)

    def varier(self, train: Sequence[Example], vocabulary: tuple[str, ...]) -> Varier:
        """The kinds of bracket change places, which leaves the answers as they are."""
        index = {token: i for i, token in enumerate(vocabulary)}
        rows = [([index[token] for token in example.tokens], example.target) for example in train]

        def varied(i: int, rng: random.Random) -> EncodedExample:
            kinds = rng.sample(range(3), 3)
            return [2 * kinds[token // 2] + token % 2 for token in rows[i][0]], rows[i][1]

        return varied

    def quantities(self, tokens: Sequence[str], numbers: Sequence[Sequence[float]]) -> Mapping[str, float]:  # noqa: ARG002
        """How deep the brackets go, up to where the string breaks."""
        return {"depth {}": depth(tokens)}

    def loss(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:
        """Cross-entropy, mean over all characters."""
        use = within(len(logits), lengths)  # (T, B)
        return cross_entropy(logits[use], targets[use].long())

    def scores(self, answered: Answered) -> Tensor:
        """1 where the answer is right after each and every character, else 0, (B,)."""
        right = answered.logits.argmax(-1) == answered.targets  # (T, B)
        return torch.where(within(len(right), answered.lengths), right, True).all(0).double()

    def baselines(self, split: Split) -> tuple[Baseline, ...]:
        """A counter of opened and closed ones that does not see their kinds."""
        counts = [count_only(example.text) == example.target for example in split.test]
        return (Baseline("Counting without regard to kind", tuple(map(float, counts))),)


def draw(rng: random.Random, length: int) -> str:
    """A random string: closing brackets fit what they close, except at the one place that may break it."""
    broken = rng.randrange(length) if rng.random() < BREAK else -1
    text, stack = "", ""
    for i in range(length):
        if i >= broken >= 0 and (wrong := [close for close in CLOSES if CLOSES[close] != stack[-1:]]):
            text, stack, broken = text + rng.choice(wrong), stack[:-1], -1
        elif not stack or (len(stack) < DEEPEST and rng.random() < OPEN):
            text += rng.choice(PAIRS)[0]
            stack += text[-1]
        else:
            text += next(close for close, opener in CLOSES.items() if opener == stack[-1])
            stack = stack[:-1]
    return text


def canonical(text: str) -> str:
    """The string with its kinds renamed in the order of their first appearance."""
    names: dict[str, str] = {}
    out = ""
    for character in text:
        pair = PAIRS[[character in pair for pair in PAIRS].index(True)]
        if pair not in names:
            names[pair] = PAIRS[len(names)]
        out += names[pair][pair.index(character)]
    return out


def judged(text: str) -> tuple[float, ...]:
    """After each character the index of the right answer in ANSWERS; once broken, broken for ever."""
    answers, stack, broken = [], "", False
    for character in text:
        if character not in CLOSES:
            stack += character
        elif stack[-1:] == CLOSES[character]:
            stack = stack[:-1]
        else:
            broken = True
        answers.append(float(BROKEN if broken else min(len(stack), DEEPEST)))
    return tuple(answers)


def depth(brackets: Iterable[str]) -> int:
    """The most brackets that are open at once before the string is broken."""
    stack, deepest = list[str](), 0
    for character in brackets:
        if character not in CLOSES:
            stack.append(character)
        elif not stack or stack.pop() != CLOSES[character]:
            break
        deepest = max(deepest, len(stack))
    return deepest


def count_only(text: str) -> tuple[float, ...]:
    """`judged` as it looks to one that takes all brackets for the same kind."""
    return judged("".join(")" if character in CLOSES else "(" for character in text))
