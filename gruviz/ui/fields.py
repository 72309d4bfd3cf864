"""What pages keep in the link: a row for each control, with its name there, its default, how it is read and written.

A control is a widget over one of these rows (`link.py`). A new one that is not in `pages()` fails a test; one that
is there is tried with every kind of bad value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gruviz.cells.layer_stack import View
from gruviz.models import Knob, KnobValue, entries, load_model
from gruviz.models.model import view_words
from gruviz.models.registry import Entry
from gruviz.models.results import results
from gruviz.reading.stories import STORIES
from gruviz.records.intervention_text import ALLOWED, unreadable
from gruviz.signals import CELLS, STANDARD, MeaningOfOne, Symbols
from gruviz.ui.field_kinds import Field, Line, Number, OneOf, Section, Several, Text
from gruviz.ui.gradients.knobs import FEED, KNOBS, SHOWN
from gruviz.ui.train import knobs as train

# Where the stepper stands, and how it is shown: it reads these itself, and writes them without the server (place.js).
PLACE = ("step", "unit", "op", "sort", "side", "present")


def model(more: Mapping[str, str] | None = None) -> OneOf[str]:
    """The model; `more` are those of the session, by name what the menu calls them."""
    titles = {name: entry.title for name, entry in entries().items()}
    return OneOf("model", "Model", {**(more or {}), **titles}, STORIES[0].model)


def model_sections(more: Mapping[str, str]) -> list[Section[str]]:
    """The model's menu: those of the session, a section for each task with its cells, and what was not trained."""
    tasks = dict[str, list[Entry]]()
    for entry in entries().values():
        tasks.setdefault(entry.task, []).append(entry)
    untrained = Section("untrained", "Not trained", {entry.name: entry.title for entry in tasks.pop("", [])})
    trained = [_section(task, of_task) for task, of_task in tasks.items()]
    own = [Section("own", "Of this session", more)] if more else []
    return [*own, *sorted(trained, key=lambda section: section.title), untrained]


def _section(task: str, of_task: Sequence[Entry]) -> Section[str]:
    """One task's models: by their cells, where these tell them apart."""
    cells = list(CELLS)
    ordered = sorted(of_task, key=lambda entry: cells.index(entry.cell))
    apart = len({entry.cell for entry in ordered}) == len(ordered)
    title = ordered[0].title.removesuffix(f", {ordered[0].cell}")
    return Section(task, title, {entry.name: entry.cell if apart else entry.title for entry in ordered})


def task(more: Mapping[str, str] | None = None) -> OneOf[str]:
    """The task that all three cells were trained on; `more` are networks of the session, by name what the menu says."""
    titles = {name: result.title for name, result in results().items()}
    return OneOf("task", "Task", {**(more or {}), **titles}, load_model(STORIES[0].model).task)


def knob(row: Knob) -> OneOf[str] | Number[Any]:
    """A model's knob."""
    if row.options is not None:
        return OneOf(row.key, row.label, row.options, str(row.default), row.help)
    if isinstance(row.default, int):
        return Number(row.key, row.label, int(row.low), int(row.high), row.default, int(row.step), row.help)
    return Number(row.key, row.label, float(row.low), float(row.high), float(row.default), float(row.step), row.help)


def layer(views: Sequence[View], first: View) -> OneOf[str]:
    """The layer and direction of a model of the session's own; `first` is the one that it opens on."""
    words = {view_key(view): words for view, words in view_words(views).items()}
    return OneOf("layer", "Layer", words, view_key(first))


def view_key(view: View) -> str:
    """A layer and direction in short: "1", "1r" for the direction that reads from the end."""
    return f"{view[0]}{'r' * view[1]}"


SEQUENCE = Text("seq", "Sequence")  # on one line
ROWS = Text("rows", "Sequence")  # numbers in columns, one line per step
_SYMBOLS: dict[Symbols, str] = {"pytorch": "PyTorch", "cho": "Cho et al.", "ng": "Ng’s course"}
_ONE_MEANS: dict[MeaningOfOne, str] = {"keep": "keep the old state", "write": "write the candidate"}
SYMBOLS = OneOf("symbols", "Symbols", _SYMBOLS)
ONE = OneOf(
    "one", "An update gate of 1 means", _ONE_MEANS,
    help="The same network under two labels: PyTorch, Keras, ONNX and Cho et al. 2014 write the gate so that 1 "
    "keeps; Chung et al. 2014 and Ng’s course so that 1 writes.",
)  # fmt: skip
VIEW = OneOf("view", "View", {"heatmap": "Heatmaps", "lines": "Lines"})
LINES = Several("lines", "Units")
WHAT = Line(
    "what", "Changes", unreadable, ALLOWED,
    "What is changed in the run, one change after the other with ; between them. z[3]@4-8=1 holds the update gate of "
    "unit 3 at 1 in steps 4 to 8; z=1 holds that of all units in all steps; z+=2 adds 2 to its bias; h@5=0 empties "
    "the state at step 5; skip@3 leaves a token out; read@4=good and unknown@6 read another one in its place.",
)  # fmt: skip
BEHIND = Line("behind", "Compare with", help="Another sequence, drawn behind this one step by step.")
WITHOUT = OneOf(
    "without", "Each token", {"off": "as it is", "left out": "left out", "unknown": "read as unknown"},
    help="The network runs once more per token, without it: the bars under the tokens show by how much the answer "
    "changes. This is leave-one-out; it says what this network does without the token, and no more.",
)  # fmt: skip
# How the file of a model was opened, in the words of gruviz.open_model; only links to such a model have these.
OPENED = ("part", "embedding", "head", "kind", "labels", "nonlinearity", "reset", "mask", "vocabulary")
SIDE = OneOf("side", "Beside the cell", {"time": "time", "arithmetic": "arithmetic"})
PRESENT = OneOf("present", "Present", {"no": "no", "yes": "yes"})
SHOW = OneOf("show", "View", {"norms": "Gradient norms", "overlay": "In one panel", "jacobians": "Jacobians"})


@dataclass(frozen=True)
class Page:
    """What one page keeps in the link. `needs`: for some fields, what else a link must say for them to be shown."""

    path: str
    fields: Mapping[str, Field]
    needs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def _columns() -> str:
    return next(name for name in entries() if load_model(name).encoder.multiline)


def pages() -> Mapping[str, Page]:
    """The table, by the pages' titles."""
    reads: list[Field] = [model(), SEQUENCE, ROWS]
    needs: dict[str, Mapping[str, str]] = {"rows": {"model": entries()[_columns()].title}, "lines": {"view": "Lines"}}
    for entry in entries().values():
        for row in entry.knobs:
            reads.append(knob(row))
            gate = {row.only_if[0]: _name(entry.knobs, row.only_if[0], row.only_if[1][0])} if row.only_if else {}
            needs[row.key] = {"model": entry.title, **gate}
    from_step = {FEED.control.key: FEED.control.told("sequence")}
    experiment: list[Field] = [*(each.control for each in KNOBS), SHOW]
    gradient_needs = {each.key: {**from_step, **needs.get(each.key, {})} for each in reads}
    for turn in KNOBS:
        shown = {SHOWN.control.key: turn.cells[0]} if not set(turn.cells) & set(STANDARD) else {}
        gradient_needs[turn.control.key] = shown
        for name, number in turn.amounts().items():
            experiment.append(number)
            gradient_needs[number.key] = {**shown, turn.control.key: turn.control.told(name)}
    return {
        "Step": Page("/", _by_key([*reads, WHAT, BEHIND, WITHOUT, SYMBOLS, ONE, VIEW, LINES, SIDE, PRESENT]),
                     needs),
        "Gradients": Page("/gradients", _by_key([*experiment, *reads]), gradient_needs),
        "Compare": Page("/compare", _by_key([task(), SEQUENCE, ROWS]),
                        {"rows": {"task": results()[load_model(_columns()).task].title}}),
        "Train": Page("/train", _by_key(train.fields()), train.needs()),
    }  # fmt: skip


def _name(knobs: Sequence[Knob], key: str, value: KnobValue) -> str:
    options = next(row.options for row in knobs if row.key == key) or {}
    return options[str(value)]


def _by_key(rows: Sequence[Field]) -> dict[str, Field]:
    return {row.key: row for row in rows}
