"""A model: a recurrent module with the encoder that feeds it, its read-out, and where its weights come from."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from torch import nn

from gruviz.cells import trace
from gruviz.cells.layer_stack import View, units, views
from gruviz.errors import ModelError
from gruviz.inputs import Encoded, Encoder, check_size, replaced
from gruviz.models.read_outs import ReadOut
from gruviz.models.trained_on import TrainedOn
from gruviz.records import Answers, Array, Intervention, Replace, Trace, as_interventions

KnobValue = int | float | str


@dataclass(frozen=True)
class Knob:
    """A setting of a model that a person can turn. Either a number from `low` to `high`, or one of `options`."""

    key: str
    label: str
    default: KnobValue
    help: str
    low: float = 0
    high: float = 0
    step: float = 1
    options: Mapping[str, str] | None = None  # value -> what is shown
    only_if: tuple[str, tuple[str, ...]] | None = None  # shown only while that other knob has one of these values

    def applies(self, others: Mapping[str, KnobValue]) -> bool:
        """Whether it is shown while the knobs before it are set so."""
        return self.only_if is None or others[self.only_if[0]] in self.only_if[1]

    def allows(self, value: KnobValue) -> bool:
        """Whether `value` is of the right kind and within the range."""
        if self.options is not None:
            return isinstance(value, str) and value in self.options
        if isinstance(value, str | bool) or (isinstance(self.default, int) and not isinstance(value, int)):
            return False
        return self.low <= value <= self.high


def view_words(views: Sequence[View]) -> Mapping[View, str]:
    """Layers and directions in words: "layer 1", or "layer 1, from the end" where both directions are among them."""
    both = len({layer for layer, _ in views}) < len(views)
    return {view: f"layer {view[0]}{', from the end' if view[1] else ', forward' if both else ''}" for view in views}


@dataclass(frozen=True)
class Card:
    """Where a model's weights come from and how well they do: one sentence, then facts (name, text)."""

    summary: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Model:
    """A network that reads sequences. Shared between sessions, so nothing of it may be changed."""

    name: str
    title: str
    module: nn.Module
    encoder: Encoder
    card: Card
    example: str  # a sequence to open with
    read_out: ReadOut | None = None
    task: str = ""  # what it was trained for; models of one task read and answer alike
    trained_on: TrainedOn | None = None
    view: View = (0, False)  # the layer that is looked at, and whether in the direction that reads from the end

    @property
    def views(self) -> tuple[View, ...]:
        """Every layer and direction that can be looked at."""
        return views(self.module)

    @property
    def full_title(self) -> str:
        """The title with the layer and direction that is looked at, where there are several."""
        return f"{self.title}, {self.looks_at}" if self.looks_at else self.title

    @property
    def looks_at(self) -> str:
        """The layer and direction that is looked at, in words; "" where there is one alone."""
        return view_words(self.views)[self.view] if len(self.views) > 1 else ""

    @property
    def answers_at(self) -> View:
        """The layer and direction that the read-out reads: the top one's forward direction."""
        return max(self.views, key=lambda view: (view[0], not view[1]))

    def looking_at(self, view: View) -> "Model":
        """The same network, looked at in another layer or direction; ModelError where it has no such."""
        if view not in self.views:
            raise ModelError(f"{self.title} has no layer {view[0]}{', from the end' * view[1]}.")
        return replace(self, view=view)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """What the numbers are called that the layer looked at reads; empty where they have no names."""
        layer = self.view[0]
        if not layer:
            return self.encoder.names
        below = [view for view in self.views if view[0] == layer - 1]
        way = {False: ", forward", True: ", backward"} if len(below) > 1 else {view[1]: "" for view in below}
        return tuple(
            f"layer {layer - 1}{way[view[1]]}, unit {unit}"
            for view in below
            for unit in range(units(self.module, view))
        )

    def encode(self, text: str, what_if: Iterable[Intervention] = ()) -> Encoded:
        """Tokens and (T, D) values of a text, with warnings where training had nothing like it.

        what_if: of it, tokens that are replaced. SequenceError where the text can't be read or is too long to show.
        """
        encoded = self.encoder.encode(text)
        check_size(len(encoded.tokens), int(self.module.hidden_size))  # type: ignore[arg-type]
        if self.trained_on is not None:
            encoded = replace(encoded, warnings=(*encoded.warnings, *self.trained_on.warnings(encoded)))
        others = {each.step: each.token for each in as_interventions(what_if) if isinstance(each, Replace)}
        return replaced(self.encoder, encoded, others)

    def trace(self, text: str, what_if: Iterable[Intervention] = ()) -> Trace:
        """Everything the module computes for a text, zero initial state; what_if: see `gruviz.trace` and `Replace`."""
        return self.run(self.encode(text, what_if), what_if)

    def run(self, encoded: Encoded, what_if: Iterable[Intervention] = ()) -> Trace:
        """The same for a text that is encoded already, with the tokens that are replaced."""
        changed = as_interventions(what_if)
        changes = [each for each in changed if not isinstance(each, Replace)]
        layer, reverse = self.view
        run = trace(self.module, encoded.values, layer=layer, reverse=reverse, tokens=encoded.tokens, what_if=changes)
        return replace(run, what_if=changed) if len(changes) < len(changed) else run

    def outputs(self, trace: Trace) -> Array | None:
        """The model's answer after each step, (T,) or (T, K), as its read-out says; None where it has none."""
        return None if self.read_out is None else self.read_out(trace)

    @property
    def answer(self) -> ReadOut | None:
        """The old name of `read_out`; it goes with version 0.3."""
        warnings.warn("Model.answer is now called Model.read_out.", DeprecationWarning, stacklevel=2)
        return self.read_out

    def answers(self, trace: Trace) -> Answers | None:
        """The same with what it means, and with the answer to nothing read in front; for one sequence."""
        return None if self.read_out is None else self.read_out.answers(trace)
