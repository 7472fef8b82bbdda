"""Operators that convert quantities between units that a request or a table names, such as "24 lbf in newtons"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, ClassVar

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators import unit_names
from langchain_latm.making.synthesis.operators.quantity_texts import (
    converted_cell,
    converted_number,
    converted_request,
)
from langchain_latm.making.synthesis.operators.unit_names import known_units
from langchain_latm.making.synthesis.writing import Writer

Conventions = tuple[tuple[str, str], ...]
"""The labels of readings that are meant, such as `("customary", "us")`."""

known = cache(known_units)


def _call(code: Writer, entry: Callable[..., Any], *arguments: str) -> str:
    """Write a call of one of the functions, which are the host's own, so both compute the same."""
    return f"{code.copy(entry)}({', '.join(arguments)}, {code.copy(known_units)}())"


@dataclass(frozen=True)
class Conversion(Operator):
    """The quantity of a request in the other unit that it names, with the name of that unit.

    Attributes:
        notation: How its numbers are written.
        words: Words of the solved requests, besides those that are usual in such requests.
        conventions: Which readings of names are meant.
    """

    notation: str = "point"
    words: tuple[str, ...] = ()
    conventions: Conventions = ()

    @property
    def cost(self) -> float:
        """It understands all of a text, which no part by position does."""
        return 1.0 + 0.3 * (self.notation != "point") + 0.2 * len(self.conventions)

    def of(self, text: str) -> tuple[Decimal, str] | None:
        return _request(text, self.notation, self.words, self.conventions)

    def write(self, code: Writer, text: str) -> str:
        words, conventions = repr(self.words), repr(dict(self.conventions))
        call = _call(code, converted_request, text, f'"{self.notation}"', words, conventions)
        return code.local("converted", call)

    def says(self, what: str) -> str:
        return f"the quantity in {what} in the unit that it asks for"


@lru_cache(maxsize=4096)  # each column is read for its numbers and for its units, and rows are read again as voters
def _request(text: str, notation: str, words: tuple[str, ...], conventions: Conventions) -> tuple[Decimal, str] | None:
    try:
        return converted_request(text, notation, words, dict(conventions), known())
    except ValueError:
        return None


@dataclass(frozen=True)
class AmountOf(Operator):
    """The number of a conversion."""

    cost: ClassVar[float] = 0.2

    def of(self, converted: tuple[Decimal, str]) -> Decimal:
        return converted[0]

    def write(self, code: Writer, converted: str) -> str:
        return code.local("amount", f"{converted}[0]", endless=True)

    def says(self, what: str) -> str:
        return what


@dataclass(frozen=True)
class UnitOf(Operator):
    """The unit of a conversion, as the text names it."""

    cost: ClassVar[float] = 0.2

    def of(self, converted: tuple[Decimal, str]) -> str:
        return converted[1]

    def write(self, code: Writer, converted: str) -> str:
        return code.local("unit", f"{converted}[1]")

    def says(self, what: str) -> str:
        return f"that unit of {what}"


@dataclass(frozen=True)
class ConvertedCell(Operator):
    """A text that is a quantity, or a sum, in the unit of another cell, or in a fixed one.

    Attributes:
        notation: How its numbers are written.
        conventions: Which readings of names are meant.
        target: The unit, unless it is a second argument.
    """

    notation: str = "point"
    conventions: Conventions = ()
    target: str = ""

    @property
    def cost(self) -> float:
        """A unit that is named in the row is likelier than a fixed one."""
        return 0.9 + 0.3 * (self.notation != "point") + 0.2 * len(self.conventions) + 0.6 * bool(self.target)

    def of(self, text: str, unit: str | None = None) -> Decimal | None:
        return _cell(text, self.target if unit is None else unit, self.notation, self.conventions)

    def write(self, code: Writer, text: str, unit: str = "") -> str:
        target, conventions = unit or repr(self.target), repr(dict(self.conventions))
        call = _call(code, converted_cell, text, target, f'"{self.notation}"', conventions)
        return code.local("amount", call, endless=True)

    def says(self, what: str, unit: str = "") -> str:
        return f"{what} in {unit or self.target}"


@lru_cache(maxsize=4096)
def _cell(text: str, unit: str, notation: str, conventions: Conventions) -> Decimal | None:
    try:
        return converted_cell(text, unit, notation, dict(conventions), known())
    except ValueError:
        return None


@dataclass(frozen=True)
class ConvertedNumber(Operator):
    """A number in the unit of one cell, converted to that of another, or to a fixed one.

    Attributes:
        conventions: Which readings of names are meant.
        target: The target, unless it is a further argument.
    """

    conventions: Conventions = ()
    target: str = ""

    @property
    def cost(self) -> float:
        """As of `ConvertedCell`."""
        return 0.9 + 0.2 * len(self.conventions) + 0.6 * bool(self.target)

    def of(self, number: Decimal, source: str, unit: str | None = None) -> Decimal | None:
        return _number(number, source, self.target if unit is None else unit, self.conventions)

    def write(self, code: Writer, number: str, source: str, unit: str = "") -> str:
        target, conventions = unit or repr(self.target), repr(dict(self.conventions))
        return code.local("amount", _call(code, converted_number, number, source, target, conventions), endless=True)

    def says(self, what: str, source: str, unit: str = "") -> str:
        return f"{what} {source} in {unit or self.target}"


@lru_cache(maxsize=4096)
def _number(number: Decimal, source: str, target: str, conventions: Conventions) -> Decimal | None:
    try:
        return converted_number(number, source, target, dict(conventions), known())
    except ValueError:
        return None


def units_of(text: str) -> list[unit_names.Unit]:
    """Return the readings of a text that is a unit and nothing else; none if it is not."""
    try:
        return unit_names.whole_unit(text, known()) if len(text) <= 60 else []  # noqa: PLR2004 - names are shorter
    except ValueError:
        return []
