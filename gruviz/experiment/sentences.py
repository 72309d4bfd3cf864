"""What the curves of the Gradients page say, in sentences computed from them."""

import math
from collections.abc import Mapping

import numpy as np

from gruviz.cells.initialisations import INITIALISATIONS
from gruviz.common.quantities import alike, power, rate, times
from gruviz.experiment.settings import ExperimentSettings
from gruviz.reading.sentences import listed
from gruviz.records import GradientFlow

_AGES = 1e6  # steps: what takes longer to halve or double keeps its size, as far as these curves can tell
_READS = ("feed", "steps")  # settings that another sequence sets together
_ALL = {2: "both", 3: "all three", 4: "all four", 5: "all five", 6: "all six"}
Medians = Mapping[str, GradientFlow]  # by cell


def window(at: int) -> tuple[int, int]:
    """The lags that rates are fitted over, for a loss at step index `at`: the older half, past the first transient."""
    return at // 2, at


def _told_at(at: int) -> int:
    """The lag that sizes are told at. At lag 0 each is 1 by definition."""
    return max(1, window(at)[0])


def pace(flow: GradientFlow) -> str:
    """The fitted rate and half-life of a flow in words."""
    if flow.zero_from_lag is not None:
        return f"exactly zero from lag {flow.zero_from_lag} on"
    lo, hi = window(flow.at)
    each, trend = flow.rate(lo, hi), _trend(flow)
    if not trend:
        return f"× {rate(each)} per step, keeps its size"
    time = flow.half_life(lo, hi) if trend < 0 else flow.doubling_time(lo, hi)
    what, steps = "half-life" if trend < 0 else "doubling time", power(math.log10(time))
    return f"× {rate(each)} per step, {what} {steps} step{'s' * (steps != '1')}"


def _trend(flow: GradientFlow) -> int:
    """-1 where the fitted line falls, 1 where it rises, 0 where it keeps its size as far as these curves can tell."""
    lo, hi = window(flow.at)
    if flow.half_life(lo, hi) <= _AGES:
        return -1
    return 1 if flow.doubling_time(lo, hi) <= _AGES else 0


def summary(medians: Medians) -> str:
    """How large each cell's gradient is after many steps, the largest first, and over which lags it decays or grows."""
    lag = _told_at(next(iter(medians.values())).at)
    sizes = {cell: float(flow.log10_relative()[lag]) for cell, flow in medians.items()}
    best, *others = sorted(sizes, key=lambda cell: -sizes[cell])
    if math.isinf(sizes[best]):
        where = f"in {listed(list(medians))}" if len(medians) < 3 else "in any cell"
        return f"At lag {lag}, nothing is left of the gradient {where}: it is exactly zero."
    largest = f"is largest in the {best}: " if others else f"of the {best} is "
    first = f"At lag {lag}, the gradient relative to its size at lag 0 {largest}{power(sizes[best])}"
    rest = "".join(f"; {cell} {_size(sizes[cell], sizes[best])}" for cell in others)
    return f"{first}{rest}. {_verdict(medians)}"


def _size(log10: float, best: float) -> str:
    """A gradient's relative size, and how it compares with the largest one."""
    return "exactly zero" if math.isinf(log10) else f"{power(log10)} ({times(log10 - best)})"


def _verdict(medians: Medians) -> str:
    lo, hi = window(next(iter(medians.values())).at)
    zero = [cell for cell, flow in medians.items() if flow.zero_from_lag is not None]
    trends = {cell: _trend(flow) for cell, flow in medians.items() if cell not in zero}
    parts = [
        f"{verb} {_all([cell for cell in trends if trends[cell] == trend], len(medians))}"
        for trend, verb in ((-1, "decays in"), (0, "keeps its size in"), (1, "grows in"))
        if trend in trends.values()
    ]
    parts += [f"becomes exactly zero in {_all(zero, len(medians))}"] if zero else []
    lost = {cell: flow.underflow_lag() for cell, flow in medians.items() if cell not in zero}
    float32 = [f"from lag {lag} on in the {cell}" for cell, lag in lost.items() if lag is not None]
    end = f" In float32 it underflows {listed(float32)}." if float32 else ""
    return f"Over lags {lo} to {hi} it {', '.join(parts)}.{end}"


def _all(cells: list[str], of: int) -> str:
    return _ALL[of] if len(cells) == of and of in _ALL else listed(cells)


def one_knob(before: ExperimentSettings, now: ExperimentSettings, same_source: bool = True) -> bool:
    """Whether two settings differ by one turn of a knob, so that what changed between them is the knob's doing."""
    old, new = _knobs(before), _knobs(now)
    turned = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if not same_source or turned & set(_READS):
        turned = turned - set(_READS) | {"what is read"}
    return len(turned) <= 1 and not turned & {"trained", "cells"}


def _knobs(settings: ExperimentSettings) -> dict[str, object]:
    """Each knob's value: the biases cell by cell, and without what the identity sets beside itself, an RNN on ReLU."""
    named = dict(vars(settings))
    biases = {f"bias, {listed(INITIALISATIONS[key].cells)}": (key, number) for key, number in named.pop("biases")}
    if settings.recurrent[0] == "identity_relu":
        named["activation"] = "tanh"
    return named | biases


def changed(before: Medians, now: Medians) -> str | None:
    """What the last turn of a knob did to which cell, at a lag that both reach; None where nothing moved."""
    lag = min(_told_at(flow.at) for medians in (before, now) for flow in medians.values())
    said, same = [], []
    for cell, flow in now.items():
        if cell not in before:
            continue
        old, new = (float(medians[cell].log10_relative()[lag]) for medians in (before, now))
        if np.array_equal(before[cell].log10_relative(), flow.log10_relative()):
            same.append(cell)
        elif old == new:
            said.append(f"{cell} changed at other lags only")
        elif math.isinf(old) or math.isinf(new):
            said.append(f"{cell} {power(old)} of its size at lag 0 before, {power(new)} now")
        elif alike(new - old):
            said.append(f"{cell} {times(new - old)}")
        else:
            said.append(f"{cell} {times(new - old)} ({power(old)} of its size at lag 0 before, {power(new)} now)")
    if not said:
        return None
    rest = f"; {_all(same, len(now))} unchanged" if same else ""
    return f"Compared with the setting before, at lag {lag}: {', '.join(said)}{rest}."
