"""Sunspots: next month's number from the months before, answered after each month."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor
from torch.nn.functional import l1_loss

from gruviz.common.progress import Progress, reporting
from gruviz.models.tasks.settings import ONE_LOOK, PLAIN
from gruviz.models.tasks.steps import within
from gruviz.models.tasks.task import Answered, Baseline, Example, Plain, Split

DATA = Path(__file__).parents[1] / "data" / "sunspots" / "monthly.csv"
CONTEXT, SCORED = 60, 12  # months that a window starts with, unscored, and the year that is scored
WARM_UP = 12  # months at a window's start whose answers are not trained
EVERY = 3  # months between the starts of training windows
PARTS = {"train": (1749, 1929), "validation": (1930, 1963), "test": (1964, 2008)}  # years, both ends in
OFFSET, SCALE = 50.0, 40.0  # about the mean and the standard deviation of the training months
CYCLE = 132  # months, 11 years
LAGS = 24


class Sunspots(Plain):
    """Monthly means, 1749 to 2008, cut by time: what is tested comes after all that taught."""

    name = "sunspots"
    metric = "mean absolute error"
    lower_is_better = True
    outputs = 1
    tuning = ONE_LOOK
    settings = replace(PLAIN, features=1, hidden=24, epochs=10, patience=3, batch=32, rate=5e-3, decay=0.02)
    about: dict[str, Any] = {  # noqa: RUF012 (a constant of the task)
        "title": "Sunspots",
        "example": (  # 1965 to the end of 1978, a year a line: a cycle of 11 years, the minimum after it, and a rise
            "17.5 14.2 11.7 6.8 24.1 15.9 11.9 8.9 16.8 20.1 15.8 17 "
            "28.2 24.4 25.3 48.7 45.3 47.7 56.7 51.2 50.2 57.2 57.2 70.4 "
            "110.9 93.6 111.8 69.5 86.5 67.3 91.5 107.2 76.8 88.2 94.3 126.4 "
            "121.8 111.9 92.2 81.2 127.2 110.3 96.1 109.3 117.2 107.7 86 109.8 "
            "104.4 120.5 135.8 106.8 120 106 96.8 98 91.3 95.7 93.5 97.9 "
            "111.5 127.8 102.9 109.5 127.5 106.8 112.5 93 99.5 86.6 95.2 83.5 "
            "91.3 79 60.7 71.8 57.5 49.8 81 61.4 50.2 51.7 63.2 82.2 "
            "61.5 88.4 80.1 63.2 80.5 88 76.5 76.8 64 61.3 41.6 45.3 "
            "43.4 42.9 46 57.7 42.4 37.5 23.1 25.6 59.3 30.7 23.9 23.3 "
            "27.6 26 21.3 40.3 39.5 36 55.8 33.6 40.2 47.1 25 20.5 "
            "18.9 11.5 11.5 5.1 9 11.4 28.2 39.7 13.9 9.1 19.4 7.8 "
            "8.1 4.3 21.9 18.8 12.4 12.2 1.9 16.4 13.5 20.6 5.2 15.3 "
            "16.4 23.1 8.7 12.9 18.6 38.5 21.4 30.1 44 43.8 29.1 43.2 "
            "51.9 93.6 76.5 99.7 82.7 95.1 70.4 58.1 138.2 125.1 97.9 122.7"
        ),
        "encoder": {"kind": "numbers", "columns": 1, "names": ["sunspots"], "scale": SCALE, "offset": OFFSET},
        "read_out": {
            "kind": "value",
            "label": "next month",
            "unit": "sunspots",
            "scale": SCALE,
            "offset": OFFSET,
            "target": "next",
        },
        "summary": (
            "Reads monthly sunspot numbers and predicts the next month's; trained on 1749 to 1929, tested on each year "
            f"of 1969 to 2008 after the {CONTEXT} months before it. The interval treats the years as independent."
        ),
        "data": "Monthly sunspot numbers 1749 to 2008 (the series before its re-calibration of 2015)",
        "licence": "Public domain",
        "credit": "U.S. National Geophysical Data Center (NOAA), as carried by the package statsmodels",
    }

    def split(self, on_progress: Progress = None) -> Split:
        """Windows of 72 months: each part's own years only, overlapping in training and scored once in the others."""
        months, values = read()
        parts = {
            part: tuple(
                _window(months, values, start)
                for start in range(
                    months.index(f"{first}-01"),
                    months.index(f"{last}-12") + 2 - CONTEXT - SCORED,
                    EVERY if part == "train" else SCORED,
                )
            )
            for part, (first, last) in reporting(tuple(PARTS.items()), on_progress)
        }
        return Split(0, parts["train"], parts["validation"], parts["test"])

    def loss(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:
        """Absolute error, in units of SCALE, of all answers but the first year's."""
        use = within(len(logits), lengths)
        use[:WARM_UP] = False
        return l1_loss(logits[..., 0][use], (targets[use] - OFFSET) / SCALE)

    def scores(self, answered: Answered) -> Tensor:
        """Mean absolute error of the window's last 12 months, in sunspots, (B,)."""
        answers = answered.logits[..., 0].double() * SCALE + OFFSET
        return (answers - answered.targets)[-SCORED:].abs().mean(0)

    def baselines(self, split: Split) -> tuple[Baseline, ...]:
        """Same as this month; same as 11 years ago; and a line fitted to the last 24 months."""
        months, values = read()
        fit = _fit(np.array(values[: months.index(f"{PARTS['train'][1]}-12") + 1]))

        def score(answer: Any) -> tuple[float, ...]:
            starts = [months.index(example.group) for example in split.test]
            scored = [range(start + CONTEXT, start + CONTEXT + SCORED) for start in starts]
            return tuple(float(np.mean([abs(answer(t) - values[t]) for t in year])) for year in scored)

        return (
            Baseline("Persistence (same as this month)", score(lambda t: values[t - 1])),
            Baseline("Seasonal (same as 11 years ago)", score(lambda t: values[t - CYCLE])),
            Baseline(
                f"Linear regression on {LAGS} months",
                score(lambda t: float(fit[0] + np.dot(fit[1:], values[t - LAGS : t]))),
            ),
        )


def read() -> tuple[list[str], list[float]]:
    """Months (YYYY-MM) and their sunspot numbers."""
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["month"] for row in rows], [float(row["sunspots"]) for row in rows]


def _window(months: Sequence[str], values: Sequence[float], start: int) -> Example:
    """Reads months start to start + 70 and is asked for the month after each."""
    part = values[start : start + CONTEXT + SCORED]
    numbers = tuple(((value - OFFSET) / SCALE,) for value in part[:-1])
    text = f"{months[start]}: " + " ".join(f"{value:g}" for value in part)
    return Example((), tuple(part[1:]), text, months[start], numbers)


def _fit(values: Any) -> Any:
    """Intercept and weights (1 + LAGS,) of the next month on the LAGS months before, least squares."""
    rows = np.lib.stride_tricks.sliding_window_view(values, LAGS)[:-1]
    return np.linalg.lstsq(np.c_[np.ones(len(rows)), rows], values[LAGS:], rcond=None)[0]
