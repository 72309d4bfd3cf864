"""The Compare page's controls: networks that read alike, and the sequence that all of them read."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from gruviz.comparison import Comparison
from gruviz.models import Model
from gruviz.ui import fields, link, session_models
from gruviz.ui.controls import focus_on, play_in, show_text, with_sequence
from gruviz.ui.session import session
from gruviz.ui.session_models import Group
from gruviz.ui.wire import Focus

_TRAINED = "Trained here: "  # how the titles of networks of a session begin


@dataclass(frozen=True)
class Compared:
    """What the controls say."""

    group: Group
    text: str

    @classmethod
    def of(cls, name: str, text: str = "") -> "Compared":
        """Networks by the name of their group: that of a task, or of networks of this session."""
        return cls(session_models.groups()[name], text)

    def models(self) -> dict[str, Model]:
        """By cell."""
        return {cell: session_models.load(name) for cell, name in self.group.models}

    def load(self) -> Model:
        """One of them, for what they share: of a task the GRU."""
        return session_models.load(self.group.models[-1][1])


def networks_and_sequence() -> tuple[Compared, Any]:
    """A task that all three cells were trained on, the sequence they read, and the place under its field."""
    if link.known("task") is None and link.known("model") is not None:
        link.put("task", session_models.load(link.known("model")).task or fields.task().default)
    titles = {name: group.title for name, group in reversed(session().groups.items())}
    asks = link.opens("task") and (link.asked("task") or "").startswith(_TRAINED)
    with st.container(width=280):
        name = link.choice(fields.task(titles), look="menu", on_change=link.new_entry)
    if asks:
        link.explain(
            "task",
            "This link is of networks that were trained in another session, which a link can’t hold. Networks that "
            "ship with gruviz are shown instead.",
        )
    choice = Compared.of(name)
    text, under = with_sequence(choice.load(), {}, st.container())
    return replace(choice, text=text), under


def show_group(title: str, models: dict[str, Model]) -> None:
    """Chooses networks of this session, by cell, with their example."""
    group = session_models.add_group(_TRAINED + title, models)
    link.put("task", group.name)
    show_text(next(iter(models.values())).example, Compared(group, "").load())


def played() -> None:
    """A move was played on the board: the game goes on from there, and the stepper stands at its end."""
    play_in("compare", Compared.of(link.known("task")).load())


def focus(comparison: Comparison) -> Focus:
    """Where the stepper goes: where the answers differ most, or after the move just played."""
    end = comparison.text == session().played_game
    return focus_on(len(comparison) if end else comparison.widest(), 0)
