"""Numbers computed from two: mixed units, percentages, and changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.numbers import bounded, exact
from langchain_latm.making.synthesis.writing import Writer

_WHOLE: Final = 100
_RADIXES: Final = (12, 16, 60, 14, 24, 7)
"""Inches in a foot, ounces in a pound, minutes in an hour, pounds in a stone, hours in a day, days in a week."""


@dataclass(frozen=True)
class MixedUnits(Operator):
    """A number of large units and a number of small units, in small units: feet and inches, pounds and ounces.

    Attributes:
        radix: Number of small units in a large one; the second number must be smaller.
    """

    radix: int

    cost: ClassVar[float] = 0.9

    def of(self, large: Decimal, small: Decimal) -> Decimal | None:
        return bounded(large * self.radix + small) if 0 <= small < self.radix else None

    def write(self, code: Writer, large: str, small: str) -> str:
        code.guard(f"not 0 <= {small} < {self.radix}", f"expected a second number below {self.radix}")
        return code.local("units", f"{large} * {self.radix} + {small}", whole={large, small} <= code.whole)

    def says(self, large: str, small: str) -> str:
        return f"({large} times {self.radix} plus {small})"


@dataclass(frozen=True)
class Percent(Operator):
    """A number with a percentage subtracted or added, or the relative change from one number to another.

    Attributes:
        operation: "off" and "on" take the percentage as the second number; "change" is the share by which the second
            number is larger than the first.
    """

    operation: Literal["off", "on", "change"]

    cost: ClassVar[float] = 1.0  # less than the separate steps

    def of(self, number: Decimal, other: Decimal) -> Decimal | None:
        """Return the value; None for a change from zero."""
        if self.operation == "change":
            return None if number == 0 else bounded((other - number) / number)
        return bounded(number * (100 - other if self.operation == "off" else 100 + other) / 100)

    def write(self, code: Writer, number: str, other: str) -> str:
        if self.operation == "change":
            code.guard(f"{number} == 0", "no share of zero is known")
            return code.local("change", f"({exact(code, other)} - {number}) / {exact(code, number)}", endless=True)
        sign = "-" if self.operation == "off" else "+"
        endless = not code.endless.isdisjoint((number, other))
        return code.local("value", f"{exact(code, number)} * (100 {sign} {other}) / 100", endless=endless)

    def says(self, number: str, other: str) -> str:
        if self.operation == "change":
            return f"the change from {number} to {other}"
        return f"{number} {'minus' if self.operation == 'off' else 'plus'} {other} percent"


@dataclass(frozen=True)
class WriteMixed(Operator):
    """A whole number of small units as large ones and the rest, such as "5 lb 3 oz" or "1h 05m".

    Attributes:
        radix: How many small units a large one holds.
        between: The text after the large units.
        after: The text after the small ones.
        padded: Whether these have two digits.
    """

    radix: int
    between: str
    after: str
    padded: bool

    cost: ClassVar[float] = 1.6  # less than a separate quotient and remainder

    def of(self, number: Decimal) -> str | None:
        if number < 0 or number != int(number):
            return None
        large, small = divmod(int(number), self.radix)
        return f"{large}{self.between}{small:{'02' if self.padded else ''}}{self.after}"

    def write(self, code: Writer, number: str) -> str:
        code.guard(f"{number} < 0 or {number} != int({number})", "expected a whole number that is not negative")
        (large, small), _ = code.unpack(("large", "small"), f"divmod(int({number}), {self.radix})")
        between, after = (
            code.literal(text)[1:-1].replace("{", "{{").replace("}", "}}") for text in (self.between, self.after)
        )
        return f'f"{{{large}}}{between}{{{small}{":02" * self.padded}}}{after}"'

    def says(self, what: str) -> str:
        return f"{what} as units of {self.radix} and the rest"


def percents(second: Sequence[Decimal | None]) -> Iterator[Percent]:
    """Yield the operations for which the second of two numbers may be a percentage, or a new value of the first."""
    known = [number for number in second if number is not None]
    if len(known) == len(second) and len(set(known)) > 1:
        if all(0 <= number <= _WHOLE for number in known):
            yield from (Percent("off"), Percent("on"))
        yield Percent("change")


def mixed(large: Sequence[Decimal | None], small: Sequence[Decimal | None]) -> Iterator[MixedUnits]:
    """Yield the mixed units that two columns of numbers may have."""
    rest = [number for number in small if number is not None]
    if None in large or not rest or len(rest) < len(small) or len(set(rest)) == 1 or len(set(large)) == 1:
        return
    if any(number != int(number) for number in large if number is not None):
        return
    yield from (MixedUnits(radix) for radix in _RADIXES if min(rest) >= 0 and max(rest) < radix)


def writings(answers: Sequence[str]) -> Iterator[WriteMixed]:
    """Yield the operators that may have written numbers in two units in all answers."""
    found = [re.fullmatch(r"(\d{1,9})(\D{1,12})(\d{1,2})(\D{0,12})", answer, re.ASCII) for answer in answers]
    rows = [each.groups() for each in found if each]
    if len(rows) < len(answers) or len({(between, after) for _, between, _, after in rows}) != 1:
        return
    _, between, _, after = rows[0]
    smalls = [small for _, _, small, _ in rows]
    padded = all(len(small) == 2 for small in smalls)  # noqa: PLR2004
    bare = not any(len(small) == 2 and small[0] == "0" for small in smalls)  # noqa: PLR2004
    if not any(map(str.isalpha, between)) and between.strip() not in {"'", "\u2032"}:
        return  # a mark, as in a time or a decimal number
    for radix in _RADIXES:
        if all(int(small) < radix for small in smalls):
            yield from (
                WriteMixed(radix, between, after, manner) for manner in (False, True) if (padded if manner else bare)
            )
