"""Where float32 ends on an axis of gradients: its smallest normal number, and the smallest number of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gruviz.figures.style import Theme
from gruviz.records import GradientFlow
from gruviz.records.gradient_flow import LOG10_FLOAT32_NORMAL, LOG10_FLOAT32_SMALLEST

_NEAR = 0.5  # it is drawn where a curve goes at least this share of the way to it


@dataclass(frozen=True)
class Float32End:
    """Both ends as log10 over a curve's size at lag 0: below `normal` digits are lost, below `smallest` all is 0."""

    normal: float
    smallest: float

    @classmethod
    def of(cls, flow: GradientFlow) -> "Float32End":
        """For curves that are drawn over this flow's size at lag 0."""
        start = float(flow.log10_norm[flow.at])
        return cls(LOG10_FLOAT32_NORMAL - start, LOG10_FLOAT32_SMALLEST - start)

    def near(self, low: float) -> bool:
        """Whether curves that go down to `low` come near it."""
        return low <= _NEAR * self.normal


def lowest(low: float, ends: Sequence[Float32End]) -> float:
    """How far down an axis goes that holds `low`, and the ends of float32 that are near it."""
    return min([low, *(end.smallest for end in ends if end.near(low))])


def add_end(layout: dict[str, Any], end: Float32End, suffix: str, look: Theme) -> None:
    """Draws the end into the panel of axes `suffix`: a line at each number, a shade between, and what they mean."""
    across = {"xref": f"x{suffix} domain", "yref": f"y{suffix}", "x0": 0, "x1": 1}
    layout["shapes"] += [
        {"type": "line", **across, "y0": end.normal, "y1": end.normal, "line": {"color": look.ink, "width": 1,
                                                                               "dash": "dash"}},
        {"type": "line", **across, "y0": end.smallest, "y1": end.smallest, "line": {"color": look.ink, "width": 1}},
        {"type": "rect", **across, "y0": end.smallest, "y1": end.normal, "line": {"width": 0}, "layer": "below",
         "fillcolor": look.faint, "opacity": 0.35},
    ]  # fmt: skip
    layout["annotations"] += [
        {"xref": f"x{suffix} domain", "yref": f"y{suffix}", "x": 1, "y": y, "text": text, "showarrow": False,
         "xanchor": "right", "yanchor": anchor, "font": {"size": 10}}
        for y, text, anchor in (
            (end.normal, "float32: fewer digits below", "bottom"), (end.smallest, "float32: 0 below", "bottom")
        )
    ]  # fmt: skip
