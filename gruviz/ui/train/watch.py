"""Starting, watching and pausing a run: the buttons, and a part of the page that asks for news by itself."""

import hashlib
from functools import partial

import streamlit as st

from gruviz.common.quantities import count
from gruviz.errors import GruvizError
from gruviz.live import sentences
from gruviz.live.as_model import as_model
from gruviz.live.program import program, tensors
from gruviz.live.run import Look, Run
from gruviz.live.settings import LiveSettings
from gruviz.live.source import Source
from gruviz.live.sources import OwnData, source
from gruviz.live.stories import LiveStory
from gruviz.models import Model
from gruviz.reading.export import file_name
from gruviz.ui.compare.controls import show_group
from gruviz.ui.controls import show_model
from gruviz.ui.downloads import File, files_menu
from gruviz.ui.frame import Notices
from gruviz.ui.session import session
from gruviz.ui.text import escape_markdown, small
from gruviz.ui.train.data import show_labelled
from gruviz.ui.train.payload import look_payload
from gruviz.ui.turns import end_turn
from gruviz.ui.wire import as_bytes

POLL = 0.18  # seconds between two looks: at least five drawings a second
_GOING = ("waiting", "training")

_COMPONENT = st.components.v2.component(
    "gruviz.train", html='<div class="mount"></div>', js="train/train.js", css="train/train.css"
)


def usable_run(settings: LiveSettings, data: OwnData, notices: Notices) -> Run | None:
    """The session's run of these settings and data; others than before begin a new one, and end the one there was.

    Where they can't be used, the notices say why; the run that there was is paused and kept.
    """
    mine, key = session(), (settings, data)
    if mine.run is None or mine.run_key != key:
        if mine.run is not None:
            mine.run.pause()
        end_turn()
        try:
            made, lines = source(settings, data)
        except GruvizError as error:
            notices.error(escape_markdown(str(error)))
            return mine.run
        mine.run, mine.run_key, mine.lines = Run(settings, made), key, lines
    if mine.lines is not None:
        show_labelled(mine.lines)
    return mine.run


def buttons(run: Run) -> None:
    """Start or pause, one update, reset."""
    look = run.look()
    going = look.state in _GOING
    over = look.state == "finished"
    name, icon, act = ("Pause", "pause", run.pause) if going else ("Start", "play_arrow", run.start)
    st.button(name, key="train-start", icon=f":material/{icon}:", on_click=act, disabled=over)
    st.button("One update", key="train-step", icon=":material/skip_next:", on_click=run.step, disabled=over)
    st.button("Reset", key="train-reset", icon=":material/replay:", on_click=_reset, args=(run,),
              disabled=look.state == "ready")  # fmt: skip


def _reset(run: Run) -> None:
    """The same settings from their first weights."""
    run.pause()
    session().run = Run(run.settings, run.source)


def watch(run: Run, story: LiveStory | None, axis: str) -> None:
    """Sentences and picture; while the run trains, they alone are drawn, several times a second."""
    going = run.look().state in _GOING

    @st.fragment(run_every=POLL if going else None)
    def news() -> None:
        look = run.look()
        if going and look.why == "unwatched":  # the server was too busy to ask for news in time
            run.start()
        _draw(look, run.source, story, axis)
        if going and look.state not in _GOING and look.why != "unwatched":
            st.rerun()

    news()


def _draw(look: Look, made: Source, story: LiveStory | None, axis: str) -> None:
    facts = [sentences.waiting(look), sentences.progress(look, made), sentences.reason(look), sentences.ending(look)]
    look_for = f" {small(story.look_for)}" if story is not None and look.updates else ""
    st.markdown(escape_markdown(" ".join(fact for fact in facts if fact)) + look_for)
    _COMPONENT(key="train", data=as_bytes(look_payload(look, made, axis)))


def open_elsewhere(run: Run) -> None:
    """A menu of the networks: as they are now, one goes to the Step and Gradients pages, or all go to Compare."""
    with st.popover("Open in Step or Compare", icon=":material/open_in_new:", key="train-open"):
        for cell in run.look().history:
            if st.button(cell, key=f"train-open-{cell}", width="stretch"):
                show_model(_model(run, cell))
                _go("pages/step.py")
        if st.button("All in Compare", key="train-compare", icon=":material/compare_arrows:", width="stretch"):
            updates = run.look().updates
            models = {cell: _model(run, cell) for cell in run.look().history}
            show_group(f"{run.source.title}, {count(updates, 'update')}", models)
            _go("pages/compare.py")
        st.markdown(small("The networks as they are now, as models of this session. They are not in the link."))


def _go(page: str) -> None:
    # the address stays until `link.js` writes the next one: cleared, it would be an entry of the history
    st.switch_page(page, query_params=st.query_params.to_dict())


def _model(run: Run, cell: str) -> Model:
    """Named by what its weights are: other networks have other names."""
    look, network = run.look(), run.networks()[cell]
    name = f"trained-{hashlib.blake2b(repr(run.settings).encode() + tensors(network), digest_size=8).hexdigest()}"
    score = look.held_out[cell][0] if cell in look.held_out else None
    return as_model(network, run.source, run.settings, cell, look.updates, score, name)


def files(run: Run) -> None:
    """Each network's weights, and a program that loads them."""
    made = list[File]()
    for cell in run.look().history:
        name = file_name("gruviz", "trained", run.source.name, cell)
        weights, lines = partial(_weights, run, cell), partial(_program, run, cell, f"{name}.safetensors")
        made.append(File(f"Weights, {cell}", f"{name}.safetensors", "application/octet-stream", weights))
        made.append(File(f"PyTorch program, {cell}", f"{name}.py", "text/x-python", lines))
    files_menu(made, "train")


def _weights(run: Run, cell: str) -> bytes:
    return tensors(run.networks()[cell])


def _program(run: Run, cell: str, file: str) -> str:
    return program(run.networks()[cell], run.source, run.settings, cell, run.look().updates, file)
