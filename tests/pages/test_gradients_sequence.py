"""The Gradients page on a sequence of the Step page, before and after training."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch

import gruviz
from gruviz.experiment import ExperimentSettings as Settings
from gruviz.experiment.sentences import pace, summary
from gruviz.models import by_task, load_model
from gruviz.models.tasks import TASKS
from gruviz.reading.stories import STORIES as STEP_STORIES
from gruviz.signals import STANDARD
from tests.files import good
from tests.pages.gradients import (
    BEFORE_AND_AFTER,
    FEED_SEQUENCE,
    STORY,
    Page,
    assert_shows,
    decoded,
    expected,
    own_flows,
)
from tests.pages.opened import unescaped
from tests.wire import says

# The sequence of the Step page


def test_a_sequence_is_the_step_pages():
    page = Page({"feed": FEED_SEQUENCE, "model": "Latch", "seq": "0 1! 0 0 ?"})
    assert (page.value("model"), page.value("seq")) == ("latch", "0 1! 0 0 ?")
    assert not page.has("T")
    reading = load_model("latch").trace("0 1! 0 0 ?")
    assert_shows(page, Settings(steps=5, feed="sequence"), reading.inputs)
    strip = page.figures()[3]
    assert strip["layout"]["xaxis"]["ticktext"] == ["0", "1!", "0", "0", "?"]
    assert strip["data"][0]["y"][:3] == list(STANDARD)
    assert len(strip["data"][0]["y"]) == 4


def test_without_a_sequence_in_the_link_it_is_the_first_story_of_the_step_page():
    page = Page({"feed": FEED_SEQUENCE})
    assert page.value("seq") == STEP_STORIES[0].sequence


def test_the_models_answer_is_a_loss_where_it_has_one():
    text = "good but slow"
    page = Page({"feed": FEED_SEQUENCE, "seq": text, "seeds": "3"}).turn(loss="answer")
    model = load_model(STEP_STORIES[0].model)
    trace = model.trace(text)
    settings = Settings(3, trace.units, 3, "sequence", "answer")
    assert_shows(page, settings, trace.inputs, model.read_out.direction(trace, 3))
    assert not page.has("H")  # the read-out is made for so many
    page.turn(feed="noise")
    assert page.control("loss").options == ["sum of h", "random direction"]
    assert_shows(page, Settings(seeds=3))


# Trained networks


def own_lines(page, task):
    """The trained networks' curves on the panels, by cell."""
    titles = {load_model(by_task()[task][cell]).title: cell for cell in STANDARD}
    curves = [curve for figure in page.figures() for curve in figure["data"] if curve.get("name") in titles]
    assert len(curves) == len(STANDARD)
    return {titles[curve["name"]]: decoded(curve["y"]) for curve in curves}


def test_all_three_trained_networks_of_the_task_stand_beside_the_random_ones():
    text = "good but slow"
    page = Page({"feed": FEED_SEQUENCE, "seq": text, "seeds": "2"})
    curves = own_flows("sentiment", text, Settings(3, feed="sequence"))
    for cell, line in own_lines(page, "sentiment").items():
        np.testing.assert_allclose(line, curves[cell].log10_relative(), atol=1e-9)
    for chart, figure, curve in zip(page.test.get("plotly_chart"), page.figures(), curves.values(), strict=False):
        heading = figure["layout"]["annotations"][0]["text"]
        assert f"<br>● own weights: {pace(curve)}<br>random weights: " in heading  # the bold line's comes first
        assert f"own weights {pace(curve)}; random weights" in chart.proto.alt
    titles = [load_model(by_task()["sentiment"][cell]).title for cell in STANDARD]
    assert page.figures()[3]["data"][0]["y"] == [*STANDARD, *titles]


@pytest.mark.parametrize(
    ("task", "text"),
    [("surnames", "Kowalenko"), ("openings", "e4 c5 Nf3 d6"), ("adding", "0.5 1\n0.25 0\n0.75 1")],
)
def test_before_and_after_training(task, text):
    """Also of networks larger than random ones may be, and of those that read numbers."""
    model = load_model(by_task()[task]["LSTM"])
    field = "rows" if model.encoder.multiline else "seq"
    page = Page({"feed": FEED_SEQUENCE, "model": model.title, field: text, "seeds": "3", "init": BEFORE_AND_AFTER})
    assert not page.errors() + page.warnings()
    page.turn(loss="answer")
    steps = len(model.trace(text))
    settings = Settings(steps, seeds=3, feed="sequence", loss="answer", trained=task)
    assert_shows(page, settings, text=text)
    after = own_flows(task, text, settings)
    assert page.said()[1] == f"After training: {summary(after)}"
    for cell, line in own_lines(page, task).items():
        np.testing.assert_allclose(line, after[cell].log10_relative(), atol=1e-9)
    sizes = [unescaped(each.value) for each in page.test.markdown if "as the trained" in each.value]
    assert [re.search(r"\d+", size)[0] for size in sizes] == [str(settings.reduced_to(cell).units) for cell in STANDARD]
    assert page.figures()[3]["data"][0]["y"][:3] == [f"{cell} before training" for cell in STANDARD]
    keep = TASKS[task].settings.keep
    assert f"raised by {keep:g}, 3 seeds" in unescaped(page.test.markdown[-1].value)


def test_weights_before_training_are_offered_for_what_trained_networks_read():
    page = Page({"feed": FEED_SEQUENCE, "model": "Latch", "seq": "0 1! 0 0 ?", "seeds": "2"})
    assert BEFORE_AND_AFTER not in page.control("init").options
    page.turn(model="surnames-rnn")
    assert BEFORE_AND_AFTER in page.control("init").options
    page.turn(init="trained")
    assert page.said()[0].startswith("Before training")
    page.turn(feed="noise")
    assert BEFORE_AND_AFTER not in page.control("init").options
    assert_shows(page, Settings(seeds=2))
    assert page.has("update")


def test_a_link_to_before_training_without_a_sequence_is_told():
    page = Page({"init": BEFORE_AND_AFTER, "T": "30", "H": "4", "seeds": "2"})
    assert any("Recurrent weights" in each and BEFORE_AND_AFTER in each for each in page.warnings())
    assert_shows(page, Settings(30, 4, 2))


def test_before_training_goes_with_the_model_that_was_trained():
    """Then the address no longer asks for it, and the link that once did is not blamed for another choice."""
    page = Page({"feed": FEED_SEQUENCE, "model": load_model("brackets-gru").title, "seq": "[]", "seeds": "2",
                 "init": BEFORE_AND_AFTER})  # fmt: skip
    assert not page.has("H")
    page.turn(model="latch")
    assert page.value("init") == "pytorch"
    assert says(page.test)["feed"] == [FEED_SEQUENCE]
    assert "init" not in says(page.test)
    assert page.has("H")
    assert not page.warnings()
    page.turn(model="surnames-gru")
    assert page.value("init") == "pytorch"


def test_a_model_without_an_answer_offers_none():
    page = Page({"feed": FEED_SEQUENCE, "model": "Random weights", "seq": "hello"})
    assert page.control("loss").options == ["sum of h", "random direction"]
    page = Page({"feed": FEED_SEQUENCE, "model": "Random weights", "seq": "hello", "loss": "the model’s answer"})
    assert page.value("loss") == "sum"
    assert any("Loss" in each and "the model’s answer" in each for each in page.warnings())


def test_a_sequence_that_cannot_be_read():
    page = Page({"feed": FEED_SEQUENCE, "model": "Latch", "seq": "0 1! 0 0 ?", "seeds": "3"})
    said, lines = page.said(), page.medians()
    page.turn(seq="0 x ?")
    assert len(page.errors()) == 1
    assert "x" in page.errors()[0]
    assert "position 2" in page.errors()[0]
    assert page.errors()[0].endswith("Shown below: the last sequence that could be read.")
    assert page.said() == said
    for cell in STANDARD:
        np.testing.assert_array_equal(page.medians()[cell], lines[cell])


@pytest.mark.parametrize(("text", "says"), [("?", "2 to 1,000"), ("0 " * 1200 + "?", "1,201")])
def test_a_sequence_too_short_or_too_long_for_gradients(text, says):
    page = Page({"feed": FEED_SEQUENCE, "model": "Latch", "seq": "0 1! 0 0 ?", "seeds": "2", "H": "4"})
    said = page.said()
    page.turn(seq=text)
    assert says in page.errors()[0]
    assert page.said()[0] == said[0]
    assert list(page.medians()) == list(STANDARD)


def test_hostile_tokens_are_text():
    page = Page({"feed": FEED_SEQUENCE, "model": "Random weights", "seq": "<b>", "seeds": "2"})
    assert page.figures()[3]["layout"]["xaxis"]["ticktext"] == ["&lt;", "b", "&gt;"]


def test_a_mistake_is_told_once():
    """Also where the last sequence that could be read is too short for gradients."""
    page = Page({"feed": FEED_SEQUENCE, "model": "Chess openings, GRU", "seq": "e4 Ke3", "seeds": "2"})
    for text in ("e4", "e4 Ke3", "Ke3", "e4 e5", "e4 e5 Ke3"):
        page.turn(seq=text)
        assert len(page.errors()) == (text != "e4 e5"), text
        assert list(page.medians()) == list(STANDARD)
    assert "Ke3" in page.errors()[0]
    assert page.errors()[0].endswith("Shown below: the last sequence that could be read.")


def test_the_head_of_a_panel_tells_the_bold_line_s_pace_after_training_first():
    page = Page().story("trained")
    text = page.value("seq")
    settings = STORY["trained"].settings
    before, after = expected(settings, text=text), own_flows(settings.trained, text, settings)
    for cell, figure in zip(STANDARD, page.figures(), strict=False):
        heading = figure["layout"]["annotations"][0]["text"]
        assert heading.endswith(f"● after training: {pace(after[cell])}<br>before training: {pace(before[cell])}")


# A network of a person's own


def test_a_layer_and_a_direction_of_a_file_are_chosen():
    """The curve is of the layer looked at, on what it reads, in the order in which it reads."""
    model = replace(gruviz.open_model(good.FOLDER / "torch" / "torch_gru_L2_bi.pt"), name="own", title="own network")
    page = Page({"feed": FEED_SEQUENCE, "seeds": "2"})
    page.test.session_state["gruviz"].models["own"] = model
    page.run().turn(model="own")
    assert page.errors() == []
    assert page.control("layer").options == [f"layer {n}, {way}" for n in (0, 1) for way in ("forward", "from the end")]
    for layer, way, reverse in ((0, "forward", False), (1, "from the end", True)):
        page.turn(layer=f"{layer}{'r' * reverse}")
        assert page.errors() == []
        title = f"own network, layer {layer}, {way}"
        (line,) = [decoded(curve["y"]) for curve in page.figures()[2]["data"] if curve.get("name") == title]
        np.testing.assert_allclose(line, by_autograd(model, layer, reverse), atol=1e-9)
        assert page.figures()[3]["data"][0]["y"][-1] == title
    assert says(page.test)["layer"] == ["layer 1, from the end"]


def by_autograd(model, layer, reverse):
    """log10 of |dL/dh_t| by lag, over that at lag 0, for L = sum of h after the last step that the layer reads."""
    x = torch.from_numpy(model.encode(model.example).values)
    if layer:
        below = torch.nn.GRU(x.shape[1], 3, bidirectional=True, dtype=torch.float64)
        below.load_state_dict({name: value for name, value in model.module.state_dict().items() if "_l0" in name})
        x = below(x)[0].detach()
    suffix = f"_l{layer}" + "_reverse" * reverse
    cell = torch.nn.GRUCell(x.shape[1], 3, dtype=torch.float64)
    cell.load_state_dict({name: getattr(model.module, name + suffix) for name in cell.state_dict()})
    states = [torch.zeros(1, 3, dtype=torch.float64)]
    for x_t in x.flip(0) if reverse else x:
        states.append(cell(x_t[None], states[-1]))
        states[-1].retain_grad()
    states[-1].sum().backward()
    norms = [float(state.grad.norm()) for state in states[:0:-1]]
    return np.log10(np.array(norms) / norms[0])
