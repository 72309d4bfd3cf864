"""Surnames: from which of eight languages does a name come? Answered after each letter."""

import csv
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import Tensor
from torch.nn.functional import cross_entropy

from gruviz.common.progress import Progress, reporting
from gruviz.inputs.words import UNKNOWN
from gruviz.models.tasks.settings import PLAIN
from gruviz.models.tasks.steps import at_last, last_and_earlier
from gruviz.models.tasks.task import Answered, Baseline, Example, Plain, Split

DATA = Path(__file__).parents[1] / "data" / "surnames" / "surnames.csv"
SPLIT_SEED = 1
TEST, VALIDATION = 0.2, 0.1  # shares; the rest trains
ORIGINS = ("Dutch", "English", "Finnish", "Greek", "Italian", "Japanese", "Polish", "Ukrainian")
EARLIER_STEPS = 0.5  # weight of the answers before the last letter


class Surnames(Plain):
    """Eight origins of surnames written in plain letters; see data/surnames."""

    name = "surnames"
    needs: tuple[str, ...] = ("sklearn",)
    metric = "accuracy"
    outputs = len(ORIGINS)
    symbols = (UNKNOWN, *" '-abcdefghijklmnopqrstuvwxyz")
    tuning = (
        "Units, epochs and dropout were chosen beforehand, in four looks at one GRU and the validation part; all cells "
        "had been trained with fewer units and 10, then 20 epochs."
    )
    settings = replace(
        PLAIN, features=len(symbols), hidden=64, epochs=30, patience=8, batch=32, rate=5e-3, decay=0.02, drop_state=0.3
    )
    about: dict[str, Any] = {  # noqa: RUF012 (a constant of the task)
        "title": "Surname origin",
        "example": "Kowalenko",
        "encoder": {"kind": "characters"},
        "read_out": {"kind": "classes", "label": "origin", "labels": list(ORIGINS)},
        "summary": (
            "Reads a surname letter by letter and says which of eight languages it may come from; accents are "
            "folded to plain letters. 17 of the 4,905 spellings belong to more than one origin."
        ),
        "data": "Surnames of eight origins, 4,923 rows, from the packages Faker and japanese-personal-name-dataset",
        "licence": "MIT",
        "credit": (
            "© 2012 Daniele Faraglia and contributors (Faker), © 2022 shuheilocale (japanese-personal-name-dataset); "
            "cleaned and cut, see PROVENANCE.md"
        ),
    }

    def split(self, on_progress: Progress = None) -> Split:
        """The names, shared out alike for each origin; a spelling is in one part only, whatever its origins."""
        origins: dict[str, list[str]] = {}
        with DATA.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                origins.setdefault(row["surname_ascii"].casefold(), []).append(row["origin"])
        groups: dict[str, list[Example]] = {}
        for spelling, named in origins.items():
            mine = [Example(tuple(spelling), float(ORIGINS.index(o)), spelling, o) for o in dict.fromkeys(named)]
            groups.setdefault(named[0], []).extend(mine)
        parts: tuple[list[Example], ...] = ([], [], [])
        rng = random.Random(SPLIT_SEED)
        for origin in reporting(ORIGINS, on_progress):
            spellings = sorted({example.text for example in groups[origin]})
            rng.shuffle(spellings)
            first, second = round(TEST * len(spellings)), round((TEST + VALIDATION) * len(spellings))
            part = {text: 0 if i < first else 1 if i < second else 2 for i, text in enumerate(spellings)}
            for example in groups[origin]:
                parts[part[example.text]].append(example)
        return Split(SPLIT_SEED, tuple(parts[2]), tuple(parts[1]), tuple(parts[0]))

    def loss(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:
        """Cross-entropy of the last answer, and half as much of the earlier ones."""
        wanted = targets.long().expand(logits.shape[:2])
        each = cross_entropy(logits.flatten(0, 1), wanted.flatten(), reduction="none").view(logits.shape[:2])
        return last_and_earlier(each, lengths, EARLIER_STEPS)

    def scores(self, answered: Answered) -> Tensor:
        """1 where the likeliest origin after the last letter is the right one, else 0, (B,)."""
        return (at_last(answered.logits, answered.lengths).argmax(-1) == answered.targets).double()

    def baselines(self, split: Split) -> tuple[Baseline, ...]:
        """Logistic regression on runs of one to three letters, and the most common origin."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        weigh = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), sublinear_tf=True)
        seen = weigh.fit_transform([example.text for example in split.train])
        fitted = LogisticRegression(C=10, max_iter=1000).fit(seen, [example.target for example in split.train])
        answers = fitted.predict(weigh.transform([example.text for example in split.test]))
        taught = [example.target for example in split.train]
        common = max(sorted(set(taught), key=str), key=taught.count)
        return (
            Baseline("Letter n-grams + logistic regression", _right(answers, split.test)),
            Baseline("Always the most common origin", _right([common] * len(split.test), split.test)),
        )


def _right(answers: Sequence[Any], examples: Sequence[Example]) -> tuple[float, ...]:
    return tuple(float(answer == example.target) for answer, example in zip(answers, examples, strict=True))
