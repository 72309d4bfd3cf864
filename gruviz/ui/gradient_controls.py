"""The Gradients page's knobs: one set for all three cells, and one for each cell's own trick. All are in the link."""

from dataclasses import replace
from typing import Literal

import streamlit as st

from gruviz.experiment import MAX_SEEDS, MAX_STEPS, MAX_UNITS, MIN_STEPS, Settings
from gruviz.gradient_stories import STORIES, GradientStory
from gruviz.initialisations import INITIALISATIONS
from gruviz.models import load_model
from gruviz.reading import Reading
from gruviz.stories import STORIES as STEP_STORIES
from gruviz.ui import link
from gruviz.ui.controls import tell
from gruviz.ui.text import small

_FEED: dict[Literal["noise", "impulse", "sequence"], str] = {
    "noise": "noise", "impulse": "impulse at step 1", "sequence": "a sequence of the Step page",
}  # fmt: skip
Loss = Literal["sum", "random", "answer"]
_LOSS: dict[Loss, str] = {
    "sum": "sum of h", "random": "random direction", "answer": "the model’s answer",
}  # fmt: skip
_ACTIVATION: dict[Literal["tanh", "relu"], str] = {"tanh": "tanh", "relu": "ReLU"}
_RECURRENT = {key: row.title for key, row in INITIALISATIONS.items() if row.part == "recurrent"}
_DEFAULT_BIAS = "default"
TRAINED = "trained"  # beside the keys of INITIALISATIONS


def _biases(cell: str) -> dict[str, str]:
    rows = {key: row.title for key, row in INITIALISATIONS.items() if row.part == "bias" and cell in row.cells}
    return {_DEFAULT_BIAS: "PyTorch default"} | rows


def stories(now: Settings) -> None:
    """A button a story; the one that is told stands out."""
    with st.container(horizontal=True, gap="small", key="gradient-stories"):
        for story in STORIES:
            look: Literal["secondary", "tertiary"] = "secondary" if story.settings == now else "tertiary"
            st.button(story.title, key=f"gradient-story-{story.key}", type=look, on_click=_tell, args=(story,))


def _tell(story: GradientStory) -> None:
    """Sets every control to the story's settings."""
    settings, state = story.settings, st.session_state
    state["T"], state["H"], state["seeds"], state["at"] = settings.steps, settings.units, settings.seeds, 0
    state["feed"], state["loss"], state["act"] = settings.feed, settings.loss, settings.activation
    for key, chosen in (("init", settings.recurrent), ("forget", settings.forget), ("update", settings.update)):
        name, value = chosen or (_DEFAULT_BIAS, None)
        state[key] = name
        if value is not None:
            state[_amount(key, name)] = value
    if story.reads:
        read = next(read for read in STEP_STORIES if read.key == story.reads)
        tell(read)
        # fields that are not on screen yet: they will not write the address by themselves
        st.query_params.update({"model": load_model(read.model).title, "seq": read.sequence})
    if settings.trained:
        state["init"] = TRAINED


def _amount(key: str, name: str) -> str:
    """The link's name for the number of an initialisation."""
    return f"{key}_{name}"


def feed() -> Literal["noise", "impulse", "sequence"]:
    """What the cells read."""
    return link.choice("Input", _FEED, "feed")


def settings(reading: Reading | None) -> Settings:
    """The knobs that all three cells share. With a sequence that was read, it sets the number of steps."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        steps = len(reading.trace) if reading else link.number(
            "Steps T", MIN_STEPS, MAX_STEPS, 101, "T", help="The length of the sequence."
        )  # fmt: skip
        losses: dict[Loss, str] = (
            _LOSS if reading and reading.model.answer else {k: v for k, v in _LOSS.items() if k != "answer"}
        )
        loss = link.choice(
            "Loss", losses, "loss", look="menu", help="What is taken the gradient of, at the loss’s step."
        )
        options = _RECURRENT | ({TRAINED: "trained, before and after"} if reading and reading.model.task else {})
        if st.session_state.get("init") not in (None, *options):
            st.session_state["init"] = next(iter(options))  # another model was chosen, which nobody trained
        recurrent = link.choice("Recurrent weights", options, "init", look="menu")
        if recurrent == TRAINED:
            units = Settings.units  # each network has its own
        elif loss == "answer" and reading:
            units = reading.trace.units  # the read-out is made for so many
        else:
            units = link.number("Hidden units H", 1, MAX_UNITS, 32, "H")
        seeds = link.number("Seeds", 1, MAX_SEEDS, 20, "seeds", help="The line is their median, the band 10 to 90 %.")
        at = link.number("Loss at step", 0, MAX_STEPS, 0, "at", help="0: the last step.")
        trained = reading.model.task if reading and recurrent == TRAINED else ""
        recurrent, amount = ("pytorch", None) if trained else (recurrent, _number("init", recurrent))
    sequence: Literal["noise", "impulse", "sequence"] = "sequence" if reading else st.session_state["feed"]
    return Settings(steps, units, seeds, sequence, loss, at or None, recurrent=(recurrent, amount), trained=trained)


def for_cell(cell: str, shared: Settings) -> Settings:
    """The shared knobs with the cell's own, shown above its panel."""
    if shared.trained:
        st.markdown(small(f"{shared.for_cell(cell).units} units, as the trained {cell} has."))
        return shared
    if cell == "RNN" and shared.recurrent[0] == "identity_relu":  # it names the activation itself
        st.selectbox("Activation", ["ReLU"], disabled=True, key="act_fixed")
        return replace(shared, activation="relu")
    if cell == "RNN":
        return replace(shared, activation=link.choice("Activation", _ACTIVATION, "act", look="menu"))
    key, label = ("forget", "Forget gate bias") if cell == "LSTM" else ("update", "Update gate bias")
    name = link.choice(label, _biases(cell), key, look="menu")
    chosen = None if name == _DEFAULT_BIAS else (name, _number(key, name))
    return replace(shared, forget=chosen) if cell == "LSTM" else replace(shared, update=chosen)


def _number(key: str, name: str) -> float | None:
    knob = INITIALISATIONS[name].knob
    if knob is None:
        return None
    step = 1.0 if knob.high > 10 else 0.1
    return link.number(knob.name.capitalize(), knob.low, knob.high, knob.default, _amount(key, name), step=step,
                       help=INITIALISATIONS[name].source)  # fmt: skip


def sources(chosen: Settings) -> str:
    """Where the initialisations in use come from, Markdown."""
    keys = [entry[0] for entry in (chosen.recurrent, chosen.forget, chosen.update) if entry]
    return " · ".join(f"{INITIALISATIONS[key].title}: {INITIALISATIONS[key].source}" for key in keys)
