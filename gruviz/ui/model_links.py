"""Links to models that were opened from a file: the link names the file and how it was opened, and waits for it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gruviz.files import counted_bytes, short
from gruviz.models import Model
from gruviz.models.opened import Choices, ModelFile
from gruviz.ui import link
from gruviz.ui.fields import BEHIND, LINES, OPENED, ROWS, SEQUENCE, WHAT, WITHOUT
from gruviz.ui.session import session

OPEN = "Open a file…"  # what the Step page calls it
_START = 12  # hexadecimal digits of the SHA-256: enough to tell one person's files apart
_SAID = re.compile(rf"(.+) \(([\d.,]+ [A-Za-z]+), SHA-256 ([0-9a-f]{{{_START}}})\)(?: \(\d+\))?", re.DOTALL)
_OF_THE_MODEL = (*(row.key for row in (SEQUENCE, ROWS, WHAT, BEHIND, WITHOUT, LINES)), "layer", *OPENED)


@dataclass(frozen=True)
class AskedFile:
    """A file that the opened link is about: the start of its SHA-256, and what the link says for afterwards."""

    sha256: str
    postponed: link.Postponed

    def choices(self) -> Mapping[str, str]:
        """How the link opens the file: under names of `OPENED`, what is not left out there."""
        return {key: self.postponed.params[key][-1] for key in OPENED if key in self.postponed.params}


def titled(model: Model, file: ModelFile) -> Model:
    """The model under a title that says which file it takes to open a link to it."""
    return replace(model, title=_said(model.title, file.size, file.sha256))


def said_of_vocabulary(name: str, data: bytes) -> str:
    """Which file a vocabulary is, as a link says it."""
    return _said(short(name), len(data), hashlib.sha256(data).hexdigest())


def same_vocabulary(said: str, other: str) -> bool:
    """Whether a link means this vocabulary, whatever its file is called."""
    one, two = _SAID.fullmatch(said), _SAID.fullmatch(other)
    return one is not None and two is not None and one[3] == two[3]


def said_of_choices(choices: Choices, vocabulary: str) -> Mapping[str, str]:
    """How a file was opened, by the names of `OPENED`."""
    said = {
        "part": choices.part,
        "embedding": choices.table,
        "head": choices.head,
        "kind": choices.kind,
        "labels": ", ".join(choices.labels),
        **choices.answers,
        "vocabulary": vocabulary,
    }
    return {key: text for key, text in said.items() if text}


def note_asked_file(titles: Mapping[str, str]) -> str | None:
    """Call before the model's menu. Where the link that is opened now is about a file that this session has not opened
    (its models have these titles): keeps what it says for afterwards, and returns a sentence that asks for the file.
    """
    if not link.opens("model"):
        return None
    said = _SAID.fullmatch(link.asked("model") or "")
    session().asked_file = None
    if said is None or said[0] in titles.values():
        return None
    session().asked_file = AskedFile(said[3], link.wait(*_OF_THE_MODEL))
    return (
        f"This link is of the model file {said[1][:120]} ({said[2]}, SHA-256 {said[3]}…), which a link can't hold. "
        f"Open it on the Step page with “{OPEN}”; the rest of the link then follows."
    )


def asked_for(file: ModelFile) -> AskedFile | None:
    """What the opened link says, if it is about this file."""
    asked = session().asked_file
    return asked if asked is not None and file.sha256.startswith(asked.sha256) else None


def _said(name: str, size: int, sha256: str) -> str:
    return f"{name} ({counted_bytes(size)}, SHA-256 {sha256[:_START]})"
