"""Tasks whose sequences are drawn again for every batch: the first symbol, adding, and sine waves."""

from collections.abc import Callable

import numpy as np
import torch

from gruviz.live.settings import LiveSettings
from gruviz.live.source import Measure, Rng, Source
from gruviz.models.tasks.adding import Adding
from gruviz.models.tasks.first_symbol import LETTERS, FirstSymbol
from gruviz.training.loop import Batch

HELD_OUT = 256
_HELD_OUT_STREAM = 1  # the held-out sequences' own random stream: the seed alone draws weights and batches
NEAR = 0.1  # how near a sum must be
WAVE_STEPS = 80
WAVE_WARM_UP = 20
PERIODS = (8.0, 30.0)  # steps


def first_symbol(settings: LiveSettings) -> Source:
    """Which of four letters came first? Asked `lag` steps of noise later."""
    task, symbols = FirstSymbol(), FirstSymbol.symbols

    def draw(rng: Rng, batch: int) -> Batch:
        tokens = rng.integers(len(LETTERS), len(symbols), (settings.lag + 1, batch))
        tokens[0] = rng.integers(len(LETTERS), size=batch)
        return torch.from_numpy(tokens), torch.full((batch,), settings.lag + 1), torch.from_numpy(tokens[0])

    return Source(
        task.name, "First symbol", draw, _held_out(draw, settings), len(symbols),
        {**task.about["encoder"], "vocabulary": symbols}, task.about["read_out"], task.about["example"],
        vectors=torch.eye(len(symbols)), classes=LETTERS,
        facts=(f"One of the letters {', '.join(LETTERS)}, then {settings.lag} steps of noise; chance is 25%.",),
    )  # fmt: skip


def adding(settings: LiveSettings) -> Source:
    """The sum of two marked numbers among `lag`, one in each half."""
    task, steps = Adding(), settings.lag

    def draw(rng: Rng, batch: int) -> Batch:
        numbers, marks, each = rng.random((steps, batch)), np.zeros((steps, batch)), np.arange(batch)
        marks[rng.integers(steps // 2, size=batch), each] = 1
        marks[rng.integers(steps // 2, steps, size=batch), each] = 1
        inputs = torch.from_numpy(np.stack([numbers, marks], -1)).float()
        return inputs, torch.full((batch,), steps), torch.from_numpy((numbers * marks).sum(0)).float()

    return Source(
        task.name, "Adding two numbers", draw, _held_out(draw, settings), 2, task.about["encoder"],
        task.about["read_out"], task.about["example"], tolerance=NEAR,
        measure=Measure(f"sums within {NEAR:g}", 0.95, f"got 95% of the sums within {NEAR:g}"),
        facts=(f"{steps} numbers from 0 to 1, of which two are marked, one in each half.",),
    )  # fmt: skip


def sine(settings: LiveSettings) -> Source:
    """A sine wave of unknown period and phase, `ahead` steps ahead, after each step."""
    steps, ahead = WAVE_STEPS, settings.ahead

    def draw(rng: Rng, batch: int) -> Batch:
        period, phase = rng.uniform(*PERIODS, batch), rng.uniform(0, 2 * np.pi, batch)
        wave = np.sin(2 * np.pi * np.arange(steps + ahead)[:, None] / period + phase)
        values = torch.from_numpy(wave).float()
        return values[:steps, :, None], torch.full((batch,), steps), values[ahead:]

    example = " ".join(f"{value:.2f}" for value in np.sin(2 * np.pi * np.arange(40) / 15))
    return Source(
        "sine", "Sine wave", draw, _held_out(draw, settings), 1,
        {"kind": "numbers", "columns": 1, "names": ["value"], "scale": 1.0, "offset": 0.0},
        series_read_out(ahead, "", 1.0, 0.0), example, measure=saved(settings.ahead), warm_up=WAVE_WARM_UP, ahead=ahead,
        facts=(f"Waves with a period of {PERIODS[0]:g} to {PERIODS[1]:g} steps; answers count from step "
               f"{WAVE_WARM_UP + 1} on.",),
    )  # fmt: skip


def saved(ahead: int) -> Measure:
    """Of a series: the part of persistence's error that is saved."""
    later = "the next number" if ahead == 1 else f"the number {ahead} steps later"
    name = f"error saved over persistence ({later} is as now)"
    return Measure(name, 0.5, "made half the error of persistence")


def series_read_out(ahead: int, unit: str, scale: float, offset: float) -> dict[str, object]:
    """What a model card says of the answer of a network that looks ahead in a series."""
    label = "next number" if ahead == 1 else f"number {ahead} steps ahead"
    return {"kind": "value", "label": label, "unit": unit, "scale": scale, "offset": offset, "target": f"ahead {ahead}"}


def _held_out(draw: Callable[[Rng, int], Batch], settings: LiveSettings) -> Batch:
    return draw(np.random.default_rng((settings.seed, _HELD_OUT_STREAM)), HELD_OUT)
