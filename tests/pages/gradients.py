"""The Gradients page in a test, and what it must show."""

import re
from base64 import b64decode

import numpy as np

from gruviz import experiment
from gruviz.experiment.sentences import pace, summary
from gruviz.experiment.stories import STORIES
from gruviz.gradients import gradient_flow
from gruviz.models import by_task, load_model
from gruviz.reading import read
from gruviz.signals import STANDARD
from tests.pages import step
from tests.pages.opened import Opened, unescaped

FEED_SEQUENCE = "a sequence of the Step page"
BEFORE_AND_AFTER = "trained, before and after"
LONG = {"T": "1000", "H": "32", "seeds": "20"}
STORY = {story.key: story for story in STORIES}


class Page(Opened):
    script = "pages/gradients.py"

    def story(self, key):
        self.test.button(key=f"gradient-story-{key}").click()
        return self.run()

    def turn(self, **values):
        """Turns knobs, then runs once."""
        for key, value in values.items():
            self.control(step.control_key(self.test, key, value)).set_value(value)
        return self.run()

    def control(self, key):
        for kind in ("number_input", "selectbox", "button_group", "text_input", "text_area"):
            for control in self.test.get(kind):
                if control.key == key:
                    return control
        raise KeyError(f"there is no control {key}")

    def has(self, key):
        try:
            return bool(self.control(key))
        except KeyError:
            return False

    def value(self, key):
        return step.chosen_model(self.test) if key == "model" else self.control(key).value

    def said(self):
        """The sentences above the panels."""
        said = (unescaped(each.value) for each in self.test.markdown)
        return [text for text in said if re.match("((Before|After) training[:.] )?(At lag|Compared)", text)]

    def medians(self):
        """The lines on the panels, by cell."""
        lines = {}
        for figure in self.figures():
            for curve in figure["data"]:
                if (curve.get("name") or "").endswith(", median"):
                    lines[curve["name"].partition(",")[0]] = decoded(curve["y"])
        return lines


def decoded(values):
    if isinstance(values, dict):
        return np.frombuffer(b64decode(values["bdata"]), np.dtype(values["dtype"]).newbyteorder("<"))
    return np.array(values, dtype=float)


def expected(settings, sequence=None, answer=None, text=""):
    """The medians; with `text`, of what each cell's trained network reads and answers."""
    given = dict.fromkeys(settings.cells, (sequence, answer))
    if settings.trained:
        readings = {cell: own_reading(settings.trained, cell, text) for cell in settings.cells}
        given = {cell: (each.trace.inputs, each.direction(settings.loss_index + 1)) for cell, each in readings.items()}
    return {cell: experiment.flows(settings.reduced_to(cell), cell, *given[cell]).median() for cell in settings.cells}


def own_reading(task, cell, text):
    return read(load_model(by_task()[task][cell]), text)


def own_flows(task, text, settings):
    """The trained networks' own curves on a text, each with the loss of its own answer or the one named."""
    found = {}
    for cell in STANDARD:
        each = own_reading(task, cell, text)
        loss = each.direction(settings.loss_index + 1) if settings.loss == "answer" else settings.loss
        found[cell] = gradient_flow(each.model.module, each.trace.inputs, loss, settings.loss_index)
    return found


def assert_shows(page, settings, sequence=None, answer=None, text=""):
    """Sentence, pictures and their names for settings."""
    flows = expected(settings, sequence, answer, text)
    assert page.said()[0] == ("Before training: " if settings.trained else "") + summary(flows)
    lines = page.medians()
    assert list(lines) == list(settings.cells)
    for cell, flow in flows.items():
        np.testing.assert_allclose(lines[cell], flow.log10_relative(), atol=1e-9)
    for chart, (cell, flow) in zip(page.test.get("plotly_chart")[: len(flows)], flows.items(), strict=True):
        assert chart.proto.alt.startswith(f"{cell}: gradient norm against lag, ")
        assert chart.proto.alt.endswith(pace(flow))  # after that of its own weights, where there are any
    ranges = {tuple(figure["layout"]["yaxis"]["range"]) for figure in page.figures()[: len(flows)]}
    assert len(ranges) == 1
    return flows
