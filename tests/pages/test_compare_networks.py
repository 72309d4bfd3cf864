"""Networks of the Train page on the Compare page: as they are, with what is known of them, in their session alone."""

import numpy as np

from gruviz.comparison import compare_models, summary
from gruviz.reading.sentences import answers_of
from gruviz.signals import STANDARD
from gruviz.ui.session_models import MOST
from gruviz.ui.text import escape_markdown
from tests.pages.compare import ComparePage
from tests.pages.opened import unescaped
from tests.pages.train import TrainPage
from tests.wire import says

QUICK = {"lag": "5", "units": "4", "batch": "4"}


def test_all_networks_open_in_compare_as_they_are():
    page = TrainPage(QUICK).press("One update").press("All in Compare")
    compared = ComparePage.after(page)
    (group,) = page.mine.groups.values()
    assert says(page.test)["task"] == ["Trained here: First symbol, 1 update"]
    sent = compared.sent()
    assert [row["cell"] for row in sent["rows"]] == list(STANDARD)
    models = {cell: page.mine.models[name] for cell, name in group.models}
    found = compare_models("", models, page.train_run.source.example)
    assert escape_markdown(summary(found)) in compared.texts
    for row, reading in zip(sent["rows"], found.readings.values(), strict=True):
        np.testing.assert_allclose(row["bars"], answers_of(reading).sizes(), atol=1e-6)
    heading, known = compared.table("What is known of these networks")
    assert heading == list(STANDARD)
    assert known["hidden units"] == [str(page.train_run.settings.units)] * 3
    assert any("Updates: 1" in unescaped(text) for text in compared.texts)
    assert list(compared.tables()) == ["What is known of these networks"]  # results are of shipped networks only
    assert any("shown for the networks that ship with gruviz" in unescaped(text) for text in compared.texts)
    page.test.switch_page("pages/compare.py")  # where the test's app is already, though it does not know
    assert compared.type("C w x").sent()["labels"] == ["C", "w", "x"]
    assert compared.task("brackets").errors() == []
    assert "How well the cells do" in compared.tables()


def test_groups_of_networks_go_with_their_networks():
    page = TrainPage(QUICK)
    for _ in range(5):
        page.press("One update").press("All in Compare")
        page.test.switch_page("pages/train.py")
        page.run()
    assert [group.title for group in page.mine.groups.values()] == [
        f"Trained here: First symbol, {updates} updates" for updates in range(2, 6)
    ]
    assert len(page.mine.models) == MOST


def test_a_link_to_anothers_networks_says_that_they_are_not_there():
    page = ComparePage({"task": "Trained here: First symbol, 1 update"})
    assert any("networks that were trained in another session" in text for text in page.warnings())
