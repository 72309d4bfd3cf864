"""Frames of sentences that turn an opinion round, or seem to, filled with words: see data/negations/frames.toml."""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "negations" / "frames.toml"
TURNED, KEPT = 0.55, 0.3  # shares of the sentences; the rest are idioms
SLOT = re.compile(r"\{([~+-]?)(\w+)\}")
_AGREE = tuple((re.compile(wrong), right) for wrong, right in (
    (r"\ba (?=[aeiou](?!ne\b|seful|ser))", "an "), (r"\b(we|you|they|people) (?:was|is|am)(n't)?\b", r"\1 were\2"),
    (r"\bi (?:were|is|are)\b", "i was"), (r"\bi (?:weren't|isn't|aren't)\b", "i wasn't"),
    (r"\bi has\b", "i have"), (r"\b(we|you|they|people) has\b", r"\1 have"),
))  # fmt: skip


@dataclass(frozen=True)
class Frames:
    """What the file says. `opinions` by slot: negative words, positive ones; `idioms`: negative ones, positive ones."""

    opinions: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    neutral: Mapping[str, tuple[str, ...]]
    turned: tuple[str, ...]
    kept: tuple[str, ...]
    idioms: tuple[tuple[str, ...], tuple[str, ...]]


@lru_cache(maxsize=1)
def frames() -> Frames:
    """The frames and their words."""
    file = tomllib.loads(FILE.read_text(encoding="utf-8"))
    lines = {name: tuple(text.splitlines()) for name, text in file["frames"].items()}
    return Frames(
        {name: (_words(sides["negative"]), _words(sides["positive"])) for name, sides in file["opinions"].items()},
        {name: _words(text) if isinstance(text, str) else tuple(text) for name, text in file["neutral"].items()},
        lines["turned"],
        lines["kept"],
        (lines["negative_idioms"], lines["positive_idioms"]),
    )


def frame_sentences(count: int, rng: random.Random) -> Iterator[tuple[str, bool]]:
    """`count` sentences, each with its verdict: True for a positive one. Some may be alike."""
    known = frames()
    for _ in range(count):
        positive, way = rng.random() < 0.5, rng.random()
        if way < TURNED:
            yield _filled(rng.choice(known.turned), not positive, rng), positive
        elif way < TURNED + KEPT:
            yield _filled(rng.choice(known.kept), positive, rng), positive
        else:
            yield _filled(rng.choice(known.idioms[positive]), positive, rng), positive


def _filled(frame: str, side: bool, rng: random.Random) -> str:
    """A frame with words in its slots, opinions from `side`."""
    known, sides = frames(), {"": side, "~": not side, "+": True, "-": False}

    def word(slot: re.Match[str]) -> str:
        sign, name = slot.groups()
        return rng.choice(known.opinions[name][sides[sign]] if name in known.opinions else known.neutral[name])

    text = SLOT.sub(word, frame)
    for wrong, right in _AGREE:
        text = wrong.sub(right, text)
    return text


def _words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(text.split()).split(", "))
