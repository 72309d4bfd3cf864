"""The stepper draws any cell from the table of signals."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from gruviz.signals import CELLS
from tests.browser.apps.traces import make_trace
from tests.browser.waiting import becomes


@pytest.mark.parametrize("cell", CELLS)
def test_columns_and_operations_come_from_the_table(cells_page, cell):
    spec = CELLS[cell]
    cells_page.open(figure=False, cell=cell)
    cells_page.at(1, 8, "t1")
    read = "(cells) => cells.map((cell) => [cell.dataset.kind, cell.dataset.signal])"
    columns = cells_page.rows.first.locator("[data-signal]")
    becomes(lambda: columns.evaluate_all(read), [[column.kind, column.signal] for column in spec.columns])
    becomes(lambda: [block["key"] for block in cells_page.blocks()], [signal.key for signal in spec.operations])
    expect(cells_page.page.get_by_role("group", name=f"One step of a {cell}")).to_be_visible()
    names = cells_page.page.locator(".node .what").all_text_contents()
    for signal in spec.signals:
        assert {signal.name, "crossfade"} & set(names) or signal.key == "h"


@pytest.mark.parametrize(
    ("cell", "what"),
    [("GRU", "keeps {}% of the old state, writes {}% of the candidate"), ("LSTM", "keeps {}% of the old cell state"),
     ("MGU", "writes {}% of the candidate, keeps {}% of the old state"),
     ("JANET", "keeps {}% of the old hidden state")],
)  # fmt: skip
def test_what_the_gate_that_keeps_says(cells_page, cell, what):
    value = float(make_trace(cell, 6, 8)[CELLS[cell].keeps][0, 0])
    cells_page.open(figure=False, cell=cell)
    cells_page.at(1, 8, "t1")
    said = what.format(f"{value:.0%}".rstrip("%"), f"{1 - value:.0%}".rstrip("%"))
    expect(cells_page.page.locator(".meaning").filter(has_text=said)).to_have_count(1)


def test_one_operation_is_no_operation(cells_page):
    cells_page.open(figure=False, cell="RNN")
    expect(cells_page.button("Next operation")).to_be_hidden()
    cells_page.press("Shift+ArrowRight")
    cells_page.at(2, 8, "t2")
    cells_page.press("Shift+ArrowLeft")
    cells_page.at(1, 8, "t1")


def test_inside_a_step_of_an_lstm(cells_page):
    cells_page.open(figure=False, cell="LSTM")
    for place, signal in enumerate(CELLS["LSTM"].operations[:-1], 1):
        cells_page.press("Shift+ArrowRight")
        expect(cells_page.status).to_have_text(f"Step 2 of 8: t2, {signal.verb} ({place} of 6)")
    cells_page.press("Shift+ArrowRight")
    cells_page.at(2, 8, "t2")


LEGENDS = {
    "GRU": ["from the input", "from the old state", "what the reset gate took away", "their sum; tanh of it is n",
            "old h", "candidate n", "new h: between them, the nearer to the old the larger z"],
    "LSTM": ["from the input", "from the old state", "their sum; tanh of it is g", "old c",
             "kept of it by the forget gate", "candidate let in by the input gate", "new c: their sum"],
    "RNN": ["from the input", "from the old state", "their sum; tanh of it is h"],
}  # fmt: skip


@pytest.mark.parametrize("cell", LEGENDS)
def test_a_legend_says_what_the_marks_of_this_cell_are(cells_page, cell):
    cells_page.open(figure=False, cell=cell)
    marks = cells_page.page.get_by_role("list", name="What the marks are").get_by_role("listitem")
    expect(marks).to_have_text(LEGENDS[cell])


@pytest.mark.parametrize("cell", ["LSTM", "RNN", "GRU"])
def test_a_row_holds_the_sum_and_what_becomes_of_it(cells_page, cell):
    trace = make_trace(cell, 6, 8)
    (column,) = (column for column in trace.spec.columns if column.kind == "parts")
    signal = trace.spec.signal(column.signal)
    cells_page.open(figure=False, cell=cell, step=3)
    cells_page.at(3, 8)
    marks = cells_page.rows.locator("[data-kind=parts]").evaluate_all("""(cells) => cells.map((cell) => ({
        sum: cell.querySelector(".sum").textContent, number: cell.querySelector(".number").textContent,
        arrow: cell.querySelector(".dot").getAttribute("d").includes("L"),
        cuts: [...cell.querySelectorAll(".cut")].filter((cut) => cut.getAttribute("visibility") === "visible").length,
    }))""")
    sums = np.arctanh(trace[signal.key][2].astype(float))
    for mark, total in zip(marks, sums, strict=True):
        assert float(mark["sum"].replace("−", "-")) == pytest.approx(total, abs=0.006)
        assert float(mark["number"].replace("−", "-")) == pytest.approx(np.tanh(total), abs=0.006)
        assert not mark["arrow"] or abs(total) > 3


def test_what_lies_beyond_the_axis_is_marked(step_page):
    step_page.open(model="Sunspots, GRU", seq="1e6 -1e6 5 6", step=2)
    step_page.at(2, 4)
    for row in step_page.rows.locator("[data-kind=parts]").all():
        expect(row.locator(".dot")).to_have_attribute("d", re.compile("L"))  # it is an arrowhead
        expect(row.locator(".cut[visibility=visible]")).to_have_count(2)
    step_page.press("End")
    step_page.at(4, 4)
    expect(step_page.rows.locator(".cut[visibility=hidden]")).not_to_have_count(0)
