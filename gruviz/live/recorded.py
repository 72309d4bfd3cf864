"""Tasks with a fixed number of examples: brackets, sunspots, and what a person brings."""

import random
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch

from gruviz.live.made_up import saved, series_read_out
from gruviz.live.settings import LiveSettings
from gruviz.live.source import Measure, Rng, Source
from gruviz.models.tasks import EncodedExample
from gruviz.models.tasks.brackets import ANSWERS, Brackets
from gruviz.models.tasks.sunspots import OFFSET, PARTS, SCALE, WARM_UP, Sunspots, read
from gruviz.models.tasks.task import Varier
from gruviz.training.loop import Batch, batch_of

WINDOW = 60  # steps of a series that are read at once
MOST_SCORED = 500  # held-out examples


def brackets(settings: LiveSettings) -> Source:  # noqa: ARG001
    """Strings of brackets, judged after each character."""
    task = Brackets()
    train, held_out, varied = _brackets()

    def draw(rng: Rng, batch: int) -> Batch:
        kinds = random.Random(int(rng.integers(2**32)))
        return batch_of([varied(int(i), kinds) for i in rng.integers(train, size=batch)])

    return Source(
        task.name, "Brackets", draw, batch_of(held_out), len(task.symbols),
        {**task.about["encoder"], "vocabulary": task.symbols}, task.about["read_out"], task.about["example"],
        vectors=torch.eye(len(task.symbols)), classes=ANSWERS,
        measure=Measure("strings right after every character", 0.95, "got 95% of the strings right"),
        facts=(f"{train:,} strings to train, {len(held_out):,} held out.",),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _brackets() -> tuple[int, list[EncodedExample], Varier]:
    """How many strings there are to train, those held out, and what gives the former."""
    task, split = Brackets(), Brackets().split()
    index = {token: i for i, token in enumerate(task.symbols)}
    varied = task.varier(split.train, task.symbols)
    return len(split.train), [task.encode(example, index) for example in split.validation], varied


def sunspots(settings: LiveSettings) -> Source:
    """Monthly sunspot numbers; the years from 1930 on are held out."""
    months, numbers = read()
    cut = months.index(f"{PARTS['validation'][0]}-01")
    task = Sunspots()
    return series(
        "sunspots", "Sunspots", numbers[:cut], numbers[cut:], settings.ahead, OFFSET, SCALE, "sunspots",
        task.about["example"], f"Monthly means, {months[0][:4]} to {months[cut - 1][:4]} to train, "
        f"{months[cut][:4]} to {months[-1][:4]} held out.",
    )  # fmt: skip


def series(
    name: str, title: str, training: Sequence[float], held_out: Sequence[float], ahead: int, offset: float,
    scale: float, unit: str, example: str, fact: str,
) -> Source:  # fmt: skip
    """A series of numbers, cut by time: windows of it are read, and the number `ahead` steps later is asked for."""

    def windows(numbers: Sequence[float]) -> np.ndarray:
        scaled = (np.asarray(numbers, dtype=np.float64) - offset) / scale
        size = min(WINDOW + ahead, len(scaled))
        return np.lib.stride_tricks.sliding_window_view(scaled, size)

    def batch(rows: np.ndarray) -> Batch:
        values = torch.from_numpy(rows.T.copy()).float()
        steps = len(values) - ahead
        return values[:steps, :, None], torch.full((len(rows),), steps), values[ahead:]

    train, test = windows(training), windows(held_out)

    def draw(rng: Rng, size: int) -> Batch:
        return batch(train[rng.integers(len(train), size=size)])

    return Source(
        name, title, draw, batch(test[:: max(1, len(test) // MOST_SCORED)][:MOST_SCORED]), 1,
        {"kind": "numbers", "columns": 1, "names": [unit or "value"], "scale": scale, "offset": offset},
        series_read_out(ahead, unit, scale, offset), example, measure=saved(ahead), squared=False,
        warm_up=min(WARM_UP, (train.shape[1] - ahead) // 2), ahead=ahead, facts=(fact,),
    )  # fmt: skip


def examples_batch(rows: Sequence[EncodedExample]) -> Batch:
    """Held-out examples, at most so many that they are scored in no time; the first ones, which are in random order."""
    return batch_of(rows[:MOST_SCORED])
