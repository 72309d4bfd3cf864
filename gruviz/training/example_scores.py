"""The score of every test example, of each seed of each cell and of each baseline: what comparisons resample."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gruviz.errors import ModelError
from gruviz.records import Array

FOLDER = Path(__file__).parent / "example_scores"
TEST = "test"
_BASELINES = "baselines"


@dataclass(frozen=True, eq=False)
class ExampleScores:
    """The scores of one task, all on the same examples in the same order.

    cells: by cell ("rnn", ...), then by test ("test", or the name of a further one): (networks, examples) each. The
        networks are those of all seeds, or only the one that is shipped.
    baselines: (baselines, examples of "test"), in the order of the results file.
    """

    cells: Mapping[str, Mapping[str, Array]]
    baselines: Array

    def __post_init__(self) -> None:
        examples = {tests[TEST].shape[1] for tests in self.cells.values()} | {self.baselines.shape[1]}
        if len(examples) != 1:
            raise ModelError(f"Scores are of {sorted(examples)} examples; all must be of the same ones.")

    def to_bytes(self) -> bytes:
        """As an .npz file: float32, compressed."""
        arrays = {f"{cell}/{test}": scores for cell, tests in self.cells.items() for test, scores in tests.items()}
        buffer = io.BytesIO()
        # numpy's stub takes the keyword for its own option allow_pickle
        np.savez_compressed(buffer, **_single(arrays | {_BASELINES: self.baselines}))  # type: ignore[arg-type]
        return buffer.getvalue()


def gathered(
    cells: Mapping[str, Sequence[Mapping[str, Sequence[float]]]], baselines: Sequence[Sequence[float]]
) -> ExampleScores:
    """From the scores by test of each seed of each cell."""
    stacked = {
        cell: {test: np.array([seed[test] for seed in seeds]) for test in seeds[0]} for cell, seeds in cells.items()
    }
    return ExampleScores(stacked, np.array(baselines))


def path_of(task: str) -> Path:
    """Where the scores of a task are kept."""
    return FOLDER / f"{task}.npz"


def read_scores(task: str) -> ExampleScores:
    """The scores that training wrote for a task; ModelError where it wrote none."""
    path = path_of(task)
    if not path.exists():
        raise ModelError(f"There are no scores of the examples of “{task[:40]}”: train it with all cells.")
    cells: dict[str, dict[str, Array]] = {}
    with np.load(path, allow_pickle=False) as file:
        arrays = {key: file[key].astype(np.float64) for key in file.files}
    baselines = arrays.pop(_BASELINES)
    for key, scores in arrays.items():
        cell, test = key.split("/", 1)
        cells.setdefault(cell, {})[test] = scores
    return ExampleScores(cells, baselines)


def _single(arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {key: array.astype(np.float32) for key, array in arrays.items()}
