"""What the Gradients page computes for its knobs: the curves of all three cells, or the last good ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from gruviz.errors import GruvizError
from gruviz.experiment import ExperimentSettings, Work, effort
from gruviz.models import by_task
from gruviz.reading import Reading
from gruviz.records import GradientFlow, GradientFlows, InputRelevance, SingularValues
from gruviz.signals import variant
from gruviz.ui.controls import Choice
from gruviz.ui.gradients import experiments
from gruviz.ui.long_work import cancelled, long_work, resume
from gruviz.ui.session import session
from gruviz.ui.text import escape_markdown


def reader_of(reading: Reading) -> str:
    """The key in VARIANTS of the cell that read a sequence."""
    return variant(reading.trace.cell, reading.trace.weights.reset_after)


@dataclass(frozen=True, eq=False)
class Question:
    """The settings, and the sequence that the cells read, where it is one."""

    settings: ExperimentSettings
    source: Choice | None = None
    reading: Reading | None = None

    def own(self) -> Mapping[str, Choice]:
        """The models whose own weights are shown: of the task's three cells, or the one that read the sequence."""
        if self.source is None or self.reading is None:
            return {}
        task = self.reading.model.task
        if not task:
            cell = reader_of(self.reading)
            return {cell: self.source} if cell in self.settings.cells else {}
        return {
            cell: Choice(name, (), self.source.text)
            for cell, name in by_task()[task].items()
            if cell in self.settings.cells
        }

    def sources(self) -> Mapping[str, Choice | None]:
        """What each cell reads: where training is looked at, the sequence as its own trained network reads it."""
        return self.own() if self.settings.trained else dict.fromkeys(self.settings.cells, self.source)


@dataclass(frozen=True, eq=False)
class Results:
    """Everything the page draws. `own` are curves of trained or set weights on the sequence, with the model's title.

    They are of all cells that were trained for the task of the model that read the sequence, or of that model alone.
    """

    question: Question
    flows: tuple[GradientFlows, ...]
    own: Mapping[str, tuple[str, GradientFlow]] = field(default_factory=dict)
    relevance: tuple[tuple[str, InputRelevance], ...] = ()
    jacobians: tuple[tuple[SingularValues, Any], ...] = ()


def usable(reading: Reading) -> None:
    """GruvizError for a sequence that is too short or too long for gradients."""
    ExperimentSettings(len(reading.trace), 1, 1, "sequence").check()


def results(question: Question, with_jacobians: bool, words: Any) -> Results:
    """The results; on a mistake or a cancelled work those of the last good question, under a sentence in `words`."""
    last = session().results
    instead = "Shown below: the last settings that could be computed." if last else "Shown below: the default settings."
    try:
        question.settings.check()
        if not cancelled(question.settings):
            measurements = _compute(question, with_jacobians, words)
            session().results = measurements
            return measurements
        with words:
            st.warning(f"Cancelled. {instead}")
            st.button("Compute it after all", on_click=resume)
    except GruvizError as error:
        words.error(escape_markdown(f"{error} {instead}"))
    return last or _compute(Question(ExperimentSettings()), False, words)


def _compute(question: Question, with_jacobians: bool, words: Any) -> Results:
    reading, whole, sources = question.reading, question.settings, question.sources()
    settings = {cell: whole.reduced_to(cell) for cell in whole.cells}
    kinds: list[Work] = ["flow"]
    kinds += ["jacobians"] if with_jacobians else []
    kinds += ["relevance"] if reading else []
    efforts = {(kind, cell): effort(kind, knobs, cell) for kind in kinds for cell, knobs in settings.items()}
    own = question.own()
    own_effort = {cell: effort("relevance", settings[cell], cell) for cell in own}
    with long_work(whole, sum(efforts.values()) + 2 * sum(own_effort.values()), words) as work:
        flows = tuple(
            experiments.flows(
                knobs, cell, sources[cell], on_progress=work.part(efforts["flow", cell], f"Gradients, {cell}")
            )
            for cell, knobs in settings.items()
        )
        jacobians: tuple[tuple[SingularValues, Any], ...] = ()
        if with_jacobians:
            jacobians = tuple(
                experiments.jacobians(
                    knobs, cell, sources[cell], on_progress=work.part(efforts["jacobians", cell], f"Jacobians, {cell}")
                )
                for cell, knobs in settings.items()
            )
        if reading is None:
            return Results(question, flows, jacobians=jacobians)
        before = " before training" if whole.trained else ""
        relevance = [
            (
                cell + before,
                experiments.relevance(
                    knobs, cell, sources[cell], on_progress=work.part(efforts["relevance", cell], f"Inputs, {cell}")
                ),
            )
            for cell, knobs in settings.items()
        ]
        curves = {}
        for cell, source in own.items():
            title = source.load().full_title
            flow = experiments.own_flow(whole, source, on_progress=work.part(own_effort[cell], title))
            curves[cell] = title, flow
            relevance.append(
                (title, experiments.own_relevance(whole, source, on_progress=work.part(own_effort[cell], title)))
            )
    return Results(question, flows, curves, tuple(relevance), jacobians)
