"""The Train page: what its buttons and fields do to the run, and what it says of it."""

import time

import numpy as np
import pytest

from gruviz.live.settings import LiveSettings
from gruviz.live.sources import TASKS
from gruviz.live.stories import STORIES
from gruviz.ui.session_models import MOST
from gruviz.ui.train.data import EXAMPLE
from tests.pages import step
from tests.pages.opened import Opened, unescaped
from tests.pages.taken import files_taken
from tests.pages.train import TrainPage
from tests.wire import says, sent_to

QUICK = {"lag": "5", "units": "4", "batch": "4"}


class StepPage(Opened):
    script = "pages/step.py"


@pytest.fixture
def quick():
    page = TrainPage(QUICK)
    yield page
    page.train_run.pause()


def until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_it_opens_on_the_first_story_before_training():
    page = TrainPage()
    assert page.train_run.settings == LiveSettings() == STORIES[0].settings
    assert page.sentence().startswith("Nothing is trained yet. One of the letters A, B, C, D, then 60 steps of noise")
    assert "of the gradient at the end, what reaches 60 steps back is before training" in page.sentence().lower()
    data = page.picture()
    assert data["state"] == "ready"
    assert [cell["cell"] for cell in data["cells"]] == ["RNN", "LSTM", "GRU"]
    assert says(page.test) == {}


def test_one_update(quick):
    quick.press("One update")
    assert quick.picture()["updates"] == 1
    assert "after 1 update" in quick.sentence()
    quick.press("One update")
    assert quick.picture()["updates"] == 2


def test_start_pause_go_on_and_reset(quick):
    run = quick.press("Start").train_run
    until(lambda: run.look().updates >= 2)
    quick.press("Pause")
    assert not run.alive
    paused = run.look().updates
    assert quick.picture()["updates"] == paused
    quick.press("Start")
    until(lambda: run.look().updates > paused)
    quick.press("Reset")
    assert not run.alive
    assert quick.train_run is not run
    assert quick.picture()["updates"] == 0


def test_another_knob_ends_the_run_and_begins_one(quick):
    run = quick.press("Start").train_run
    until(lambda: run.look().updates >= 1)
    quick.start_at("update", "default")
    assert not run.alive
    assert quick.train_run.settings.update is None
    assert quick.picture()["updates"] == 0


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_a_story_sets_every_control_and_its_link_opens_it(story):
    page = TrainPage(QUICK)
    page.press(story.title)
    assert page.train_run.settings == story.settings
    link = {name: texts[-1] for name, texts in says(page.test).items()}
    assert TrainPage(link).train_run.settings == story.settings


@pytest.mark.parametrize("task", TASKS)
def test_every_task_opens_and_learns(task):
    page = TrainPage({"units": "4", "batch": "4", "lag": "5"}).choose(task)
    assert page.errors() == []
    page.press("One update")
    assert page.picture()["updates"] == 1
    assert page.train_run.settings.task == task


def test_own_texts_show_split_balance_and_vocabulary_before_training():
    page = TrainPage(QUICK).choose("texts").paste("good film\tyes\nfine film\tyes\nbad film\tno\npoor film\tno\nno tab")
    shown = " ".join(each.value for each in page.test.markdown).replace("\\", "")
    assert "2 lines to train and 2 held out (by label: no 1 + 1, yes 1 + 1)" in shown
    assert "different words to train, the most common: film" in shown
    assert page.warnings() == ["Line 5 has 0 tabs; expected 1."]
    assert page.picture()["classes"] == ["no", "yes"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no data yet"),
        ("a\tx\nb\tx", "All 2 lines have the label “x”"),
        ("1 2 3\n4 5 6", "No line can be used. Line 1 has 0 tabs"),
        ("a\tx\n" * 100_000, "The data have 100,001 lines; at most 20,000 are read."),
    ],
)
def test_bad_own_texts_are_a_sentence_and_the_last_good_picture_stays(text, said):
    page = TrainPage(QUICK).choose("texts")
    run = page.press("One update").train_run
    page.paste(text)
    assert page.errors()[0].startswith(said)
    assert page.train_run is run
    assert page.picture()["updates"] == 1
    page.paste(EXAMPLE)
    assert page.errors() == []


def test_texts_in_the_place_of_numbers_are_named():
    page = TrainPage(QUICK).choose("numbers").paste("good film\tyes\nbad film\tno", "numbers")
    assert "is not a number" in page.errors()[0]


def test_own_data_stay_when_the_page_is_left_and_are_not_in_the_link():
    page = TrainPage(QUICK).choose("texts").paste("aa\tx\nab\tx\nba\ty\nbb\ty")
    assert not any("aa" in text for texts in says(page.test).values() for text in texts)
    page.choose("adding").choose("texts")
    assert page.test.text_area(key="own-texts").value == "aa\tx\nab\tx\nba\ty\nbb\ty"


@pytest.mark.parametrize("cell", ["RNN", "LSTM", "GRU"])
def test_a_network_opens_in_step_as_it_is(cell):
    page = TrainPage(QUICK).press("One update")
    network = page.train_run.networks()[cell]
    page.press(cell)
    title = f"First symbol, {cell}, 1 update"
    assert step.chosen_model(page.test) in page.mine.models
    assert title in step.model_section(page.test, "own").options
    data = sent_to(page.test, "stepper")
    assert data["cell"] == cell
    np.testing.assert_array_equal(data["weights"]["recurrent"], network.rnn.weight_hh_l0.detach().numpy().ravel())
    assert says(page.test)["model"] == [title]
    page.test.switch_page("pages/step.py")  # where the test's app is already, though it does not know
    page.test.text_input(key="seq").set_value("C w x")
    page.run()
    assert sent_to(page.test, "stepper")["labels"] == ["C", "w", "x"]
    assert any(f"A {cell} that learned the task “First symbol”" in unescaped(each.value) for each in page.test.markdown)


def test_own_texts_open_in_step_with_a_new_sentence():
    page = TrainPage(QUICK).choose("texts").press("One update").press("GRU")
    page.test.switch_page("pages/step.py")  # where the test's app is already, though it does not know
    page.test.text_input(key="seq").set_value("The soup was not dull, madam.")
    page.run()
    data = sent_to(page.test, "stepper")
    assert data["labels"][:4] == ["The", "soup", "was", "not"]
    assert data["known"][-2:] == [False, True]
    assert page.errors() == []


def test_networks_of_a_session_are_of_that_session_and_the_oldest_make_room():
    page = TrainPage(QUICK)
    for _ in range(MOST + 2):
        page.press("One update").press("GRU")
        page.test.switch_page("pages/train.py")
        page.run()
    assert len(page.mine.models) == MOST
    titles = [model.title for model in page.mine.models.values()]
    assert titles == [f"First symbol, GRU, {updates} updates" for updates in range(3, MOST + 3)]
    other = TrainPage(QUICK)
    assert other.mine.models == {}


def test_a_link_to_anothers_network_says_that_it_is_not_there():
    page = TrainPage(QUICK).press("One update").press("GRU")
    link = {name: texts[-1] for name, texts in says(page.test).items()}
    step = StepPage(link)
    assert any("The link sets “Model” to “First symbol, GRU, 1 update”" in text for text in step.warnings())


def test_files_of_each_network():
    with files_taken() as taken:
        page = TrainPage(QUICK)
        page.press("One update")
        for cell in ("RNN", "LSTM", "GRU"):
            assert taken.name(f"Weights, {cell}") == f"gruviz_trained_first-symbol_{cell.lower()}.safetensors"
            assert len(taken[f"Weights, {cell}"]) > 1000
            assert "for 1 update, and" in taken[f"PyTorch program, {cell}"]
