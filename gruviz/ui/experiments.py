"""Running the experiment for a page: cached by settings, with progress, ended when the person moves on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import streamlit as st

from gruviz import experiment
from gruviz.experiment import Settings
from gruviz.gradients import gradient_flow, input_relevance
from gruviz.reading import read
from gruviz.records import Array, GradientFlow, GradientFlows, InputRelevance, SingularValues
from gruviz.ui.controls import Choice

_WORTH_A_BAR = 100_000  # steps * units * seeds; below, the picture is there before a bar could be read


@dataclass(frozen=True)
class Progress:
    """Tells how far the work is. All are equal, so that the caches tell results apart by their settings alone."""

    tell: Callable[[float], None]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Progress)

    def __hash__(self) -> int:
        return 0

    def __call__(self, share: float) -> None:
        """Passes on the share that is done, 0 to 1."""
        self.tell(share)


@contextmanager
def progress(settings: Settings, label: str, parts: int, where: Any) -> Iterator[Progress]:
    """A bar with a button to cancel, for long work in so many equal parts; gone when the work ends, however it does.

    Every call touches the page, and there Streamlit ends this run as soon as the person turns a knob or cancels.
    """
    if settings.steps * settings.units * settings.seeds < _WORTH_A_BAR:
        yield Progress(lambda _: None)
        return
    slot = where.empty()
    with slot.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, label)
        st.button("Cancel", key=f"cancel-{label}", on_click=_cancel, args=(settings,))
    done = 0

    def tell(share: float) -> None:
        nonlocal done
        bar.progress(min((done + share) / parts, 1.0), label)
        done += share == 1.0

    try:
        yield Progress(tell)
    finally:
        slot.empty()


_CANCELLED = "cancelled_settings"


def _cancel(settings: Settings) -> None:
    st.session_state[_CANCELLED] = settings


def cancelled(settings: Settings) -> bool:
    """Whether the person cancelled just this work; turning any knob or asking again starts anew."""
    if st.session_state.get(_CANCELLED) == settings:
        return True
    resume()
    return False


def resume() -> None:
    """Asks again for what was cancelled."""
    st.session_state.pop(_CANCELLED, None)


@lru_cache(maxsize=64)
def flows(settings: Settings, cell: str, source: Choice | None, tell: Progress) -> GradientFlows:
    """The gradient flow of every seed; `source` is the sequence read, where one is."""
    sequence, answer = _read(source, settings)
    return experiment.flows(settings, cell, sequence, answer, tell)


@lru_cache(maxsize=64)
def jacobians(settings: Settings, cell: str, source: Choice | None, tell: Progress) -> tuple[SingularValues, Any]:
    """Singular values and eigenvalues for seed 0."""
    return experiment.jacobians(settings, cell, _read(source, settings)[0], tell)


@lru_cache(maxsize=64)
def relevance(settings: Settings, cell: str, source: Choice | None) -> InputRelevance:
    """How much each input matters, for seed 0."""
    return experiment.relevance(settings, cell, *_read(source, settings))


@lru_cache(maxsize=64)
def own_flow(settings: Settings, source: Choice) -> GradientFlow:
    """The flow of the model that read the sequence, with its own weights."""
    inputs, loss = feed_and_loss(source, settings)
    return gradient_flow(source.load().module, inputs, loss, settings.loss_index)


@lru_cache(maxsize=64)
def own_relevance(settings: Settings, source: Choice) -> InputRelevance:
    """How much each input matters for the model that read the sequence, with its own weights."""
    inputs, loss = feed_and_loss(source, settings)
    return input_relevance(source.load().module, inputs, loss, settings.loss_index)


def feed_and_loss(source: Choice | None, settings: Settings) -> tuple[Array | None, Any]:
    """What is read (T, D), None where no sequence is, and the loss: a name, or the direction of the model's answer."""
    sequence, answer = _read(source, settings)
    return sequence, answer if settings.loss == "answer" and answer is not None else settings.loss


@lru_cache(maxsize=64)
def _read(source: Choice | None, settings: Settings) -> tuple[Array | None, Array | None]:
    if source is None:
        return None, None
    reading = read(source.load(), source.text)
    return reading.trace.inputs, reading.direction(settings.loss_index + 1)
