import csv
import math

import numpy as np
import pytest

from gruviz.errors import GruvizError
from gruviz.records import GradientFlow, GradientFlows, InputRelevance, SingularValues

LINE = np.array([-6.0, -4.0, -2.0, 0.0, np.nan])  # a hundredth a step, the loss at index 3


def test_lags_count_back_from_the_loss():
    flow = GradientFlow("GRU", LINE.copy(), 3)
    np.testing.assert_array_equal(flow.log10_by_lag(), [0, -2, -4, -6])
    np.testing.assert_allclose(flow.relative(), [1, 1e-2, 1e-4, 1e-6])
    assert flow.rate(0, 3) == pytest.approx(0.01)
    assert flow.half_life(1, 3) == pytest.approx(math.log(2) / math.log(100))
    assert (flow.zero_from_lag, flow.underflow_lag()) == (None, None)
    assert not flow.log10_norm.flags.writeable


def test_a_constant_norm_neither_halves_nor_doubles():
    flow = GradientFlow("RNN", np.zeros(4), 3)
    assert (flow.rate(0, 3), flow.half_life(0, 3), flow.doubling_time(0, 3)) == (1.0, math.inf, math.inf)


def test_line_and_ends_differ_off_a_line():
    flow = GradientFlow("RNN", np.array([-9.0, -1.0, -1.0, 0.0]), 3)
    assert flow.rate(0, 3, "ends") == pytest.approx(10 ** (-9 / 3))
    assert flow.rate(0, 3, "line") == pytest.approx(10 ** np.polyfit(range(4), [0, -1, -1, -9], 1)[0])


@pytest.mark.parametrize("lags", [(2, 2), (3, 1), (-1, 2), (0, 4)])
def test_lags_outside_are_refused(lags):
    with pytest.raises(GruvizError, match="in 0 to 3"):
        GradientFlow("GRU", LINE.copy(), 3).rate(*lags)


def test_quantiles_are_numpys_of_the_norms():
    curves = np.random.default_rng(0).uniform(-5, 5, (7, 4))
    flows = GradientFlows("RNN", curves, 3, tuple(range(7)))
    for q in (0, 0.1, 0.25, 0.5, 0.77, 1):
        np.testing.assert_allclose(10 ** flows.quantile(q).log10_norm, np.quantile(10**curves, q, axis=0), rtol=1e-12)
    low, high = flows.band()
    assert (low.log10_norm < flows.median().log10_norm).all()
    assert (flows.median().log10_norm < high.log10_norm).all()
    with pytest.raises(GruvizError, match="from 0 to 1"):
        flows.quantile(50)


def test_quantiles_far_below_float64_and_at_zero():
    curves = np.array([[-900.0, 0.0], [-800.0, 0.0], [-np.inf, 0.0], [-np.inf, 0.0]])
    flows = GradientFlows("RNN", curves, 1, (0, 1, 2, 3))
    assert flows.quantile(1).log10_norm[0] == -800
    assert flows.median().log10_norm[0] == pytest.approx(-900 + math.log10(0.5))
    assert np.isneginf(flows.quantile(0.1).log10_norm[0])
    assert flows[2].zero_from_lag == 1


def test_exports(tmp_path):
    flows = GradientFlows("RNN", np.stack([LINE, LINE - 1]), 3, (4, 9))
    flows.to_csv(tmp_path / "flows.csv")
    with (tmp_path / "flows.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["seed", "step", "lag", "log10_norm", "log10_relative"]
    assert len(rows) == 1 + 2 * 4
    assert rows[-1] == ["9", "4", "0", "-1.0", "0.0"]
    flows[0].to_csv(tmp_path / "flow.csv")
    assert (tmp_path / "flow.csv").read_text("utf-8").splitlines()[1] == "1,3,-6.0,-6.0"


@pytest.mark.parametrize(
    ("values", "at"),
    [(np.zeros((2, 2)), 0), (np.zeros(0), 0), (np.zeros(3, np.float32), 0), (np.zeros(3), 3), (LINE.copy(), 4)],
)
def test_bad_records_are_refused(values, at):
    with pytest.raises(GruvizError):
        GradientFlow("RNN", values, at)


def test_bad_companions_are_refused():
    with pytest.raises(GruvizError, match="2 seeds"):
        GradientFlows("RNN", np.zeros((3, 4)), 0, (1, 2))
    with pytest.raises(GruvizError, match="one per lag"):
        SingularValues("RNN", 3, (0, 1), np.zeros(2), np.zeros(1))
    with pytest.raises(GruvizError, match="T above 3"):
        InputRelevance("RNN", np.zeros(3), 3)
    flow = GradientFlow("RNN", np.zeros(4), 3)
    with pytest.raises(GruvizError, match="'line'"):
        flow.rate(0, 3, "spline")  # type: ignore[arg-type]
