"""What a person with a calculator makes of a line of arithmetic as it is shown."""

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

ACTIVATION = {
    "σ": lambda a: 1 / (1 + math.exp(-a)) if a > -700 else 0.0,
    "tanh": math.tanh,
    "relu": lambda a: max(0.0, a),
}
_APPLIED = re.compile(r"(1 − )?(σ|tanh|relu)\((.*)\) [=≈]")


@dataclass(frozen=True)
class Line:
    """A line: what its digits give, what it shows, and whether it claims that they are equal."""

    exact: Decimal
    shown: Decimal
    claims: bool
    kind: str  # "sum", "product", "activation"

    @property
    def unit(self):
        """One unit in the last place that is shown."""
        return Decimal(1).scaleb(self.shown.as_tuple().exponent)

    @property
    def rounded(self):
        return self.exact.quantize(self.unit, ROUND_HALF_UP)

    @property
    def true(self):
        """Sums add up exactly; all else rounds to what is shown."""
        return self.exact == self.shown if self.kind == "sum" else self.rounded == self.shown


def number(text):
    """A number as it is shown: “− 0.1234”, “(−0.5000)”, “= 0.2000”."""
    return Decimal(text.replace("−", "-").translate(str.maketrans("", "", " +=≈·()")))


def read(texts, result):
    """The line of these texts; `result` stands behind a last one that is only a sign."""
    with localcontext(prec=60):
        if applied := _APPLIED.fullmatch(texts[0]):
            inside = applied[3].removeprefix("1.0 − ").removeprefix("1 − ")
            value = number(inside.strip("()")) if inside == applied[3] else 1 - number(inside)
            value = Decimal(ACTIVATION[applied[2]](float(value)))
            return Line(1 - value if applied[1] else value, number(result), texts[0][-1] == "=", "activation")
        *terms, last = texts
        shown = number(result if last in "=≈" else last)
        if terms[1:] and terms[1].startswith("·"):
            exact = Decimal(1)
            for text in terms:
                inner = text.startswith("· tanh(")
                exact *= Decimal(math.tanh(number(text.removeprefix("· tanh")))) if inner else number(text)
            return Line(exact, shown, last[0] == "=", "product")
        assert all(re.match(r"[+−] ", text) for text in terms[1:]), texts
        return Line(sum(map(number, terms)), shown, last[0] == "=", "sum")
