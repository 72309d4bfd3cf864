"""What the Gradients page shows for its knobs: sentences, three panels, relevance, Jacobians, files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.errors import GruvizError
from gruviz.experiment import Settings, drawn
from gruviz.gradient_snippet import gradient_snippet
from gruviz.gradient_stories import changed, pace, summary
from gruviz.gradients.losses import loss_gradient
from gruviz.records import GradientFlow, GradientFlows
from gruviz.stories import Reading
from gruviz.ui import experiments, gradient_controls, link
from gruviz.ui.controls import Choice
from gruviz.ui.downloads import File, files_menu, written
from gruviz.ui.over_time import CONFIG, dark
from gruviz.ui.text import plain

_LAST = "last_good_gradients"  # session: the question that is on screen
_BEFORE = "gradients_before"  # session: the medians of the setting before
_VIEWS = {"norms": "Gradient norms", "jacobians": "Jacobians"}

Extra = Mapping[str, tuple[str, GradientFlow]]  # by cell: one more curve and its name


@dataclass(frozen=True, eq=False)
class Question:
    """The settings of each cell, and the sequence that they read, where it is one."""

    settings: Mapping[str, Settings]
    source: Choice | None
    reading: Reading | None

    @property
    def whole(self) -> Settings:
        """All knobs at once."""
        shared = next(iter(self.settings.values()))
        return Settings(**{**vars(shared), "activation": self.settings["RNN"].activation,
                           "forget": self.settings["LSTM"].forget, "update": self.settings["GRU"].update})  # fmt: skip


def show(question: Question, words: Any, columns: Sequence[Any]) -> None:
    """Draws everything; on a mistake the last good picture, under a sentence in `words`."""
    try:
        question.whole.check()
        if experiments.cancelled(question.whole):
            with words:
                st.warning("Cancelled. Below is the setting before.")
                st.button("Compute it after all", on_click=experiments.resume)
            question = st.session_state.get(_LAST) or question
        flows = _flows(question, words)
    except GruvizError as error:
        last: Question | None = st.session_state.get(_LAST)
        if last is None:
            raise
        words.error(f"{plain(str(error))} Below is the last setting that could be computed.")
        question, flows = last, _flows(last, words)
    st.session_state[_LAST] = question
    _sentences(question, flows, words)
    extra = _extra(question)
    with st.container(horizontal=True, vertical_alignment="center"):
        view = link.choice("View", _VIEWS, "show", hide_label=True)
        files_menu(_files(question, flows, extra), "gradients")
    if view == "norms":
        _norms(flows, extra, columns)
    else:
        _jacobians(question, columns)
    if question.reading is not None and question.source is not None:
        _relevance(question, question.reading, question.source)
    st.caption(plain(_caption(question)))


def _flows(question: Question, words: Any) -> list[GradientFlows]:
    flows = []
    for cell, settings in question.settings.items():
        with words:
            tell, done = experiments.progress(question.whole, f"Gradients of the {cell}")
        flows.append(experiments.flows(settings.for_cell(cell), cell, question.source, tell))
        done()
    return flows


def _sentences(question: Question, flows: Sequence[GradientFlows], words: Any) -> None:
    medians = {flow.cell: flow.median() for flow in flows}
    key, before = question.whole, st.session_state.get(_BEFORE)
    if before is None or before[0] != (key, question.source):
        st.session_state[_BEFORE] = before = ((key, question.source), medians, before[1] if before else None)
    with words:
        st.markdown(plain(summary(medians)))
        difference = changed(before[2], medians) if before[2] else None
        if difference:
            st.markdown(plain(difference))


def _extra(question: Question) -> Extra:
    """The model's own curve beside the random ones, where it read the sequence."""
    if question.source is None or question.reading is None:
        return {}
    own = experiments.own_flow(question.whole, question.source)
    return {own.cell: (question.reading.model.title, own)}


def _norms(flows: Sequence[GradientFlows], extra: Extra, columns: Sequence[Any]) -> None:
    shared = figures.shared_range(flows, extra)
    for flow, column in zip(flows, columns, strict=True):
        figure = figures.gradients(
            [flow], {flow.cell: extra[flow.cell]} if flow.cell in extra else None, shared, dark()
        )
        column.plotly_chart(figure, key=f"norms-{flow.cell}", theme=None, config=CONFIG,
                            alt=f"{flow.cell}: gradient norm against lag, {pace(flow.median())}")  # fmt: skip
        if flow.cell in extra:
            name, curve = extra[flow.cell]
            column.caption(plain(f"Line with dots: {name}, its own weights on this sequence: {pace(curve)}."))


def _jacobians(question: Question, columns: Sequence[Any]) -> None:
    results = []
    for cell, settings in question.settings.items():
        tell, done = experiments.progress(question.whole, f"Jacobians of the {cell}")
        results.append(experiments.jacobians(settings.for_cell(cell), cell, question.source, tell))
        done()
    shared = figures.jacobian_range([values for values, _ in results])
    for (values, eigenvalues), column in zip(results, columns, strict=True):
        figure = figures.jacobian_view(values, eigenvalues, shared, dark())
        column.plotly_chart(figure, key=f"jacobian-{values.cell}", theme=None, config=CONFIG,
                            alt=f"{values.cell}: singular values against lag, and eigenvalues of one step")  # fmt: skip


def _relevance(question: Question, reading: Reading, source: Choice) -> None:
    st.subheader("Which inputs matter", anchor=False)
    st.caption(
        "How strongly the loss depends on each input, |d L / d x|, over the strongest of its row; random cells: seed 0."
    )
    rows = [
        (cell, experiments.relevance(settings.for_cell(cell), cell, source))
        for cell, settings in question.settings.items()
    ]
    rows.append((reading.model.title, experiments.own_relevance(question.whole, source)))
    figure = figures.relevance(rows, reading.trace.tokens, dark())
    st.plotly_chart(figure, key="relevance", theme=None, config=CONFIG, alt="Relevance of each token for each network")


def _caption(question: Question) -> str:
    whole = question.whole
    return (
        f"s is h for RNN and GRU, (h, c) for the LSTM. Random weights, {whole.seeds} seeds, float64, analytic backward "
        f"recursion carried in logarithms. {gradient_controls.sources(whole)}."
    )


def _files(question: Question, flows: Sequence[GradientFlows], extra: Extra) -> list[File]:
    whole = question.whole

    def program() -> str:
        reading = question.reading
        sequence = reading.trace.inputs if reading else None
        draws = {cell: drawn(settings.for_cell(cell), cell, sequence) for cell, settings in question.settings.items()}
        answer = reading.model.answer.weight if whole.loss == "answer" and reading and reading.model.answer else None
        loss = whole.loss if answer is None else answer
        return gradient_snippet(whole, draws, loss_gradient(loss, whole.units, (0,))[0].numpy())

    norms = [
        File(
            f"Norms, {flow.cell}, CSV", f"gradients_{flow.cell.lower()}.csv", "text/csv", partial(written, flow.to_csv)
        )
        for flow in flows
    ]
    figure = figures.gradients(flows, extra)
    return [
        *norms,
        File("Figure, HTML", "gradients.html", "text/html", lambda: str(figure.to_html(include_plotlyjs=True))),
        File("PyTorch program (seed 0)", "gruviz_gradients.py", "text/x-python", program),
    ]
