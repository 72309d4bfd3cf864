"""Models of one session, beside those that everyone has: made on the Train page. A link does not hold them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gruviz.cells.layer_stack import View
from gruviz.models import Knob, KnobValue, Model, by_task, entries, load_model
from gruviz.models.results import results
from gruviz.ui.session import session

MOST = 12  # of a session; the oldest make room


@dataclass(frozen=True)
class Group:
    """Models that read and answer alike: what the Compare page compares. `models`: by cell, their names."""

    name: str
    title: str
    models: tuple[tuple[str, str], ...]


def add(model: Model) -> None:
    """Makes a model one of this session. Its name says what is in it: results are kept by it, for all sessions."""
    models = session().models
    models.pop(model.name, None)
    models[model.name] = model
    for name in list(models)[:-MOST]:
        del models[name]
    groups = session().groups
    for key in [key for key, group in groups.items() if not {name for _, name in group.models} <= models.keys()]:
        del groups[key]


def add_group(title: str, models: Mapping[str, Model]) -> Group:
    """Makes models, by cell, those of this session, and a group for the Compare page."""
    for model in models.values():
        add(model)
    names = tuple((cell, model.name) for cell, model in models.items())
    group = Group("-".join(["group", *(name[-8:] for _, name in names)]), title, names)
    session().groups.pop(group.name, None)
    session().groups[group.name] = group
    return group


def groups() -> Mapping[str, Group]:
    """By name: one for each task that networks ship for, and those of this session."""
    shipped = {task: Group(task, results()[task].title, tuple(models.items())) for task, models in by_task().items()}
    return {**shipped, **session().groups}


def load(name: str, knobs: Mapping[str, KnobValue] | None = None) -> Model:
    """A model by its name, of this session or of all."""
    base, at, view = name.partition("@")
    own = session().models.get(base)
    if own is None:
        return load_model(base, knobs)
    return looking_at(own, (int(view.rstrip("r")), view.endswith("r"))) if at else own


def looked_at(name: str, view: str) -> str:
    """What `load` takes for a model of this session in one of its layers and directions, as `fields.layer` has them."""
    return f"{name}@{view}"


def looking_at(model: Model, view: View) -> Model:
    """A model in one of its layers and directions: only the one that its read-out reads gives answers."""
    there = model.looking_at(view)
    return there if view == model.answers_at else replace(there, read_out=None)


def views_of(name: str) -> tuple[View, ...]:
    """The layers and directions of a model of this session; none of the others, which have one alone."""
    own = session().models.get(name)
    return () if own is None or len(own.views) < 2 else own.views


def knobs_of(name: str) -> tuple[Knob, ...]:
    """The settings of a model; one of this session has none."""
    return () if name in session().models else entries()[name].knobs


def titles() -> Mapping[str, str]:
    """By name, what the menu calls the models of this session; equal titles are numbered."""
    names = dict[str, str]()
    for name, model in session().models.items():
        same = sum(other.title == model.title for other in list(session().models.values())[: len(names)])
        names[name] = f"{model.title} ({same + 1})" if same else model.title
    return names
