"""The files of the Gradients page: the curves as tables, the panels on screen for paper, and a program."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gruviz import figures
from gruviz.experiment import drawn
from gruviz.experiment.export import gradient_facts, gradient_rows, jacobian_rows
from gruviz.experiment.program import gradient_snippet
from gruviz.experiment.sentences import pace
from gruviz.figures.caption import Caption, made_by, shortened
from gruviz.gradients.losses import loss_gradient
from gruviz.reading.export import file_name, table
from gruviz.records import GradientFlow, GradientFlows
from gruviz.ui.downloads import File, figure_file
from gruviz.ui.figure_files import figure_page
from gruviz.ui.gradients import experiments
from gruviz.ui.gradients.knobs import told
from gruviz.ui.gradients.results import Question, Results


@dataclass(frozen=True, eq=False)
class Panel:
    """One cell's figure: the key of its chart, and what it is called for those who do not see it."""

    key: str
    figure: Any
    alt: str


Panels = Callable[[Results, bool], Sequence[Panel]]  # the results, and whether the page is dark


def norm_panels(results: Results, dark: bool) -> Sequence[Panel]:
    """The gradient norms of each cell, on one axis."""
    shared, names = figures.shared_range(results.flows, results.own), _names(results.question)
    own = results.own
    return [
        Panel(f"norms-{flow.cell}",
              figures.gradients([flow], {c: own[c] for c in own if c == flow.cell}, shared, dark, names),
              _alt(flow, own.get(flow.cell), names))
        for flow in results.flows
    ]  # fmt: skip


def overlay_panel(results: Results, dark: bool) -> Sequence[Panel]:
    """The gradient norms of all cells in one panel."""
    names, own = _names(results.question), results.own
    alt = "; ".join(_alt(flow, own.get(flow.cell), names) for flow in results.flows)
    return [Panel("norms-overlay", figures.gradients_overlaid(results.flows, own, dark, names), alt)]


def _names(question: Question) -> tuple[str, str]:
    """What the weights of a panel's two lines are called."""
    return ("before training", "after training") if question.settings.trained else ("random weights", "own weights")


def _alt(flow: GradientFlows, own: tuple[str, GradientFlow] | None, names: tuple[str, str]) -> str:
    paces, (random, named) = pace(flow.median()), names
    if own is not None:
        paces = f"{named} {pace(own[1])}; {random} {paces}"
    return f"{flow.cell}: gradient norm against lag, {paces}"


def jacobian_panels(results: Results, dark: bool) -> Sequence[Panel]:
    """The singular values and eigenvalues of each cell, on one axis."""
    shared = figures.jacobian_range([values for values, _ in results.jacobians])
    return [
        Panel(f"jacobian-{values.cell}", figures.jacobian_view(values, eigenvalues, shared, dark),
              f"{values.cell}, seed 0: singular values against lag, and eigenvalues of one step")
        for values, eigenvalues in results.jacobians
    ]  # fmt: skip


def panels_caption(question: Question, title: str, view: str, small_print: str) -> Caption:
    """Of the panels on screen, whose view is told by `view` in the name of files; `small_print` is the page's own."""
    reading, lines = question.reading, [f"{told(question.settings)}."]
    if reading is not None:
        lines.append(f"Sequence ({reading.model.full_title}): {shortened(reading.text)}")
    return Caption(title, (*lines, small_print, made_by()), _name(question, view))


def gradient_files(results: Results, caption: Caption, panels: Panels) -> list[File]:
    """Every file: tables and program of the experiment, and the panels on screen as a page."""
    question = results.question
    tables = [
        File(f"Norms, {flow.cell}, CSV", f"{_name(question, flow.cell)}.csv", "text/csv",
             partial(_norms_table, question, flow, results))
        for flow in results.flows
    ]  # fmt: skip
    if results.jacobians:
        name = f"{_name(question, 'jacobians')}.csv"
        tables.append(File("Jacobians, CSV", name, "text/csv", partial(_jacobians_table, results)))
    return [
        *tables,
        figure_file(caption.name, partial(_page, results, caption, panels)),
        File("PyTorch program (seed 0)", f"{_name(question)}.py", "text/x-python", partial(_program, question)),
    ]


def _name(question: Question, *parts: str) -> str:
    """How files are called: by the model and the sequence that it read, or by what was made up."""
    reading = question.reading
    made_up = (question.settings.feed, f"T{question.settings.steps}")
    return file_name("gruviz", "gradients", *parts, *((reading.model.name, reading.text) if reading else made_up))


def _facts(question: Question, cell: str) -> Mapping[str, str | int]:
    reading = question.reading
    reads = f"{reading.model.full_title}: {reading.text}" if reading else ""
    return gradient_facts(question.settings.reduced_to(cell), cell, reads)


def _norms_table(question: Question, flow: GradientFlows, results: Results) -> str:
    return table(gradient_rows(flow, _facts(question, flow.cell), results.own.get(flow.cell)))


def _jacobians_table(results: Results) -> str:
    blocks = [
        jacobian_rows(values, eigenvalues, _facts(results.question, values.cell))
        for values, eigenvalues in results.jacobians
    ]
    return table([blocks[0][0], *(row for block in blocks for row in block[1:])])


def _page(results: Results, caption: Caption, panels: Panels) -> str:
    drawn = [("", panel.figure) for panel in panels(results, False)]
    return figure_page(caption, lambda: drawn, columns=min(len(drawn), 3))


def _program(question: Question) -> str:
    sources, draws, directions = question.sources(), {}, {}
    for cell in question.settings.cells:
        settings = question.settings.reduced_to(cell)
        sequence, loss = experiments.feed_and_loss(sources[cell], settings)
        draws[cell] = drawn(settings, cell, sequence)
        directions[cell] = loss_gradient(loss, settings.units, (0,))[0].numpy()
    facts = {cell: _facts(question, cell) for cell in draws}
    return gradient_snippet(question.settings, draws, directions, facts)
