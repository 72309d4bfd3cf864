"""The Step page's controls: model, its knobs, the sequence, stories, notation. Each is bound to the link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from gruviz.models import Knob, KnobValue, Model, by_task, entries, load_model
from gruviz.models.results import results
from gruviz.reading import Reading
from gruviz.signals import MeaningOfOne, Notation, Symbols
from gruviz.stories import STORIES, Story
from gruviz.telling import Place, largest_change, mover
from gruviz.ui import link
from gruviz.ui.frame import PAGE

_SYMBOLS: dict[Symbols, str] = {"pytorch": "PyTorch", "cho": "Cho et al.", "ng": "Ng’s course"}
_ONE_MEANS: dict[MeaningOfOne, str] = {"keep": "keep the old state", "write": "write the candidate"}
_STANDS_OUT = "box-shadow: 0 0 0 1px color-mix(in srgb, currentColor 45%, transparent); padding: 0.25rem 0.75rem;"
_TYPED = "typed_sequences"  # session: what was last typed for each kind of input
_HOLDS = "field_holds"  # session: the kind of input that the text field holds a text for
_SHOWN_ON = "field_shown_on"  # session: the page that last showed the text field
_PLAYED = "game_just_played"  # session: the moves of the last game that was played on the board
_COME = "come_to"  # session: counts the stories and models asked for, so that the stepper goes to each anew


@dataclass(frozen=True)
class Choice:
    """What the controls say."""

    model: str
    knobs: tuple[tuple[str, KnobValue], ...]
    text: str

    def load(self) -> Model:
        """The model chosen."""
        return load_model(self.model, dict(self.knobs))

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
    moves = st.session_state["stepper"]["played"]
    text = " ".join(str(move) for move in moves)
    st.session_state[_PLAYED] = text
    _show_text(text, load_model(st.session_state["model"]))


def place(choice: Choice, result: Reading) -> Place:
    """Where the stepper stands at first: where the story happens, after the move just played, or where most happens."""
    story = choice.story()
    if story:
        return story.find(result)
    if choice.text == st.session_state.get(_PLAYED):
        return len(result.trace), mover(result, len(result.trace))
    return largest_change(result)


def arrivals() -> int:
    """How many stories and models this session has asked for: the stepper goes to the place of each once."""
    return int(st.session_state.get(_COME, 0))


def stories(now: Story | None) -> None:
    """A button for each story; the one that is told stands out."""
    if now:  # by a rule of style: a button of another type is another element, and would lose the focus
        st.html(f"<style>.st-key-story-{now.key} button {{{_STANDS_OUT}}}</style>")
    with st.container(horizontal=True, gap="small", key="stories"):
        for story in STORIES:
            st.button(story.title, key=f"story-{story.key}", type="tertiary", on_click=tell, args=(story,))


def tell(story: Story) -> None:
    """Sets model, knobs and sequence to a story's."""
    st.session_state["model"] = story.model
    for key, value in _settings(story).items():
        st.session_state[key] = value
    _show_text(story.sequence, load_model(story.model, _settings(story)))


def model_and_sequence() -> tuple[Choice, Any]:
    """Model, knobs and sequence, and the place under its field."""
    left, right = _side_by_side()
    titles = {name: entry.title for name, entry in entries().items()}
    with left:
        name = link.choice("Model", titles, "model", look="menu", default=STORIES[0].model)
    knobs: dict[str, KnobValue] = {}
    with st.container(horizontal=True, vertical_alignment="bottom", key="knobs"):
        for knob in entries()[name].knobs:
            shown = knob.only_if is None or knobs[knob.only_if[0]] == knob.only_if[1]
            knobs[knob.key] = _knob(knob) if shown else knob.default
    return _with_sequence(Choice(name, tuple(knobs.items()), ""), right)


def task_and_sequence() -> tuple[Choice, Any]:
    """A task that all three cells were trained on, the sequence they read, and the place under its field.

    The choice names the task's GRU.
    """
    left, right = _side_by_side()
    titles, first = {name: result.title for name, result in results().items()}, load_model(STORIES[0].model).task
    if "task" not in st.session_state and "task" not in st.query_params and "model" in st.session_state:
        came_from = load_model(st.session_state["model"]).task or first
        st.session_state["task"], st.query_params["task"] = came_from, titles[came_from]
    with left:
        task = link.choice("Task", titles, "task", look="menu", default=first)
    return _with_sequence(Choice(by_task()[task]["GRU"], (), ""), right)


def _side_by_side() -> Sequence[Any]:
    return st.columns([1, 3])


def _with_sequence(choice: Choice, where: Any) -> tuple[Choice, Any]:
    model = choice.load()
    _fill(model, choice)
    with where.container(gap=None):
        text = _sequence(model)
        under = st.container(key="read-as")
    st.session_state.setdefault(_TYPED, {})[kind(model)] = text
    return replace(choice, text=text), under


def _knob(knob: Knob) -> KnobValue:
    if knob.options is not None:
        return link.choice(knob.label, knob.options, knob.key, default=str(knob.default), help=knob.help)
    number = int if isinstance(knob.default, int) else float
    return link.number(
        knob.label, number(knob.low), number(knob.high), number(knob.default), knob.key, step=number(knob.step),
        help=knob.help,
    )  # fmt: skip


def _fill(model: Model, choice: Choice) -> None:
    """Gives the field a text where it is new on the screen, or holds what was typed for another kind of input.

    The first time that is the link's text, or else the model's story or example; later, what was last typed for this
    kind, or the example.
    """
    holds, wanted, field = st.session_state.get(_HOLDS), kind(model), _field(model)
    # on another page Streamlit still has the field's text, and would forget it as it is not in the address
    new = field not in st.session_state or st.session_state.get(_SHOWN_ON) != st.session_state[PAGE]
    st.session_state[_SHOWN_ON] = st.session_state[PAGE]
    if holds == wanted and not new:
        return
    first = holds is None
    if first and field in st.query_params and not st.query_params[field].strip():
        link.drop(field)
    st.session_state[_HOLDS] = wanted
    if holds != wanted:  # else the person comes back to the same text from another page
        st.session_state[_COME] = arrivals() + 1
    if first and field in st.query_params:
        return
    typed: Mapping[str, str] = st.session_state.get(_TYPED, {})
    told = [story for story in STORIES if story.model == model.name and _settings(story) == dict(choice.knobs)]
    opening = told[0].sequence if first and told else model.example
    st.session_state[field] = text = typed.get(wanted, opening)
    if new:  # a field on screen writes the address by itself
        st.query_params[field] = text


def _sequence(model: Model) -> str:
    if model.encoder.multiline:
        return str(st.text_area("Sequence", key="rows", help=model.encoder.hint, bind="query-params", height=110))
    return str(st.text_input("Sequence", key="seq", help=model.encoder.hint, bind="query-params", live=True))


def _field(model: Model) -> str:
    return "rows" if model.encoder.multiline else "seq"


def _show_text(text: str, model: Model) -> None:
    st.session_state[_field(model)] = text
    st.session_state.setdefault(_TYPED, {})[kind(model)] = text  # for a field that is not on screen yet
    st.session_state[_HOLDS] = kind(model)
    st.session_state[_COME] = arrivals() + 1


def kind(model: Model) -> str:
    """Models of one kind take the same texts."""
    return f"{model.task or model.name} {model.encoder.what} {model.encoder.features}"


def notation() -> Notation:
    """Whose symbols, and what an update gate of 1 means."""
    with st.popover("Notation", icon=":material/function:"):
        symbols = link.choice("Symbols", _SYMBOLS, "symbols")
        one = link.choice(
            "An update gate of 1 means", _ONE_MEANS, "one",
            help="The same network under two labels: PyTorch, Keras, ONNX and Cho et al. 2014 write the gate so that 1 "
            "keeps; Chung et al. 2014 and Ng’s course so that 1 writes.",
        )  # fmt: skip
    return Notation(symbols, one)
