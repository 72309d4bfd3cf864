"""Read-outs: linear maps from the hidden state to an answer. A new kind is a class and a row of READ_OUTS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from gruviz.inputs.positions import positions
from gruviz.records import ACTUAL, Answers, Array, Shares, Trace, Values


class ReadOut(Protocol):
    """Answers a traced sequence."""

    def __call__(self, trace: Trace) -> Array:
        """The plain numbers after each step: (T,) or (T, K); (T, B) or (T, B, K) for a batch."""
        ...

    def answers(self, trace: Trace) -> Answers:
        """The same for one sequence with what it means, and with the answer to nothing read in front."""
        ...

    def scores(self, trace: Trace, states: Array) -> Array:
        """What is told of the trace after each step (T,), for other states (T, B, H) in its place: (T, B).

        The share of the option that `answers` tells after the step, or the number; for one sequence.
        """
        ...

    def direction(self, trace: Trace, step: int) -> Array:
        """The derivative of the answer's logit (or number) by h, (H,): of the option told after `step`."""
        ...


@dataclass(frozen=True, eq=False)
class Linear:
    """weight (K, H) and bias (K,), float64: logits weight . h + bias. `label` says what is asked for."""

    label: str
    weight: Array
    bias: Array

    def logits(self, states: Array) -> Array:
        """(..., H) to (..., K)."""
        outputs: Array = states.astype(np.float64) @ self.weight.T + self.bias
        return outputs

    def _from_start(self, trace: Trace) -> Array:
        """Logits with those of the initial state in front, (T + 1, K)."""
        return self.logits(np.concatenate([trace.initial["h"][None], trace["h"]]))


@dataclass(frozen=True, eq=False)
class Probability(Linear):
    """The probability that `label` is so: sigmoid of the one logit."""

    def __call__(self, trace: Trace) -> Array:
        """Probabilities (T,), or (T, B)."""
        return _sigmoid(self.logits(trace["h"])[..., 0])

    def answers(self, trace: Trace) -> Shares:
        """Shares of `label` and its opposite."""
        yes = _sigmoid(self._from_start(trace)[:, 0])
        return Shares(self.label, (self.label, f"not {self.label}"), np.stack([yes, 1 - yes], -1), of=0)

    def scores(self, trace: Trace, states: Array) -> Array:  # noqa: ARG002
        """Probabilities."""
        return _sigmoid(self.logits(states)[..., 0])

    def direction(self, trace: Trace, step: int) -> Array:  # noqa: ARG002
        """The weights of the one logit."""
        row: Array = self.weight[0]
        return row


@dataclass(frozen=True, eq=False)
class Classes(Linear):
    """One of K `options`: softmax of the logits."""

    options: tuple[str, ...]

    def __call__(self, trace: Trace) -> Array:
        """Shares (T, K), or (T, B, K)."""
        return _softmax(self.logits(trace["h"]))

    def answers(self, trace: Trace) -> Shares:
        """Shares of the options."""
        return Shares(self.label, self.options, _softmax(self._from_start(trace)))

    def scores(self, trace: Trace, states: Array) -> Array:
        """Shares of the option that is likeliest in the trace."""
        return self._shares(trace, states)

    def _shares(self, trace: Trace, states: Array, possible: Any = True) -> Array:
        answers = self.answers(trace)
        told = np.array([answers.told(step) for step in range(1, len(answers) + 1)])
        shares = _softmax(self.logits(states), possible)
        return np.take_along_axis(shares, told[:, None, None], -1)[..., 0]

    def direction(self, trace: Trace, step: int) -> Array:
        """The weights of the likeliest option's logit."""
        row: Array = self.weight[self.answers(trace).told(step)]
        return row


@dataclass(frozen=True, eq=False)
class Moves(Classes):
    """The next move of a chess game, among `options` in standard algebraic notation; illegal ones have the share 0."""

    def __call__(self, trace: Trace) -> Array:
        """Shares (T, K) of one game."""
        return self.answers(trace).shares[1:]

    def answers(self, trace: Trace) -> Shares:
        """Shares of the moves, with the move that was played next."""
        legal = self._legal(trace)
        place = {move: i for i, move in enumerate(self.options)}
        followed = tuple(place.get(move, -1) for move in (*trace.tokens[1:], ""))
        shares = _softmax(self._from_start(trace), legal)
        return Shares(self.label, self.options, shares, followed=followed, none="no legal move")

    def scores(self, trace: Trace, states: Array) -> Array:
        """Shares of the move that is likeliest in the trace, among those that are legal after each step."""
        return self._shares(trace, states, self._legal(trace)[1:, None])

    def _legal(self, trace: Trace) -> Any:
        """Which options are legal before the first step and after each, (T + 1, K)."""
        return np.array([[move in position.legal for move in self.options] for position in positions(trace.tokens)])


def _next(inputs: Array) -> tuple[Array, Mapping[str, Array]]:
    """The number that follows; beside it "same as now", and "same as 11 years ago" in months."""
    cycle, numbers = 132, inputs[:, 0]
    unknown = np.full(len(numbers), np.nan)
    ago = np.concatenate([unknown[: cycle - 1], numbers[: max(0, len(numbers) - cycle + 1)]])[: len(numbers)]
    baselines = {"persistence (same as this month)": numbers.copy()}
    if not np.isnan(ago).all():
        baselines["seasonal (same as 11 years ago)"] = ago
    return np.append(numbers[1:], np.nan), baselines


def _marked_sum(inputs: Array) -> tuple[Array, Mapping[str, Array]]:
    """The sum so far of the first column's numbers times the second's marks."""
    return np.cumsum(inputs[:, 0] * inputs[:, 1]), {}


def _unknown(inputs: Array) -> tuple[Array, Mapping[str, Array]]:
    """Nothing is known of what an answer was to be."""
    return np.full(len(inputs), np.nan), {}


# what a number is to be, beside which other numbers, and what it is called there
TARGETS: Mapping[str, tuple[Callable[[Array], tuple[Array, Mapping[str, Array]]], str]] = {
    "next": (_next, ACTUAL),
    "marked_sum": (_marked_sum, "sum so far"),
    "unknown": (_unknown, ACTUAL),
}


@dataclass(frozen=True, eq=False)
class Number(Linear):
    """A number in a unit: logit * scale + offset, as the inputs are scaled; `target` is a row of TARGETS."""

    unit: str
    scale: float
    offset: float
    target: str

    def __call__(self, trace: Trace) -> Array:
        """Numbers (T,), or (T, B)."""
        return self._real(self.logits(trace["h"])[..., 0])

    def answers(self, trace: Trace) -> Values:
        """The numbers, and what they were to be."""
        find, called = TARGETS[self.target]
        target, baselines = find(self._real(trace.inputs.astype(np.float64)))
        return Values(self.label, self.unit, self._real(self._from_start(trace)[:, 0]), target, baselines, called)

    def scores(self, trace: Trace, states: Array) -> Array:  # noqa: ARG002
        """Numbers."""
        return self._real(self.logits(states)[..., 0])

    def direction(self, trace: Trace, step: int) -> Array:  # noqa: ARG002
        """The weights of the one logit."""
        row: Array = self.weight[0]
        return row

    def _real(self, scaled: Array) -> Array:
        real: Array = scaled * self.scale + self.offset
        return real


def _options(card: Mapping[str, Any]) -> dict[str, Any]:
    return {"options": tuple(card["labels"])}


def _number(card: Mapping[str, Any]) -> dict[str, Any]:
    return {key: card[key] for key in ("unit", "scale", "offset", "target")}


READ_OUTS: Mapping[str, tuple[Callable[..., ReadOut], Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "probability": (Probability, lambda _: {}),
    "classes": (Classes, _options),
    "moves": (Moves, _options),
    "value": (Number, _number),
}


def read_out(card: Mapping[str, Any], weight: Array, bias: Array) -> ReadOut:
    """The read-out that a model card describes, with weights (K, H) and (K,)."""
    kind, more = READ_OUTS[card["kind"]]
    return kind(card["label"], weight.astype(np.float64), bias.astype(np.float64), **more(card))


def _sigmoid(logits: Array) -> Array:
    shares: Array = 1 / (1 + np.exp(-logits))
    return shares


def _softmax(logits: Array, possible: Any = True) -> Array:
    """Over the last axis, among those that are possible; zeros where none is."""
    logits = np.where(possible, logits, -np.inf)
    top = logits.max(-1, keepdims=True)
    powers = np.exp(logits - np.where(np.isfinite(top), top, 0))
    total = powers.sum(-1, keepdims=True)
    shares: Array = np.divide(powers, total, out=np.zeros_like(powers), where=total > 0)
    return shares
