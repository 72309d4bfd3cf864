"""The Compare page as Streamlit runs it: one sequence, three cells, and every number from where it belongs."""

from base64 import b64decode
from functools import cache

import numpy as np
import pytest
import streamlit

from gruviz.comparison import compare, summary
from gruviz.comparison.leads import who_leads
from gruviz.inputs import label
from gruviz.measures.costs import parameter_formula
from gruviz.models import by_task, list_models, load_model, measures
from gruviz.models.results import results
from gruviz.reading.sentences import answers_of
from gruviz.reading.stories import STORIES
from gruviz.signals import STANDARD
from gruviz.ui.text import escape_markdown
from tests.pages import step
from tests.pages.compare import ComparePage as Page
from tests.wire import says

TASKS = list(by_task())
SENTIMENT = "The food was great but the service was terrible."


@cache
def opened(task):
    """The page as the task's link opens it; not to be changed."""
    return Page({"task": results()[task].title})


def heat(chart):
    """The heat map's rows of a chart, (H, T)."""
    (rows,) = [trace["z"] for trace in chart["data"] if trace["type"] == "heatmap"][:1]
    return np.frombuffer(b64decode(rows["bdata"]), rows["dtype"]).reshape(
        [int(size) for size in rows["shape"].split(",")]
    )


def test_at_least_seven_tasks_of_three_cells_with_cards():
    trained = [name for models in by_task().values() for name in models.values()]
    assert len(TASKS) >= 7
    assert all(list(models) == list(STANDARD) for models in by_task().values())
    assert set(trained) <= set(list_models())
    assert all(load_model(name).card.summary for name in trained)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_can_be_compared(task):
    page = opened(task)
    gru = by_task()[task]["GRU"]
    opening = next((story.sequence for story in STORIES if story.model == gru), load_model(gru).example)
    assert page.errors() == []
    assert page.field.value == opening
    found = compare(task, opening)
    assert escape_markdown(summary(found)) in page.texts
    sent = page.sent()
    assert sent["labels"] == [label(token) for token in found.any.trace.tokens]
    assert sent["differ"] == list(found.differ())
    assert sent["actual"] == [answers_of(found.any).actual_short(step) for step in range(1, len(found) + 1)]
    assert sent["focus"]["step"] == found.widest()
    for row, (cell, reading) in zip(sent["rows"], found.readings.items(), strict=True):
        told = answers_of(reading)
        assert row["cell"] == cell
        assert row["texts"] == [told.brief(step) for step in range(1, len(found) + 1)]
        np.testing.assert_allclose(row["bars"], told.sizes(), atol=1e-6)
    states = page.figures()[:3]
    for chart, reading in zip(states, found.readings.values(), strict=True):
        np.testing.assert_allclose(heat(chart), reading.trace["h"].T, atol=1e-3)


@pytest.mark.parametrize("task", TASKS)
def test_the_tables_hold_what_the_results_file_does(task):
    page, result = opened(task), results()[task]
    cells = list(result.cells.values())
    heading, well = page.table("How well the cells do")
    assert heading == list(STANDARD)
    _, fast = page.table("How large and how fast the cells are")
    for place, cell in enumerate(cells):
        column = {name: row[place] for name, row in well.items()}
        assert column["the network shown here"] == result.written(cell.shipped.mean)
        assert column["standard deviation over seeds"] == f"± {result.written(cell.sd)}"
        for number in (cell.mean, cell.shipped.low, cell.shipped.high):
            assert result.written(number) in " ".join(column.values())
        assert column["parameters of the network"] == f"{cell.parameters:,}"
        for score in cell.also:
            assert column[score.name].startswith(result.written(score.mean))
        formula = parameter_formula(cell.cell, cell.features, cell.hidden)[0]
        assert fast["parameters of the cell"][place] == formula
    heading, beside = page.table("Baselines")
    assert heading[0] == result.metric
    for score in result.baselines:
        interval = f"{result.written(score.low)} to {result.written(score.high)}"
        assert beside[score.name] == [result.written(score.mean), interval]
    assert escape_markdown(who_leads(result)) in page.texts
    heading, *rows = page.tables()["Every difference"]
    assert heading[:5] == ["means over seeds", "test", "difference", "95% interval", "corrected p"]
    assert heading[5:] == ["p, other examples alone", "p, other seeds alone"]
    assert len(rows) == len(result.differences)
    for row, one in zip(rows, result.differences, strict=True):
        low, high = (result.written_difference(end) for end in (one.low, one.high))
        assert [row[0], *row[2:4]] == [
            f"{one.one} − {one.other}", result.written_difference(one.mean), f"{low} to {high}"
        ]  # fmt: skip
        assert row[4].endswith("significant") == one.significant


def test_what_people_say_stands_beside_verdicts_and_numbers():
    cards = {card.findtext("h4"): card for card in opened("sentiment").elements("card")}
    assert len(cards) == 9
    assert {card.findtext("p/span") for card in cards.values()} <= set("✓✗≈?")
    gates, speed = cards["A GRU has two gates, an LSTM three."], cards["A GRU trains and runs faster than an LSTM."]
    assert "".join(gates.find("p").itertext()) == "✓ supported: follows from the equations"
    assert gates.find("details") is None  # a line says it all
    assert "the GRU's time is" in speed.findall("p")[1].text
    assert "other machines may differ" in speed.findtext("details/p")


def test_the_gates_of_the_whole_test_set():
    page = opened("first-symbol")
    (told,) = [text for text in page.texts if text.startswith("Over all ")]
    assert told.startswith("Over all 1,000 test sequences, 101,000 steps.")
    lstm, gru, spans = page.figures()[-3:]
    assert [trace["name"] for trace in lstm["data"]] == ["input gate i", "forget gate f", "output gate o"]
    assert [trace["name"] for trace in gru["data"]] == ["reset gate r", "update gate z"]
    assert [trace["name"] for trace in spans["data"]] == [
        "RNN, a change", "LSTM, a change", "GRU, a change", "LSTM, its forget gate alone", "GRU, its update gate alone"
    ]  # fmt: skip
    memory = measures.memory("first-symbol")
    assert memory["RNN"].steps.max() < 2  # a change of its state is lost within two steps
    assert memory["GRU"].steps.max() == np.inf  # it is right after 200 steps, and keeps a change to the end
    assert memory["GRU"].longest == 100


def test_times_are_measured_once_and_again_when_asked():
    streamlit.cache_resource.clear()
    page = Page()
    before = page.tables()
    assert page.run().tables() == before
    page.test.button[0].click()
    after = page.run().tables()
    times = "How large and how fast the cells are"
    assert after.pop(times) != before.pop(times)
    assert after == before  # scores and their differences
    assert page.test.button[0].label == "Measure again"


def test_another_sequence():
    page = Page().type("A dull film.")
    found = compare("sentiment", "A dull film.")
    assert escape_markdown(summary(found)) in page.texts
    assert page.sent()["labels"] == ["A", "dull", "film", "."]


def test_another_task_and_back_brings_back_what_was_typed():
    page = Page().type("A dull film.")
    assert page.task("surnames").field.value == load_model("surnames-gru").example
    page.type("Rossi")
    assert page.task("adding").field.value == load_model("adding-gru").example
    assert page.task("sentiment").field.value == "A dull film."
    assert page.task("surnames").field.value == "Rossi"


@pytest.mark.parametrize(
    ("task", "good", "bad", "said"),
    [
        ("openings", "e4 c5", "e4 e9", "“e9” at position 2 (Black's 1st move)"),
        ("brackets", "()", "(a)", "“a” at position 2"),
        ("sentiment", "good", " ", "The sequence is empty."),
        ("sunspots", "1 2", "1 two", "“two” at position 2 is not a number"),
        ("first-symbol", "A x", "A <b>", "“<b>” at position 2"),
    ],
)
def test_a_mistake_is_explained_and_the_last_picture_stays(task, good, bad, said):
    page = Page().task(task).type(good)
    before = page.sent()["labels"], page.figures()[:3]
    page.type(bad)
    (error,) = page.errors()
    assert said in error
    assert error.endswith("Shown below: the last sequence that could be read.")
    assert (page.sent()["labels"], page.figures()[:3]) == before
    assert page.type(good).errors() == []


def test_a_mistake_in_the_link():
    page = Page({"task": "Openings", "seq": "e4"})
    (said,) = page.warnings()
    assert said.startswith("The link sets “Task” to “Openings”; allowed: ")
    assert all(result.title in said for result in results().values())
    assert page.test.selectbox(key="task").value == "sentiment"


def test_a_first_sequence_that_can_not_be_read():
    page = Page({"task": "Chess openings", "seq": "e4 e9"})
    (error,) = page.errors()
    assert "“e9” at position 2" in error
    assert error.endswith("Shown below: an example.")
    assert page.sent()["labels"] == load_model("openings-gru").example.split()


def test_a_mistake_after_other_tasks_shows_the_task_chosen():
    page = Page({"task": "Sunspots"})
    page.type("1 2 30")
    page.type("1 2 abc")
    page.task("openings")
    page.task("sunspots")
    assert page.errors()[0].endswith("Shown below: the last sequence that could be read.")
    assert page.sent()["labels"] == ["1", "2", "30"]


def test_it_opens_on_the_task_of_the_step_page():
    for model, task in (("brackets-lstm", "brackets"), ("latch", "sentiment")):
        page = step.choose(step.page(), "model", model)
        page.switch_page(Page.script)
        step.run(page)
        assert page.selectbox(key="task").value == task
        assert says(page).get("task", [results()["sentiment"].title]) == [results()[task].title]


def test_dark_pictures_are_other_pictures():
    light = opened("sentiment")
    for one, other in zip(light.figures(), Page(dark=True).figures(), strict=True):
        assert one["layout"]["font"]["color"] != other["layout"]["font"]["color"]
