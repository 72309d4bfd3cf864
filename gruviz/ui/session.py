"""What one person's session remembers: all of it, typed, in one record. Nothing else writes into Streamlit's state.

Controls keep their values in Streamlit's state too, under the keys of `fields.py`; those are `link`'s business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:  # what is remembered belongs to parts above this one
    from gruviz.experiment import ExperimentSettings
    from gruviz.live.labelled import Labelled
    from gruviz.live.run import Run
    from gruviz.live.settings import LiveSettings
    from gruviz.live.sources import OwnData
    from gruviz.models import Model
    from gruviz.models.opened import ModelFile
    from gruviz.reading.sentences import StepAndUnit
    from gruviz.ui.gradients.results import Results
    from gruviz.ui.gradients.view import Curves
    from gruviz.ui.link import Controls
    from gruviz.ui.model_links import AskedFile
    from gruviz.ui.session_models import Group

_KEY = "gruviz"


@dataclass
class Session:
    """One person's session. Kinds of input are those of `controls.input_kind`: models of a kind take the same texts."""

    controls: "Controls | None" = None  # what they were last, and what the address says; None before the first run
    navigation_count: int = 0  # stories and models asked for: the stepper goes to the start of each
    typed: dict[str, str] = field(default_factory=dict)  # by kind of input: what was last typed
    field_kind: str | None = None  # the kind of input that the text field holds a text for
    played_game: str | None = None  # the moves of the last game that was played on the board
    readable: dict[str, str] = field(default_factory=dict)  # by kind of input: the last text that could be read
    readable_changes: str = ""  # the last interventions that could be read
    results: "Results | None" = None  # the last gradients that could be computed
    curves: "Curves | None" = None  # those on screen and those before the last turn of a knob
    cancelled: "ExperimentSettings | None" = None  # the work that the person cancelled
    place_in_menu: "StepAndUnit | None" = None  # where the person was when they opened the menu of files
    run: "Run | None" = None  # of the Train page
    run_key: "tuple[LiveSettings, OwnData] | None" = None  # what it was made from
    lines: "Labelled | None" = None  # that it learns from, where a person brought some
    models: "dict[str, Model]" = field(default_factory=dict)  # of this session alone, by name
    groups: "dict[str, Group]" = field(default_factory=dict)  # of them, for the Compare page, by name
    layers: dict[str, str] = field(default_factory=dict)  # by model of this session: the layer that is looked at
    layer_of: str | None = None  # the model whose layer the menu shows
    opened: dict[str, Mapping[str, str]] = field(default_factory=dict)  # by model: how its file was opened, for links
    file: "ModelFile | None" = None  # a model file that the person brought, until they bring another one
    file_problem: str = ""  # why it can't be opened
    asked_file: "AskedFile | None" = None  # that the opened link is about
    own_data: dict[str, str] = field(default_factory=dict)  # by task of the Train page: what the person brought
    theme: str | None = None  # that the browser has reported, once it was not the one of the session's beginning


def session() -> Session:
    """The session of the person whose run this is.

    Raises what Streamlit ends a run with once the person has turned a knob, left the page or closed the tab.
    """
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Session()
    record: Session = st.session_state[_KEY]
    return record


def fill(field: str, value: str) -> None:
    """Puts a value into a field that the link does not hold."""
    st.session_state[field] = value


def filled(field: str) -> bool:
    """Whether such a field holds something."""
    return field in st.session_state


def held(field: str) -> Any:
    """What such a field holds."""
    return st.session_state[field]


def reported(component: str, name: str) -> Any:
    """What a component has just reported under a name, in the callback for it."""
    return st.session_state[component][name]
