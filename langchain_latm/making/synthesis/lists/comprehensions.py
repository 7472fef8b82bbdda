"""Operators that process a list element by element: their other parts have one value for each element."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import Any, Final

from langchain_latm.making.synthesis.lists.term import FAILED, Operator, ValueType, Vector, regroup


def _mapped(lists: Vector, bodies: Vector) -> Vector:
    return tuple(regroup(lists, bodies))


def _rows(lists: Vector, *flat: Vector) -> list[tuple[Any, ...] | None]:
    """Return the list and the regrouped values of each row; None for a row if one of them failed."""
    grouped = [regroup(lists, each) for each in flat]
    return [None if any(each is FAILED for each in row) else row for row in zip(lists, *grouped, strict=True)]


def _filtered(lists: Vector, flags: Vector) -> Vector:
    return tuple(
        FAILED if row is None else tuple(value for value, flag in zip(*row, strict=True) if flag)
        for row in _rows(lists, flags)
    )


def _filtered_bodies(lists: Vector, bodies: Vector, flags: Vector) -> Vector:
    return tuple(
        FAILED if row is None else tuple(body for body, flag in zip(row[1], row[2], strict=True) if flag)
        for row in _rows(lists, bodies, flags)
    )


def _taken(lists: Vector, flags: Vector) -> Vector:
    return tuple(
        FAILED if row is None else tuple(value for value, _ in takewhile(lambda pair: pair[1], zip(*row, strict=True)))
        for row in _rows(lists, flags)
    )


def _dropped(lists: Vector, flags: Vector) -> Vector:
    return tuple(
        FAILED if one is FAILED or start is FAILED else one[len(start) :]
        for one, start in zip(lists, _taken(lists, flags), strict=True)
    )


def _reduced(function: Callable[[Iterable[Any]], Any]) -> Callable[[Vector, Vector], Vector]:
    """Return an operator's function that reduces the flags of each row."""
    return lambda lists, flags: tuple(FAILED if row is None else function(row[1]) for row in _rows(lists, flags))


def _sorted(lists: Vector, keys: Vector, *, reverse: bool = False) -> Vector:
    return tuple(
        FAILED
        if row is None
        else tuple(value for value, _ in sorted(zip(*row, strict=True), key=lambda pair: pair[1], reverse=reverse))
        for row in _rows(lists, keys)
    )


def _sorted_down(lists: Vector, keys: Vector) -> Vector:
    return _sorted(lists, keys, reverse=True)


def _flattened(lists: Vector, *bodies: Vector) -> Vector:
    return tuple(
        FAILED if row is None else tuple(part for parts in zip(*row[1:], strict=True) for part in parts)
        for row in _rows(lists, *bodies)
    )


def _chained(lists: Vector, bodies: Vector) -> Vector:
    return tuple(
        FAILED if row is None else tuple(part for body in row[1] for part in body) for row in _rows(lists, bodies)
    )


def _chosen(choose: Callable[..., Any]) -> Callable[[Vector, Vector], Vector]:
    """Return an operator's function that chooses an element by its key."""
    return lambda lists, keys: tuple(
        FAILED if row is None or not row[0] else choose(zip(*row, strict=True), key=lambda pair: pair[1])[0]
        for row in _rows(lists, keys)
    )


MAP: Final = Operator("[{1} for {names} in {items}]", _mapped, "list", "mapped")
FILTER: Final = Operator("[{value} for {names} in {items} if {1}]", _filtered, "list", "kept")
FILTER_MAP: Final = Operator("[{1} for {names} in {items} if {2}]", _filtered_bodies, "list", "kept")
TAKE_WHILE: Final = Operator("list(takewhile(lambda value: {1}, {0}))", _taken, "list", "start")
DROP_WHILE: Final = Operator("list(dropwhile(lambda value: {1}, {0}))", _dropped, "list", "rest")
COUNT_IF: Final = Operator("sum({1} for {names} in {items})", _reduced(sum), "number", "count")
ALL: Final = Operator("all({1} for {names} in {items})", _reduced(all), "flag")
ANY_OF: Final = Operator("any({1} for {names} in {items})", _reduced(any), "flag")
SORT_BY: Final = Operator("sorted({0}, key=lambda value: {1})", _sorted, "list", "ordered")
SORT_DOWN_BY: Final = Operator("sorted({0}, key=lambda value: {1}, reverse=True)", _sorted_down, "list", "ordered")
INTERLEAVE_2: Final = Operator("[item for {names} in {items} for item in ({1}, {2})]", _flattened, "list")
INTERLEAVE_3: Final = Operator("[item for {names} in {items} for item in ({1}, {2}, {3})]", _flattened, "list")
CHAIN: Final = Operator("[item for {names} in {items} for item in {1}]", _chained, "list")
BEST: Final[dict[ValueType, tuple[Operator, ...]]] = {
    value_type: tuple(
        Operator(f"{name}({{0}}, key=lambda value: {{1}})", _chosen(choose), value_type, "best")
        for name, choose in (("max", max), ("min", min))
    )
    for value_type in ("number", "text")
}
"""The element with the largest key, and that with the smallest one."""
_BEST: Final = [operator for operators in BEST.values() for operator in operators]
COMPREHENSIONS: Final = frozenset({
    MAP, FILTER, FILTER_MAP, TAKE_WHILE, DROP_WHILE, COUNT_IF, ALL, ANY_OF, SORT_BY, SORT_DOWN_BY, INTERLEAVE_2,
    INTERLEAVE_3, CHAIN, *_BEST,
})  # fmt: skip
"""Operators whose first part is the list, and whose other parts have one value for each element of it."""
BY_VALUE: Final = frozenset({TAKE_WHILE, DROP_WHILE, SORT_BY, SORT_DOWN_BY, *_BEST})
"""Comprehensions whose other part is a function of the value only, not of its position."""
