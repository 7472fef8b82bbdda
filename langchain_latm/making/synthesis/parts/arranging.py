"""Functions of all parts together (order, duplicates, choice of one), and small changes of each part."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple


class Arrangement(NamedTuple):
    """A function of a list of parts.

    Attributes:
        code: Its Python code for the list `{0}`.
        run: The same function. It raises `ValueError` or `TypeError` for parts that do not fit.
        cost: How unlikely it is to be meant.
        says: Its description for the parts `{0}`.
    """

    code: str
    run: Callable[[Sequence[Any]], Any]
    cost: float
    says: str


class Change(NamedTuple):
    """A function of one part.

    Attributes:
        code: Its Python code for the part `{0}`.
        run: The same function.
        cost: How unlikely it is to be meant.
    """

    code: str
    run: Callable[[Any], Any]
    cost: float


def _once(parts: Sequence[Any]) -> list[Any]:
    return list(dict.fromkeys(parts))


UNCHANGED: Final = Change("{0}", lambda part: part, 0.0)
OF_TEXTS: Final = (
    UNCHANGED,
    Change("{0}.lower()", str.lower, 0.5),
    Change("{0}.upper()", str.upper, 0.5),
    Change("{0}.capitalize()", str.capitalize, 0.6),
    Change("{0}.title()", str.title, 0.6),
)
ORDERS: Final = (
    Arrangement("{0}", list, 0.0, "{0}"),
    Arrangement("sorted({0})", sorted, 0.6, "{0} in order"),
    Arrangement("sorted({0}, reverse=True)", lambda parts: sorted(parts, reverse=True), 0.8, "{0} in falling order"),
    Arrangement(
        "sorted({0}, key=float)", lambda parts: sorted(parts, key=float), 0.7, "{0} in the order of the numbers"
    ),
    Arrangement(
        "sorted({0}, key=float, reverse=True)",
        lambda parts: sorted(parts, key=float, reverse=True),
        0.9,
        "{0} in the falling order of the numbers",
    ),
    Arrangement("sorted({0}, key=len)", lambda parts: sorted(parts, key=len), 0.8, "{0} by length"),
    Arrangement("{0}[::-1]", lambda parts: parts[::-1], 0.6, "{0} in reverse order"),
    Arrangement("list(dict.fromkeys({0}))", _once, 0.6, "{0} without repetitions"),
    Arrangement("sorted(set({0}))", lambda parts: sorted(set(parts)), 0.9, "{0} in order, without repetitions"),
    Arrangement("[part for part in {0} if part]", lambda parts: [each for each in parts if each], 0.6,
                "{0} that are not empty"),
    Arrangement("{0}[1:]", lambda parts: parts[1:], 0.8, "{0} without the first"),
    Arrangement("{0}[:-1]", lambda parts: parts[:-1], 0.8, "{0} without the last"),
    Arrangement("{0}[:2]", lambda parts: parts[:2], 1.0, "the first two of {0}"),
    Arrangement("{0}[-2:]", lambda parts: parts[-2:], 1.0, "the last two of {0}"),
    Arrangement("{0}[:3]", lambda parts: parts[:3], 1.1, "the first three of {0}"),
)  # fmt: skip
"""Functions whose value is a list of parts."""
CHOICES: Final = (
    Arrangement("max({0}, key=len)", lambda parts: max(parts, key=len), 0.8, "the longest of {0}"),
    Arrangement("min({0}, key=len)", lambda parts: min(parts, key=len), 0.8, "the shortest of {0}"),
    Arrangement("max({0})", max, 1.2, "the last in order of {0}"),
    Arrangement("min({0})", min, 1.2, "the first in order of {0}"),
    Arrangement("max({0}, key=float)", lambda parts: max(parts, key=float), 0.8, "the largest number of {0}"),
    Arrangement("min({0}, key=float)", lambda parts: min(parts, key=float), 0.8, "the smallest number of {0}"),
    Arrangement("statistics.mode({0})", statistics.mode, 1.3, "the most frequent of {0}"),
    Arrangement("str(len({0}))", lambda parts: str(len(parts)), 0.8, "the number of {0}"),
    Arrangement("str(len(set({0})))", lambda parts: str(len(set(parts))), 1.0, "the number of different {0}"),
)  # fmt: skip
"""Functions whose value is one part, or a number about all of them."""
OF_LISTS: Final = (
    Change("sum({0})", sum, 0.5),
    Change("len({0})", len, 0.5),
    Change("max({0})", max, 0.6),
    Change("min({0})", min, 0.6),
)
"""Numbers of a part that is a list."""
OF_NUMBERS: Final = (
    Arrangement("sum({0})", sum, 0.6, "the sum of {0}"),
    Arrangement("max({0})", max, 0.7, "the largest of {0}"),
    Arrangement("min({0})", min, 0.7, "the smallest of {0}"),
)
"""Numbers of a list of numbers."""
OF_NESTED: Final = (
    Arrangement("[item for part in {0} for item in part]", lambda parts: [item for part in parts for item in part], 0.8,
                "the items of {0}"),
    Arrangement("[list(items) for items in zip(*{0}, strict=True)]",
                lambda parts: [list(items) for items in zip(*parts, strict=True)], 0.9,
                "{0} with rows and columns swapped"),
)  # fmt: skip
"""Functions of a list of lists."""


def by_key(change: Change) -> tuple[Arrangement, ...]:
    """Return the orders and choices of parts by a number of each part."""
    key = change.run
    written = f"key=lambda part: {change.code.format('part')}"
    return (
        Arrangement(f"sorted({{0}}, {written})", lambda parts: sorted(parts, key=key), 0.6, "{0} in order"),
        Arrangement(
            f"sorted({{0}}, {written}, reverse=True)",
            lambda parts: sorted(parts, key=key, reverse=True),
            0.8,
            "{0} in falling order",
        ),
        Arrangement(f"max({{0}}, {written})", lambda parts: max(parts, key=key), 0.7, "the largest of {0}"),
        Arrangement(f"min({{0}}, {written})", lambda parts: min(parts, key=key), 0.7, "the smallest of {0}"),
    )
