"""The rows of a search, and expressions with their values in the rows."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.expression import Applied, Expression, Operator, applied_to
from langchain_latm.making.synthesis.operators.conditions import shape_of

_WITNESSES: Final = 10
"""Number of rows without an answer that distinguish expressions. 10 of different shapes did as well as 40."""
_LENGTHS: Final = 4
"""Number of these that are chosen for other lengths."""
_SIZES: Final = 3
"""Number of these that are chosen for numbers of other sizes."""
_BOUNDS: Final = (1, 13, 32)
"""The lowest month or day, and the lowest numbers too large for a month and for a day."""
_DIGITS: Final = re.compile(r"\d{1,18}")
_MOST_SIZES: Final = 4
_LONGEST_SHAPE: Final = 200


@dataclass(frozen=True)
class Found:
    """An expression with its values.

    Attributes:
        expression: The expression.
        values: Its values in the solved rows, then in the witnesses; None if it does not fit a row.
    """

    expression: Expression
    values: tuple[Any, ...]


class Table:
    """The rows of a search.

    Args:
        examples: Solved rows, with their answers as text.
        others: Rows without an answer. Some of them, of different shapes, are witnesses: expressions that differ on
            them are not considered equal (observational equivalence, as in TRANSIT, Udupa, PLDI 2013, with the
            unlabelled rows of BlinkFill).
        budget: Counts each computed value.
    """

    def __init__(
        self, examples: Sequence[tuple[Mapping[str, Any], str]], others: Iterable[Mapping[str, Any]], budget: Budget
    ) -> None:
        self.budget = budget
        self.answers = tuple(answer for _, answer in examples)
        self.size = len(examples)
        solved = [row for row, _ in examples]
        self.rows = (*solved, *_witnesses(solved, others))
        self.everything = (1 << self.size) - 1

    def found(self, expression: Expression) -> Found:
        """Compute an expression in every row."""
        self.budget.spend(len(self.rows))
        return Found(expression, tuple(expression.of(row) for row in self.rows))

    def applied(self, operator: Operator, *arguments: Found) -> Found:
        """Apply an operator to expressions with known values."""
        self.budget.spend(len(self.rows))
        expression = Applied(operator, tuple(argument.expression for argument in arguments))
        values = zip(*(argument.values for argument in arguments), strict=True)
        return Found(expression, tuple(map(expression.apply, values)))

    def value(self, row: int, operator: Operator, *arguments: Found) -> Any:
        """Apply an operator in one row, without counting it."""
        return applied_to(operator, [argument.values[row] for argument in arguments])

    def solved(self, found: Found) -> tuple[Any, ...]:
        """Return the values in the solved rows."""
        return found.values[: self.size]


def _witnesses(solved: Sequence[Mapping[str, Any]], others: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return a row of each shape, then rows of new sizes and lengths, such as the shortest number."""
    rows = list(others)
    shapes: dict[Any, Mapping[str, Any]] = {}
    for row in rows:
        shapes.setdefault(_shape(row), row)
    first = list(shapes.values())[:_WITNESSES]
    sizes, lengths = (_new(key, [*solved, *first], rows) for key in (_sizes, _lengths))
    ordered = [lengths[key] for key in sorted(lengths)]
    ends = [row for pair in zip(ordered, reversed(ordered), strict=True) for row in pair][: len(ordered)]
    more = [*list(sizes.values())[:_SIZES], *ends[:_LENGTHS]]
    return [*first, *more][: _WITNESSES + _SIZES]


def _new(
    key: Callable[[Mapping[str, Any]], Any], known: Iterable[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]]
) -> dict[Any, Mapping[str, Any]]:
    """Return the first row of each key that no known row has."""
    seen = set(map(key, known))
    found: dict[Any, Mapping[str, Any]] = {}
    for row in rows:
        if (value := key(row)) not in seen:
            found.setdefault(value, row)
    return found


def _sizes(row: Mapping[str, Any]) -> tuple[int, ...]:
    """Return which of the numbers in a row may be a month or a day: if none can be both, the order is known."""
    return tuple(
        bisect(_BOUNDS, int(digits))
        for value in row.values()
        for digits in _DIGITS.findall(str(value)[:_LONGEST_SHAPE])[:_MOST_SIZES]
    )


def _lengths(row: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(len(str(value)[:_LONGEST_SHAPE]) for value in row.values())


def _shape(row: Mapping[str, Any]) -> Any:
    return tuple(
        shape_of(value[:_LONGEST_SHAPE]) if isinstance(value, str) else type(value).__name__ for value in row.values()
    )


class Best:
    """Keeps the cheapest expression for each vector of values."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], Found] = {}

    def add(self, found: Found) -> bool:
        """Keep an expression unless a cheaper one has its values; return whether it is new or cheaper."""
        if all(value is None for value in found.values):
            return False
        # A part of a date costs less beside other parts of it, so it is kept in addition to an equal part of the text.
        reads = isinstance(found.expression, Applied) and found.expression.operator.reads
        key = (reads, *found.values)
        known = self._found.get(key)
        if known is not None and known.expression.cost <= found.expression.cost:
            return False
        self._found[key] = found
        return True

    def cheapest(self, count: int | None = None) -> list[Found]:
        """Return the expressions, cheapest first."""
        return sorted(self._found.values(), key=lambda each: each.expression.cost)[:count]
