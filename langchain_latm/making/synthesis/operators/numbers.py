"""Reads numbers, and computes with them.

Numbers are decimals, not floats: 0.1 in a table is exactly 0.1, and rounding applies to the digits that a person sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

Notation = Literal["point", "comma"]
PATTERNS: Final[dict[Notation, str]] = {
    "point": r"[+-]?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,12})?",
    "comma": r"[+-]?(?:\d{1,15}|\d{1,3}(?:[. ]\d{3}){1,4})(?:,\d{1,12})?",
}
_LARGEST: Final = Decimal(10) ** 18


@dataclass(frozen=True)
class ReadNumber(Operator):
    """The value of a number with a decimal point or a decimal comma; digits may be grouped."""

    notation: Notation = "point"

    @property
    def cost(self) -> float:
        """A decimal comma is rarer."""
        return 0.3 if self.notation == "point" else 0.6

    def of(self, text: Any) -> Decimal | None:
        if isinstance(text, int | float):
            return None if isinstance(text, bool) else bounded(Decimal(str(text)))
        if len(text) > 40 or re.fullmatch(PATTERNS[self.notation], text) is None:  # noqa: PLR2004 - no number is longer
            return None
        return Decimal(re.sub("[, ]", "", text) if self.notation == "point" else _with_point(text))

    def write(self, code: Writer, text: str) -> str:
        if code.type_of(text) == "int":
            code.whole.add(text)
            return text
        code.needs("from decimal import Decimal")
        if code.type_of(text) == "float":
            return code.local("number", f"Decimal(str({text}))")
        code.needs("import re")
        text = code.named(text)
        code.guard(f'not re.fullmatch(r"{PATTERNS[self.notation]}", {text})', "expected a number")
        if self.notation == "point":
            return code.local("number", f'Decimal({text}.replace(",", ""))')
        return code.local("number", f'Decimal(re.sub("[. ]", "", {text}).replace(",", "."))')

    def says(self, what: str) -> str:
        return f"{what} as a number"


def _with_point(text: str) -> str:
    return re.sub("[. ]", "", text).replace(",", ".")


def bounded(number: Decimal) -> Decimal | None:
    """Return a number; None if it is infinite or too large to be written."""
    return number if number.is_finite() and abs(number) < _LARGEST else None


@dataclass(frozen=True)
class Linear(Operator):
    """A number times a factor plus an offset, as in conversions of units.

    Attributes:
        factor: The factor.
        offset: The offset.
        doubt: Additional cost if rounded answers hardly confirm the factor.
    """

    factor: Decimal
    offset: Decimal
    doubt: float = 0.0

    @property
    def cost(self) -> float:
        """Simple factors are likelier."""
        return self.doubt + 0.3 + digits_cost(self.factor, neutral=1) + digits_cost(self.offset, neutral=0)

    def of(self, number: Decimal) -> Decimal | None:
        return bounded(number * self.factor + self.offset)

    def write(self, code: Writer, number: str) -> str:
        is_whole = number in code.whole and self.factor == int(self.factor) and self.offset == int(self.offset)
        if not is_whole:
            code.needs("from decimal import Decimal")
        times = "" if self.factor == 1 else f" * {_literal(self.factor)}"
        plus = "" if not self.offset else f" {'-' if self.offset < 0 else '+'} {_literal(abs(self.offset))}"
        return code.local("value", f"{number}{times}{plus}", whole=is_whole, endless=number in code.endless)

    def says(self, what: str) -> str:
        times = "" if self.factor == 1 else f" times {self.factor}"
        plus = "" if not self.offset else f" {'minus' if self.offset < 0 else 'plus'} {abs(self.offset)}"
        return f"{what}{times}{plus}"


def digits_cost(number: Decimal, *, neutral: int) -> float:
    """Return the cost of a factor or offset, which grows with its significant digits."""
    if number == neutral:
        return 0
    digits = "".join(map(str, number.normalize().as_tuple().digits))
    return 0.5 + 0.35 * (len(digits) if digits != "1" else 0.3)


def exact(code: Writer, number: str) -> str:
    """Return the code of a number as a decimal, since dividing two `int` gives a float."""
    if number not in code.whole:
        return number
    code.needs("from decimal import Decimal")
    return f"Decimal({number})"


def _literal(number: Decimal) -> str:
    return str(int(number)) if number == int(number) else f'Decimal("{number:f}")'


@dataclass(frozen=True)
class Scaled(Operator):
    """A number divided by another, for factors that do not terminate, such as 1/3.

    Attributes:
        divisor: The divisor.
        doubt: As in `Linear`.
    """

    divisor: Decimal
    doubt: float = 0.0

    @property
    def cost(self) -> float:
        return self.doubt + 0.3 + digits_cost(self.divisor, neutral=1)

    def of(self, number: Decimal) -> Decimal | None:
        return bounded(number / self.divisor)

    def write(self, code: Writer, number: str) -> str:
        return code.local("value", f"{exact(code, number)} / {_literal(self.divisor)}", endless=True)

    def says(self, what: str) -> str:
        return f"{what} divided by {self.divisor}"


@dataclass(frozen=True)
class Part(Operator):
    """The quotient or the remainder of a division by a whole number, as from minutes to hours."""

    divisor: int
    remainder: bool

    cost: ClassVar[float] = 1.5

    def of(self, number: Decimal) -> Decimal | None:
        """Return the quotient or remainder of a number that is not negative."""
        if number < 0:
            return None
        return number % self.divisor if self.remainder else number // self.divisor

    def write(self, code: Writer, number: str) -> str:
        code.guard(f"{number} < 0", "expected a number that is not negative")
        value = f"{number} {'%' if self.remainder else '//'} {self.divisor}"
        return code.local("value", value, whole=number in code.whole)

    def says(self, what: str) -> str:
        return f"{'the remainder of ' * self.remainder}{what} divided by {self.divisor}"


@dataclass(frozen=True)
class Arithmetic(Operator):
    """Two numbers combined."""

    sign: Literal["+", "-", "*", "/", "//", "%", "max", "min"]

    @property
    def cost(self) -> float:
        """Sums are the likeliest."""
        return {"+": 0.6, "-": 0.6, "*": 0.7, "/": 0.8, "max": 0.9, "min": 0.9}.get(self.sign, 1.2)

    def of(self, left: Decimal, right: Decimal) -> Decimal | None:
        """Return the value; None if the division is not defined."""
        if self.sign in _DIVISIONS and (right == 0 or (self.sign != "/" and (left < 0 or right < 0))):
            return None
        try:
            return bounded(_ARITHMETIC[self.sign](left, right))
        except InvalidOperation:
            return None

    def write(self, code: Writer, left: str, right: str) -> str:
        if self.sign in {"max", "min"}:
            return code.local("value", f"{self.sign}({left}, {right})", whole={left, right} <= code.whole)
        if self.sign in _DIVISIONS:
            code.guard(f"{right} == 0", "cannot divide by zero")
            if self.sign != "/":
                code.guard(f"{left} < 0 or {right} < 0", "expected numbers that are not negative")
        whole = self.sign != "/" and {left, right} <= code.whole
        left = exact(code, left) if self.sign == "/" else left
        endless = self.sign == "/" or not code.endless.isdisjoint((left, right))
        return code.local("value", f"{left} {self.sign} {right}", whole=whole, endless=endless)

    def says(self, left: str, right: str) -> str:
        names = {"max": "the larger of", "min": "the smaller of"}
        if self.sign in names:
            return f"{names[self.sign]} {left} and {right}"
        return f"({left} {self.sign} {right})"


@dataclass(frozen=True)
class Statistic(Operator):
    """The sum, mean, maximum or minimum of several numbers."""

    function: str

    @property
    def cost(self) -> float:
        """It costs less than one step for each number."""
        return 0.6 if self.function == "sum" else 0.7

    def of(self, *numbers: Decimal) -> Decimal | None:
        if self.function in {"max", "min"}:
            return max(numbers) if self.function == "max" else min(numbers)
        total = sum(numbers, Decimal(0))
        return bounded(total / len(numbers) if self.function == "mean" else total)

    def write(self, code: Writer, *numbers: str) -> str:
        listed = ", ".join(numbers)
        is_whole = {*numbers} <= code.whole
        if self.function in {"max", "min"}:
            return code.local("value", f"{self.function}({listed})", whole=is_whole)
        if self.function == "mean":
            total = f"({' + '.join([exact(code, numbers[0]), *numbers[1:]])})"
            return code.local("value", f"{total} / {len(numbers)}", endless=True)
        return code.local("value", " + ".join(numbers), whole=is_whole)

    def says(self, *numbers: str) -> str:
        names = {"sum": "the sum of", "mean": "the mean of", "max": "the largest of", "min": "the smallest of"}
        return f"{names[self.function]} {', '.join(numbers)}"


STATISTICS: Final = tuple(map(Statistic, ("sum", "mean", "max", "min")))
_DIVISIONS: Final = ("/", "//", "%")
_ARITHMETIC: Final[dict[str, Callable[[Decimal, Decimal], Decimal]]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "//": lambda left, right: left // right,
    "%": lambda left, right: left % right,
    "max": max,
    "min": min,
}


def simplest(low: Decimal, high: Decimal) -> Decimal | None:
    """Return the number with the fewest digits in an interval; None if it is empty."""
    if low > high:
        return None
    if low <= 0 <= high:
        return Decimal(0)
    for places in range(-9, 13):
        unit = Decimal(1).scaleb(-places)
        nearest = (low / unit).to_integral_value(rounding="ROUND_CEILING") * unit
        if nearest <= high:
            return Decimal(f"{nearest.normalize():f}")
    return None
