"""The Step page's controls: model, its knobs, the sequence, stories, notation. Each is bound to the link."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from gruviz.models import Knob, KnobValue, Model, entries, load_model
from gruviz.signals import MeaningOfOne, Notation, Symbols
from gruviz.stories import STORIES, Story
from gruviz.ui import link

_SYMBOLS: dict[Symbols, str] = {"pytorch": "PyTorch", "cho": "Cho et al.", "ng": "Ng’s course"}
_ONE_MEANS: dict[MeaningOfOne, str] = {"keep": "keep the old state", "write": "write the candidate"}
_TYPED = "typed_sequences"  # session: what was last typed for each kind of input
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


def arrivals() -> int:
    """How many stories and models this session has asked for: the stepper goes to the place of each once."""
    return int(st.session_state.get(_COME, 0))


def stories(now: Story | None) -> None:
    """A button a story; the one that is told stands out."""
    with st.container(horizontal=True, gap="small", key="stories"):
        for story in STORIES:
            look: Literal["secondary", "tertiary"] = "secondary" if story is now else "tertiary"
            st.button(story.title, key=f"story-{story.key}", type=look, on_click=_tell, args=(story,))


def _tell(story: Story) -> None:
    st.session_state["model"] = story.model
    for key, value in _settings(story).items():
        st.session_state[key] = value
    _show_text(story.sequence, load_model(story.model, _settings(story)))


def model_and_sequence() -> Choice:
    """Model, knobs and sequence."""
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    titles = {name: entry.title for name, entry in entries().items()}
    with left:
        name = link.choice("Model", titles, "model", look="menu", default=STORIES[0].model, on_change=_changed)
    knobs: dict[str, KnobValue] = {}
    entry = entries()[name]
    if entry.knobs:
        with st.container(horizontal=True, vertical_alignment="bottom", key="knobs"):
            for knob in entry.knobs:
                shown = knob.only_if is None or knobs[knob.only_if[0]] == knob.only_if[1]
                knobs[knob.key] = _knob(knob) if shown else knob.default
    model = load_model(name, knobs)
    _open(model, knobs)
    with right:
        text = _sequence(model)
    _remember(model, text)
    return Choice(name, tuple(knobs.items()), text)


def _knob(knob: Knob) -> KnobValue:
    change = _changed if knob.key in {"input", "columns"} else None
    if knob.options is not None:
        return link.choice(
            knob.label, knob.options, knob.key, default=str(knob.default), help=knob.help, on_change=change
        )
    number = int if isinstance(knob.default, int) else float
    return link.number(
        knob.label, number(knob.low), number(knob.high), number(knob.default), knob.key, step=number(knob.step),
        help=knob.help, on_change=change,
    )  # fmt: skip


def _open(model: Model, knobs: Mapping[str, KnobValue]) -> None:
    """The first time: a link without a sequence for this model opens on the model's story, or on its example."""
    if _COME in st.session_state:
        return
    field = _field(model)
    if field in st.query_params and not st.query_params[field].strip():
        link.drop(field)
    st.session_state[_COME] = 1
    if field in st.query_params:
        return
    told = [story for story in STORIES if story.model == model.name and _settings(story) == knobs]
    # both: a field that is new takes its text from the one, the address from the other
    st.session_state[field] = st.query_params[field] = told[0].sequence if told else model.example


def _sequence(model: Model) -> str:
    if model.encoder.multiline:
        return str(st.text_area("Sequence", key="rows", help=model.encoder.hint, bind="query-params", height=110))
    return str(st.text_input("Sequence", key="seq", help=model.encoder.hint, bind="query-params", live=True))


def _field(model: Model) -> str:
    return "rows" if model.encoder.multiline else "seq"


def _changed() -> None:
    """Another model, or another kind of input: go back to what was typed for it, or to its example."""
    name = st.session_state["model"]
    knobs = {knob.key: st.session_state.get(knob.key, knob.default) for knob in entries()[name].knobs}
    model = load_model(name, knobs)
    typed: Mapping[str, str] = st.session_state.get(_TYPED, {})
    _show_text(typed.get(_kind(model), model.example), model)


def _show_text(text: str, model: Model) -> None:
    st.session_state[_field(model)] = text
    st.session_state[_COME] = arrivals() + 1


def _remember(model: Model, text: str) -> None:
    st.session_state.setdefault(_TYPED, {})[_kind(model)] = text


def _kind(model: Model) -> str:
    return f"{model.name} {model.encoder.what} {model.encoder.features}"


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
