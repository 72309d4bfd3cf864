"""Drawing the Gradients page: sentences, a panel a cell, relevance, files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from gruviz import figures
from gruviz.common.quantities import count
from gruviz.experiment.sentences import Medians, changed, one_knob, summary
from gruviz.models.tasks import TASKS
from gruviz.notation.equations import equation
from gruviz.reading.sentences import listed
from gruviz.signals import VARIANTS, Notation
from gruviz.ui.downloads import files_menu
from gruviz.ui.figure_files import watch_figures
from gruviz.ui.gradients import controls as gradient_controls
from gruviz.ui.gradients.files import (
    Panels,
    gradient_files,
    jacobian_panels,
    norm_panels,
    overlay_panel,
    panels_caption,
)
from gruviz.ui.gradients.results import Question, Results, results
from gruviz.ui.over_time import CONFIG, dark
from gruviz.ui.session import session
from gruviz.ui.text import escape_markdown, small

_ABREAST = 3  # panels side by side
_TITLES = {
    "norms": "Gradient norm against lag",
    "overlay": "Gradient norm against lag",
    "jacobians": "Jacobians of the state",
}


@dataclass(frozen=True, eq=False)
class Curves:
    """The curves on screen and those before the last turn of a knob, to say what the turn changed."""

    key: tuple[Any, Any]  # what they are of: the settings, and the sequence read
    medians: Medians
    drawn_with: tuple[int, ...]
    before: Medians | None  # None: more than one knob was turned
    note: str  # what else the turn changed


def show(question: Question, view: str, words: Any, files: Any) -> None:
    """Computes and draws everything: sentences into `words`, the menu of files into `files`, the figures below."""
    measurements = results(question, view == "jacobians", words)
    _sentences(measurements, words)
    make = _panels(view if measurements.jacobians or view != "jacobians" else "norms")
    small_print = _caption(measurements.question, view if make is not norm_panels else "norms")
    title = f"{_TITLES[view]}, for {listed(measurements.question.settings.cells)}"
    caption = panels_caption(measurements.question, title, view, small_print)
    with files:
        files_menu(gradient_files(measurements, caption, make), "gradients")
    panels = make(measurements, dark())
    places = columns(len(panels))
    for panel, column in zip(panels, places, strict=True):
        column.plotly_chart(panel.figure, key=panel.key, theme=None, config=CONFIG, alt=panel.alt)
    under = places if len(places) == len(measurements.flows) else columns(len(measurements.flows))
    if make is not jacobian_panels:
        _own(measurements, under)
    _variants(measurements, under)
    if measurements.relevance:
        _relevance(measurements)
    st.markdown(small(small_print))
    watch_figures(caption, {panel.key: "" for panel in panels})


def _panels(view: str) -> Panels:
    return {"norms": norm_panels, "overlay": overlay_panel, "jacobians": jacobian_panels}[view]


def _sentences(measurements: Results, words: Any) -> None:
    question, medians = measurements.question, {flow.cell: flow.median() for flow in measurements.flows}
    trained = {cell: flow for cell, (_, flow) in measurements.own.items()} if question.settings.trained else None
    before, differs = _one_turn_before(question, trained or medians)
    with words:
        st.markdown(escape_markdown(("Before training: " if trained else "") + summary(medians)))
        if trained:
            st.markdown(escape_markdown(f"After training: {summary(trained)}"))
        difference = changed(before, trained or medians) if before else None
        if difference:
            st.markdown(escape_markdown(("After training. " if trained else "") + difference + differs))


def _one_turn_before(question: Question, medians: Medians) -> tuple[Medians | None, str]:
    """The curves of before, if one turn of a knob led from them to what is on screen; what else the turn changed."""
    key, curves, drawn_with = (question.settings, question.source), session().curves, _drawn_with(question)
    if curves is None or curves.key != key:
        before, note = None, ""
        if curves is not None and one_knob(curves.key[0], key[0], curves.key[1] == key[1]):
            before = curves.medians
            if curves.drawn_with != drawn_with:
                note = " A different length, size or input draws different weights."
        session().curves = curves = Curves(key, medians, drawn_with, before, note)
    return curves.before, curves.note


def _drawn_with(question: Question) -> tuple[int, ...]:
    """What a seed's random weights depend on: steps, units and features."""
    features = 0 if question.reading is None else question.reading.trace.inputs.shape[1]
    return question.settings.steps, question.settings.units, features


def columns(count: int) -> list[Any]:
    """A place for each panel, at most three side by side."""
    rows = [st.columns(min(count, _ABREAST)) for _ in range(-(-count // _ABREAST))]
    return [column for row in rows for column in row][:count]


def _variants(measurements: Results, columns: Sequence[Any]) -> None:
    """What a cell that only computes another way with the same weights does otherwise."""
    for cell, column in zip(measurements.question.settings.cells, columns, strict=True):
        row = VARIANTS[cell]
        if row.variant_of:
            written = Notation()
            pairs = [
                (equation(row, signal, written, reset_after=False), equation(row, signal, written))
                for signal in row.signals
            ]
            for before, after in pairs:
                if before != after:
                    column.html(
                        f"<small>{before}, as introductions write it. PyTorch’s {row.variant_of}, on the same weights: "
                        f"{after}.</small>"
                    )


def _own(measurements: Results, columns: Sequence[Any]) -> None:
    """What the line with dots is, below each panel that has one."""
    for flow, column in zip(measurements.flows, columns, strict=True):
        if flow.cell in measurements.own:
            name, _ = measurements.own[flow.cell]
            column.markdown(small(f"Line with dots: {name}, its own weights on this sequence."))


def _relevance(measurements: Results) -> None:
    reading = measurements.question.reading
    if reading is None:
        return
    st.subheader("Which inputs matter", anchor=False)
    st.markdown(
        "How strongly the loss depends on each input, |d L / d x|, over the strongest of its row. "
        + ("Before training" if measurements.question.settings.trained else "Random weights")
        + ": seed 0."
    )
    st.plotly_chart(
        figures.relevance(measurements.relevance, reading.trace.tokens, dark()), key="relevance", theme=None,
        config=CONFIG, alt="Relevance of each token for each network",
    )  # fmt: skip


def _states(cells: Sequence[str]) -> str:
    """What the state of each cell is."""
    by = dict[str, list[str]]()
    for cell in cells:
        state = ", ".join(VARIANTS[cell].state)
        by.setdefault(f"({state})" if "," in state else state, []).append(cell)
    return f"s is {', '.join(f'{state} for {listed(who)}' for state, who in by.items())}."


def _caption(question: Question, view: str) -> str:
    jacobians = view == "jacobians"
    whole = question.settings
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
        else "analytic backward recursion carried in logarithms. Line: median; band: 10 to 90% of seeds"
        + ("; thin line: the fitted rate, over the older half of the lags" if view == "norms" else "")
    )
    return f"{_states(whole.cells)} {weights}, float64, {drawn}. {sources}."
