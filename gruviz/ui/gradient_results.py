"""What the Gradients page computes for its knobs: the curves of all three cells, or the last good ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from gruviz.errors import GruvizError
from gruviz.experiment import Settings
from gruviz.models import by_task
from gruviz.reading import Reading
from gruviz.records import GradientFlow, GradientFlows, InputRelevance, SingularValues
from gruviz.signals import CELLS
from gruviz.ui import experiments
from gruviz.ui.controls import Choice
from gruviz.ui.text import plain

_LAST = "last_good_gradients"  # session: the results on screen


@dataclass(frozen=True, eq=False)
class Question:
    """The settings of each cell, and the sequence that they read, where it is one."""

    settings: Mapping[str, Settings]
    source: Choice | None = None
    reading: Reading | None = None

    @property
    def whole(self) -> Settings:
        """All knobs at once."""
        shared = next(iter(self.settings.values()))
        return Settings(**{**vars(shared), "activation": self.settings["RNN"].activation,
                           "forget": self.settings["LSTM"].forget, "update": self.settings["GRU"].update})  # fmt: skip

    def own(self) -> Mapping[str, Choice]:
        """The models whose own weights are shown: of the task's three cells, or the one that read the sequence."""
        if self.source is None or self.reading is None:
            return {}
        task = self.reading.model.task
        if not task:
            return {self.reading.trace.cell: self.source}
        return {cell: Choice(name, (), self.source.text) for cell, name in by_task()[task].items()}

    def sources(self) -> Mapping[str, Choice | None]:
        """What each cell reads: where training is looked at, the sequence as its own trained network reads it."""
        return self.own() if self.whole.trained else dict.fromkeys(CELLS, self.source)


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


def results(question: Question, with_jacobians: bool, words: Any) -> Results:
    """The results; on a mistake or a cancelled work those of the last good question, under a sentence in `words`."""
    last: Results | None = st.session_state.get(_LAST)
    instead = "Below is the last setting that could be computed." if last else "Below is the default setting."
    try:
        question.whole.check()
        if not experiments.cancelled(question.whole):
            found = _compute(question, with_jacobians, words)
            st.session_state[_LAST] = found
            return found
        with words:
            st.warning(f"Cancelled. {instead}")
            st.button("Compute it after all", on_click=experiments.resume)
    except GruvizError as error:
        words.error(plain(f"{error} {instead}"))
    return last or _compute(Question({cell: Settings() for cell in CELLS}), False, words)


def _compute(question: Question, with_jacobians: bool, words: Any) -> Results:
    reading, whole, sources = question.reading, question.whole, question.sources()
    settings = {cell: knobs.for_cell(cell) for cell, knobs in question.settings.items()}
    with experiments.progress(whole, "Gradients", len(CELLS), words) as tell:
        flows = tuple(experiments.flows(knobs, cell, sources[cell], tell) for cell, knobs in settings.items())
    jacobians: tuple[tuple[SingularValues, Any], ...] = ()
    if with_jacobians:
        with experiments.progress(whole, "Jacobians", len(CELLS), words) as tell:
            jacobians = tuple(experiments.jacobians(k, cell, sources[cell], tell) for cell, k in settings.items())
    if reading is None:
        return Results(question, flows, jacobians=jacobians)
    own, before = {}, " before training" if whole.trained else ""
    relevance = [
        (cell + before, experiments.relevance(knobs, cell, source))
        for (cell, knobs), source in zip(settings.items(), sources.values(), strict=True)
        if source is not None
    ]
    for cell, source in question.own().items():
        title = source.load().title
        own[cell] = title, experiments.own_flow(whole, source)
        relevance.append((title, experiments.own_relevance(whole, source)))
    return Results(question, flows, own, tuple(relevance), jacobians)
