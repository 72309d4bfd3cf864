"""What if on the Step page, without a browser: what is sent, what is told, and mistakes."""

import json

import numpy as np
import pytest

from gruviz import Hold, Replace, Skip
from gruviz.models import load_model
from gruviz.reading import read
from gruviz.ui.text import JOINER
from tests.pages import step
from tests.pages.step import EXAMPLE, choose, figure, labels, page, sent, told, typed, values
from tests.pages.taken import files_taken


def errors(app):
    return [each.replace(JOINER, "") for each in step.errors(app)]


def notices(app):
    return [each.replace(JOINER, "") for each in step.notices(app)]


def changed(app, text):
    return choose(app, "what", text)


def what(app):
    return sent(app)["whatIf"]


def test_nothing_is_changed_at_first():
    found = what(page())
    assert (found["what"], found["items"], found["told"], found["changes"]) == ("", [], "", [])
    assert found["ghost"] is found["leftOut"] is None
    assert found["unknown"] is found["replaces"] is True


def test_a_gate_that_is_held_turns_the_answer():
    app = page()
    before = {key: values(app, key) for key in "rznh"}
    changed(app, "z@5-end=1")
    model = load_model("sentiment-gru")
    reading = read(model, EXAMPLE, [Hold("z", 1, steps=slice(4, None))])
    for key in "rznh":
        np.testing.assert_array_equal(values(app, key), reading.trace[key])
        np.testing.assert_array_equal(what(app)["ghost"]["values"][key].reshape(before[key].shape), before[key])
    assert sent(app)["answer"]["texts"][-1] == reading.answers.text(10)
    assert what(app)["ghost"]["texts"][-1] == "19% positive"
    assert what(app)["told"].startswith(
        "With the update gate held at 1 from step 5 on, the answer after the last step is"
    )
    assert what(app)["items"] == [{"text": "z@5-end=1", "words": "the update gate held at 1 from step 5 on"}]
    assert what(app)["changes"] == [
        {"kind": "hold", "signal": "z", "units": None, "value": 1, "first": 5, "last": 10}
    ]  # fmt: skip
    assert told(app).startswith("At “but” the answer becomes 88% positive")  # no story of another run
    assert not errors(app)
    assert any((each.get("meta") or {}).get("behind") for each in figure(choose(app, "view", "lines"))["data"])
    changed(app, "")
    np.testing.assert_array_equal(values(app, "h"), before["h"])
    assert what(app)["ghost"] is None


def test_a_token_that_is_read_as_another_and_one_that_is_skipped():
    app = changed(page(), "read@9=nice;skip@5;unknown@1")
    reading = read(load_model("sentiment-gru"), EXAMPLE, [Replace(8, "nice"), Skip(4), Replace(0, None)])
    np.testing.assert_array_equal(values(app, "h"), reading.trace["h"])
    assert labels(app)[8] == "nice"
    assert sent(app)["known"][0] is False
    assert what(app)["ghost"]["labels"][8] == "terrible"
    assert what(app)["ghost"]["differ"] == [9]
    assert {each["kind"] for each in what(app)["changes"]} == {"replace", "skip"}


def test_another_sequence_behind():
    app = choose(page(seq="good"), "behind", "not good")
    assert what(app)["ghost"]["labels"] == ["not", "good"]
    assert "for “not good” it is" in what(app)["told"]
    typed(app, "good food")
    assert what(app)["ghost"]["labels"] == ["not", "good"]
    choose(app, "behind", "")
    assert what(app)["ghost"] is None


@pytest.mark.parametrize("mode", ["left out", "unknown"])
def test_each_token_left_out(mode):
    app = choose(page(), "without", mode)
    found = what(app)["leftOut"]
    assert found["effect"].size == 100
    assert len(found["sentences"]) == 10
    how = {"left out": "left out", "unknown": "read as unknown"}[mode]
    assert found["sentences"][-1].startswith(
        "Leave-one-out: the answer after step 10, 19% positive, changes most when “but”"
    )
    assert f"(step 5) is {how}: it is then" in found["sentences"][-1]
    assert not errors(app)


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ({"what": "z@11=1"}, "The change z@11=1 is left out: this sequence has no step 11, but 10."),
        (
            {"what": "z[24]=1"},
            "The change z[24]=1 is left out: Unit 24 was to be changed; this module has units 0 to 23.",
        ),
        ({"what": "c=1"}, "The change c=1 is left out: Signal 'c' was to be changed; this GRU has r, z, n, h."),
        ({"what": "z=2"}, "it lies between 0 and 1"),
        ({"what": "read@1=very good"}, "“very good” is 2 words; replace a token by one."),
        ({"what": "1/z=1"}, "Layer 1 was to be changed; this module has layers 0 to 0."),
        ({"model": "Chess openings, GRU", "what": "read@2=c5"}, "A move can't be replaced"),
        ({"model": "Sunspots, GRU", "without": "read as unknown"}, "none can be read as unknown"),
        ({"model": "Random weights", "without": "left out"}, "gives no answers that a token could matter for"),
        ({"seq": "good " * 300, "without": "left out"}, "up to 256 steps; this one has 300"),
        ({"model": "Balanced brackets, GRU", "behind": "x"}, "“x” can't be drawn behind: “x” at position 1"),
    ],
)
def test_what_has_no_place_is_told_and_the_rest_is_shown(link, message):
    app = page(**link)
    (error,) = errors(app)
    assert message in error
    assert what(app)["what"] == ""
    assert not notices(app)


def test_the_rest_of_the_changes_counts():
    app = changed(page(), "z@11=1;h@5=0")
    assert what(app)["what"] == "h@5=0"
    assert len(errors(app)) == 1
    typed(app, "The food was")
    assert [error.split(":")[0] for error in errors(app)] == [
        "The change z@11=1 is left out", "The change h@5=0 is left out",
    ]  # fmt: skip
    assert what(app)["what"] == ""


def test_a_line_that_can_t_be_read_leaves_the_last_one():
    app = changed(changed(page(), "z=1"), "z=1;nonsense")
    assert what(app)["what"] == "z=1"
    (error,) = errors(app)
    assert error.startswith("“nonsense” is not an intervention")
    assert error.endswith("Below is the run with the changes that could be read last.")


def test_a_link_with_a_line_that_can_t_be_read_says_so():
    app = page(what="nonsense")
    (notice,) = notices(app)
    assert notice.startswith("The link sets “Changes” to “nonsense”; allowed: such as z[3]@4-8=1")
    assert what(app)["what"] == ""


def test_a_story_is_told_of_a_run_in_which_nothing_is_changed():
    app = page(what="z@5-end=1", behind="good")
    app.button(key="story-negation").click()
    app = step.run(app)
    assert (what(app)["what"], what(app)["ghost"]) == ("", None)


def test_files_hold_the_changed_run():
    with files_taken() as files:
        app = page(what="z@5-end=1")
        h = values(app, "h")
        text = json.loads(files["Numbers, JSON"])
        assert text["what_if"] == "z@5-end=1"
        np.testing.assert_allclose(text["signals"]["h"], h, rtol=1e-6)
        assert ",z@5-end=1," in files["Numbers, CSV"]
        assert "What is changed: z@5-end=1" in files["PyTorch program"]
        assert "Changed: z@5-end=1" in files["Figure, HTML"]
