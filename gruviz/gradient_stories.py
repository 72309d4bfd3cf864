"""The stories of the Gradients page, and what its curves say, in sentences computed from them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gruviz.experiment import Settings
from gruviz.quantities import power
from gruviz.records import GradientFlow
from gruviz.signals import CELLS
from gruviz.telling import listed

_AGES = 1e6  # steps: what takes longer to halve or double keeps its size, as far as these curves can tell
_UNSEEN = math.log10(1.01)
Medians = Mapping[str, GradientFlow]  # by cell


@dataclass(frozen=True)
class GradientStory:
    """A preset: what to set, and what to look for."""

    key: str
    title: str
    settings: Settings
    reads: str = ""  # the key of the Step page's story whose sequence is read


def bias(key: str, value: float) -> tuple[str, float]:
    """A gate bias as a setting."""
    return key, value


STORIES: tuple[GradientStory, ...] = (
    GradientStory("default", "Default initialisation: all three forget", Settings()),
    GradientStory("update", "Open the update gate", Settings(update=bias("update_bias", 4.0))),
    GradientStory("forget", "Forget bias 1, the LSTM fix", Settings(forget=bias("forget_bias", 1.0))),
    GradientStory("rho15", "ρ above 1: not yet exploding", Settings(recurrent=("spectral_radius", 1.5))),
    GradientStory("rho25", "ρ 2.5: exploding", Settings(recurrent=("spectral_radius", 2.5))),
    GradientStory("identity", "Identity RNN", Settings(recurrent=("identity_relu", None), activation="relu")),
    GradientStory("orthogonal", "Orthogonal weights", Settings(recurrent=("orthogonal", None))),
    GradientStory("trained", "What training changes", Settings(feed="sequence", loss="answer", trained="first-symbol"),
                  reads="kept"),
)  # fmt: skip


def window(at: int) -> tuple[int, int]:
    """The lags that rates are fitted over, for a loss at step index `at`: the older half, past the first transient."""
    return at // 2, at


def pace(flow: GradientFlow) -> str:
    """The fitted rate and half-life of a flow in words."""
    lo, hi = window(flow.at)
    if flow.zero_from_lag is not None:
        return f"exactly zero from lag {flow.zero_from_lag} on"
    rate = flow.rate(lo, hi)
    verb, steps = ("halves", flow.half_life(lo, hi)) if rate < 1 else ("doubles", flow.doubling_time(lo, hi))
    if not math.isfinite(steps) or steps > _AGES:
        return f"× {rate:.3f} a step, keeps its size"
    return f"× {rate:.3f} a step, {verb} in {power(math.log10(steps))} steps"


def summary(medians: Medians) -> str:
    """Which cell keeps most of the gradient, by what factor, and how the others do."""
    at = next(iter(medians.values())).at
    lag = window(at)[0]
    kept = {cell: float(flow.log10_relative()[lag]) for cell, flow in medians.items()}
    order = sorted(kept, key=lambda cell: -kept[cell])
    if math.isinf(kept[order[0]]):
        return f"At lag {lag}, nothing is left of the gradient in any cell: it is exactly zero."
    first = f"At lag {lag}, the {order[0]} keeps most of the gradient: {power(kept[order[0]])} of its size at lag 0"
    others = "; ".join(
        f"the {cell} {power(kept[cell])} ({power(kept[order[0]] - kept[cell])} times less)"
        if math.isfinite(kept[cell])
        else f"the {cell} nothing at all"
        for cell in order[1:]
    )
    return f"{first}; {others}. {_verdict(medians)}"


def _verdict(medians: Medians) -> str:
    lo, hi = window(next(iter(medians.values())).at)
    rates = {cell: flow.rate(lo, hi) for cell, flow in medians.items()}
    growing = [cell for cell in CELLS if rates.get(cell, 0) > 1]
    shrinking = [cell for cell in CELLS if cell in rates and not rates[cell] > 1]
    verdict = []
    if shrinking:
        verdict.append(f"Over lags {lo} to {hi} it decays in {_all(shrinking, len(medians))}")
    if growing:
        verdict.append(f"{'it' if verdict else f'Over lags {lo} to {hi} it'} grows in {_all(growing, len(medians))}")
    lost = {cell: flow.underflow_lag() for cell, flow in medians.items()}
    float32 = [f"from lag {lag} on in the {cell}" for cell, lag in lost.items() if lag is not None]
    return ", ".join(verdict) + "." + (f" In float32 it underflows {_all(float32, 0)}." if float32 else "")


def _all(cells: list[str], of: int) -> str:
    if len(cells) == of == 3:
        return "all three"
    return listed(cells)


def changed(before: Medians, now: Medians) -> str | None:
    """What the last turn of a knob did to which cell, at a lag that both reach; None where nothing moved."""
    lag = min(window(flow.at)[0] for medians in (before, now) for flow in medians.values())
    said, same = [], []
    for cell, flow in now.items():
        if cell not in before:
            continue
        old, new = before[cell].log10_relative()[lag], flow.log10_relative()[lag]
        if np.array_equal(before[cell].log10_relative(), flow.log10_relative()):
            same.append(cell)
        elif old == new:
            said.append(f"{cell} changed at other lags only")
        elif abs(new - old) < _UNSEEN:
            said.append(f"{cell} changed by less than 1 %")
        elif math.isinf(old) or math.isinf(new):
            said.append(f"{cell} went from {power(old)} to {power(new)}")
        else:
            direction = "more" if new > old else "less"
            said.append(f"{cell} keeps {power(abs(new - old))} times {direction} ({power(old)} to {power(new)})")
    if not said:
        return None
    rest = f"; {_all(same, len(now))} did not change" if same else ""
    return f"Against the setting before, at lag {lag}: {', '.join(said)}{rest}."
