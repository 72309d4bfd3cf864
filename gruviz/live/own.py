"""A source of what a person brings: labelled lines, or a series of numbers."""

import numpy as np
import torch

from gruviz.common.quantities import count
from gruviz.errors import GruvizError
from gruviz.inputs import SPLITS, NumberEncoder, TokenEncoder
from gruviz.inputs.words import UNKNOWN
from gruviz.live.labelled import HELD_OUT, Labelled, Line
from gruviz.live.recorded import MOST_SCORED, series
from gruviz.live.settings import LiveSettings
from gruviz.live.source import Rng, Source
from gruviz.models.tasks import EncodedExample
from gruviz.training.loop import Batch, batch_of

FEATURES = 16  # numbers of a token's vector
MASKED = 0.5  # how often a token that training has once is read as unknown, so that unknown ones mean something
_VECTOR_STREAM = 2  # the vectors' own random stream
MIN_NUMBERS = 40


def labelled(data: Labelled, settings: LiveSettings) -> Source:
    """Tells labels apart from texts, asked after the last token."""
    vocabulary = (UNKNOWN, *data.vocabulary)
    vectors = np.random.default_rng((settings.seed, _VECTOR_STREAM)).standard_normal((len(vocabulary), FEATURES))
    encoder = TokenEncoder(data.by, vocabulary, vectors, SPLITS[data.by].hint)

    def encoded(line: Line) -> EncodedExample:
        return encoder.rows(line.text), float(data.labels.index(line.label))

    training, held_out = [encoded(line) for line in data.training], [encoded(line) for line in data.held_out]
    tokens = np.concatenate([rows for rows, _ in training])
    rare = torch.from_numpy(np.bincount(tokens, minlength=len(vocabulary)) == 1)

    def draw(rng: Rng, batch: int) -> Batch:
        inputs, lengths, targets = batch_of([training[i] for i in rng.integers(len(training), size=batch)])
        masked = rare[inputs] & torch.from_numpy(rng.random(inputs.shape) < MASKED)
        return inputs.masked_fill(masked, 0), lengths, targets

    unknown = np.mean([row == 0 for rows, _ in held_out for row in rows])
    return Source(
        "own", "Your own texts", draw, batch_of(held_out[:MOST_SCORED]), FEATURES,
        {"kind": data.by, "vocabulary": vocabulary},
        {"kind": "classes", "label": "label", "labels": list(data.labels)}, data.held_out[0].text,
        vectors=torch.from_numpy(vectors).float(), learn_vectors=True, classes=data.labels,
        facts=(
            f"{count(len(training), 'line')} to train, {len(held_out):,} held out; "
            f"{count(len(vocabulary) - 1, data.by.removesuffix('s'))} in the vocabulary, from the training part alone; "
            f"{unknown:.0%} of the held-out {data.by} are not in it.",
        ),
    )  # fmt: skip


def numbers(text: str, settings: LiveSettings) -> Source:
    """Looks ahead in a series; its last part is held out."""
    values = NumberEncoder(1).encode(text).values[:, 0]
    if len(values) < MIN_NUMBERS + settings.ahead:
        raise GruvizError(f"The series has {count(len(values), 'number')}; at least {MIN_NUMBERS + settings.ahead}.")
    cut = len(values) - max(round(HELD_OUT * len(values)), settings.ahead + MIN_NUMBERS // 4)
    offset, scale = float(values[:cut].mean()), float(values[:cut].std())
    if not scale:
        raise GruvizError(f"The first {cut:,} numbers are all {values[0]:g}; there is nothing to learn.")
    example = " ".join(f"{value:g}" for value in values[cut:][:60])
    return series(
        "own", "Your own numbers", values[:cut].tolist(), values[cut:].tolist(), settings.ahead, offset, scale, "",
        example, f"The first {cut:,} numbers to train, the last {len(values) - cut:,} held out.",
    )  # fmt: skip
