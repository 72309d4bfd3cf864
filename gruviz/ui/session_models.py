"""Models of one session, beside those that everyone has: made on the Train page. A link does not hold them."""

from collections.abc import Mapping

from gruviz.models import Knob, KnobValue, Model, entries, load_model
from gruviz.ui.session import session

MOST = 12  # of a session; the oldest make room


def add(model: Model) -> None:
    """Makes a model one of this session. Its name says what is in it: results are kept by it, for all sessions."""
    models = session().models
    models.pop(model.name, None)
    models[model.name] = model
    for name in list(models)[:-MOST]:
        del models[name]


def load(name: str, knobs: Mapping[str, KnobValue] | None = None) -> Model:
    """A model by its name, of this session or of all."""
    own = session().models.get(name)
    return own if own is not None else load_model(name, knobs)


def knobs_of(name: str) -> tuple[Knob, ...]:
    """The settings of a model; one of this session has none."""
    return () if name in session().models else entries()[name].knobs


def titles() -> Mapping[str, str]:
    """By name, what the menu calls the models of this session; equal titles are numbered."""
    found = dict[str, str]()
    for name, model in session().models.items():
        same = sum(other.title == model.title for other in list(session().models.values())[: len(found)])
        found[name] = f"{model.title} ({same + 1})" if same else model.title
    return found
