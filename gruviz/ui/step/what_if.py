"""What a person changes in a run, the run behind it, and each token left out: the controls, and what is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from gruviz.cells.changes import selected
from gruviz.common.cache import kept
from gruviz.errors import GruvizError
from gruviz.inputs import MoveEncoder, label, unknown_vector
from gruviz.models import Model
from gruviz.reading import Reading, read
from gruviz.reading.leave_one_out import leave_one_out
from gruviz.reading.left_out_sentences import left_out_at
from gruviz.reading.what_if import Ghost, describe, ghost, told
from gruviz.records import Hold, Intervention, LeaveOneOut, Replace, Shift, Skip, parsed, written
from gruviz.signals import Affine, Notation
from gruviz.ui import fields, link
from gruviz.ui.controls import Choice
from gruviz.ui.frame import Notices
from gruviz.ui.session import reported, session
from gruviz.ui.text import escape_markdown


@dataclass(frozen=True, eq=False)
class WhatIf:
    """What is shown: a reading with all that is changed in it, the run behind it, and the runs without each token."""

    reading: Reading
    behind: Ghost | None = None
    left_out: LeaveOneOut | None = None

    @property
    def behind_reading(self) -> Reading | None:
        """The reading behind."""
        return None if self.behind is None else self.behind.reading

    def data(self, notation: Notation) -> Mapping[str, Any]:
        """What the stepper needs of it."""
        reading, cell = self.reading, self.reading.trace.spec
        encoder = reading.model.encoder
        return {
            "what": written(reading.what_if),
            "items": [{"text": written([each]), "words": describe(each, cell, notation)} for each in reading.what_if],
            "told": told(reading, self.behind, notation) if self.behind else "",
            "changes": [
                _placed(each, reading)
                for each in reading.what_if
                if isinstance(each, Replace) or reading.trace.takes(each)
            ],
            "ghost": self.behind and _ghost(self.behind),
            "leftOut": self.left_out and {
                "effect": self.left_out.effect,
                "sentences": [left_out_at(reading, self.left_out, step + 1) for step in range(len(self.left_out))],
            },
            "unknown": unknown_vector(encoder) is not None,
            "replaces": not isinstance(encoder, MoveEncoder),
        }  # fmt: skip


def _ghost(behind: Ghost) -> Mapping[str, Any]:
    """The run behind: its numbers, its tokens, and its answers in words."""
    trace, answers = behind.reading.trace, behind.reading.answers
    return {
        "steps": len(trace),
        "values": trace.values,
        "inputs": trace.inputs,
        "labels": [label(token) for token in trace.tokens],
        "differ": behind.divergence.tokens,
        "texts": answers and [answers.text(step) for step in range(1, len(answers) + 1)],
        "bars": answers and answers.sizes(),
    }


def _placed(each: Intervention, reading: Reading) -> Mapping[str, Any]:
    """Where an intervention acts, with steps from 1, as the stepper counts them."""
    if isinstance(each, Replace):
        return {"kind": "replace", "first": each.step + 1, "last": each.step + 1}
    steps = selected(each.steps, len(reading.trace))
    place = {"first": steps.start + 1, "last": steps.stop}
    if isinstance(each, Skip):
        return {"kind": "skip", **place}
    units = None if each.units is None else list(each.units)  # type: ignore[arg-type]
    if isinstance(each, Hold):
        return {"kind": "hold", "signal": each.signal, "units": units, "value": each.value, **place}
    rule = reading.trace.spec.signal(each.signal).rule
    assert isinstance(each, Shift)
    assert isinstance(rule, Affine)
    return {"kind": "shift", "block": rule.block, "units": units, "by": each.by, **place}


def changed() -> None:
    """The person changed something in the stepper."""
    link.new_entry()
    link.put(fields.WHAT.key, str(reported("stepper", "changed")))


def what_if(choice: Choice, reading: Reading, notices: Notices) -> WhatIf:
    """The controls, behind a button; and what they say of a reading in which nothing is changed yet.

    Mistakes are told in `notices`; what can be shown all the same is shown.
    """
    with link.in_menu(st.popover("Probe", icon=":material/alt_route:")):
        text = link.line(fields.WHAT, placeholder="z[3]@4-8=1")
        other = link.line(fields.BEHIND)
        without = link.choice(fields.WITHOUT)
    wanted, problems = _readable(text)
    fitting, misfits = _fitting(choice, reading, wanted)
    shown = _changed(choice, fitting) if fitting else reading
    behind, bad = _behind(choice, shown, reading, other)
    left_out, refused = _left_out_of(choice, fitting, without)
    for problem in (*problems, *misfits, *bad, *refused):
        notices.error(escape_markdown(problem))
    return WhatIf(shown, behind, left_out)


def _readable(text: str) -> tuple[tuple[Intervention, ...], list[str]]:
    """What the field says, or what it said last when it could be read."""
    try:
        wanted = parsed(text)
    except GruvizError as error:
        return parsed(session().readable_changes), [
            f"{error} Below is the run with the changes that could be read last."
        ]
    session().readable_changes = written(wanted)
    return wanted, []


def _fitting(
    choice: Choice, reading: Reading, wanted: Iterable[Intervention]
) -> tuple[tuple[Intervention, ...], list[str]]:
    """Those that have a place in this network and sequence, and a sentence on each of the others."""
    fitting, problems = list[Intervention](), list[str]()
    for each in wanted:
        try:
            steps = len(reading.trace)
            if (last := _first_step(each)) > steps:
                raise GruvizError(f"this sequence has no step {last}, but {steps}.")
            _changed(choice, (each,))
            fitting.append(each)
        except GruvizError as error:
            text = str(error)
            problems.append(f"The change {written([each])} is left out: {text}")
    return tuple(fitting), problems


def _first_step(each: Intervention) -> int:
    """The first step that it acts on, counted from 1."""
    if isinstance(each, Replace):
        return each.step + 1
    start = each.steps[0] if isinstance(each.steps, tuple) else None
    return max(1, (start or 0) + 1)


def _behind(choice: Choice, shown: Reading, plain_run: Reading, other: str) -> tuple[Ghost | None, list[str]]:
    """The run of another sequence, or else the untouched one where something is changed."""
    if other.strip():
        try:
            return ghost(shown, _changed(replace(choice, text=other), ())), []
        except GruvizError as error:
            return _untouched(shown, plain_run), [f"“{label(other)}” can't be drawn behind: {error}"]
    return _untouched(shown, plain_run), []


def _untouched(shown: Reading, plain_run: Reading) -> Ghost | None:
    return ghost(shown, plain_run) if shown.what_if else None


def _left_out_of(
    choice: Choice, what_if: tuple[Intervention, ...], without: str
) -> tuple[LeaveOneOut | None, list[str]]:
    if without == "off":
        return None, []
    try:
        return _left_out(choice, what_if, without == "unknown"), []
    except GruvizError as error:
        return None, [str(error)]


@kept(megabytes=48, shared=(Model,))
def _changed(choice: Choice, what_if: tuple[Intervention, ...]) -> Reading:
    return read(choice.load(), choice.text, what_if)


@kept(megabytes=16, shared=(Model,))
def _left_out(choice: Choice, what_if: tuple[Intervention, ...], as_unknown: bool) -> LeaveOneOut:
    return leave_one_out(_changed(choice, what_if), as_unknown)
