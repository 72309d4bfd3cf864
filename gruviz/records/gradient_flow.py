"""How the gradient of a loss shrinks or grows on its way back through time, for one run and for many seeds."""

import csv
import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from gruviz.errors import GruvizError, whole_number
from gruviz.records.trace import Array

Fit = Literal["line", "ends"]
Rows = Sequence[Sequence[str | int | float]]

LOG10_FLOAT32_NORMAL = float(np.log10(np.finfo(np.float32).tiny))  # about -37.93
LOG10_FLOAT32_SMALLEST = float(np.log10(np.float64(np.finfo(np.float32).smallest_subnormal)))  # about -44.85


@dataclass(frozen=True, eq=False)
class GradientFlow:
    """The norm of dL/ds_t for every step t of a sequence, with L a loss at step `at`.

    The state s_t is h_t for RNN and GRU, and (h_t, c_t) for LSTM, both parts taken as independent inputs of step
    t + 1. dL/ds_t is the total derivative through all later steps, so at lag 0 it is dL/dh_at alone.

    log10_norm (T,), float64: log10 of the 2-norm of dL/ds_t; the index is t. Steps after `at` have no influence on
    the loss and hold NaN. -inf stands only where the gradient is exactly zero (see `zero_from_lag`): norms far below
    what float64 holds, such as 1e-600, are numbers like any other here. Read-only.
    at: index of the step that the loss is taken at, 0 to T - 1. A lag k means the step at - k.
    """

    cell: str
    log10_norm: Array
    at: int

    def __post_init__(self) -> None:
        _check(self.log10_norm, 1, self.at)

    def __len__(self) -> int:
        return int(self.log10_norm.shape[0])

    def log10_by_lag(self) -> Array:
        """log10 of the norm by lag, (at + 1,): index k is the step at - k."""
        return self.log10_norm[self.at :: -1]

    def log10_relative(self) -> Array:
        """log10 of the norm over its value at lag 0, by lag, (at + 1,)."""
        by_lag = self.log10_by_lag()
        return np.asarray(by_lag - by_lag[0])

    def relative(self) -> Array:
        """The norm over its value at lag 0, by lag, (at + 1,); below 1e-308 or so this is 0, its log10 is not."""
        with np.errstate(over="ignore", under="ignore"):
            return np.asarray(10.0 ** self.log10_relative())

    def rate(self, lo: int, hi: int, fit: Fit = "line") -> float:
        """The factor a step by which the norm changes over lags lo to hi: exp of the slope of the log norm.

        fit: "line" takes the slope of the least-squares line through all of these lags, "ends" of the line from the
        first to the last. 0.0 where the gradient becomes exactly zero within these lags, NaN where it is zero from lo
        on. Raises GruvizError unless 0 <= lo < hi <= at.
        """
        return _rate(self.log10_by_lag(), lo, hi, fit)

    def half_life(self, lo: int, hi: int, fit: Fit = "line") -> float:
        """ln 2 / -ln(rate): steps in which the norm halves; inf where it does not shrink, NaN where the rate is."""
        return half_life(self.rate(lo, hi, fit))

    def doubling_time(self, lo: int, hi: int, fit: Fit = "line") -> float:
        """ln 2 / ln(rate): steps in which the norm doubles; inf where it does not grow, NaN where the rate is."""
        return doubling_time(self.rate(lo, hi, fit))

    @property
    def zero_from_lag(self) -> int | None:
        """The first lag at which the gradient is exactly zero (as behind ReLU units that are all off), else None."""
        return _first(np.isneginf(self.log10_by_lag()))

    def underflow_lag(self) -> int | None:
        """The first lag at which the norm is below float32's smallest normal number, 1.2e-38; None if there is none."""
        return _first(self.log10_by_lag() < LOG10_FLOAT32_NORMAL)

    def rows(self) -> Rows:
        """The export as a table: a heading, then one row a step up to `at`: step (from 1), lag, log10 norms."""
        heading: Sequence[str] = ("step", "lag", "log10_norm", "log10_relative")
        relative = self.log10_relative()[::-1]
        steps = range(self.at + 1)
        return [heading, *((t + 1, self.at - t, float(self.log10_norm[t]), float(relative[t])) for t in steps)]

    def to_csv(self, path: str | Path) -> None:
        """Writes `rows` as UTF-8 CSV, numbers in full precision (-inf where the gradient is exactly zero)."""
        _write(path, self.rows())


@dataclass(frozen=True, eq=False)
class GradientFlows:
    """The same for S seeds of one setting: log10_norm (S, T), laid out as in GradientFlow; `seeds` names the rows."""

    cell: str
    log10_norm: Array
    at: int
    seeds: tuple[int, ...]

    def __post_init__(self) -> None:
        _check(self.log10_norm, 2, self.at)
        if len(self.seeds) != self.log10_norm.shape[0]:
            raise GruvizError(f"{len(self.seeds)} seeds were named for {self.log10_norm.shape[0]} curves; name each.")

    def __len__(self) -> int:
        return len(self.seeds)

    def __getitem__(self, index: int) -> GradientFlow:
        """The flow of one seed, by its place in `seeds`."""
        return GradientFlow(self.cell, self.log10_norm[index], self.at)

    def log10_relative(self) -> Array:
        """log10 of each seed's norm over its value at lag 0, by lag, (S, at + 1)."""
        by_lag = self.log10_norm[:, self.at :: -1]
        return by_lag - by_lag[:, :1]

    def quantile(self, q: float) -> GradientFlow:
        """The quantile of the norm over the seeds at each step, 0 <= q <= 1, as a flow with its own rate and half-life.

        Between two seeds it interpolates the norms themselves, as numpy.quantile does, without leaving the logarithm.
        """
        if not isinstance(q, numbers.Real) or not 0 <= q <= 1:
            raise GruvizError(f"A quantile is a number from 0 to 1; {q} was asked for.")
        curve = np.full(self.log10_norm.shape[1], np.nan)
        curve[: self.at + 1] = _log10_quantile(self.log10_norm[:, : self.at + 1], q)
        return GradientFlow(self.cell, curve, self.at)

    def median(self) -> GradientFlow:
        """The median over the seeds, as a flow: `median().log10_relative()` is the line that the page draws."""
        return self.quantile(0.5)

    def band(self, low: float = 0.1, high: float = 0.9) -> tuple[GradientFlow, GradientFlow]:
        """The two quantiles between which the band over the seeds lies."""
        return self.quantile(low), self.quantile(high)

    def rates(self, lo: int, hi: int, fit: Fit = "line") -> Array:
        """Each seed's own rate, (S,); see GradientFlow.rate."""
        return np.array([self[s].rate(lo, hi, fit) for s in range(len(self))])

    def rows(self) -> Rows:
        """The export as a table: those of each seed's flow, with the seed in front."""
        tables = [self[s].rows() for s in range(len(self))]
        body = ((seed, *row) for seed, table in zip(self.seeds, tables, strict=True) for row in table[1:])
        return [("seed", *tables[0][0]), *body]

    def to_csv(self, path: str | Path) -> None:
        """Writes `rows` as UTF-8 CSV, numbers in full precision (-inf where the gradient is exactly zero)."""
        _write(path, self.rows())


def half_life(rate: float) -> float:
    """Steps in which something that changes by the factor `rate` a step halves: ln 2 / -ln(rate), inf from 1 on."""
    if rate == 0:
        return 0.0
    return math.log(2) / -math.log(rate) if rate < 1 else rate if math.isnan(rate) else math.inf


def doubling_time(rate: float) -> float:
    """Steps in which something that changes by the factor `rate` a step doubles: ln 2 / ln(rate), inf up to 1."""
    return rate if math.isnan(rate) else math.log(2) / math.log(rate) if rate > 1 else math.inf


def _check(log10_norm: Array, axes: int, at: int) -> None:
    shape = log10_norm.shape
    if len(shape) != axes or 0 in shape or log10_norm.dtype != np.float64:
        expected = "(T,)" if axes == 1 else "(S, T)"
        raise GruvizError(f"log10_norm is {log10_norm.dtype} of shape {shape}; expected float64 {expected}.")
    if not 0 <= at < shape[-1]:
        raise GruvizError(f"The loss is said to be at step index {at}; this sequence has 0 to {shape[-1] - 1}.")
    reached = log10_norm[..., : at + 1]
    if np.isnan(reached).any() or np.isposinf(reached).any():
        raise GruvizError(
            "log10_norm holds NaN or +inf up to the loss's step; each must be a number, or -inf for zero."
        )
    log10_norm.setflags(write=False)


def _first(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int | None:
    return int(flags.argmax()) if flags.any() else None


def _rate(by_lag: Array, lo: int, hi: int, fit: Fit) -> float:
    lo, hi = (whole_number(lag, "a lag", f"0 to {len(by_lag) - 1}") for lag in (lo, hi))
    if not 0 <= lo < hi < len(by_lag):
        raise GruvizError(
            f"Lags {lo} to {hi} were asked for; give two lags, the smaller first, in 0 to {len(by_lag) - 1}."
        )
    if fit not in ("line", "ends"):
        raise GruvizError(f"fit is {fit!r}; it is 'line' (least squares) or 'ends' (first and last lag).")
    if np.isneginf(by_lag[hi]):  # a zero gradient stays zero, so the last lag tells
        return math.nan if np.isneginf(by_lag[lo]) else 0.0
    y = by_lag[lo : hi + 1] * math.log(10)
    if fit == "ends":
        return math.exp((y[-1] - y[0]) / (hi - lo))
    lag = np.arange(hi - lo + 1) - (hi - lo) / 2
    return math.exp(float(lag @ y) / float(lag @ lag))


def _log10_quantile(curves: Array, q: float) -> Array:
    """log10 of the quantile over the first axis of 10 ** curves."""
    ordered = np.sort(curves, axis=0)
    below = math.floor(q * (len(ordered) - 1))
    weight = q * (len(ordered) - 1) - below
    low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    if weight == 0:
        return np.asarray(low)
    zero = np.isneginf(high)  # then low is, too
    with np.errstate(under="ignore"):
        gap = np.subtract(low, high, out=np.zeros_like(high), where=~zero)
        quantile: Array = high + np.log10(weight + (1 - weight) * 10.0**gap)
    return quantile


def _write(path: str | Path, rows: Rows) -> None:
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
