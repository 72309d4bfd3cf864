"""The Step page's knobs, notation and lines: what each changes, and what it leaves."""

import numpy as np
import pytest

from gruviz.models import entries, load_model
from tests.models.conftest import weights_folder  # noqa: F401
from tests.pages.step import (
    choose,
    figure,
    page,
    sent,
    values,
)  # fmt: skip

MODELS = list(entries())
LAST_DIGIT = 1e-6  # torch may sum in another order in another run, where memory lies otherwise


# Knobs and notation


@pytest.mark.parametrize(
    ("knob", "value"),
    [("hidden", 3), ("hidden", 64), ("seed", 9999), ("update_shift", 8.0), ("reset_shift", -8.0), ("reset", "before")],
)
def test_a_knob_changes_the_numbers(knob, value):
    app = choose(choose(page(), "model", "random"), knob, value)
    trace = load_model("random", {knob: value}).trace("hello")
    for key in "rznh":
        np.testing.assert_array_equal(values(app, key), trace[key])
    assert sent(app)["resetAfter"] is (value != "before")


def test_the_latch_with_one_unit():
    app = choose(choose(page(), "model", "latch"), "latch_units", "1")
    assert sent(app)["units"] == 1
    assert not app.error


@pytest.mark.parametrize("symbols", ["pytorch", "cho", "ng"])
@pytest.mark.parametrize("one", ["keep", "write"])
def test_notation(symbols, one):
    app = choose(choose(page(), "symbols", symbols), "one", one)
    update = sent(app)["signals"][1]
    assert update["flips"] is (one == "write")
    assert update["symbol"] == {"pytorch": "z", "cho": "z", "ng": "Γ<sub>u</sub>"}[symbols]
    assert not app.error


def units(app):
    """The units with a line of their own; the one that the stepper stands at has another, broader one."""
    names = {line["name"] for line in figure(app)["data"] if line["name"].startswith("unit")}
    return {name for name in names if not name.endswith("chosen")}


def test_lines_of_chosen_units():
    app = choose(page(), "view", "lines")
    assert len(units(app)) == 4
    choose(app, "lines", [0, 3])
    assert units(app) == {"unit 0", "unit 3"}


def test_lines_of_units_that_the_next_model_does_not_have():
    app = choose(choose(page(), "view", "lines"), "lines", [0, 20])
    choose(app, "model", "latch")
    assert not app.error
    assert units(app)
    assert units(app) <= {"unit 0", "unit 1"}
