"""Drawing the Gradients page: sentences, a panel a cell, relevance, files."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.experiment import drawn
from gruviz.export import file_name, table
from gruviz.gradient_export import gradient_facts, gradient_rows
from gruviz.gradient_snippet import gradient_snippet
from gruviz.gradient_stories import changed, pace, summary
from gruviz.gradients.losses import loss_gradient
from gruviz.models.tasks import TASKS
from gruviz.records import GradientFlows
from gruviz.ui import experiments, fields, gradient_controls, link
from gruviz.ui.address import address
from gruviz.ui.downloads import File, files_menu
from gruviz.ui.gradient_results import Question, Results, results
from gruviz.ui.over_time import CONFIG, dark
from gruviz.ui.text import plain, small

_BEFORE = "gradients_before"  # session: what is on screen, its medians, and the medians before


def show(question: Question, words: Any, columns: Sequence[Any]) -> None:
    """Computes and draws everything: sentences into `words`, a panel a cell into `columns`, the rest below."""
    with st.container(horizontal=True, vertical_alignment="center"):
        view = link.choice(fields.SHOW, hide_label=True)
        files = st.container(width="content")
        address()
    found = results(question, view == "jacobians", words)
    _sentences(found, words)
    with files:
        files_menu(_files(found), "gradients")
    if found.jacobians and view == "jacobians":
        _jacobians(found, columns)
    else:
        _norms(found, columns)
    if found.relevance:
        _relevance(found)
    st.markdown(small(_caption(found.question)))


def _sentences(found: Results, words: Any) -> None:
    medians = {flow.cell: flow.median() for flow in found.flows}
    key, before = (found.question.whole, found.question.source), st.session_state.get(_BEFORE)
    if before is None or before[0] != key:
        whole, old = found.question.whole, before[0][0] if before else found.question.whole
        anew = (whole.steps, whole.units) != (old.steps, old.units)
        st.session_state[_BEFORE] = before = (key, medians, before[1] if before else None, anew)
    with words:
        st.markdown(plain(("Before training: " if found.question.whole.trained else "") + summary(medians)))
        if found.question.whole.trained:
            st.markdown(plain(f"After training: {summary({cell: flow for cell, (_, flow) in found.own.items()})}"))
        difference = changed(before[2], medians) if before[2] else None
        if difference:
            drawn_anew = " Other T or H draw other weights." if before[3] else ""
            st.markdown(plain(difference + drawn_anew))


def _norms(found: Results, columns: Sequence[Any]) -> None:
    extra = found.own
    shared = figures.shared_range(found.flows, extra)
    for flow, column in zip(found.flows, columns, strict=True):
        own = {cell: curve for cell, curve in extra.items() if cell == flow.cell}
        column.plotly_chart(
            figures.gradients([flow], own, shared, dark()), key=f"norms-{flow.cell}", theme=None, config=CONFIG,
            alt=f"{flow.cell}: gradient norm against lag, {pace(flow.median())}",
        )  # fmt: skip
        for name, curve in own.values():
            column.markdown(small(f"Line with dots: {name}, its own weights on this sequence: {pace(curve)}."))


def _jacobians(found: Results, columns: Sequence[Any]) -> None:
    shared = figures.jacobian_range([values for values, _ in found.jacobians])
    for (values, eigenvalues), column in zip(found.jacobians, columns, strict=True):
        column.plotly_chart(
            figures.jacobian_view(values, eigenvalues, shared, dark()), key=f"jacobian-{values.cell}", theme=None,
            config=CONFIG, alt=f"{values.cell}: singular values against lag, and eigenvalues of one step",
        )  # fmt: skip


def _relevance(found: Results) -> None:
    reading = found.question.reading
    if reading is None:
        return
    st.subheader("Which inputs matter", anchor=False)
    st.markdown(
        "How strongly the loss depends on each input, |d L / d x|, over the strongest of its row; random cells: seed 0."
    )
    st.plotly_chart(
        figures.relevance(found.relevance, reading.trace.tokens, dark()), key="relevance", theme=None, config=CONFIG,
        alt="Relevance of each token for each network",
    )  # fmt: skip


def _caption(question: Question) -> str:
    whole = question.whole
    seeds = f"{whole.seeds} seed{'s' * (whole.seeds > 1)}"
    weights, sources = f"Random weights, {seeds}", gradient_controls.sources(whole)
    if whole.trained:
        keep = TASKS[whole.trained].settings.keep
        weights = (
            f"Band and line: weights as training starts, PyTorch's default with the bias of the gate that keeps (z, f) "
            f"raised by {keep:g}, {seeds}; line with dots: as it ended. Both read the trained input vectors, and “the "
            "model’s answer” is the trained one’s"
        )
        sources = "The networks are those of the Compare page"
    return (
        f"s is h for RNN and GRU, (h, c) for the LSTM. {weights}, "
        "float64, analytic backward recursion carried in logarithms. Line: median; band: 10 to 90 % of seeds; thin "
        f"line: fitted rate. {sources}."
    )


def _files(found: Results) -> list[File]:
    def name(*parts: str) -> str:
        return file_name("gruviz", "gradients", *parts, *_read_by(found.question))

    norms = [
        File(f"Norms, {flow.cell}, CSV", f"{name(flow.cell)}.csv", "text/csv", partial(_norms_table, found, flow))
        for flow in found.flows
    ]
    return [
        *norms,
        File("Figure, HTML", f"{name()}.html", "text/html", partial(_page, found)),
        File("PyTorch program (seed 0)", f"{name()}.py", "text/x-python", partial(_program, found.question)),
    ]


def _read_by(question: Question) -> tuple[str, ...]:
    """What the cells read, for a file's name: the model and its sequence, or what was made up."""
    if question.reading is None:
        return question.whole.feed, f"T{question.whole.steps}"
    return question.reading.model.name, question.reading.text


def _norms_table(found: Results, flow: GradientFlows) -> str:
    return table(gradient_rows(flow, _facts(found.question, flow.cell), found.own.get(flow.cell)))


def _facts(question: Question, cell: str) -> Mapping[str, str | int]:
    reading = question.reading
    reads = f"{reading.model.title}: {reading.text}" if reading else ""
    return gradient_facts(question.settings[cell].for_cell(cell), cell, reads)


def _page(found: Results) -> str:
    return str(figures.gradients(found.flows, found.own).to_html(include_plotlyjs=True))


def _program(question: Question) -> str:
    sources, draws, directions = question.sources(), {}, {}
    for cell, knobs in question.settings.items():
        settings = knobs.for_cell(cell)
        sequence, loss = experiments.feed_and_loss(sources[cell], settings)
        draws[cell] = drawn(settings, cell, sequence)
        directions[cell] = loss_gradient(loss, settings.units, (0,))[0].numpy()
    facts = {cell: _facts(question, cell) for cell in draws}
    return gradient_snippet(question.whole, draws, directions, facts)
