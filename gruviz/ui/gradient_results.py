"""What the Gradients page computes for its knobs: the curves of all three cells, or the last good ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from gruviz.errors import GruvizError
from gruviz.experiment import Settings
from gruviz.records import GradientFlow, GradientFlows, InputRelevance, SingularValues
from gruviz.signals import CELLS
from gruviz.stories import Reading
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


@dataclass(frozen=True, eq=False)
class Results:
    """Everything the page draws. `own` is the curve of the model that read the sequence: its cell, title and flow."""

    question: Question
    flows: tuple[GradientFlows, ...]
    own: tuple[str, str, GradientFlow] | None = None
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
    source, reading, whole = question.source, question.reading, question.whole
    own_settings = {cell: settings.for_cell(cell) for cell, settings in question.settings.items()}
    with experiments.progress(whole, "Gradients", len(CELLS), words) as tell:
        flows = tuple(experiments.flows(settings, cell, source, tell) for cell, settings in own_settings.items())
    jacobians: tuple[tuple[SingularValues, Any], ...] = ()
    if with_jacobians:
        with experiments.progress(whole, "Jacobians", len(CELLS), words) as tell:
            jacobians = tuple(experiments.jacobians(s, cell, source, tell) for cell, s in own_settings.items())
    if source is None or reading is None:
        return Results(question, flows, jacobians=jacobians)
    own = experiments.own_flow(whole, source)
    relevance = [(cell, experiments.relevance(settings, cell, source)) for cell, settings in own_settings.items()]
    relevance.append((reading.model.title, experiments.own_relevance(whole, source)))
    return Results(question, flows, (own.cell, reading.model.title, own), tuple(relevance), jacobians)
