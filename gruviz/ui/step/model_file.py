"""The Step page's menu for a model file of a person's own: the file, what it does not say, and what is around it."""

import hashlib
from dataclasses import replace

import streamlit as st

from gruviz.errors import GruvizError
from gruviz.files import counted_bytes, short
from gruviz.files.contents import READERS
from gruviz.models.opened import Choices, ModelFile, build
from gruviz.ui import controls, link, session_models
from gruviz.ui.model_links import OPEN, asked_for, said_of_choices, titled
from gruviz.ui.session import held, session
from gruviz.ui.step.file_choices import Decision, decision, one_of
from gruviz.ui.text import escape_markdown, small

_MENU, _FILE = "model-file", "model-file-upload"
_MOST = 50  # megabytes of a file


def model_file() -> None:
    """The menu; what is in it is sent only while it is open."""
    menu = st.popover(OPEN, icon=":material/upload_file:", key=_MENU, on_change="rerun")
    if not menu.open:
        return
    with menu:
        endings = sorted({ending.rpartition(".")[2] for ending in READERS})
        st.file_uploader("Model file", endings, key=_FILE, on_change=_read, max_upload_size=_MOST)
        st.markdown(small("PyTorch, safetensors, Keras 3 or ONNX. Nothing in the file is run, and it stays in your "
                          "session: the link only names it."))  # fmt: skip
        if session().file_problem:
            st.error(escape_markdown(session().file_problem))
        if (file := session().file) is not None:
            _decide(file)


def in_model_menu() -> None:
    """A button for the menu of models: another way to the menu above."""
    st.button(OPEN, key="model-file-way", icon=":material/upload_file:", on_click=_show)


def _show() -> None:
    link.put("model-menu", False)
    link.put(_MENU, True)


def _read() -> None:
    """Reads the file once, when it comes."""
    given, mine = held(_FILE), session()
    mine.file, mine.file_problem = None, ""
    if given is None:
        return
    try:
        mine.file = ModelFile.read(bytearray(given.getvalue()), given.name)
    except GruvizError as error:
        mine.file_problem = str(error)


def _decide(file: ModelFile) -> None:
    kind = f"{file.contents.format}, {counted_bytes(file.size)}"
    st.markdown(f"**{escape_markdown(short(file.name))}**, {escape_markdown(kind)}")
    link_of_it = asked_for(file)
    asked = None if link_of_it is None else link_of_it.choices()
    parts = {part.name: part for part in file.contents.parts}
    part = file.contents.parts[0]
    if len(parts) > 1:
        titles = {name: each.title() for name, each in parts.items()}
        wanted = None if asked is None else asked.get("part", part.name)
        part = parts[one_of("Recurrent part", titles, f"{file.sha256}-part", part.name, wanted)]
    else:
        st.markdown(small(part.title()))
    for note in part.notes:
        st.markdown(small(note))
    decided = decision(part, f"{file.sha256}-{part.name}", asked)
    st.button("Open it", type="primary", disabled=decided.missing, on_click=_open, args=(file, decided),
              key="model-file-open",
              help="Choose what the file does not say first." if decided.missing else None)  # fmt: skip


def _open(file: ModelFile, decided: Decision) -> None:
    """Makes the model one of the session and shows it, as the opened link says if it asked for this file."""
    mine, choices = session(), decided.choices
    try:
        model = build(file, choices)
        asked = asked_for(file)
        model = replace(titled(model, file), name=_name(model.name, file, choices))
    except GruvizError as error:
        mine.file_problem = str(error)
        return
    mine.file_problem = ""
    link.put(_MENU, False)  # the menu closes
    link.new_entry()
    several = len(file.contents.parts) > 1
    mine.opened[model.name] = said_of_choices(choices if several else replace(choices, part=None), decided.vocabulary)
    controls.show_model(model)
    if asked is not None:
        mine.asked_file = None
        link.reopen(asked.postponed, model=session_models.titles()[model.name])


def _name(name: str, file: ModelFile, choices: Choices) -> str:
    """Says what is in it: results are kept by the name, for all sessions."""
    decided = repr((choices.part, sorted(choices.answers.items()), choices.table, choices.vocabulary, choices.head,
                    choices.kind, choices.labels))  # fmt: skip
    return f"{name}-{file.sha256[:12]}-{hashlib.sha256(decided.encode('utf-8', 'replace')).hexdigest()[:8]}"
