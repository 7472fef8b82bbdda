"""Selects rows without an answer that distinguish terms which are equal on the solved rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from langchain_latm.text.json_values import is_number


def distinguishing(solved: Sequence[Sequence[Any]], others: Sequence[Sequence[Any]], most: int) -> list[Sequence[Any]]:
    """Return the rows on which simple numbers differ that are equal in all rows before; then other rows, in order.

    If each list begins with its smallest number, `values[0]` and `min(values)` are one term to a search that keeps only
    one of equal terms (observational equivalence). One row on which they differ is worth more than many others.

    Args:
        solved: The values of the solved rows.
        others: The values of the rows without an answer.
        most: Maximum number of rows to return.
    """
    known: set[tuple[int, int]] = set().union(*map(_different, solved))
    differences = [(_different(row), row) for row in others]
    chosen: list[Sequence[Any]] = []
    while differences and len(chosen) < most:
        best = max(range(len(differences)), key=lambda place: len(differences[place][0] - known))
        pairs, row = differences.pop(best)
        known |= pairs
        chosen.append(row)
    return chosen


def with_ties(rows: Sequence[Sequence[Any]], most: int) -> list[Sequence[Any]]:
    """Return copies of rows in which a number of the row equals an item of a list, or another number of the row.

    Such a row tells `value > bound` from `value >= bound`, which seldom differ on rows that people wrote.
    """
    found: list[Sequence[Any]] = []
    for row in rows:
        numbers = [place for place, value in enumerate(row) if is_number(value)]
        items = [each for value in row if isinstance(value, tuple) for each in value if is_number(each)]
        others = [sorted(items)[len(items) // 2]] if items else [row[each] for each in numbers[1:2]]
        if numbers and others:
            found.append([*row[: numbers[0]], others[0], *row[numbers[0] + 1 :]])
        if len(found) >= most:
            break
    return found


def _different(row: Sequence[Any]) -> set[tuple[int, int]]:
    """Return the pairs of simple numbers of a row that differ, by their positions."""
    numbers = [number for value in row for number in _numbers(value)]
    return {(i, j) for (i, one), (j, other) in combinations(enumerate(numbers), 2) if one != other}


def _numbers(value: Any) -> list[Any]:
    if not isinstance(value, tuple):
        return [value]
    counts = list(Counter(value).values())
    numbers: list[Any] = [
        len(value),
        len(counts),
        max(counts, default=0),
        counts.count(1),
        len(value) - len(counts) + 1,
    ]
    if not value:
        return [*numbers, *[None] * 12]
    low, high = min(value), max(value)
    return [
        *numbers,
        *(value[0], value[-1], value[1 % len(value)], low, high, value[len(value) // 2]),
        *(value.index(low), value.index(high), list(value) == sorted(value), list(value) == sorted(value)[::-1]),
        *(sum(each > value[0] for each in value) if not isinstance(value[0], str) else 0, len(value) % 2),
    ]
