"""What stands above and below a figure that leaves the page: without it nobody could say what it shows."""

from dataclasses import dataclass

from gruviz.comparison import Comparison
from gruviz.inputs import label
from gruviz.reading import Reading
from gruviz.reading.export import file_name, versions
from gruviz.records import written
from gruviz.signals import Notation

_LONGEST = 300  # characters of a sequence


@dataclass(frozen=True)
class Caption:
    """A title, sentences, the beginning of file names, and a sentence on the cursor, one for each of the tokens.

    In `cursor`, {step} and {token} stand for where the person is: the browser puts them in as well.
    """

    title: str
    lines: tuple[str, ...]
    name: str
    cursor: str = ""
    tokens: tuple[str, ...] = ()

    def at(self, step: int) -> tuple[str, ...]:
        """The sentences, with the cursor at a step, 1 to T."""
        if not self.cursor:
            return self.lines
        return (self.cursor.replace("{step}", str(step)).replace("{token}", self.tokens[step - 1]), *self.lines)


def reading_caption(reading: Reading, notation: Notation) -> Caption:
    """Of the signals of one reading over time."""
    model = reading.model
    changed = f"Changed: {shortened(written(reading.what_if))}" if reading.what_if else ""
    lines = (f"Sequence: {shortened(reading.text)}", changed, notation.sentence(reading.trace.spec), made_by())
    cell = reading.trace.cell  # random weights are of any
    title = model.full_title if cell in model.title else f"{model.full_title}, {cell}"
    return _with_cursor(title, lines, file_name("gruviz", model.name, reading.text), reading)


def comparison_caption(comparison: Comparison, title: str) -> Caption:
    """Of the hidden states of all cells of a task, whose title is given."""
    lines = (f"Sequence: {shortened(comparison.text)}", made_by())
    name = file_name("gruviz", comparison.task, comparison.text)
    return _with_cursor(f"{title}: {', '.join(comparison.readings)}", lines, name, comparison.any)


def _with_cursor(title: str, lines: tuple[str, ...], name: str, reading: Reading) -> Caption:
    tokens = tuple(label(token) for token in reading.trace.tokens)
    return Caption(
        title, tuple(filter(None, lines)), name, f"Cursor: step {{step}} of {len(tokens)}, “{{token}}”.", tokens
    )


def shortened(text: str) -> str:
    """A sequence on one line, its beginning where it is long."""
    return label(" ".join(text.split()), _LONGEST)


def made_by() -> str:
    """What drew the figure."""
    return f"gruviz {versions()['gruviz']}."
