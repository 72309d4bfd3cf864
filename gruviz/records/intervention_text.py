"""Interventions as one line of text, and back: z[3]@4-8=1; z+=2; h@5=0; skip@3; read@4=good; unknown@6.

It is what links and files say. Steps are counted from 1, as they are on screen, units and layers from 0:

    z=1             hold z at 1: all units, all steps
    z[3,5]@4-8=1    units 3 and 5 (or [3 5]), steps 4 to 8; @4 is one step, @4-end goes on to the last, @end is the last
    1r/z=1          in layer 1, the reverse direction; 0/z=1 in layer 0, forward
    z+=-2           shift the bias of z by -2
    skip@3          do not read the token of step 3
    read@4=good     read the token of step 4 as “good” (%, ; and the comma are written %25, %3B and %2C)
    unknown@4       read it as unknown
"""

import re
from collections.abc import Sequence
from typing import Any

from gruviz.errors import GruvizError
from gruviz.records.interventions import Hold, Intervention, Replace, Shift, Skip, Span

MOST = 64  # interventions in one text
_SPAN = r"@(?P<first>\d{1,7}|end)(?:-(?P<last>\d{1,7}|end))?"
_NUMBER = r"[+-]?(?:\d{1,12}(?:\.\d{0,17})?|\.\d{1,17})(?:e[+-]?\d{1,3})?"
_SIGNAL = re.compile(
    rf"(?:(?P<layer>\d{{1,3}})(?P<reverse>r?)/)?(?P<signal>[a-z]{{1,3}})(?:\[(?P<units>\d{{1,7}}(?:[, ]\d{{1,7}})*)\])?"
    rf"(?:{_SPAN})?(?P<what>\+?=)(?P<number>{_NUMBER})", re.ASCII,
)  # fmt: skip
_SKIP = re.compile(rf"skip{_SPAN}", re.ASCII)
_READ = re.compile(r"read@(?P<step>\d{1,7})=(?P<token>.*)", re.ASCII | re.DOTALL)
_UNKNOWN = re.compile(r"unknown@(?P<step>\d{1,7})", re.ASCII)
_ESCAPES = {"%": "%25", ";": "%3B", ",": "%2C"}
_SIGNS = {escape: sign for sign, escape in _ESCAPES.items()}
ALLOWED = "such as z[3]@4-8=1, z+=2, skip@3 or read@4=good, with ; between several"


def written(what_if: Sequence[Intervention]) -> str:
    """The line; "" for none."""
    return ";".join(map(_written, what_if))


def parsed(text: str) -> tuple[Intervention, ...]:
    """What `written` wrote; GruvizError names the part that can't be read."""
    parts = [part.strip() for part in text.split(";")]
    parts = [part for part in parts if part]
    if len(parts) > MOST:
        raise GruvizError(f"There are {len(parts)} interventions; at most {MOST} are possible.")
    return tuple(map(_parsed, parts))


def unreadable(text: str) -> str:
    """What is wrong with a line, a sentence; "" where it can be read."""
    try:
        parsed(text)
    except GruvizError as error:
        return str(error)
    return ""


def _written(each: Intervention) -> str:
    match each:
        case Replace(step, None):
            return f"unknown@{step + 1}"
        case Replace(step, token):
            return f"read@{step + 1}={re.sub('[%;,]', lambda sign: _ESCAPES[sign[0]], str(token))}"
        case Skip(steps):
            return f"skip{_written_span(steps)}"
        case Hold():
            number = f"={_plain(each.value)}"
        case Shift():
            number = f"+={_plain(each.by)}"
    layer = "" if each.layer is None else f"{each.layer}{'r' if each.reverse else ''}/"
    units = "" if each.units is None else f"[{','.join(map(str, each.units))}]"  # type: ignore[arg-type]
    return f"{layer}{each.signal}{units}{_written_span(each.steps)}{number}"


def _written_span(steps: Any) -> str:
    if steps is None:
        return ""
    start, last = steps  # the stop of a slice, counted from 0, is the last step, counted from 1
    first = 1 if start is None else start + 1
    if first < 1 or (last is not None and last < 1):
        if (first, last) == (0, None):
            return "@end"
        raise GruvizError(f"steps {steps} count from the end, which this text can't say but for the last step.")
    if last is None:
        return f"@{first}-end"
    return f"@{first}" if last == first else f"@{first}-{last}"


def _parsed(part: str) -> Intervention:
    bad = GruvizError(f"“{part[:40]}” is not an intervention; those are written {ALLOWED}.")
    if (match := _READ.fullmatch(part)) and match["token"]:
        token = re.sub("|".join(_SIGNS), lambda escape: _SIGNS[escape[0]], match["token"])
        return Replace(_step(match["step"], bad), token)
    if match := _UNKNOWN.fullmatch(part):
        return Replace(_step(match["step"], bad), None)
    if match := _SKIP.fullmatch(part):
        return Skip(_span(match, bad))
    if not (match := _SIGNAL.fullmatch(part)):
        raise bad
    units = None if match["units"] is None else [int(unit) for unit in re.split("[, ]", match["units"])]
    span = None if match["first"] is None else _span(match, bad)
    layer = None if match["layer"] is None else int(match["layer"])
    reverse = None if layer is None else bool(match["reverse"])
    kind = Hold if match["what"] == "=" else Shift
    return kind(match["signal"], float(match["number"]), units, span, layer, reverse)


def _span(match: re.Match[str], bad: GruvizError) -> Span:
    first, last = match["first"], match["last"]
    if first == "end":
        if last not in (None, "end"):
            raise bad
        return -1, None
    start = _step(first, bad)
    stop = start + 1 if last is None else None if last == "end" else int(last)
    if stop is not None and stop <= start:
        raise bad
    return start, stop


def _step(text: str, bad: GruvizError) -> int:
    """A step on screen as an index."""
    if int(text) < 1:
        raise bad
    return int(text) - 1


def _plain(value: float) -> str:
    return repr(int(value)) if value == int(value) and abs(value) < 1e12 else repr(value)
