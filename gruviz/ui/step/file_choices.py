"""What a person decides about a model file: what it does not say, what is in front of a part and what behind it."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from gruviz.common.quantities import count
from gruviz.errors import GruvizError
from gruviz.files import HEAD_KINDS, Head, Part, Question, Table, short
from gruviz.inputs import read_vocabulary
from gruviz.models.opened import Choices, heads
from gruviz.ui.model_links import said_of_vocabulary, same_vocabulary
from gruviz.ui.text import escape_markdown, small

_MOST_VOCABULARY = 5  # megabytes
_NONE = "none"

Asked = Mapping[str, str] | None  # how the opened link opens this file (`fields.OPENED`); None: it is about no file


@dataclass(frozen=True)
class _Vocabulary:
    """The tokens of an embedding's rows, and which file they are from, as a link says it; both empty without one."""

    tokens: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, eq=False)
class Decision:
    """What is decided about a part, the vocabulary as a link says it, and whether something is still open."""

    choices: Choices
    vocabulary: str
    missing: bool


def decision(part: Part, key: str, asked: Asked) -> Decision:
    """Asks what must be decided about a part; at first it is what the opened link says."""
    answers = {question.key: _answer(question, key, asked) for question in part.questions}
    front, behind = st.columns(2)  # on a screen that is wide enough, so that all of it is seen at once
    with front:
        table = _table(part, key, asked)
        words = _vocabulary(table, f"{key}-{table.name}", asked) if table else _Vocabulary()
        if table is not None:
            answers |= {question.key: _answer(question, key, asked) for question in table.questions}
    with behind:
        head = _head(part, key, asked)
        kind, labels = _meaning(head, f"{key}-{head.name}", asked) if head else ("", ())
    missing = "" in answers.values() or words is None or (head is not None and not kind)
    words = words or _Vocabulary()
    choices = Choices(
        part.name,
        answers,
        table.name if table else None,
        words.tokens,
        head.name if head else None,
        kind or None,
        labels,
    )
    return Decision(choices, words.said, missing)


def _answer(question: Question, key: str, asked: Asked) -> str:
    """What the person says to a question; "" while it is open."""
    st.markdown(small(question.text))
    wanted = None if asked is None else asked.get(question.key)
    return one_of(question.label, question.options, f"{key}-{question.key}", wanted=wanted)


def _table(part: Part, key: str, asked: Asked) -> Table | None:
    """The embedding in front; one that the file itself names is suggested."""
    if not part.tables:
        return None
    tables = {f"table-{place}": table for place, table in enumerate(part.tables)}
    size = {name: f"{short(each.name)}: {count(each.tokens, 'token')}" for name, each in tables.items()}
    options = {_NONE: f"nothing: numbers go in, {part.features} per step", **size}
    return tables.get(_found("In front of it", options, f"{key}-table", tables, asked, "embedding"))


def _head(part: Part, key: str, asked: Asked) -> Head | None:
    """The linear map behind; one that the file itself names is suggested."""
    found = {f"head-{place}": head for place, head in enumerate(heads(part))}
    if not found:
        return None
    size = {name: f"{short(each.name)}: {count(each.outputs, 'output')}" for name, each in found.items()}
    options = {_NONE: "nothing: no answer is shown", **size}
    return found.get(_found("Behind it", options, f"{key}-head", found, asked, "head"))


def _found(
    label: str, options: Mapping[str, str], key: str, found: Mapping[str, Table | Head], asked: Asked, argument: str
) -> str:
    """One of the tables or heads of the file: at first the one that the link names, or that the file itself does."""
    sure = next((name for name, each in found.items() if each.sure), _NONE)
    wanted = None
    if asked is not None:
        said = asked.get(argument)
        wanted = _NONE if said is None else next((name for name, each in found.items() if each.name == said), said)
    return one_of(label, options, key, sure, wanted)


def _meaning(head: Head, key: str, asked: Asked) -> tuple[str, tuple[str, ...]]:
    """What a head's outputs are, "" while that is open, and their names."""
    kind, asked = head.kinds[0], asked or {}
    if len(head.kinds) > 1:
        options = {each: HEAD_KINDS[each] for each in head.kinds}
        kind = one_of("Its answer is", options, f"{key}-kind", wanted=asked.get("kind"))
    else:
        st.markdown(small(f"Its answer is {HEAD_KINDS[kind]}."))
    label = "Names of the classes" if kind == "classes" else "What the answer is called"
    typed = st.text_input(label, asked.get("labels", ""), key=f"{key}-labels", placeholder="may stay empty",
                          help="With commas between them, in the order of the outputs.")  # fmt: skip
    return kind, tuple(name.strip() for name in typed.split(",")) if typed.strip() else ()


def _vocabulary(table: Table, key: str, asked: Asked) -> _Vocabulary | None:
    """The tokens of an embedding's rows; none without a file, None where the file can't be used."""
    given = st.file_uploader(
        "Vocabulary, if there is one", ["txt", "json", "vocab", "csv"], key=f"{key}-vocabulary",
        max_upload_size=_MOST_VOCABULARY, help="A JSON list or map, or one token per line. Without one, token numbers "
        "are typed.",
    )  # fmt: skip
    wanted = (asked or {}).get("vocabulary", "")
    said = "" if given is None else said_of_vocabulary(given.name, given.getvalue())
    if wanted and not same_vocabulary(wanted, said):
        st.warning(
            escape_markdown(f"The link is of the vocabulary {wanted[:120]}{', which is another one' * bool(said)}.")
        )
    if given is None:
        return _Vocabulary()
    try:
        return _Vocabulary(read_vocabulary(given.getvalue(), table.tokens), said)
    except GruvizError as error:
        st.error(escape_markdown(str(error)))
        return None


def one_of(label: str, options: Mapping[str, str], key: str, start: str = "", wanted: str | None = None) -> str:
    """One of the options (value -> words), at first `start`; "" while nothing is chosen, where there is none.

    wanted: what the opened link says, instead of `start` where there is such an option.
    """
    names = list(options)
    if wanted in names:
        start = wanted
    elif wanted is not None:
        st.warning(escape_markdown(f"The link sets “{label}” to “{short(wanted)}”, which this file does not have."))
    index = names.index(start) if start in names else None
    chosen = st.selectbox(label, names, index, format_func=options.__getitem__, key=f"model-file-{key}",
                          placeholder="Choose one")  # fmt: skip
    return chosen or ""
