"""Which cells the Gradients page compares: those of PyTorch, those that have a row alone, and the reset-before GRU."""

import numpy as np
import pytest

from gruviz.experiment import ExperimentSettings as Settings
from gruviz.gradients import gradient_flow
from gruviz.models import load_model
from gruviz.reading import read
from gruviz.signals import STANDARD, VARIANTS
from tests.pages.gradients import BEFORE_AND_AFTER, FEED_SEQUENCE, Page, assert_shows, decoded
from tests.pages.opened import unescaped
from tests.wire import says

SMALL = {"T": "30", "H": "4", "seeds": "2"}
RANDOM = {"feed": FEED_SEQUENCE, "model": "Random weights", "seq": "hello", "H": "4", "seeds": "2"}


def told(page):
    return "\n".join(unescaped(each.value) for each in page.test.markdown)


def test_every_cell_has_a_panel_its_knobs_and_curves():
    page = Page(SMALL | {"cells": list(VARIANTS)})
    assert_shows(page, Settings(30, 4, 2, cells=tuple(VARIANTS)))
    assert all(page.has(key) for key in ("act", "forget", "update", "mgu_forget", "janet_forget"))
    page.turn(mgu_forget="mgu_bias", janet_forget="chrono_janet", update="update_bias")
    biases = (("mgu_bias", -1.0), ("chrono_janet", 100.0), ("update_bias", 1.0))
    assert_shows(page, Settings(30, 4, 2, biases=biases, cells=tuple(VARIANTS)))
    page.turn(show="jacobians")
    assert [figure["layout"]["annotations"][0]["text"].count(cell) for cell, figure in
            zip(VARIANTS, page.figures(), strict=True)] == [1] * len(VARIANTS)  # fmt: skip


def test_cells_are_taken_away_and_the_others_keep_their_knobs():
    page = Page(SMALL).turn(update="update_bias", cells=["GRU", "JANET"])
    assert_shows(page, Settings(30, 4, 2, biases=(("update_bias", 1.0),), cells=("GRU", "JANET")))
    assert not page.has("forget")
    assert says(page.test)["cells"] == ["GRU", "JANET"]
    page.turn(cells=[])
    assert page.errors() == [
        f"No cell is chosen; choose at least one of {', '.join(VARIANTS)}. "
        "Shown below: the last settings that could be computed."
    ]
    assert list(page.medians()) == ["GRU", "JANET"]


def test_the_reset_before_gru_stands_beside_pytorchs_with_its_knob_and_both_equations():
    page = Page(SMALL | {"cells": ["GRU", "reset-before GRU"], "update": "Update bias (positive keeps)"})
    assert_shows(page, Settings(30, 4, 2, biases=(("update_bias", 1.0),), cells=("GRU", "reset-before GRU")))
    (written,) = [each.proto.body for each in page.test.get("html") if "introductions" in each.proto.body]
    assert "W<sub>hn</sub> (r<sub>t</sub> ⊙ h<sub>t−1</sub>)" in written  # Cho et al. 2014
    assert "r<sub>t</sub> ⊙ (W<sub>hn</sub> h<sub>t−1</sub> + b<sub>hn</sub>)" in written  # PyTorch
    alone = Page(SMALL | {"cells": "reset-before GRU"})
    assert alone.has("update")
    assert_shows(alone, Settings(30, 4, 2, cells=("reset-before GRU",)))


@pytest.mark.parametrize(
    ("knobs", "cell"),
    [({"cell": "MGU"}, "MGU"), ({"cell": "JANET"}, "JANET"), ({"reset": "before the product"}, "reset-before GRU")],
)
def test_what_read_the_sequence_stands_beside_the_three_with_its_own_weights(knobs, cell):
    page = Page(RANDOM | knobs)
    cells = tuple(one for one in VARIANTS if one in (*STANDARD, cell))
    assert list(page.medians()) == list(cells)
    assert f"The {cell} that reads the sequence stands beside them." in told(page)
    model = load_model("random", {"reset": "before"} if "reset" in knobs else knobs)
    reading = read(model, "hello")
    expected = gradient_flow(model.module, reading.trace.inputs, "sum", 4).log10_relative()
    figure = page.figures()[cells.index(cell)]
    (line,) = [decoded(line["y"]) for line in figure["data"] if line.get("mode") == "lines+markers"]
    np.testing.assert_allclose(line, expected, atol=1e-9)
    assert page.turn(cells=["RNN"]).figures()
    assert list(page.medians()) == ["RNN"]  # what was chosen counts


def test_trained_networks_are_of_three_cells():
    page = Page({"feed": FEED_SEQUENCE, "seeds": "2", "init": BEFORE_AND_AFTER, "cells": ["GRU", "MGU"],
                 "seq": "good but slow"})  # fmt: skip
    assert list(page.medians()) == ["GRU"]
    assert "There is no trained network of MGU." in told(page)
    page.turn(cells=["MGU", "JANET"])
    assert list(page.medians()) == list(STANDARD)


def test_all_curves_in_one_panel():
    page = Page(SMALL | {"cells": list(VARIANTS), "show": "In one panel"})
    (figure,) = page.figures()
    entries = [line["name"] for line in figure["data"] if line.get("showlegend")]
    assert [name.partition("</b>")[0].removeprefix("<b>") for name in entries] == list(VARIANTS)
    (chart,) = page.test.get("plotly_chart")
    assert all(f"{cell}: gradient norm against lag" in chart.proto.alt for cell in VARIANTS)
    assert "the fitted rate" not in told(page)
    assert page.turn(show="norms").said() == [Page(SMALL | {"cells": list(VARIANTS)}).said()[0]]
