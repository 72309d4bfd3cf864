"""The curves of an experiment as a table that says what they are of."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.experiment.settings import ExperimentSettings
from gruviz.reading.export import versions
from gruviz.records import GradientFlow, GradientFlows, SingularValues
from gruviz.records.gradient_flow import Rows
from gruviz.signals import VARIANTS


def gradient_facts(settings: ExperimentSettings, cell: str, reads: str = "") -> Mapping[str, str | int]:
    """What holds for every row of a cell's curves; `reads` names the model whose sequence is read, and the sequence."""
    chosen = [
        f"{INITIALISATIONS[key].title}{'' if number is None else f', {number:g}'}"
        for key, number in settings.choices(cell).items()
        if key != "pytorch"
    ]
    initial = f"as the training for {settings.trained} begins" if settings.trained else "PyTorch default"
    return {
        "cell": cell,
        "units": settings.units,
        "steps": settings.steps,
        "input": reads or settings.feed,
        "loss": settings.loss,
        "loss_at_step": settings.loss_index + 1,
        "initial_weights": "; ".join([initial, *chosen]),
        "activation": settings.activation if VARIANTS[cell].chooses_activation else "tanh",
        **{f"{name}_version": number for name, number in versions().items()},
    }


def gradient_rows(
    flows: GradientFlows, facts: Mapping[str, str | int], own: tuple[str, GradientFlow] | None = None
) -> Rows:
    """A heading, then the rows of each seed's curve with the facts beside them.

    `own` are the name and the curve of weights that were not drawn, a trained model's: its rows follow without a seed.
    """
    heading, *body = flows.rows()
    rows: list[list[str | int | float]] = [["weights", *heading, *facts]]
    rows += [["random", *row, *facts.values()] for row in body]
    if own is not None:
        name, curve = own
        rows += [[name, "", *row, *facts.values()] for row in curve.rows()[1:]]
    return rows


def jacobian_rows(values: SingularValues, eigenvalues: np.ndarray[Any, Any], facts: Mapping[str, str | int]) -> Rows:
    """A heading, a row per lag for the singular values of ds_at/ds_(at-lag), and one per eigenvalue of the last step.

    Cells that a row does not have are empty.
    """
    pairs = zip(values.lags, values.log10_largest, values.log10_smallest, strict=True)
    rows: list[list[str | int | float]] = [
        ["quantity", "lag", "log10_largest", "log10_smallest", "real", "imaginary", *facts]
    ]
    rows += [["singular values", lag, float(high), float(low), "", "", *facts.values()] for lag, high, low in pairs]
    rows += [["eigenvalue", "", "", "", float(v.real), float(v.imag), *facts.values()] for v in eigenvalues]
    return rows
