"""The link: the session's side of the page's address. It has one reader, this module, and one writer, `link.js`.

Every control is a row of the table in `fields.py`. A session opens an address when it begins, and again when the person
goes back or forward in the browser: in that run every control on screen takes its value from the address, or its
default, with a sentence where the address holds a value that it can't take. From then on the controls are the
person's, also those that appear later. At the end of a page `published` is what the address must say, and the browser
writes it. No widget is bound to the address by Streamlit: in some runs that would write half an address, and leave each
in the history.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gruviz.ui.field_kinds import Line, Number, OneOf, Section, Several, SomeOf, Text
from gruviz.ui.fields import PLACE
from gruviz.ui.session import session
from gruviz.ui.text import escape_markdown

Option = TypeVar("Option", bound=str)
Amount = TypeVar("Amount", int, float)
Changed = Callable[[], None] | None
HEARD = 4.0  # seconds in which a browser draws what it was told


@dataclass
class _Opening:
    """An address that is being opened, and the controls that have taken their values from it."""

    params: Mapping[str, Sequence[str]]
    taken: set[str] = field(default_factory=set)


@dataclass
class _Waiting:
    """An address that can't be opened yet: the page's says it all the same, while the person changes nothing."""

    params: Mapping[str, Sequence[str]]
    visit: int
    says: dict[str, list[str]] | None = None  # what the controls said then


@dataclass(frozen=True)
class _Told:
    """A value that the browser was told, and until when it may not have drawn it."""

    value: Any
    until: float


@dataclass
class Controls:
    """One person's controls: what they were last, on whichever page; and what the address must say in this run."""

    values: dict[str, Any] = field(default_factory=dict)
    opening: _Opening | None = None
    waiting: _Waiting | None = None
    notices: dict[str, tuple[Any, str]] = field(default_factory=dict)  # the value that stands in, and a sentence
    says: dict[str, list[str]] = field(default_factory=dict)
    page: str | None = None
    mounted: set[str] = field(default_factory=set)  # what is on screen, on this page
    visit: int = 0  # counts what a person goes back to: pages, stories, models, addresses opened
    opened: int = 0  # the visit whose entry of the history the browser made itself
    place: Mapping[str, str] | None = None
    in_menu: bool = False  # the controls that follow are in a menu
    told: dict[str, _Told] = field(default_factory=dict)

    def arrive(self) -> None:
        """Begins a visit whose entry in the history is there already."""
        self.visit += 1
        self.opened = self.visit


@dataclass(frozen=True)
class Address:
    """What the address must say, but for where the stepper stands; and which entry of the history it is."""

    params: tuple[tuple[str, str], ...]
    visit: int = 0
    opened: int = 0
    held: bool = False  # wherever the stepper stands, its place is what the opened link says


def begin() -> None:
    """Call first in every run: opens the address when the session begins, and when the person went back or forward."""
    remembered = session()
    remembered.controls = controls = remembered.controls or Controls()
    controls.says = {}
    context = get_script_run_ctx()
    if controls.visit == 0 or (context is not None and context.is_history_navigation):
        params = {name: st.query_params.get_all(name) for name in st.query_params}
        controls.opening, controls.notices, controls.waiting = _Opening(params), {}, None
        controls.place = {name: params[name][-1] for name in PLACE if name in params}
        controls.arrive()


def begun() -> bool:
    """Whether `begin` was called in this session."""
    return session().controls is not None


def arrive_on(page: str) -> None:
    """Says which page is shown. Another one than before, by its link, has its own entry in the history."""
    controls = _controls()
    if controls.page not in (None, page) and (controls.opening is None or controls.opening.taken):
        controls.opening, controls.notices, controls.place, controls.waiting = None, {}, None, None
        controls.arrive()
    if controls.page != page:  # a widget of the same name on another page is another one to Streamlit
        controls.mounted = set()
    controls.page = page


def new_entry() -> None:
    """The person asks for something else: what was on screen stays in the history, and Back leads to it."""
    _controls().visit += 1


def opens(key: str) -> bool:
    """Whether this run opens an address, and the control has not taken its value from it yet."""
    opening = _controls().opening
    return opening is not None and key not in opening.taken


def place() -> Mapping[str, str] | None:
    """What the opened address says of where the stepper stands; None where the stepper was sent elsewhere since."""
    return _controls().place


def forget_place() -> None:
    """The stepper goes elsewhere than the opened address said."""
    controls = _controls()
    controls.place = None
    for name in PLACE:
        controls.notices.pop(name, None)


@dataclass(frozen=True)
class Postponed:
    """An opened address that waits for something: all that it says, and of that where the stepper stands."""

    params: Mapping[str, Sequence[str]]
    place: Mapping[str, str] | None


def wait(*keys: str) -> Postponed:
    """The address that is being opened waits: of these names nothing is opened yet, nor the stepper's place.

    Until the person changes something the page's address stays what it is, so that a reload waits, too.
    """
    controls, opening = _controls(), _controls().opening
    if opening is None:
        raise RuntimeError("Only an address that is being opened can wait.")
    postponed = Postponed(opening.params, controls.place)
    opening.params = {name: texts for name, texts in opening.params.items() if name not in keys}
    controls.waiting = _Waiting(postponed.params, controls.visit)
    controls.place = None
    return postponed


def reopen(postponed: Postponed, **instead: str) -> None:
    """Opens an address that waited, in the next run; with other values under some names."""
    controls = _controls()
    params = {**postponed.params, **{name: [text] for name, text in instead.items()}}
    controls.opening, controls.notices, controls.waiting = _Opening(params), {}, None
    controls.place = postponed.place


def placed(row: OneOf[Option]) -> None:
    """A choice that the stepper shows, and writes into the address by itself; it hears what the opened link says of it.

    What the link can't say of it gets a sentence, and the stepper does not hear of it.
    """
    controls = _controls()
    if controls.opening is not None and row.key not in controls.opening.taken:
        controls.opening.taken.add(row.key)
        texts = controls.opening.params.get(row.key, [])
        if texts and row.read(texts[-1]) is None:
            controls.notices[row.key] = row.default, _bad(row.label, texts[-1], row.allowed())
            controls.place = {name: text for name, text in (controls.place or {}).items() if name != row.key}
        else:
            _note_doubled(row.key, row.label, texts, row.default)
    controls.says[row.key] = []


def explain(key: str, sentence: str) -> None:
    """Says in other words why a value of the opened link could not be used, where it could not."""
    kept = _controls().notices.get(key)
    if kept is not None:
        _controls().notices[key] = kept[0], sentence


def visit() -> int:
    """The number of the visit that this run belongs to."""
    return _controls().visit


def asked(key: str) -> str | None:
    """What the address that this run opens says under a name; None where it says nothing."""
    opening = _controls().opening
    return opening.params[key][-1] if opening and key in opening.params else None


def known(key: str) -> Any:
    """What a control was last in this session; None where it never was on screen."""
    return _controls().values.get(key)


def put(key: str, value: Any) -> None:
    """Sets a control, whether it is on screen or not. Only where it has not been shown in this run yet."""
    controls = _controls()
    st.session_state[key] = controls.values[key] = value
    controls.told[key] = _Told(value, time.monotonic() + HEARD)


def say(key: str, text: str) -> None:
    """The address says this, too, though no control stands for it."""
    _controls().says[key] = [text]


@contextmanager
def in_menu(menu: Any) -> Iterator[None]:
    """Controls in a menu. The browser draws them when the menu opens, from what it heard last, and not from what was
    set before that: so they are told again in every run.
    """
    controls = _controls()
    with menu:
        controls.in_menu = True
        try:
            yield
        finally:
            controls.in_menu = False


def notices() -> list[str]:
    """Values in the opened link that could not be used, as sentences."""
    return [sentence for _, sentence in _controls().notices.values()]


def published() -> Address:
    """What the address must say. Call it when all controls of the page have been shown: an opening ends with it."""
    controls = _controls()
    controls.opening, controls.mounted = None, set(controls.says)
    waiting = controls.waiting
    if waiting is not None:
        if waiting.says is None:
            waiting.says = dict(controls.says)
        if (waiting.visit, waiting.says) == (controls.visit, controls.says):
            asked = tuple((name, text) for name, texts in waiting.params.items() for text in texts if name not in PLACE)
            return Address(asked, controls.visit, controls.opened, held=True)
        controls.waiting = None
    params = tuple((name, text) for name, texts in controls.says.items() for text in texts)
    return Address(params, controls.visit, controls.opened)


def choice(
    row: OneOf[Option],
    options: Mapping[Option, str] | None = None,
    *,
    look: Literal["segments", "menu"] = "segments",
    on_change: Changed = None,
    hide_label: bool = False,
) -> Option:
    """One of several options: all of the row's, or those that are on offer now."""
    names = options or row.options
    _fill(row.key, row.label, row.default, lambda text: row.read(text, names), row.allowed(names))
    if st.session_state[row.key] not in names:
        put(row.key, row.default)
    settings: dict[str, Any] = {
        "format_func": row.options.__getitem__,
        "key": row.key,
        "help": row.help,
        "on_change": on_change or "rerun",
        "label_visibility": "collapsed" if hide_label else "visible",
    }
    if look == "menu":
        value = st.selectbox(row.label, list(names), **settings)
    else:
        value = st.segmented_control(row.label, list(names), required=True, **settings)
    return cast(Option, _said(row.key, value, row.write(value)))


def sections(
    row: OneOf[Option],
    parts: Sequence[Section[Option]],
    on_change: Callable[[], None],
    below: Callable[[], None] | None = None,
) -> Option:
    """One of many options, in a menu with a section for each part, and with what else is `below` them.

    It closes when one is chosen.

    The sections are new ones for each value: what is set while the menu is closed the browser does not hear.
    """
    _fill(row.key, row.label, row.default, row.read, row.allowed())
    if st.session_state[row.key] not in row.options:
        put(row.key, row.default)
    value: Option = st.session_state[row.key]
    menu = f"{row.key}-menu"
    label = f"{row.label}: {escape_markdown(row.options[value])}"
    popover = st.popover(label, key=menu, on_change="rerun", width="stretch", wrap=False)
    with popover, st.container(key=f"{row.key}-sections"):
        for part in parts:
            key, here = f"{row.key}-{part.key}-{value}", value in part.options
            st.segmented_control(
                part.title, list(part.options), format_func=part.options.__getitem__, key=key,
                default=value if here else None, required=here, on_change=_choose, args=(row.key, key, menu, on_change),
            )  # fmt: skip
        if below:
            below()
    return _said(row.key, value, row.write(value))


def _choose(chosen: str, key: str, menu: str, on_change: Callable[[], None]) -> None:
    """Takes for the control `chosen` what was chosen in one section of its menu, which closes."""
    put(menu, False)
    put(chosen, st.session_state[key])
    on_change()


def number(row: Number[Amount]) -> Amount:
    """A number within the row's limits."""
    _fill(row.key, row.label, row.default, row.read, row.allowed())
    look: dict[str, Any] = {}
    if row.empty:
        look = {"value": None, "placeholder": row.empty}
        if st.session_state[row.key] == row.default:
            st.session_state[row.key] = None
    value = st.number_input(row.label, row.low, row.high, step=row.step, key=row.key, help=row.help, width=150, **look)
    value = row.default if value is None else value
    return _said(row.key, value, row.write(value))


def several(row: Several, limit: int, **look: Any) -> list[int]:
    """Some of the numbers from 0 up to a limit."""
    controls = _controls()
    if controls.opening and row.key not in controls.opening.taken:
        controls.opening.taken.add(row.key)
        texts = [text for text in controls.opening.params.get(row.key, []) if text]
        read = {text: row.read(text, limit) for text in texts}
        put(row.key, list(dict.fromkeys(value for value in read.values() if value is not None)))
        for text in [text for text, value in read.items() if value is None][:1]:
            controls.notices[row.key] = st.session_state[row.key], _bad(row.label, text, row.allowed(limit))
    else:
        _mount(row.key, [])
    if any(value >= limit for value in st.session_state[row.key]):
        put(row.key, [value for value in st.session_state[row.key] if value < limit])
    values = st.multiselect(row.label, range(limit), key=row.key, **look)
    return _said(row.key, values, row.write(values))


def some(row: SomeOf[Option]) -> tuple[Option, ...]:
    """Some of the options, perhaps none."""
    _fill_some(row)
    chosen = st.segmented_control(
        row.label, list(row.options), selection_mode="multi", format_func=row.options.__getitem__, key=row.key,
        help=row.help,
    )  # fmt: skip
    ordered = row.ordered(chosen)
    _said(row.key, list(ordered), row.write(ordered))
    return ordered


def to_show(row: SomeOf[Option]) -> tuple[Option, ...]:
    """What `some` is about to show in this run, for the title of the menu that it stands in."""
    _fill_some(row)
    return row.ordered(st.session_state[row.key])


def _fill_some(row: SomeOf[Option]) -> None:
    controls = _controls()
    if not controls.opening or row.key in controls.opening.taken:
        _mount(row.key, list(row.default))
        return
    controls.opening.taken.add(row.key)
    texts = controls.opening.params.get(row.key, [])
    values = row.read(texts) if texts else row.default
    put(row.key, list(row.default if isinstance(values, str) else values))
    if isinstance(values, str):
        controls.notices[row.key] = list(row.default), _bad(row.label, values, row.allowed())


def text(row: Text, *, lines: bool = False, help: str | None = None) -> str:  # noqa: A002
    """A text, on one line or on several. What it says at first is `put` there."""
    controls = _controls()
    _mount(row.key, "")
    if controls.opening:
        controls.opening.taken.add(row.key)
        _note_doubled(row.key, row.label, controls.opening.params.get(row.key, []), st.session_state[row.key])
    if lines:
        value = st.text_area(row.label, key=row.key, help=help, height=110)
    else:
        value = st.text_input(row.label, key=row.key, help=help, live=True)
    return str(_said(row.key, value, row.write(str(value))))


def line(row: Line, **look: Any) -> str:
    """A text that may be empty; what is typed is returned, also where it is wrong."""
    _fill(row.key, row.label, row.default, row.read, row.allowed())
    value = st.text_input(row.label, key=row.key, help=row.help, **look)
    return str(_said(row.key, value, row.write(str(value))))


Value = TypeVar("Value")


def _fill(key: str, label: str, default: Value, read: Callable[[str], Value | None], allowed: str) -> None:
    """Gives a control its value before it is shown: from the address that is being opened, or what it was last."""
    controls = _controls()
    if controls.opening is None or key in controls.opening.taken:
        _mount(key, default)
        return
    controls.opening.taken.add(key)
    texts = controls.opening.params.get(key, [])
    value = read(texts[-1]) if texts else default
    put(key, default if value is None else value)
    if value is None:
        controls.notices[key] = default, _bad(label, texts[-1], allowed)
    else:
        _note_doubled(key, label, texts, st.session_state[key])


def _mount(key: str, default: Any) -> None:
    controls = _controls()
    if key not in controls.mounted or key not in st.session_state:
        put(key, controls.values.get(key, default))
    elif controls.in_menu or _may_be_unheard(key):
        st.session_state[key] = st.session_state[key]


def _may_be_unheard(key: str) -> bool:
    """Whether a control still is what it was told a moment ago.

    When a run begins, Streamlit drops what the browser has not drawn yet of the one before: someone who clicks before
    the page is complete would find its controls empty.
    """
    told = _controls().told.get(key)
    return told is not None and told.until > time.monotonic() and bool(told.value == st.session_state[key])


def _note_doubled(key: str, label: str, texts: Sequence[str], value: Any) -> None:
    if len(texts) > 1:
        sentence = f"The link sets “{label}” {len(texts)} times. The last one is used."
        _controls().notices[key] = value, sentence


def _bad(label: str, text: str, allowed: str) -> str:
    return f"The link sets “{label}” to “{text[:40]}”; allowed: {allowed}. The default is used instead."


def _said(key: str, value: Value, written: list[str]) -> Value:
    """Keeps what a control is, and what the address says of it; a notice ends when the person chooses."""
    controls = _controls()
    controls.values[key] = value
    controls.says[key] = written
    controls.mounted.add(key)
    if key in controls.notices and controls.notices[key][0] != value:
        del controls.notices[key]
    return value


def _controls() -> Controls:
    controls = session().controls
    if controls is None:
        raise RuntimeError("A page was shown before app.py had opened its address.")
    return controls
