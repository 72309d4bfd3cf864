"""Colours and layout that all figures share. They name everything themselves: no default template matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from gruviz.inputs import label
from gruviz.signals import COLOURS, VARIANTS

Scale = list[list[float | str]]

# units in a figure of lines are told apart by colour (no signal's), by line and by marker
LINE_COLOURS = ("#D7263D", "#7A8B1E", "#20A4A4", "#A65A3A")
LINE_DASHES = ("solid", "dash", "dot", "dashdot")
MARKERS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "triangle-down", "star")


@dataclass(frozen=True)
class Theme:
    """What a figure takes from the page around it."""

    ink: str
    faint: str
    zero: str  # the middle of the diverging scale: close to the page, so that only what differs from 0 shows
    negative: tuple[str, str]  # towards -1: half way, and at the end
    positive: tuple[str, str]

    def diverging(self) -> Scale:
        """Values on [-1, 1]: orange below 0, purple above."""
        near, far = self.negative
        close, end = self.positive
        return [[0, far], [0.25, near], [0.5, self.zero], [0.75, close], [1, end]]


LIGHT = Theme("#31333F", "#D5D6DB", "#FAFAFA", ("#F0A35E", "#B35806"), ("#B294CF", "#542788"))
DARK = Theme("#FAFAFA", "#4A4C57", "#1B1D26", ("#B4641B", "#FFAA55"), ("#7D55A8", "#D2B0F5"))

GATE_BOUNDS = (0, 1)
GATE_SCALE: Scale = [
    [0, "#00224E"], [0.25, "#434E6C"], [0.5, "#7D7C78"], [0.75, "#BCAF6F"], [1, "#FEE838"],
]  # fmt: skip  # five anchors of the cividis map: even steps of lightness, also for colour-blind readers


_MOST_TICKS = 40
_LONGEST_TICK = 12


def theme(dark: bool) -> Theme:
    """The theme for a light or dark page."""
    return DARK if dark else LIGHT


def scales() -> dict[str, list[str]]:
    """The colour scales' anchors from low to high, evenly spaced, for what draws them outside plotly."""
    named = {"light": LIGHT.diverging(), "dark": DARK.diverging(), "gate": GATE_SCALE}
    return {name: [str(colour) for _, colour in scale] for name, scale in named.items()}


def paper_colours() -> dict[str, str]:
    """For each colour of a dark page that of a light one, so that a figure can be redrawn for paper in the browser."""
    pairs = {DARK.ink: LIGHT.ink, DARK.faint: LIGHT.faint, DARK.zero: LIGHT.zero}
    pairs |= dict(zip((*DARK.negative, *DARK.positive), (*LIGHT.negative, *LIGHT.positive), strict=True))
    pairs |= {colour.on_dark: colour.on_light for colour in COLOURS.values()}
    return pairs | {cell.colour.on_dark: cell.colour.on_light for cell in VARIANTS.values()}


def base_layout(look: Theme, height: int) -> dict[str, Any]:
    """Layout keys that every figure has: transparent, the theme's ink, room for labels."""
    return {
        "template": "none",
        "height": height,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": look.ink, "size": 12, "family": "Source Sans, Source Sans Pro, sans-serif"},
        "margin": {"l": 96, "r": 20, "t": 12, "b": 56},
        "dragmode": False,
        # else it is grey, half of what Plotly takes a transparent ground for
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": look.ink, "activecolor": look.ink},
    }


def token_axis(tokens: Sequence[str], anchor: str = "y") -> dict[str, Any]:
    """A time axis, steps from 1, with tokens as tick labels: at most 40, long ones cut, markup shown as typed.

    They slant where they would overlap; where that is not enough, the page shows fewer (`ticks.js`).
    """
    every = -(-len(tokens) // _MOST_TICKS)
    places = list(range(1, len(tokens) + 1, every))
    texts = [escape(label(tokens[place - 1], _LONGEST_TICK)) for place in places]
    return {
        "tickvals": places, "ticktext": texts, "range": [0.5, len(tokens) + 0.5],
        "anchor": anchor, "autotickangles": [0, -45, -90], "zeroline": False, "showgrid": False,
        "fixedrange": True, "ticks": "", "automargin": True,
    }  # fmt: skip
