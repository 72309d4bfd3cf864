"""From the controls' choice to what is on screen; on a mistake, the last good one stays."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from gruviz.common.cache import Kept, kept
from gruviz.common.progress import Progress
from gruviz.comparison import Comparison, compare_models
from gruviz.errors import GruvizError
from gruviz.inputs import Encoded
from gruviz.models import Model
from gruviz.reading import Reading, read
from gruviz.ui.compare.controls import Compared
from gruviz.ui.controls import Choice, input_kind
from gruviz.ui.long_work import silent
from gruviz.ui.session import session
from gruviz.ui.text import escape_markdown, small

Found = TypeVar("Found", Reading, Comparison)
Asked = TypeVar("Asked", Choice, Compared)


@kept(megabytes=64, shared=(Model,))
def _read(choice: Choice, on_progress: Progress = None) -> Reading:  # noqa: ARG001  # short, but may be waited for
    return read(choice.load(), choice.text)


@kept(megabytes=96, shared=(Model,))
def _compare(choice: Compared, on_progress: Progress = None) -> Comparison:
    return compare_models(choice.group.name, choice.models(), choice.text, on_progress)


def reading(
    choice: Choice, under: Any, notices: Any, check: Callable[[Reading], None] = lambda _: None
) -> tuple[Choice, Reading]:
    """What to show for a choice: it, or the same model with its last text that could be read, with a sentence on why.

    The sentence goes into `notices`, a container that is always there: were the elements below to move down for it,
    Streamlit would take them off the screen for a moment. `under` the field there is always a line, for the same
    reason: what was understood of the text. `check` raises for what the page can't use, though it can be read.
    """
    return _or_last(choice, _read, under, notices, check)


def comparison(choice: Compared, under: Any, notices: Any) -> Comparison:
    """The same for all of the choice's networks."""
    return _or_last(choice, _compare, under, notices, lambda _: None)[1]


def _understood(encoded: Encoded) -> str:
    """One line in small print, Markdown: what was read, then what a person should know before believing the answer."""
    warnings = "".join(f" :small[**⚠ {escape_markdown(warning)}**]" for warning in encoded.warnings)
    return small(f"Read as {encoded.read_as}.") + warnings


def _or_last(
    choice: Asked, find: Kept[..., Found], under: Any, notices: Any, check: Callable[[Found], None]
) -> tuple[Asked, Found]:
    model, readable = choice.load(), session().readable
    try:
        result = find(choice, on_progress=silent)
        check(result)
    except GruvizError as error:
        text = readable.get(input_kind(model))
        under.markdown(small("Not read."))
        if text is not None:
            choice = replace(choice, text=text)
            with suppress(GruvizError):  # another page could show it, this one can't
                check(result := find(choice, on_progress=silent))
                notices.error(escape_markdown(f"{error} Shown below: the last sequence that could be read."))
                return choice, result
        notices.error(escape_markdown(f"{error} Shown below: an example."))
        choice = replace(choice, text=model.example)
        return choice, find(choice, on_progress=silent)
    readable[input_kind(model)] = choice.text
    under.markdown(_understood(result.encoded if isinstance(result, Reading) else result.any.encoded))
    return choice, result
