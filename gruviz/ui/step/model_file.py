"""The Step page's menu for a model file of a person's own: the file, what it does not say, and what is around it."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from gruviz.common.quantities import count
from gruviz.errors import GruvizError
from gruviz.files import HEAD_KINDS, Head, Part, Table, counted_bytes, short
from gruviz.files.contents import READERS
from gruviz.inputs import read_vocabulary
from gruviz.models.opened import Choices, ModelFile, build, heads, questions
from gruviz.ui import controls, link
from gruviz.ui.model_links import OPEN, asked_for, titled
from gruviz.ui.session import held, session
from gruviz.ui.text import escape_markdown, small

_MENU, _FILE = "model-file", "model-file-upload"
_MOST = 50  # megabytes of a file
_MOST_VOCABULARY = 5


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
    parts = {part.name: part for part in file.contents.parts}
    part = file.contents.parts[0]
    if len(parts) > 1:
        titles = {name: each.title() for name, each in parts.items()}
        part = parts[_one_of("Recurrent part", titles, f"{file.sha256}-part", next(iter(parts)))]
    else:
        st.markdown(small(part.title()))
    for note in part.notes:
        st.markdown(small(note))
    choices, missing = _around(part, f"{file.sha256}-{part.name}")
    st.button("Open it", type="primary", disabled=missing, on_click=_open, args=(file, choices), key="model-file-open",
              help="Choose what the file does not say first." if missing else None)  # fmt: skip


def _around(part: Part, key: str) -> tuple[Choices, bool]:
    """What is decided about a part, and whether something is still missing."""
    table = _table(part, key)
    words = _vocabulary(table, f"{key}-{table.name}") if table else ()
    answers = dict[str, str]()
    for question in questions(part, table):
        st.markdown(small(question.text))
        answers[question.key] = _one_of(question.label, question.options, f"{key}-{question.key}")
    head = _head(part, key)
    kind, labels = _meaning(head, f"{key}-{head.name}") if head else ("", ())
    missing = "" in answers.values() or words is None or (head is not None and not kind)
    return Choices(
        part.name,
        answers,
        table.name if table else None,
        words or (),
        head.name if head else None,
        kind or None,
        labels,
    ), missing


def _table(part: Part, key: str) -> Table | None:
    """The embedding in front; one that the file itself names is suggested."""
    if not part.tables:
        return None
    tables = {f"table-{place}": table for place, table in enumerate(part.tables)}
    size = {name: f"{short(each.name)}: {count(each.tokens, 'token')}" for name, each in tables.items()}
    sure = next((name for name, each in tables.items() if each.sure), "none")
    options = {"none": f"nothing: numbers go in, {part.features} per step", **size}
    return tables.get(_one_of("In front of it", options, f"{key}-table", sure))


def _head(part: Part, key: str) -> Head | None:
    """The linear map behind; one that the file itself names is suggested."""
    options = {f"head-{place}": head for place, head in enumerate(heads(part))}
    if not options:
        return None
    size = {name: f"{short(each.name)}: {count(each.outputs, 'output')}" for name, each in options.items()}
    sure = next((name for name, each in options.items() if each.sure), "none")
    return options.get(_one_of("Behind it", {"none": "nothing: no answer is shown", **size}, f"{key}-head", sure))


def _meaning(head: Head, key: str) -> tuple[str, tuple[str, ...]]:
    """What a head's outputs are, "" while that is open, and their names."""
    kind = head.kinds[0]
    if len(head.kinds) > 1:
        kind = _one_of("Its answer is", {each: HEAD_KINDS[each] for each in head.kinds}, f"{key}-kind")
    else:
        st.markdown(small(f"Its answer is {HEAD_KINDS[kind]}."))
    label = "Names of the classes" if kind == "classes" else "What the answer is called"
    typed = st.text_input(label, key=f"{key}-labels", placeholder="may stay empty",
                          help="With commas between them, in the order of the outputs.")  # fmt: skip
    return kind, tuple(name.strip() for name in typed.split(",")) if typed.strip() else ()


def _vocabulary(table: Table, key: str) -> tuple[str, ...] | None:
    """The tokens of an embedding's rows; none without a file, None where the file can't be used."""
    given = st.file_uploader(
        "Vocabulary, if there is one", ["txt", "json", "vocab", "csv"], key=f"{key}-vocabulary",
        max_upload_size=_MOST_VOCABULARY, help="A JSON list or map, or one token per line. Without one, token numbers "
        "are typed.",
    )  # fmt: skip
    if given is None:
        return ()
    try:
        return read_vocabulary(given.getvalue(), table.tokens)
    except GruvizError as error:
        st.error(escape_markdown(str(error)))
        return None


def _one_of(label: str, options: Mapping[str, str], key: str, start: str = "") -> str:
    """One of the options (value -> words); "" while nothing is chosen, where there is no `start`."""
    names = list(options)
    index = names.index(start) if start in names else None
    chosen = st.selectbox(label, names, index, format_func=options.__getitem__, key=f"model-file-{key}",
                          placeholder="Choose one")  # fmt: skip
    return chosen or ""


def _open(file: ModelFile, choices: Choices) -> None:
    """Makes the model one of the session and shows it, as the opened link says if it asked for this file."""
    mine = session()
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
    controls.show_model(model)
    if asked is not None:
        mine.asked_file = None
        controls.show_asked(model, asked.texts, asked.place)


def _name(name: str, file: ModelFile, choices: Choices) -> str:
    """Says what is in it: results are kept by the name, for all sessions."""
    decided = repr((choices.part, sorted(choices.answers.items()), choices.table, choices.vocabulary, choices.head,
                    choices.kind, choices.labels))  # fmt: skip
    return f"{name}-{file.sha256[:12]}-{hashlib.sha256(decided.encode('utf-8', 'replace')).hexdigest()[:8]}"
