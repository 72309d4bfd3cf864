"""Drawing the Gradients page: sentences, a panel a cell, relevance, files."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.experiment import drawn
from gruviz.export import file_name, table
from gruviz.gradient_export import gradient_facts, gradient_rows
from gruviz.gradient_sentences import Medians, changed, one_knob, pace, summary
from gruviz.gradient_snippet import gradient_snippet
from gruviz.gradients.losses import loss_gradient
from gruviz.models.tasks import TASKS
from gruviz.quantities import count
from gruviz.records import GradientFlow, GradientFlows
from gruviz.ui import experiments, fields, gradient_controls, link
from gruviz.ui.address import address
from gruviz.ui.downloads import File, files_menu
from gruviz.ui.gradient_results import Question, Results, results
from gruviz.ui.over_time import CONFIG, dark
from gruviz.ui.text import plain, small

_BEFORE = "gradients_before"  # session: what is on screen, its curves, and those of before


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
    st.markdown(small(_caption(found.question, bool(found.jacobians) and view == "jacobians")))


def _sentences(found: Results, words: Any) -> None:
    question, medians = found.question, {flow.cell: flow.median() for flow in found.flows}
    trained = {cell: flow for cell, (_, flow) in found.own.items()} if question.whole.trained else None
    before, differs = _one_turn_before(question, trained or medians)
    with words:
        st.markdown(plain(("Before training: " if trained else "") + summary(medians)))
        if trained:
            st.markdown(plain(f"After training: {summary(trained)}"))
        difference = changed(before, trained or medians) if before else None
        if difference:
            st.markdown(plain(("After training. " if trained else "") + difference + differs))


def _one_turn_before(question: Question, curves: Medians) -> tuple[Medians | None, str]:
    """The curves of before, if one turn of a knob led from them to what is on screen; what else the turn changed."""
    key, shown = (question.whole, question.source), st.session_state.get(_BEFORE)
    if shown is None or shown[0] != key:
        before, note = None, ""
        if shown is not None and one_knob(shown[0][0], key[0], shown[0][1] == key[1]):
            before = shown[1]
            if shown[2] != _drawn_with(question):
                note = " Another length, size or input draws other weights."
        st.session_state[_BEFORE] = shown = (key, curves, _drawn_with(question), before, note)
    return shown[3], shown[4]


def _drawn_with(question: Question) -> tuple[int, ...]:
    """What a seed's random weights depend on: steps, units and features."""
    features = 0 if question.reading is None else question.reading.trace.inputs.shape[1]
    return question.whole.steps, question.whole.units, features


def _norms(found: Results, columns: Sequence[Any]) -> None:
    extra = found.own
    shared = figures.shared_range(found.flows, extra)
    for flow, column in zip(found.flows, columns, strict=True):
        own = {cell: curve for cell, curve in extra.items() if cell == flow.cell}
        column.plotly_chart(
            figures.gradients([flow], own, shared, dark(), _names(found.question)),
            key=f"norms-{flow.cell}", theme=None, config=CONFIG,
            alt=_alt(found.question, flow, own.get(flow.cell)),
        )  # fmt: skip
        for name, _ in own.values():
            column.markdown(small(f"Line with dots: {name}, its own weights on this sequence."))


def _names(question: Question) -> tuple[str, str]:
    """What the weights of a panel's two lines are called."""
    return ("before training", "after training") if question.whole.trained else ("random weights", "own weights")


def _alt(question: Question, flow: GradientFlows, own: tuple[str, GradientFlow] | None) -> str:
    paces, (random, named) = pace(flow.median()), _names(question)
    if own is not None:
        paces = f"{named} {pace(own[1])}; {random} {paces}"
    return f"{flow.cell}: gradient norm against lag, {paces}"


def _jacobians(found: Results, columns: Sequence[Any]) -> None:
    shared = figures.jacobian_range([values for values, _ in found.jacobians])
    for (values, eigenvalues), column in zip(found.jacobians, columns, strict=True):
        column.plotly_chart(
            figures.jacobian_view(values, eigenvalues, shared, dark()), key=f"jacobian-{values.cell}", theme=None,
            config=CONFIG, alt=f"{values.cell}, seed 0: singular values against lag, and eigenvalues of one step",
        )  # fmt: skip


def _relevance(found: Results) -> None:
    reading = found.question.reading
    if reading is None:
        return
    st.subheader("Which inputs matter", anchor=False)
    st.markdown(
        "How strongly the loss depends on each input, |d L / d x|, over the strongest of its row. "
        + ("Before training" if found.question.whole.trained else "Random weights")
        + ": seed 0."
    )
    st.plotly_chart(
        figures.relevance(found.relevance, reading.trace.tokens, dark()), key="relevance", theme=None, config=CONFIG,
        alt="Relevance of each token for each network",
    )  # fmt: skip


def _caption(question: Question, jacobians: bool) -> str:
    whole = question.whole
    seeds = "seed 0" if jacobians else count(whole.seeds, "seed")
    weights, sources = f"Random weights, {seeds}", gradient_controls.sources(whole)
    if whole.trained:
        keep, lines = TASKS[whole.trained].settings.keep, "Jacobians" if jacobians else "Band and line"
        weights = (
            f"{lines}: weights as training starts, PyTorch's default with the bias of the gate that keeps (z, f) "
            f"raised by {keep:g}, {seeds}"
        )
        if not jacobians:
            weights += (
                "; line with dots: as it ended. Both read the trained input vectors, and “the model’s answer” is "
            )
            weights += "the trained one’s"
        sources = "The networks are those of the Compare page"
    at = whole.loss_index + 1
    drawn = (
        f"ds_t/ds_(t-k): how the state at step {at}, the loss’s, depends on the state k steps before. Below: the "
        f"eigenvalues of the one step that leads to step {at}, with the unit circle"
        if jacobians
        else "analytic backward recursion carried in logarithms. Line: median; band: 10 to 90 % of seeds; thin line: "
        "the fitted rate, over the older half of the lags"
    )
    return f"s is h for RNN and GRU, (h, c) for the LSTM. {weights}, float64, {drawn}. {sources}."


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
    return str(figures.gradients(found.flows, found.own, names=_names(found.question)).to_html(include_plotlyjs=True))


def _program(question: Question) -> str:
    sources, draws, directions = question.sources(), {}, {}
    for cell, knobs in question.settings.items():
        settings = knobs.for_cell(cell)
        sequence, loss = experiments.feed_and_loss(sources[cell], settings)
        draws[cell] = drawn(settings, cell, sequence)
        directions[cell] = loss_gradient(loss, settings.units, (0,))[0].numpy()
    facts = {cell: _facts(question, cell) for cell in draws}
    return gradient_snippet(question.whole, draws, directions, facts)
