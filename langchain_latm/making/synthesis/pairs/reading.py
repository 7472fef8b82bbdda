"""Reads pairs of items from rows: each item of one list with each of another, or with the later ones of the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, Final, Self

from langchain_latm._core.source import free_name
from langchain_latm.making.synthesis.pairs.expressions import Environment, Number
from langchain_latm.text.json_values import is_number

_WIDEST: Final = 3
_MOST_PAIRS: Final = 400
"""Maximum number of pairs in a row."""
_MOST_LISTS: Final = 2
_MOST_NUMBERS: Final = 2


@dataclass(frozen=True)
class Layout:
    """Which columns hold lists and which hold numbers.

    Attributes:
        lists: One or two columns of lists.
        widths: For each list, how many numbers an item has; 0 if an item is a number.
        numbers: Columns of numbers.
    """

    lists: tuple[str, ...]
    widths: tuple[int, ...]
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> Self | None:
        """Return the layout of rows; None if they have no such layout."""
        lists: dict[str, int] = {}
        numbers: list[str] = []
        for name in rows[0]:
            cells = [row.get(name) for row in rows]
            if all(map(is_number, cells)):
                numbers.append(name)
            elif (width := _width(cells)) is not None:
                lists[name] = width
            else:
                return None
        if not 1 <= len(lists) <= _MOST_LISTS or len(numbers) > _MOST_NUMBERS:
            return None
        return cls(tuple(lists), tuple(lists.values()), tuple(numbers))

    @property
    def items(self) -> tuple[str, str]:
        """Names of the two items of a pair in source code."""
        one = free_name("one", {*self.lists, *self.numbers})
        return one, free_name("other", {*self.lists, *self.numbers, one})

    @property
    def names(self) -> list[str]:
        """Source code of each number of a pair."""
        widths = self.widths * (_MOST_LISTS // len(self.widths))
        parts = [
            [f"{item}[{place}]" for place in range(width)] if width else [item]
            for item, width in zip(self.items, widths, strict=True)
        ]
        return [*parts[0], *parts[1], *self.numbers]

    def pairs(self, row: Mapping[str, Any]) -> list[Environment]:
        """Return the numbers of each pair of a row.

        Raises:
            ValueError: The row has another layout, or too many pairs.
        """
        cells: list[Any] = [row.get(name) for name in self.lists]
        beside: list[Any] = [row.get(name) for name in self.numbers]
        if not all(map(is_number, beside)) or any(
            not _has_width(cell, width) for cell, width in zip(cells, self.widths, strict=True)
        ):
            raise ValueError("a row of another form")
        parts = [[item if isinstance(item, list) else [item] for item in cell] for cell in cells]
        both = product(*parts) if len(parts) == _MOST_LISTS else combinations(parts[0], 2)
        found: list[Environment] = []
        for one, other in both:
            found.append((*one, *other, *beside))
            if len(found) > _MOST_PAIRS:
                raise ValueError("too many pairs")
        return found


def equal(one: Number, other: Number) -> bool:
    """Whether two numbers are equal except for rounding errors."""
    return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))


def _width(cells: Sequence[object]) -> int | None:
    widths = {len(item) if isinstance(item, list) else 0 for cell in cells if isinstance(cell, list) for item in cell}
    if len(widths) != 1:
        return None
    (width,) = widths
    return width if width <= _WIDEST and all(_has_width(cell, width) for cell in cells) else None


def _has_width(cell: object, width: int) -> bool:
    if not isinstance(cell, list):
        return False
    if not width:
        return all(map(is_number, cell))
    return all(isinstance(item, list) and len(item) == width and all(map(is_number, item)) for item in cell)
