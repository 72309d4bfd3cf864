"""The stepper draws any cell from the table of signals."""

import pytest
from playwright.sync_api import expect

from gruviz.signals import CELLS


@pytest.mark.parametrize("cell", ["LSTM", "RNN", "GRU"])
def test_columns_and_operations_come_from_the_table(cells_page, cell):
    spec = CELLS[cell]
    cells_page.open(figure=False, cell=cell)
    cells_page.at(1, 8, "t1")
    columns = cells_page.rows.first.locator("[data-signal]").evaluate_all(
        "(cells) => cells.map((cell) => [cell.dataset.kind, cell.dataset.signal])"
    )
    assert columns == [[column.kind, column.signal] for column in spec.columns]
    assert [block["key"] for block in cells_page.blocks()] == [signal.key for signal in spec.operations]
    expect(cells_page.page.get_by_role("img", name=f"One step of a {cell}")).to_be_visible()
    names = cells_page.page.locator(".node .what").all_text_contents()
    for signal in spec.signals:
        assert {signal.name, "crossfade"} & set(names) or signal.key == "h"


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
