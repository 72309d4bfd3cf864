"""How sentences write shares, factors and counts, so that no rounding says more than the number does.

A share that is not all is never "100%", one that is not nothing never "0%", a rate that is not 1 never "1.000", and
one step is "1 step".
"""

import math

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SAME = math.log10(1.01)


def share(value: float, digits: int = 0) -> str:
    """A share in percent: "54%", "more than 99.9%" where one digit would round it to all, "less than 1%", "100%"."""
    return _percent(value, digits, "more than ", "less than ")


def brief_share(value: float, digits: int = 0) -> str:
    """The same where there is little room: "54%", ">99%", "<1%"."""
    return _percent(value, digits, ">", "<")


def _percent(value: float, digits: int, more: str, less: str) -> str:
    written = f"{value:.{digits}%}"
    if value < 1 and float(written[:-1]) >= 100:
        return f"{more}{100 - 10**-digits:.{digits}f}%"
    if value > 0 and float(written[:-1]) == 0:
        return f"{less}{10**-digits:.{digits}f}%"
    return written


def points(change: float) -> str:
    """By how many percentage points a share changed: "+12 points", "−1 point", "less than 1 point up", "unchanged"."""
    whole = round(100 * change)
    if change == 0:
        return "unchanged"
    if whole == 0:
        return f"less than 1 point {'up' if change > 0 else 'down'}"
    return f"{whole:+d} point{'s' * (abs(whole) != 1)}".replace("-", "−")


def power(log10: float) -> str:
    """10 ** log10 as people read it: 0.0059, 2.6, 7.9 · 10⁻¹¹; 0 for -inf."""
    if math.isinf(log10):
        return "0" if log10 < 0 else "∞"
    if -2.5 <= log10 < 4:
        value = 10**log10
        return f"{value:,.0f}" if value >= 999.5 else f"{value:.3g}"
    exponent = math.floor(log10)
    mantissa = f"{10 ** (log10 - exponent):.3g}"
    if mantissa == "10":  # 9.996 and the like
        mantissa, exponent = "1", exponent + 1
    return f"{mantissa} · 10{str(exponent).translate(_SUPERSCRIPTS)}"


def alike(log10: float) -> bool:
    """Whether a factor of 10 ** log10 is within 1 % of none."""
    return abs(log10) < _SAME


def times(log10: float, what: str = "") -> str:
    """A comparison by the factor 10 ** log10: "a factor of 3.2 smaller", "a factor of 1.7 · 10¹⁰ larger".

    A factor within 1 % of 1 is written "the same within 1%". `what` stands for "smaller" and "larger" where those are
    not the words, as "less, more".
    """
    less, more = (what or "smaller, larger").split(", ")
    if log10 == 0:
        return "the same"
    if alike(log10):
        return "the same within 1%"
    return f"a factor of {power(abs(log10))} {less if log10 < 0 else more}"


def rate(value: float) -> str:
    """A factor per step: "0.638", "0.9997"; as many digits as tell it from 1, three significant ones where small."""
    if value == 1 or math.isnan(value):
        return f"{value:g}"
    if value < 0.1 or value >= 1000:
        return power(math.log10(value)) if value > 0 else "0"
    digits = 3
    while digits < 9 and float(f"{value:.{digits}f}") == 1:
        digits += 1
    return f"{value:.{digits}f}"


def count(number: int, noun: str, plural: str = "") -> str:
    """How many: "1 step", "1,200 steps"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def each_of(number: int, noun: str, plural: str = "") -> str:
    """All of them: "the only step", "both steps", "each of the 20 steps"."""
    if number == 1:
        return f"the only {noun}"
    return f"both {plural or f'{noun}s'}" if number == 2 else f"each of the {count(number, noun, plural)}"
