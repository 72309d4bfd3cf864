"""The Train page's table of knobs against the settings, the stories and the link."""

from dataclasses import fields as of_record
from dataclasses import replace

import pytest

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.live.settings import LiveSettings
from gruviz.live.sources import TASKS
from gruviz.live.stories import STORIES
from gruviz.signals import STANDARD
from gruviz.ui import fields
from gruviz.ui.field_kinds import Number, OneOf
from gruviz.ui.train import knobs


def test_every_field_of_the_settings_has_a_control():
    assert len(knobs.controls(LiveSettings())) == len(of_record(LiveSettings)) + 1  # the update bias has its number


def test_names_and_labels_are_there_once_and_shared_with_no_other_page():
    rows = knobs.fields()
    assert len({row.key for row in rows}) == len(rows)
    others = {key for title, page in fields.pages().items() if title != "Train" for key in page.fields}
    assert not others & {row.key for row in rows}


def test_the_defaults_of_the_controls_are_those_of_the_settings():
    rows = {row.key: row for row in knobs.fields()}
    for key, value in knobs.controls(LiveSettings()).items():
        assert rows[key].default == value, key


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_a_story_is_written_into_the_link_and_read_back(story):
    rows = {row.key: row for row in knobs.fields()}
    for key, value in knobs.controls(story.settings).items():
        written = rows[key].write(value)
        assert (rows[key].read(written[0]) if written else rows[key].default) == value, key


def test_every_initialisation_of_the_three_cells_can_be_chosen():
    offered = {name for row in knobs.CHOOSERS.values() for name in row.options}
    assert {key for key, row in INITIALISATIONS.items() if set(row.cells) & set(STANDARD)} <= offered


def test_every_task_and_no_other_can_be_chosen():
    assert list(knobs.TASK.options) == list(TASKS)


def test_an_initialisation_with_its_number_and_back():
    settings = LiveSettings()
    for setting, row in knobs.CHOOSERS.items():
        for name in row.options:
            number = knobs.amount(setting, name)
            value = None if number is None else number.high
            chosen = knobs.chosen(settings, setting, name, value)
            said = knobs.controls(chosen)
            assert said[row.key] == name
            assert number is None or said[number.key] == value
            assert replace(chosen, **{setting: getattr(settings, setting)}) == settings


def test_limits_are_those_of_the_settings():
    limits = {knobs.LAG: "lag", knobs.AHEAD: "ahead", knobs.UNITS: "units", knobs.BATCH: "batch", knobs.SEED: "seed"}
    for row, setting in limits.items():
        assert isinstance(row, Number)
        for value in (row.low, row.high):
            replace(LiveSettings(), **{setting: value}).check()
    assert isinstance(knobs.RATE, OneOf)
    for rate in knobs.RATE.options:
        LiveSettings(rate=float(rate)).check()
