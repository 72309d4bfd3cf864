"""The one table of knobs against the settings, the link, the stories, the captions and the files."""

from dataclasses import fields as of_record
from dataclasses import replace

import pytest

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.experiment import ExperimentSettings
from gruviz.experiment.export import gradient_facts
from gruviz.experiment.stories import STORIES
from gruviz.signals import STANDARD, VARIANTS
from gruviz.ui import fields
from gruviz.ui.field_kinds import OneOf, SomeOf
from gruviz.ui.gradients.knobs import KNOBS, SHOWN, TRAINED, controls, told

DEFAULT = ExperimentSettings(cells=tuple(VARIANTS))
NAMED = pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.control.key)


def values(knob):
    """All that a knob can be turned to, each with a number where it takes one."""
    if isinstance(knob.control, SomeOf):
        return [(list(STANDARD),), (["MGU"],)]
    if not isinstance(knob.control, OneOf):
        return [(knob.control.low,), (knob.control.high,)]
    amounts = knob.amounts()
    others = [option for option in knob.control.options if option not in (knob.control.default, TRAINED)]
    return [(option, amounts[option].high) if option in amounts else (option,) for option in others]


def test_every_field_of_the_settings_has_a_knob():
    """But for `trained`, which is an option of the recurrent weights."""
    named = {knob.setting for knob in KNOBS}
    assert named | {"trained"} == {field.name for field in of_record(ExperimentSettings)}


def test_every_initialisation_can_be_chosen():
    offered = {option for knob in KNOBS if isinstance(knob.control, OneOf) for option in knob.control.options}
    assert set(INITIALISATIONS) <= offered


def test_the_names_in_the_link_are_those_of_before_and_no_name_stands_twice():
    keys = [knob.control.key for knob in KNOBS]
    assert set(keys) >= {"feed", "T", "loss", "init", "H", "seeds", "at", "act", "forget", "update"}
    assert len(set(keys)) == len(keys) == len({knob.control.label for knob in KNOBS})
    page = fields.pages()["Gradients"].fields
    for knob in KNOBS:
        assert page[knob.control.key] is knob.control
        for amount in knob.amounts().values():
            assert page[amount.key] is amount


@NAMED
def test_what_is_turned_is_what_the_controls_say(knob):
    """And nothing else changes: settings, controls and back."""
    assert values(knob)
    for said in values(knob):
        turned = knob.turned(DEFAULT, *said)
        assert [*knob.controls(turned).values()] == [*said]
        assert turned != DEFAULT
        changed = {key for key, value in controls(turned).items() if controls(DEFAULT).get(key) != value}
        assert changed == set(knob.controls(turned))
        back = knob.turned(turned, *knob.controls(DEFAULT).values())
        assert back == DEFAULT


@pytest.mark.parametrize("knob", [knob for knob in KNOBS if knob is not SHOWN], ids=lambda knob: knob.control.key)
def test_a_knob_concerns_the_cells_that_the_table_says(knob):
    for said in values(knob):
        turned = knob.turned(DEFAULT, *said)
        concerned = {cell for cell in VARIANTS if turned.reduced_to(cell) != DEFAULT.reduced_to(cell)}
        expected = set(knob.cells)
        if said[0] in INITIALISATIONS:
            expected &= {cell for cell, row in VARIANTS.items() if row.base in INITIALISATIONS[said[0]].cells}
        assert concerned == expected, said


@NAMED
def test_captions_and_files_say_what_is_turned(knob):
    for said in values(knob):
        turned = knob.turned(DEFAULT, *said)
        assert knob.told(turned) in told(turned)
        assert told(turned) != told(DEFAULT)
        cells = [cell for cell in VARIANTS if turned.reduced_to(cell) != DEFAULT.reduced_to(cell)]
        for cell in [] if knob.setting == "seeds" else cells:  # a table has a row for each seed
            assert gradient_facts(turned.reduced_to(cell), cell) != gradient_facts(DEFAULT.reduced_to(cell), cell)


def test_a_caption_leaves_out_what_has_no_effect():
    assert "Hidden units" not in told(replace(DEFAULT, trained="surnames"))
    assert "GRU" not in told(replace(DEFAULT, biases=(("update_bias", 2.0),), cells=("RNN",)))
    assert "GRU update bias: Update bias (positive keeps), 2" in told(replace(DEFAULT, biases=(("update_bias", 2.0),)))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_a_story_comes_back_from_its_controls(story):
    said, settings = controls(story.settings), ExperimentSettings()
    for knob in KNOBS:
        value = said[knob.control.key]
        if value == TRAINED:
            settings = replace(settings, trained=story.settings.trained)
            continue
        amount = None if isinstance(value, list) else knob.amounts().get(value)
        settings = knob.turned(settings, value, *([said[amount.key]] if amount else []))
    assert settings == story.settings
