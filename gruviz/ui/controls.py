"""The Step page's controls: model, its knobs, the sequence, stories, notation. All are in the link."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from gruviz.cells.layer_stack import View
from gruviz.models import Knob, KnobValue, Model, entries, load_model
from gruviz.reading import Reading
from gruviz.reading.sentences import StepAndUnit, largest_change, mover
from gruviz.reading.stories import STORIES, Story
from gruviz.signals import Notation
from gruviz.ui import fields, link, session_models
from gruviz.ui.field_kinds import OneOf, Text
from gruviz.ui.model_links import note_asked_file
from gruviz.ui.session import reported, session
from gruviz.ui.wire import Focus


@dataclass(frozen=True)
class Choice:
    """What the controls say."""

    model: str
    knobs: tuple[tuple[str, KnobValue], ...]
    text: str

    def load(self) -> Model:
        """The model chosen."""
        return session_models.load(self.model, dict(self.knobs))

    def story(self) -> Story | None:
        """The story that has exactly these settings."""
        for story in STORIES:
            if story.model == self.model and story.sequence == self.text and dict(self.knobs) == _settings(story):
                return story
        return None

    @classmethod
    def of(cls, story: Story) -> "Choice":
        """A story's settings."""
        return cls(story.model, tuple(_settings(story).items()), story.sequence)


def _settings(story: Story) -> dict[str, KnobValue]:
    """All knobs of a story's model: the story's values, else the defaults."""
    return {knob.key: story.knobs.get(knob.key, knob.default) for knob in entries()[story.model].knobs}


def played() -> None:
    """A move was played on the board: the game goes on from there, and the stepper stands at its end."""
    play_in("stepper", session_models.load(link.known("model")))


def play_in(component: str, model: Model) -> None:
    """The same of a component, for a model that reads the game."""
    text = " ".join(str(move) for move in reported(component, "played"))
    session().played_game = text
    show_text(text, model)


def starting_point(choice: Choice, result: Reading) -> StepAndUnit:
    """Where the figure and the sentence point: where the story happens, or where most happens."""
    story = choice.story()
    return story.find(result) if story else largest_change(result)


def focus(choice: Choice, result: Reading) -> Focus:
    """Where the stepper goes: there, or after the move just played; the opened link may say otherwise."""
    link.placed(fields.SIDE)
    link.placed(fields.PRESENT)
    if choice.text == session().played_game:
        return focus_on(len(result.trace), mover(result, len(result.trace)))
    return focus_on(*starting_point(choice, result))


def focus_on(step: int, unit: int) -> Focus:
    """Where the stepper goes once for each story, model and opened link that this session has asked for."""
    return Focus(str(session().navigation_count), step, unit, link.visit(), link.place())


def _arrive() -> None:
    session().navigation_count += 1


def apply_story(story: Story) -> None:
    """Sets model, knobs and sequence to a story's, with nothing changed in the run."""
    link.new_entry()
    link.put("model", story.model)
    for key, value in _settings(story).items():
        link.put(key, value)
    for row in (fields.WHAT, fields.BEHIND):
        link.put(row.key, row.default)
    show_text(story.sequence, load_model(story.model, _settings(story)))


def show_model(model: Model) -> None:
    """Chooses a model of this session, with its example."""
    session_models.add(model)
    link.put("model", model.name)
    show_text(model.example, model)


def model_and_sequence(below_models: Callable[[], None] | None = None) -> tuple[Choice, Any]:
    """Model, its knobs behind a button, its layer, and sequence, in the row that is open; the place under its field.

    below_models: draws what is in the menu of models below them.
    """
    with st.container(width=320):
        titles = session_models.titles()
        asks = note_asked_file(titles)
        name = link.sections(fields.model(titles), fields.model_sections(titles), link.new_entry, below_models)
        if asks:
            link.explain("model", asks)
    knobs: dict[str, KnobValue] = {}
    with st.container(width="content", key="knobs"):
        rows = session_models.knobs_of(name)
        if rows:
            with (
                link.in_menu(st.popover("Weights", icon=":material/tune:")),
                st.container(horizontal=True, vertical_alignment="bottom"),
            ):
                for knob in rows:
                    knobs[knob.key] = _knob(knob) if knob.applies(knobs) else knob.default
    for key, said in session().opened.get(name, {}).items():
        link.say(key, said)
    if views := session_models.views_of(name):
        name = session_models.looked_at(name, _layer(name, views))
    choice = Choice(name, tuple(knobs.items()), "")
    text, under = with_sequence(choice.load(), knobs, st.container())
    return replace(choice, text=text), under


def _layer(name: str, views: Sequence[View]) -> str:
    """The layer and direction that is looked at; each model keeps its own."""
    row, mine = fields.layer(views, session_models.load(name).view), session()
    if mine.layer_of != name and not link.opens(row.key):
        link.put(row.key, mine.layers.get(name, row.default))
    mine.layer_of = name
    with st.container(width=190):
        mine.layers[name] = link.choice(row, look="menu")
    return mine.layers[name]


def row() -> Any:
    """The row of the controls that a page's story is told with."""
    return st.container(horizontal=True, gap="small", key="controls")


def with_sequence(model: Model, knobs: Mapping[str, KnobValue], where: Any) -> tuple[str, Any]:
    """The sequence that a model with these knobs reads, in `where`, and the place under its field."""
    _fill(model, knobs)
    with where.container(gap=None):
        text = _sequence(model)
        under = st.container(key="read-as")
    session().typed[input_kind(model)] = text
    return text, under


def _knob(knob: Knob) -> KnobValue:
    row = fields.knob(knob)
    if isinstance(row, OneOf):
        return str(link.choice(row))
    value: KnobValue = link.number(row)
    return value


def _fill(model: Model, knobs: Mapping[str, KnobValue]) -> None:
    """Gives the field a text where a link is opened, or where it holds what was typed for another kind of input.

    An opened link's own text, or else the model's story or example; later, what was last typed for this kind, or the
    example.
    """
    holds, wanted, field = session().field_kind, input_kind(model), _row(model).key
    opens = link.opens(field)
    if holds == wanted and not opens:
        return
    told = [story for story in STORIES if story.model == model.name and _settings(story) == knobs]
    example = told[0].sequence if told and (opens or holds is None) else model.example
    if opens:
        text = link.asked(field)
    else:
        link.forget_place()
        text = session().typed.get(wanted)
    _arrive()
    session().field_kind = wanted
    link.put(field, example if text is None else text)


def _sequence(model: Model) -> str:
    return link.text(_row(model), lines=model.encoder.multiline, help=model.encoder.hint)


def _row(model: Model) -> Text:
    return fields.ROWS if model.encoder.multiline else fields.SEQUENCE


def show_text(text: str, model: Model) -> None:
    """Puts a text into the field that the model reads, whether it is on screen or not."""
    link.put(_row(model).key, text)
    link.forget_place()
    session().typed[input_kind(model)] = text  # for a field that is not on screen yet
    session().field_kind = input_kind(model)
    _arrive()


def input_kind(model: Model) -> str:
    """Models of one kind take the same texts."""
    return f"{model.task or model.name} {model.encoder.what} {model.encoder.features}"


def notation() -> Notation:
    """Whose symbols, and what an update gate of 1 means."""
    with link.in_menu(st.popover("Notation", icon=":material/function:")):
        return Notation(link.choice(fields.SYMBOLS), link.choice(fields.ONE))
