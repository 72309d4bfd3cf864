"""Stories: settings that show something, where in the sequence it happens, and a sentence computed from the numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from gruviz.common.quantities import share
from gruviz.errors import ModelError
from gruviz.models import KnobValue, by_task, load_model
from gruviz.models.opening_names import opening_name
from gruviz.models.tasks.brackets import ANSWERS, DEEPEST, judged
from gruviz.models.tasks.sunspots import Sunspots
from gruviz.reading.reading import Reading, read
from gruviz.reading.sentences import StepAndUnit, answer_at, answers_of, largest_change, mover, overview, quote, signed
from gruviz.records import Shares, Values


@dataclass(frozen=True)
class Story:
    """A preset: what to set, where to look, what to say. `find` and `sentence` work on what was read."""

    key: str
    teaches: str
    title: str
    model: str
    sequence: str
    find: Callable[[Reading], StepAndUnit]
    sentence: Callable[[Reading, StepAndUnit], str]
    knobs: Mapping[str, KnobValue] = field(default_factory=dict)


def _turn(reading: Reading, _: StepAndUnit) -> str:
    words, says = [token.casefold() for token in reading.trace.tokens], answers_of(reading).text
    but = words.index("but") + 1
    return f"Before “but” the model says {says(but - 1)}, after the last word {says(len(words))}."


def _negation(reading: Reading, _: StepAndUnit) -> str:
    plain = read(reading.model, reading.text.replace("not ", ""))
    return (
        f"With “not” the model ends at {answers_of(reading).text(len(reading.trace))}, "
        f"without it at {answers_of(plain).text(len(plain.trace))}."
    )


def _pairs(reading: Reading, _: StepAndUnit) -> str:
    def ends(text: str) -> str:
        other = read(reading.model, text)
        return answers_of(other).text(len(other.trace))

    says, first = answers_of(reading).text, " ".join(reading.trace.tokens[:2])
    return (
        f"“bad” alone ends at {ends('bad')}, “not bad” at {ends('not bad')}; “good” alone at {ends('good')}, "
        f"“not good” at {ends('not good')}. Here the model says {says(2)} after “{first}”, and "
        f"{says(len(reading.trace))} at the end."
    )


def _verdict(reading: Reading, at: StepAndUnit) -> str:
    step, unit = at
    trace = reading.trace
    later = trace["z"][step:, unit]
    if not len(later):
        return overview(reading)
    start, end = trace["h"][step - 1, unit], trace["h"][-1, unit]
    return (
        f"{answer_at(reading, step)} {len(later)} steps later it says {answers_of(reading).text(len(trace))}. "
        f"Unit {unit} went to {signed(start)} there and ends at {signed(end)}; "
        f"on the way its update gate kept {share(later.mean(), 1)} of the state per step on average."
    )


def _peak(reading: Reading, _: StepAndUnit) -> str:
    answers = answers_of(reading)
    high, low = int(answers.sizes().argmax()) + 1, int(answers.sizes().argmin()) + 1
    return (
        f"The answer runs between {answers.text(low)} (at {quote(reading, low)}, step {low}) and "
        f"{answers.text(high)} (at {quote(reading, high)}, step {high}), and ends at "
        f"{answers.text(len(answers))}."
    )


def _untrained(reading: Reading, _: StepAndUnit) -> str:
    return f"Nothing was learned here: the weights are random. {overview(reading)}"


def _first(reading: Reading) -> StepAndUnit:
    return StepAndUnit(1, mover(reading, 1))


def _last(reading: Reading) -> StepAndUnit:
    return StepAndUnit(len(reading.trace), mover(reading, len(reading.trace)))


def _reply(reading: Reading, _: StepAndUnit) -> str:
    shares, played = _shares(reading), reading.trace.tokens
    ranked = ", ".join(f"{move} ({share(likely)})" for move, likely in shares.ranking(1, 3))
    predicted = sum(shares.told(step) == option for step, option in enumerate(shares.followed, 1) if step < len(played))
    return (
        f"After 1. {played[0]} ({opening_name(played[:1])}) the likeliest replies are {ranked}. "
        f"With 1… {played[1]} it is {opening_name(played[:2])}, and in the end {opening_name(played)}. "
        f"Of the {len(played) - 1} moves that follow the first, the model's likeliest one was played {predicted} times."
    )


def _mind(reading: Reading, _: StepAndUnit) -> str:
    answers, step = answers_of(reading), len(reading.trace)
    return f"Before the last letter the model says {answers.text(step - 1)}, with it {answers.text(step)}."


def _minimum(reading: Reading) -> StepAndUnit:
    step = int(np.argmin(reading.trace.inputs[:, 0])) + 1
    return StepAndUnit(step, mover(reading, step))


def _month(reading: Reading, at: StepAndUnit) -> str:
    answers, step = answers_of(reading), at.step
    if not isinstance(answers, Values):
        raise ModelError(f"{reading.model.title} predicts no numbers; this story needs a model that does.")
    errors = dict(answers.errors())
    own = errors.pop("", None)
    if own is None:
        return overview(reading)
    off = ", ".join(f"{_short(name)} by {answers.number(error)}" for name, error in errors.items())
    known = {name: float(row[step - 1]) for name, row in answers.baselines.items() if not np.isnan(row[step - 1])}
    compared = [f"{_short(name)} {answers.bare(number)}" for name, number in known.items()]
    if answers.actual(step):
        compared.append(f"{answers.beside} {answers.actual_short(step)}")
    beside = f" ({', '.join(compared)})" if compared else ""
    return (
        f"At {quote(reading, step)}, the lowest month, the model predicts {answers.text(step)}{beside}. Over the "
        f"{len(answers) - 1} months whose next one is known it is off by {answers.number(own)} on average; {off}."
    )


def _short(baseline: str) -> str:
    """Its name without what it does."""
    return baseline.partition(" (")[0]


def _deepest(reading: Reading) -> StepAndUnit:
    depths = [depth if depth <= DEEPEST else -1 for depth in judged(reading.text)]
    step = int(np.argmax(depths)) + 1
    return StepAndUnit(step, mover(reading, step))


def _brackets(reading: Reading, at: StepAndUnit) -> str:
    shares, step = _shares(reading), at.step
    right = [ANSWERS[int(answer)] for answer in judged(reading.text)]
    wrong = [t for t, truth in enumerate(right, 1) if shares.verdict(t) != truth]
    verdict = f"wrong first at step {wrong[0]}" if wrong else "right after each of them"
    return (
        f"At step {step} the string is {right[step - 1]}, and the model says {shares.text(step)}. Over the "
        f"{len(right)} characters it is {verdict}."
    )


def _keeper(reading: Reading) -> StepAndUnit:
    """The last step, and the unit that keeps most on the way."""
    return StepAndUnit(len(reading.trace), int(reading.trace["z"][1:].mean(0).argmax()))


def _kept(reading: Reading, at: StepAndUnit) -> str:
    others = by_task()[reading.model.task]
    rnn = read(load_model(others["RNN"]), reading.text)
    step, unit = at
    z, h = reading.trace["z"][1:step, unit], reading.trace["h"][:, unit]
    if not len(z):
        return overview(reading)
    return (
        f"The first letter is {reading.trace.tokens[0]}. After {step - 1} steps of noise the GRU says "
        f"{answers_of(reading).text(step)}; an RNN with as many parameters, after the same trials, says "
        f"{answers_of(rnn).text(step)}. "
        f"Unit {unit} of the GRU went to {signed(h[0])} at the first letter and is at {signed(h[step - 1])}: its "
        f"update gate kept {share(z.mean(), 2)} of the state per step on average."
    )


def _shares(reading: Reading) -> Shares:
    answers = answers_of(reading)
    if not isinstance(answers, Shares):
        raise ModelError(f"{reading.model.title} gives a number; this story needs a model that chooses.")
    return answers


def _marker(reading: Reading) -> StepAndUnit:
    return StepAndUnit(next(i for i, token in enumerate(reading.trace.tokens, 1) if token.endswith("!")), 0)


def _latch(reading: Reading, at: StepAndUnit) -> str:
    step, unit = at
    trace = reading.trace
    z, h = trace["z"][:, unit], trace["h"][:, unit]
    question = trace.tokens.index("?")
    return (
        f"At the marker ({quote(reading, step)}) the latch's update gate falls to {z[step - 1]:.4f} and the bit is "
        f"written: h = {signed(h[step - 1], 3)}. Through the {question - step} steps after it the gate keeps at least "
        f"{share(z[step:question].min(), 2)} per step, so at “?” h is still {signed(h[question], 3)}. There the "
        f"reader's reset gate opens from {trace['r'][question - 1, 1]:.4f} to {trace['r'][question, 1]:.4f}, and unit "
        f"1 says {signed(trace['h'][question, 1], 3)}."
    )


NOISE = (
    "x z w y w x z y x x w z y w z x y y w z x w y z z x w y x z w w y x z y x w z x y w z y w x z y x w "
    "z x y w x z w y z x y y w x z w x y z w z x y w y x z w x z y w x y z w y x z w y z x w z y x w y z"
)  # 100 steps that say nothing

_GATES = "What the gates do at one word"
_MEMORY = "What is remembered, and for how long"
_ANSWER = "How an answer builds up"
_COUNTS = "Depths and numbers"
_UNTRAINED = "Before training"

STORIES: tuple[Story, ...] = (
    Story("turn", _GATES, "A review that turns at “but”", "sentiment-gru",
          "The food was great but the service was terrible.", largest_change, _turn),
    Story("negation", _GATES, "A negation", "sentiment-gru", "This movie was not good.", largest_change, _negation),
    Story("pairs", _GATES, "Not bad, not good", "sentiment-gru", "Not bad, not good.", largest_change, _pairs),
    Story("verdict", _MEMORY, "Verdict first, filler after", "sentiment-gru",
          "Terrible movie. I watched it on a plane with my brother.", largest_change, _verdict),
    Story("cereal", _ANSWER, "A cereal review", "sentiment-gru",
          "Amazing! This box of cereal gave me a perfectly balanced breakfast, as all things should be. "
          "I will definitely be buying again!", largest_change, _peak),
    Story("sicilian", _ANSWER, "King’s Pawn, then the Sicilian", "openings-gru",
          "e4 c5 Nf3 d6 d4 cxd4 Nxd4 Nf6 Nc3 a6", _first, _reply),
    Story("surname", _ANSWER, "A name that changes its mind", "surnames-gru", "Ferentinos", _last, _mind),
    Story("sunspots", _COUNTS, "A sunspot minimum", "sunspots-gru", Sunspots.about["example"], _minimum, _month),
    Story("brackets", _COUNTS, "Brackets four deep", "brackets-gru", "[({[]})]()", _deepest, _brackets),
    Story("kept", _MEMORY, "First letter kept through 100 steps", "first-symbol-gru", f"B {NOISE}", _keeper, _kept),
    Story("latch", _MEMORY, "Store a bit, ignore noise, read it", "latch", "0 1 1! 0 0 1 0 0 1 0 ?", _marker, _latch),
    Story("hello", _UNTRAINED, "Random weights read “hello”", "random", "hello", largest_change, _untrained),
)  # fmt: skip
