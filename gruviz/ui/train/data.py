"""What a person brings: the fields for it, and what was read of it, before anything is trained."""

from typing import cast

import streamlit as st

from gruviz.common.quantities import count
from gruviz.live.labelled import MAX_CHARACTERS, By, Labelled
from gruviz.live.own import MIN_NUMBERS
from gruviz.live.sources import OwnData
from gruviz.ui import link
from gruviz.ui.session import fill, filled, held, session
from gruviz.ui.text import escape_markdown, small
from gruviz.ui.train import knobs

_GOOD, _BAD = ("good", "great"), ("bad", "dull")
EXAMPLE = "\n".join(
    f"The {noun} was {'not ' * negated}{word}.\t{'praise' if (word in _GOOD) != negated else 'complaint'}"
    for noun in ("soup", "film", "room", "trip", "talk", "song")
    for word in (*_GOOD, *_BAD)
    for negated in (False, True)
)
_SERIES = " ".join(str(round(20 + 10 * ((i * 7) % 12 - 6) / 6 + (i % 5))) for i in range(120))
_FIELDS = {"texts": "own-texts", "numbers": "own-numbers"}
_EXAMPLES = {"texts": EXAMPLE, "numbers": _SERIES}


def own_data(task: str) -> OwnData:
    """The fields for a person's own data; what stands there stays theirs, and is not in the link."""
    if task not in _FIELDS:
        return OwnData()
    key, kept = _FIELDS[task], session().own_data
    if not filled(key):
        fill(key, kept.get(task, _EXAMPLES[task]))
    hint = (
        "One line per text: the text, a tab, its label. Or CSV with a header, columns text and label."
        if task == "texts"
        else f"A series of numbers, in order of time, at least {MIN_NUMBERS} of them."
    )
    left, right = st.columns([3, 1])
    with right:
        by = cast(By, link.choice(knobs.BY)) if task == "texts" else "words"
        st.file_uploader("Upload a file", ["txt", "tsv", "csv"], key=f"{key}-file", on_change=_upload, args=(task,),
                         max_upload_size=5)  # fmt: skip
    label = "Your labelled texts" if task == "texts" else "Your numbers"
    with left:
        text = st.text_area(label, key=key, height=170, help=hint)
        st.markdown(small(f"{hint} It stays in your session: the link does not hold it."))
    kept[task] = text
    return OwnData(text, by)


def _upload(task: str) -> None:
    """Puts a file's text into the field; what is no text is shown as what it is there."""
    file = held(f"{_FIELDS[task]}-file")
    if file is not None:
        fill(_FIELDS[task], file.getvalue()[: 4 * MAX_CHARACTERS].decode("utf-8", "replace"))


def show_labelled(data: Labelled) -> None:
    """Split, class balance and vocabulary, and the lines that were left out."""
    balance = ", ".join(f"{label} {train} + {test}" for label, (train, test) in data.balance.items())
    some = " ".join(token for token in data.vocabulary[:12] if token.strip())
    sizes = f"{count(len(data.training), 'line')} to train and {len(data.held_out):,} held out"
    st.markdown(
        small(
            f"{sizes} (by label: {balance}). {len(data.vocabulary):,} different {data.by} to train, the most common: "
            f"{some}"
        )
    )
    for problem in data.problems:
        st.warning(escape_markdown(problem))
