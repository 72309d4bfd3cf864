"""Two runs of one network, one drawn over the other, and what sets them apart in words computed from both."""

from collections.abc import Sequence
from dataclasses import dataclass

from gruviz.inputs import label
from gruviz.reading.reading import Reading, read
from gruviz.reading.sentences import listed, quote
from gruviz.records import Divergence, Hold, Intervention, Replace, Shift, Skip, Span, divergence
from gruviz.signals import Cell, Notation


@dataclass(frozen=True, eq=False)
class Ghost:
    """The run that another one is drawn over: the untouched one, or that of another sequence."""

    reading: Reading
    divergence: Divergence  # of the run that is shown from this one

    @property
    def text(self) -> str:
        """The sequence it has read."""
        return self.reading.text


def untouched(reading: Reading) -> Ghost | None:
    """The same sequence with nothing changed; None where nothing is."""
    return ghost(reading, read(reading.model, reading.text)) if reading.what_if else None


def ghost(reading: Reading, other: Reading) -> Ghost:
    """Another run of the same model behind a reading."""
    return Ghost(other, divergence(other.trace, reading.trace))


def told(reading: Reading, behind: Ghost, notation: Notation | None = None) -> str:
    """What the change does: to the answer, and for how long to the state."""
    changed = described(reading.what_if, reading.trace.spec, notation or Notation())
    first = f"With {changed}, " if changed else ""
    other = "" if behind.text == reading.text else f" for “{label(behind.text, 60)}”"
    sentences = [_answer(reading, behind, other), _states(reading, behind)]
    text = " ".join(sentence for sentence in sentences if sentence)
    return first + text[0].lower() + text[1:] if first else text


def _answer(reading: Reading, behind: Ghost, other: str) -> str:
    """What the answer after the last step is, and what it is without the change."""
    if reading.answers is None or behind.reading.answers is None:
        return ""
    now, then = (each.text(len(each)) for each in (reading.answers, behind.reading.answers))
    if now == then:
        return f"The answer after the last step is {now}, as it is {other.strip() or 'without the change'}."
    return f"The answer after the last step is {now}; {other.strip() or 'without the change'} it is {then}."


def _states(reading: Reading, behind: Ghost) -> str:
    apart = behind.divergence
    if apart.first is None:
        return "The hidden state is the same at every step."
    begins = f"The two runs first differ at step {apart.first} ({quote(reading, apart.first)})"
    if apart.close:
        return f"{begins}, and stay within 1% of each other."
    if apart.together is None:
        return f"{begins} and are not within 1% of each other again."
    later = apart.together - apart.first
    return f"{begins} and are within 1% of each other again {later} step{'s' * (later != 1)} later."


def described(what_if: Sequence[Intervention], cell: Cell, notation: Notation) -> str:
    """Interventions in words, listed."""
    return listed([describe(each, cell, notation) for each in what_if])


def describe(each: Intervention, cell: Cell, notation: Notation) -> str:
    """One intervention in words, plain text: “the update gate of unit 3 held at 1 at steps 4 to 8”."""
    match each:
        case Skip():
            return f"{_steps(each.steps).removeprefix('at ')} skipped"
        case Replace(step, None):
            return f"the token of step {step + 1} read as unknown"
        case Replace(step, token):
            return f"the token of step {step + 1} read as “{label(str(token))}”"
    signal = next((signal for signal in cell.signals if signal.key == each.signal), None)
    name = f"“{each.signal}”" if signal is None else f"the {signal.name}"
    layer = "" if each.layer is None else f" in layer {each.layer}{', reverse' if each.reverse else ''}"
    whose = f"{name}{_units(each.units)}{layer}"  # type: ignore[arg-type]
    when = f" {_steps(each.steps)}" if each.steps is not None else ""
    if isinstance(each, Shift):
        return f"the bias of {whose} shifted by {_number(each.by, signed=True)}{when}"
    assert isinstance(each, Hold)
    flips = signal is not None and notation.flips(signal)
    return f"{whose} held at {_number(1 - each.value if flips else each.value)}{when}"


def _units(units: Sequence[int] | None) -> str:
    if units is None:
        return ""
    return f" of unit{'s' * (len(units) > 1)} {listed([str(unit) for unit in units])}"


def _steps(span: object) -> str:
    start, stop = _ends(span)
    if stop is not None and stop == start + 1:
        return f"at step {stop}"
    if stop is None:
        return "at the last step" if start == -1 else f"from step {start + 1} on"
    return f"at steps {start + 1} to {stop}"


def _ends(span: object) -> tuple[int, int | None]:
    assert isinstance(span, tuple)
    both: Span = span
    return both[0] or 0, both[1]


def _number(value: float, signed: bool = False) -> str:
    return f"{value:{'+' if signed else ''}.4g}".replace("-", "−")
