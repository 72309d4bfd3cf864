"""Links to models that were opened from a file: the link names the file, and waits for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gruviz.files import counted_bytes
from gruviz.models import Model
from gruviz.models.opened import ModelFile
from gruviz.ui import link
from gruviz.ui.session import session

OPEN = "Open a file…"  # what the Step page calls it
_START = 12  # hexadecimal digits of the SHA-256: enough to tell one person's files apart
_SAID = re.compile(rf"(.+) \(([\d.,]+ [A-Za-z]+), SHA-256 ([0-9a-f]{{{_START}}})\)(?: \(\d+\))?", re.DOTALL)


@dataclass(frozen=True)
class AskedFile:
    """A file that the opened link is about: the start of its SHA-256, and what the link says for afterwards."""

    sha256: str
    texts: Mapping[str, str]  # by the name of a sequence's field
    place: Mapping[str, str] | None


def titled(model: Model, file: ModelFile) -> Model:
    """The model under a title that says which file it takes to open a link to it."""
    return replace(model, title=f"{model.title} ({counted_bytes(file.size)}, SHA-256 {file.sha256[:_START]})")


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
    texts = {key: text for key in ("seq", "rows") if (text := link.asked(key)) is not None}
    session().asked_file = AskedFile(said[3], texts, link.place())
    return (
        f"This link is of the model file {said[1][:120]} ({said[2]}, SHA-256 {said[3]}…), which a link can't hold. "
        f"Open it on the Step page with “{OPEN}”; the rest of the link then follows."
    )


def asked_for(file: ModelFile) -> AskedFile | None:
    """What the opened link says, if it is about this file."""
    asked = session().asked_file
    return asked if asked is not None and file.sha256.startswith(asked.sha256) else None
