"""Conversions between common units, and SI prefixes. They are general knowledge, so the rows need not show them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final, NamedTuple

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.numbers import bounded, exact
from langchain_latm.making.synthesis.writing import Writer


class _Conversion(NamedTuple):
    """A conversion: a number plus `before`, times `factor`, divided by `divisor`, plus `after`."""

    factor: Decimal = Decimal(1)
    divisor: Decimal = Decimal(1)
    before: int = 0
    after: int = 0


_FACTORS: Final = {
    ("miles", "kilometres"): "1.609344", ("pounds", "kilograms"): "0.45359237", ("feet", "metres"): "0.3048",
    ("ounces", "grams"): "28.349523125", ("gallons", "litres"): "3.785411784", ("inches", "centimetres"): "2.54",
    ("yards", "metres"): "0.9144", ("acres", "hectares"): "0.40468564224", ("kilocalories", "kilojoules"): "4.184",
    ("nautical miles", "kilometres"): "1.852", ("horsepower", "kilowatts"): "0.745699872",
    ("metric horsepower", "kilowatts"): "0.73549875",
    ("metres per second", "kilometres per hour"): "3.6",
}  # fmt: skip
CONVERSIONS: Final = {
    **{names: _Conversion(factor=Decimal(factor)) for names, factor in _FACTORS.items()},
    **{(to, of): _Conversion(divisor=Decimal(factor)) for (of, to), factor in _FACTORS.items()},
    ("degrees Fahrenheit", "degrees Celsius"): _Conversion(Decimal(5), Decimal(9), before=-32),
    ("degrees Celsius", "degrees Fahrenheit"): _Conversion(Decimal(9), Decimal(5), after=32),
}
"""Conversions by source and target unit: exact by definition, as in NIST SP 811 (2008), appendix B."""


@dataclass(frozen=True)
class Converted(Operator):
    """A number in one unit, converted to another."""

    source: str
    target: str

    cost: ClassVar[float] = 1.3  # less than a factor with as many digits that is copied from the examples

    def of(self, number: Decimal) -> Decimal | None:
        factor, divisor, before, after = CONVERSIONS[self.source, self.target]
        return bounded((number + before) * factor / divisor + after)

    def write(self, code: Writer, number: str) -> str:
        code.needs("from decimal import Decimal")
        factor, divisor, before, after = CONVERSIONS[self.source, self.target]
        value = f"({exact(code, number)} - {-before})" if before else exact(code, number)
        value += "" if factor == 1 else f" * {_literal(factor)}"
        value += "" if divisor == 1 else f" / {_literal(divisor)}"
        return code.local("converted", f"{value} + {after}" if after else value, endless=divisor != 1)

    def says(self, what: str) -> str:
        return f"{what} from {self.source} to {self.target}"


def _literal(number: Decimal) -> str:
    return str(int(number)) if number == int(number) else f'Decimal("{number}")'


_POWERS: Final = {
    "": 0, "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1, "d": -1, "c": -2,
    "m": -3, "u": -6, "µ": -6, "μ": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
}  # fmt: skip
_UNIT: Final = "(|da|[YZEPTGMkhdcmuµμnpfazy])(m|g|s|A|K|mol|cd|W|Wh|V|Hz|J|N|Pa|L|l|B|b|bps|Ω|F|C|T|H|S|lm|eV|bar|cal)"


@dataclass(frozen=True)
class ChangePrefix(Operator):
    """A number in a unit with an SI prefix, converted to the same unit with another prefix, or with none.

    The further arguments are the unit and, optionally, the target unit.
    """

    cost: ClassVar[float] = 1.2

    def of(self, number: Decimal, *units: str) -> Decimal | None:
        """Return the number in the other unit; None if a unit is unknown, or if they measure different quantities."""
        found = [re.fullmatch(_UNIT, unit) for unit in units]
        if any(each is None for each in found) or len({each and each[2] for each in found}) > 1:
            return None
        powers = [_POWERS[each[1]] for each in found if each]
        return bounded(number * Decimal(10) ** (powers[0] - sum(powers[1:])))

    def write(self, code: Writer, number: str, *units: str) -> str:
        code.needs("from decimal import Decimal")
        code.needs("import re")
        found = [code.local("unit", f're.fullmatch("{_UNIT}", {unit})') for unit in units]
        for each in found:
            code.guard(f"not {each}", "expected a unit of the SI")
        if len(found) > 1:
            code.guard(f"{found[0]}[2] != {found[1]}[2]", "expected two units of one quantity")
        table = code.constant("POWERS", repr(_POWERS))
        powers = " - ".join(f"{table}[{each}[1]]" for each in found)
        return code.local("value", f"{number} * Decimal(10) ** ({powers})")

    def says(self, what: str, *units: str) -> str:
        return f"{what} {units[0]} {f'in {units[1]}' if len(units) > 1 else 'without its prefix'}"


_SLOPES: Final = sorted((float(each.factor / each.divisor), names) for names, each in CONVERSIONS.items())


def conversions(values: Sequence[Decimal], wanted: Sequence[Decimal], halves: Sequence[Decimal]) -> Iterator[Converted]:
    """Yield the conversions that map numbers to the wanted ones, up to rounding by half of the last digit of each."""
    points = [tuple(map(float, each)) for each in zip(values, wanted, halves, strict=True)]
    (value, want, half), (other, end, at_end) = min(points), max(points)
    if value == other:
        return
    slope = (end - want) / (other - value)
    slack = (half + at_end + 2e-9 * max(abs(want), abs(end))) / (other - value)
    first = bisect_left(_SLOPES, (slope - slack,))
    for known, names in _SLOPES[first:]:  # the slope rules out most conversions quickly
        if known > slope + slack:
            return
        conversion = Converted(*names)
        exact = [conversion.of(each) for each in values]
        rows = zip(exact, wanted, halves, strict=True)
        if all(each is not None and abs(each - right) <= error for each, right, error in rows):
            yield conversion


def are_units(texts: Sequence[str | None]) -> bool:
    """Whether all texts are units of the SI."""
    return bool(texts) and all(isinstance(text, str) and re.fullmatch(_UNIT, text) for text in texts)
