"""Work that ends when the person moves on, and that shows how far it is once it is long."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from gruviz.common.progress import Progress
from gruviz.experiment import ExperimentSettings
from gruviz.ui.session import session
from gruviz.ui.turns import end_turn

_PATIENCE = 0.4  # seconds: what takes no longer is there before a bar could be read
_REDRAW = 0.1  # seconds between two drawings of the bar


def go_on() -> None:
    """Ends this run here if the person has turned a knob, left the page or closed the tab: Streamlit raises then."""
    end_turn()
    session()


def silent(_: float) -> None:
    """Progress that nobody is shown, of work that ends when the person moves on."""
    go_on()


class LongWork:
    """Several parts, one bar for all of them, with a button to cancel."""

    def __init__(self, settings: ExperimentSettings, whole: float, where: Any) -> None:
        self._settings, self._whole, self._where = settings, whole, where
        self._start = self._drawn = time.monotonic()
        self._before = self._next = 0.0
        self._bar: Any = None

    def part(self, effort: float, label: str) -> Progress:
        """The progress of the next part, that takes `effort` of the whole."""
        self._before, self._next = self._next, self._next + effort
        before = self._before

        def tell(share: float) -> None:
            go_on()
            self._draw(min((before + share * effort) / self._whole, 1.0), label)

        return tell

    def _draw(self, share: float, label: str) -> None:
        now = time.monotonic()
        if self._bar is None:
            if now - self._start < _PATIENCE:
                return
            with self._where.container(horizontal=True, vertical_alignment="center"):
                self._bar = st.progress(share, label)
                st.button("Cancel", key=f"cancel-{self._settings}", on_click=_cancel, args=(self._settings,))
        elif now - self._drawn < _REDRAW:
            return
        self._drawn = now
        self._bar.progress(share, label)


@contextmanager
def long_work(settings: ExperimentSettings, whole: float, where: Any) -> Iterator[LongWork]:
    """Work of so much effort for these settings; its bar is gone when it ends, however it does."""
    slot = where.empty()
    try:
        yield LongWork(settings, whole, slot)
    finally:
        slot.empty()


def _cancel(settings: ExperimentSettings) -> None:
    session().cancelled = settings


def cancelled(settings: ExperimentSettings) -> bool:
    """Whether the person cancelled just this work; turning any knob or asking again starts it afresh."""
    if session().cancelled == settings:
        return True
    resume()
    return False


def resume() -> None:
    """Asks again for what was cancelled."""
    session().cancelled = None
