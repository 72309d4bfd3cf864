"""One sequence through the RNN, LSTM and GRU of a task: what each says after each step, and where they disagree."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gruviz.common.progress import Progress, reporting
from gruviz.common.quantities import count, each_of
from gruviz.errors import ModelError
from gruviz.models import Model, by_task, load_model
from gruviz.reading import Reading, read
from gruviz.reading.sentences import answers_of, listed, quote
from gruviz.records import Array, Shares


@dataclass(frozen=True, eq=False)
class Comparison:
    """What several networks made of one text, by what each is called.

    task: the name of what they were trained for, or another name for all of them, for files.
    """

    task: str
    text: str
    readings: Mapping[str, Reading]

    def __len__(self) -> int:
        return len(self.any.trace)

    @property
    def any(self) -> Reading:
        """One of the readings, for what they share: tokens, and which of them are known."""
        return next(iter(self.readings.values()))

    def apart(self) -> Array:
        """The largest distance between two cells' answers after each step, (T,)."""
        answers = [answers_of(reading) for reading in self.readings.values()]
        most: Array = np.max([one.distance(other) for one, other in combinations(answers, 2)], axis=0)
        return most

    def differ(self) -> tuple[bool, ...]:
        """For each step, whether the cells' verdicts are not all the same; never for numbers."""
        answers = [answers_of(reading) for reading in self.readings.values()]
        steps = range(1, len(self) + 1)
        return tuple(len({answer.verdict(step) for answer in answers}) > 1 for step in steps)

    def widest(self) -> int:
        """The step, 1 to T, after which two of the answers are furthest apart."""
        return int(self.apart().argmax()) + 1


def compare(task: str, text: str, on_progress: Progress = None) -> Comparison:
    """Reads a text with the shipped networks of all cells of a task; see `compare_models`."""
    if task not in by_task():
        raise ModelError(f"There is no task called “{task[:40]}”. There are: {', '.join(by_task())}.")
    return compare_models(task, {cell: load_model(name) for cell, name in by_task()[task].items()}, text, on_progress)


def compare_models(task: str, models: Mapping[str, Model], text: str, on_progress: Progress = None) -> Comparison:
    """Reads a text with two models or more from anywhere, by what each is called, that read and answer alike.

    on_progress: called before each model with the fraction done; an exception that it raises cancels.
    SequenceError where the text can't be read; ModelError for a single model, and where answers can't be compared.
    """
    if len(models) < 2:
        raise ModelError(f"A comparison takes two models or more; here {'is one' if models else 'are none'}.")
    readings = {called: read(model, text) for called, model in reporting(list(models.items()), on_progress)}
    first, *others = readings.values()
    for other in others:
        if other.trace.tokens != first.trace.tokens:
            raise ModelError(f"{first.model.title} and {other.model.title} read other tokens in this text.")
        try:
            answers_of(first).distance(answers_of(other))
        except TypeError as error:
            raise ModelError(f"{first.model.title} and {other.model.title} answer different questions.") from error
    return Comparison(task, text, readings)


def summary(comparison: Comparison) -> str:
    """Where the cells disagree, and what they say in the end."""
    answers = {cell: answers_of(reading) for cell, reading in comparison.readings.items()}
    steps, widest, differ = len(comparison), comparison.widest(), comparison.differ()
    end = listed([f"{cell} ({answer.text(steps)})" for cell, answer in answers.items()])
    shared = next(iter(answers.values()))
    actual = shared.actual(steps)
    said = [f"After the last step: {end}{f', {shared.beside}: {actual}' if actual else ''}."]
    if any(isinstance(answer, Shares) for answer in answers.values()):
        said.append(_steps(differ))
    one, other = max(combinations(answers, 2), key=lambda pair: answers[pair[0]].distance(answers[pair[1]])[widest - 1])
    if not answers[one].distance(answers[other])[widest - 1]:
        return " ".join([*said, "Their answers are the same to the last digit."])
    said.append(
        f"They differ most at step {widest} ({quote(comparison.any, widest)}): "
        f"{one} ({answers[one].text(widest)}) and {other} ({answers[other].text(widest)})."
    )
    return " ".join(said)


def _steps(differ: tuple[bool, ...]) -> str:
    if not any(differ):
        return f"Their verdicts agree after {each_of(len(differ), 'step')}."
    first = differ.index(True) + 1
    return f"Their verdicts differ after {sum(differ)} of {count(len(differ), 'step')}, first at step {first}."
