"""The program that is taken away, run alone: autograd's own norms against gruviz's, for seed 0."""

import csv
import io
import re

import numpy as np
import pytest

from gruviz.experiment import ExperimentSettings as Settings
from gruviz.experiment import drawn, flows
from gruviz.experiment.program import gradient_snippet
from gruviz.gradients.losses import loss_gradient
from tests.programs import printed_by, python

SEQUENCE = np.random.default_rng(2).standard_normal((14, 5))
DEAD = np.ones((14, 1))
DEAD[6] = -1e6  # every ReLU unit with a positive weight is off here
CASES = {
    "default": Settings(),
    "identity": Settings(recurrent=("identity_relu", None)),
    "relu": Settings(steps=20, activation="relu", recurrent=("orthogonal", None)),
    "forget": Settings(biases=(("forget_bias", 1.0), ("update_bias", 4.0))),
    "middle": Settings(steps=60, units=5, at=23),
    "second step": Settings(steps=10, units=1, at=2),
    "random": Settings(steps=30, units=6, loss="random", recurrent=("spectral_radius", 1.2)),
    "impulse": Settings(steps=30, units=6, feed="impulse"),
    "sequence": Settings(steps=14, units=6, feed="sequence", at=11),
    "answer": Settings(steps=14, feed="sequence", loss="answer"),
    "dead": Settings(steps=14, units=1, seeds=1, feed="sequence", activation="relu"),
    "variants": Settings(
        steps=30,
        units=5,
        cells=("GRU", "reset-before GRU", "MGU", "JANET"),
        biases=(("update_bias", 1.0), ("mgu_bias", -2.0), ("chrono_janet", 20.0)),
    ),
    "trained": Settings(steps=14, feed="sequence", loss="answer", trained="surnames"),  # each cell of its own size
}


def sequence(case, cell):
    """What a cell reads: all the same, but as the trained networks see it each its own."""
    if CASES[case].feed != "sequence":
        return None
    return DEAD if case == "dead" else SEQUENCE * len(cell) if case == "trained" else SEQUENCE


def direction(case, cell):
    """What a cell's loss is: its own row of a read-out, or the name."""
    settings = CASES[case].reduced_to(cell)
    return np.linspace(-1, len(cell), settings.units) if settings.loss == "answer" else settings.loss


def program(case):
    settings = {cell: CASES[case].reduced_to(cell) for cell in CASES[case].cells}
    draws = {cell: drawn(settings[cell], cell, sequence(case, cell)) for cell in settings}
    directions = {
        cell: loss_gradient(direction(case, cell), settings[cell].units, (0,))[0].numpy() for cell in settings
    }
    return gradient_snippet(CASES[case], draws, directions)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What each case's program prints."""
    return printed_by(tmp_path_factory.mktemp("programs"), {case: program(case) for case in CASES})


@pytest.mark.parametrize("case", CASES)
def test_it_prints_gruvizs_norms(printed, case):
    settings = CASES[case]
    heading, *rows = csv.reader(io.StringIO(printed[case], newline=""), strict=True)
    assert heading == ["cell", "step", "lag", "log10_norm"]
    assert list(dict.fromkeys(row[0] for row in rows)) == list(settings.cells)
    for cell in settings.cells:
        own = [row[1:] for row in rows if row[0] == cell]
        at = settings.loss_index
        assert [(int(step), int(lag)) for step, lag, _ in own] == [(t + 1, at - t) for t in range(at + 1)]
        answer = direction(case, cell) if settings.loss == "answer" else None
        expected = flows(settings.reduced_to(cell), cell, sequence(case, cell), answer)[0].log10_norm[: at + 1]
        np.testing.assert_allclose([float(norm) for *_, norm in own], expected, rtol=0, atol=1e-9)


def test_what_all_cells_share_stands_there_once():
    """A sequence and a direction are most of a short program."""
    assert program("sequence").count("x_0") == program("sequence").count("direction_1") == 4
    assert len(set(re.findall(r"^(\w+_\d) =", program("trained"), re.MULTILINE))) == 5  # RNN and GRU read the same


def test_a_dead_net_prints_what_is_exactly_zero(printed):
    text = [line.rpartition(",")[2] for line in printed["dead"].splitlines() if line.startswith("RNN")]
    assert "-inf" in text


def test_it_needs_nothing_but_torch(tmp_path):
    text = program("second step")
    (tmp_path / "program.py").write_text(text, encoding="utf-8", newline="")
    assert python(tmp_path, "program.py").startswith("cell,step,lag,log10_norm")
    assert [path.name for path in tmp_path.iterdir()] == ["program.py"]
    assert "import gruviz" not in text
    compile(text, "program.py", "exec")
