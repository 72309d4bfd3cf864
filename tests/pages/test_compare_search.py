"""The Compare page's section on the search for settings: every number is the study's; a task without one says so."""

from gruviz.comparison.searches import mattered, order_sentence, provenance
from gruviz.models import studies
from gruviz.models.results import results
from gruviz.ui.text import escape_markdown
from tests.pages.compare import ComparePage
from tests.pages.test_compare_page import opened


def test_the_study_is_shown():
    page, study, task = opened("sunspots"), studies.study("sunspots"), results()["sunspots"]
    assert f"**{escape_markdown(order_sentence(study, task))}**" in page.texts
    assert any(escape_markdown(provenance(study)) in text for text in page.texts)
    assert any(escape_markdown(mattered(study.cells["GRU"])) in text for text in page.texts)
    curves = [figure for figure in page.figures() if "band" not in figure and _names(figure) == ["RNN", "LSTM", "GRU"]]
    assert len(curves) == 2  # the expected scores, and what mattered
    heading, *rows = page.tables()["The best settings of each cell"]
    assert heading == ["", "RNN", "LSTM", "GRU"]
    table = {row[0]: row[1:] for row in rows}
    assert table["hidden units"] == [str(cell.units) for cell in study.cells.values()]
    assert table["learning rate"] == [f"{cell.chosen.settings['rate']:.3g}" for cell in study.cells.values()]
    assert table["bias of the gate that keeps"][0] == "none"
    heading, *rows = page.tables()["Tests over examples and over seeds"]
    assert [row[0] for row in rows] == ["GRU − LSTM", "GRU − RNN", "LSTM − RNN"]
    for row, tests in zip(rows, study.tests, strict=True):
        assert row[1] == task.written_difference(tests.networks)
        assert tests.examples_test in row[2]


def _names(figure):
    return [trace["name"] for trace in figure["data"] if trace.get("name")]


def test_a_task_that_was_not_searched_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(studies, "FOLDER", tmp_path)
    studies.study.cache_clear()
    try:
        page = ComparePage({"task": results()["sunspots"].title})
        assert any("have not been searched" in text for text in page.texts)
        assert "The best settings of each cell" not in page.tables()
    finally:
        studies.study.cache_clear()
