import math

import numpy as np
import pytest

from gruviz.errors import GruvizError
from gruviz.records.gate_statistics import GateStatistics

BELOW = {"r": [0.5, 0.0], "z": [0.25, 0.0]}
ABOVE = {"r": [0.5, 0.0], "z": [0.0, 1.0]}
MEAN = {"r": [0.5, 0.5], "z": [0.75, 1.0]}
GEOMETRIC = {"r": [0.5, 0.5], "z": [math.exp(-1 / 3), 1.0]}


def arrays(table):
    return {key: np.array(values) for key, values in table.items()}


def gru(below=BELOW, above=ABOVE, mean=MEAN, geometric=GEOMETRIC):
    return GateStatistics("GRU", 40, 4, *map(arrays, (below, above, mean, geometric)))


def lstm(forget):
    half = {key: np.full(len(forget), 0.5) for key in "ifo"}
    return GateStatistics("LSTM", 9, 1, dict(half), dict(half), dict(half), half | {"f": np.array(forget)})


def test_saturated_is_the_share_of_all_unit_steps():
    assert gru().saturated("r") == pytest.approx(0.5)  # one unit always, the other never
    assert gru().saturated("z") == pytest.approx((0.25 + 1) / 2)


def test_time_constants():
    """The steps k after which g^k is 1/e."""
    np.testing.assert_allclose(gru().time_constant(), [3, math.inf])
    found = lstm([0, 0.5, 0.99, 1]).time_constant()
    np.testing.assert_allclose(np.array([0.5, 0.99]) ** found[1:3], 1 / math.e)
    assert (found[0], found[3]) == (0, math.inf)


def test_a_cell_without_gates():
    stats = GateStatistics("RNN", 40, 4, {}, {}, {}, {})
    assert stats.time_constant() is None
    with pytest.raises(KeyError, match="it has none"):
        stats.saturated("h")


def test_a_gate_that_is_not_there():
    with pytest.raises(KeyError, match="GRU has no gate 'f'; it has r, z"):
        gru().saturated("f")


def test_arrays_are_read_only():
    stats = gru()
    for gates in (stats.below, stats.above, stats.mean, stats.geometric):
        assert not any(values.flags.writeable for values in gates.values())


@pytest.mark.parametrize(
    ("mean", "message"),
    [
        ({"r": [0.5, 0.5]}, r"mean has the gates \['r'\]; GRU has \['r', 'z'\]"),
        (MEAN | {"h": [0.5, 0.5]}, "GRU has"),
        (MEAN | {"z": [0.5]}, r"expected one, \(H,\)"),
        (MEAN | {"z": [0.5, 1.1]}, "outside 0 to 1"),
        (MEAN | {"z": [0.5, math.nan]}, "mean of gate z has values outside 0 to 1"),
    ],
)
def test_bad_records_are_refused(mean, message):
    with pytest.raises(GruvizError, match=message):
        gru(mean=mean)


def test_batches_of_units_are_refused():
    square = {key: np.zeros((2, 2)) for key in "rz"}
    with pytest.raises(GruvizError, match=r"\(2, 2\)"):
        GateStatistics("GRU", 1, 1, square, square, square, square)
