"""The test examples of a task as a model reads them."""

import numpy as np

from gruviz.common.cache import kept
from gruviz.common.progress import Progress
from gruviz.inputs import MoveEncoder, TokenEncoder
from gruviz.models.model import Model
from gruviz.models.tasks import TASKS, Example
from gruviz.records import Array


def held_out(model: Model, on_progress: Progress = None) -> tuple[Array, Array]:
    """Inputs (T, B, D), zeros behind the end of shorter sequences, and lengths (B,): whole numbers.

    on_progress: called with the fraction done; an exception that it raises ends the work.
    """
    task, encoder = TASKS[model.task], model.encoder
    index, vectors = {}, None
    if isinstance(encoder, TokenEncoder | MoveEncoder):
        index, vectors = {token: i for i, token in enumerate(encoder.vocabulary)}, encoder.vectors
    rows = [np.asarray(task.encode(example, index)[0]) for example in _test_part(model.task, on_progress=on_progress)]
    lengths = np.array([len(row) for row in rows])
    padded = np.zeros((lengths.max(), len(rows), encoder.features), dtype=np.float32)
    for b, row in enumerate(rows):
        padded[: len(row), b] = row if vectors is None else vectors[row]
    return padded, lengths


@kept(megabytes=32)
def _test_part(task: str, on_progress: Progress = None) -> tuple[Example, ...]:
    """Kept for the other cells of a task, which are asked for next: some tasks make their examples."""
    return TASKS[task].split(on_progress).test
