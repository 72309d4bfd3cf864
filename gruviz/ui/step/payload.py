"""What of a trace goes to the browser, once; from there on the stepper steps by itself."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gruviz.figures import scales
from gruviz.inputs import label
from gruviz.notation.ends import ends
from gruviz.notation.equations import equation, keep_and_write
from gruviz.reading import Reading
from gruviz.reading.sentences import StepAndUnit, answer_at, largest_change
from gruviz.records import Answers, Shares, Trace
from gruviz.signals import Affine, Blend, CellUpdate, Gated, Notation, Rule, Signal
from gruviz.ui.board import board
from gruviz.ui.wire import Focus, placed

LONGEST = 400  # code points of a token that is cut where it is shown, for its tooltip
MOST_OPTIONS = 5  # of an answer, listed with their shares
_RULES: Mapping[type[Rule], str] = {Affine: "affine", Blend: "blend", CellUpdate: "cell_update", Gated: "gated"}


@dataclass(frozen=True, eq=False)
class StepperData:
    """What is stepped through. `known`: whether the model knows each token; `names` of the input features, or none."""

    trace: Trace
    known: tuple[bool, ...]
    names: tuple[str, ...] = ()
    answers: Answers | None = None
    sentences: tuple[str, ...] = ()  # on what the answer becomes at each step; at the place of a story, what it tells
    told: StepAndUnit | None = None  # where the story happens that is told
    most: int | None = None  # the step at which most happens
    board: Mapping[str, Any] | None = None  # of a chess game; see `board`
    what_if: Mapping[str, Any] | None = None  # see `WhatIf.data`

    @classmethod
    def of(
        cls,
        reading: Reading,
        told: StepAndUnit | None = None,
        story: str = "",
        what_if: Mapping[str, Any] | None = None,
    ) -> "StepperData":
        """A reading's parts; with what a `story` tells at a place, if there is one, and what is changed in it."""
        steps, answered = range(1, len(reading.trace) + 1), reading.answers is not None
        sentences = [answer_at(reading, step) if answered else "" for step in steps]
        if told is not None:
            sentences[told[0] - 1] = story
        return cls(
            reading.trace, reading.known, reading.model.feature_names, reading.answers,
            tuple(sentences) if any(sentences) else (), told, largest_change(reading)[0],
            board(reading), what_if,
        )  # fmt: skip


def payload(stepped: StepperData, notation: Notation, focus: Focus) -> dict[str, Any]:
    """Everything the browser needs to step: arrays, the cell's table, answers."""
    trace = stepped.trace
    cell, weights = trace.spec, trace.weights
    data: dict[str, Any] = {
        "cell": trace.cell,
        "steps": len(trace),
        "units": trace.units,
        "features": weights.features,
        "featureNames": stepped.names,
        "labels": [label(token) for token in trace.tokens],
        "cut": {place: token[:LONGEST] for place, token in enumerate(trace.tokens) if label(token).endswith("…")},
        "sentences": stepped.sentences,
        "told": stepped.told,
        "most": stepped.most,
        "known": stepped.known,
        "values": trace.values,
        "initial": trace.initial,
        "inputs": trace.inputs,
        "weights": {
            "input": weights.input,
            "recurrent": weights.recurrent,
            "inputBias": weights.input_bias,
            "recurrentBias": weights.recurrent_bias,
        },
        "biased": weights.biased,
        "activation": weights.activation,
        "resetAfter": weights.reset_after,
        "xSymbol": notation.x,
        "signals": [_signal(trace, signal, notation) for signal in cell.signals],
        "columns": [asdict(column) for column in cell.columns],
        "operations": [signal.key for signal in cell.operations],
        "answer": stepped.answers and answer(stepped.answers),
        "board": stepped.board,
        "scales": scales(),
        "whatIf": stepped.what_if,
    }
    return placed(data, focus)


def answer(answers: Answers) -> dict[str, Any]:
    """Answers by step: the bar under a token, words, the actual answers, and the likeliest options with shares."""
    steps = range(1, len(answers) + 1)
    return {
        "label": answers.asked,
        "bars": answers.sizes(),
        "texts": [answers.text(step) for step in steps],
        "actual": [answers.actual(step) for step in steps],
        "beside": answers.beside,
        "ranking": _ranking(answers),
    }


def _ranking(answers: Answers) -> list[tuple[tuple[str, float], ...]] | None:
    if not isinstance(answers, Shares) or answers.of is not None:
        return None
    return [answers.ranking(step, MOST_OPTIONS) for step in range(1, len(answers) + 1)]


def _signal(trace: Trace, signal: Signal, notation: Notation) -> dict[str, Any]:
    colour, weights = signal.colour, trace.weights
    return {
        "key": signal.key,
        "name": signal.name,
        "verb": signal.verb,
        "role": signal.role,
        "ends": ends(trace.spec, signal, notation),
        "bounds": trace.bounds(signal.key),
        "symbol": notation.symbol(signal),
        "at": notation.at(signal),
        "before": notation.at(signal, "before"),
        "weights": notation.weights(signal),
        "flips": notation.flips(signal),
        "node": _node(trace, signal, notation),
        "equation": equation(trace.spec, signal, notation, weights.activation, weights.reset_after),
        "colour": {"fill": colour.fill, "onLight": colour.on_light, "onDark": colour.on_dark},
        "sumReach": _sum_reach(trace, signal),
        "rule": {"kind": _RULES[type(signal.rule)], **asdict(signal.rule)},
    }


def _sum_reach(trace: Trace, signal: Signal) -> float | None:
    """How far from 0 the sums inside an activation go, for their axis; 3 at most: there tanh is 0.995."""
    if not isinstance(signal.rule, Affine):
        return None
    weights, size = trace.weights, trace.units
    rows = slice(signal.rule.block * size, (signal.rule.block + 1) * size)
    from_input = trace.inputs @ weights.input[rows].T + weights.input_bias[rows]
    from_state = trace.before("h") @ weights.recurrent[rows].T + weights.recurrent_bias[rows]
    largest = max(np.abs(from_input).max(), np.abs(from_input + from_state).max())
    return next((reach for reach in (0.5, 1.0, 2.0) if largest <= reach), 3.0)


def _node(trace: Trace, signal: Signal, notation: Notation) -> str:
    """What stands in the diagram's node of a signal: its rule in a few symbols, HTML."""
    symbols = {key: notation.symbol(trace.spec.signal(key)) for key in trace.values}
    match signal.rule:
        case Blend(gate, new):
            keep, write = keep_and_write(notation, signal.rule, trace.spec.signal(gate), symbols[gate])
            return f"{write}⊙{symbols[new]} + {keep}⊙{symbols[signal.key]}"
        case CellUpdate(forget, write, new):
            return f"{symbols[forget]}⊙{symbols[signal.key]} + {symbols[write]}⊙{symbols[new]}"
    return symbols[signal.key]
