"""Goals (the values that a term must have on the solved rows) and pools of terms in which they are looked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, Final

from langchain_latm.making.synthesis.lists.term import FAILED, Term, ValueType, Vector, constant

EXACT: Final = ".12g"
"""Format of floats that are compared and written: further digits are errors of sums."""


_MAY_DIFFER: Final = (float, tuple)


class Anything:
    """The goal of a row or element on which a term may have any value."""

    def __repr__(self) -> str:
        return "ANY"


ANY: Final = Anything()
Goal = tuple[Any, ...]
"""The wanted values, one for each solved row or each element of a list in the rows; `ANY` if the value is free."""


def wanted(goal: Goal) -> list[tuple[int, Any]]:
    """Return the places of a goal that are not `ANY`, with their values."""
    return [(place, value) for place, value in enumerate(goal) if value is not ANY]


def fits(term: Term, goal: Iterable[tuple[int, Any]]) -> bool:
    """Whether a term has the wanted values."""
    values = term.values
    return all(same(values[place], value) for place, value in goal)


def right_places(term: Term, goal: Goal) -> list[bool]:
    """Return, for each place of a goal, whether a term reaches it there."""
    return [value is ANY or same(term.values[place], value) for place, value in enumerate(goal)]


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal; `1` is not `True`, and 0.1 + 0.2 is 0.3."""
    equal = left == right or (type(left) in _MAY_DIFFER and exact(left) == exact(right))
    return equal and isinstance(left, bool) == isinstance(right, bool)


def exact(value: Any) -> Any:
    """Return a value without what floats add to decimals: sums of prices are as exact as the prices."""
    if isinstance(value, float):
        return float(format(value, EXACT))
    return tuple(map(exact, value)) if isinstance(value, tuple) else value


class Pool:
    """Terms of one domain (the rows, or the elements of a list) with distinct values.

    Of terms with equal values on all rows, only the first is kept (observational equivalence: Albarghouthi, Gulwani,
    Kincaid, CAV 2013). Rows without an answer count too, so terms that differ there are both kept.

    Args:
        origin: A term of the domain.
        shown: Number of values of a vector that belong to solved rows.
        largest: Maximum number of terms of each type.
        floats: Whether inputs are floats, so that values are compared without their errors.
    """

    def __init__(self, origin: Term, shown: int, largest: int = 4_000, *, floats: bool = False) -> None:
        self.origin = origin
        self.shown = shown
        self._largest = largest
        self.floats = floats
        self._by_type: dict[ValueType, list[Term]] = {"number": [], "flag": [], "list": [], "text": []}
        self._seen: dict[tuple[ValueType, Vector], Term] = {}
        self._by_shown: dict[tuple[ValueType, Vector], list[Term]] = {}
        self._partial: dict[tuple[ValueType, tuple[int, ...]], tuple[dict[Any, list[Term]], list[Term]]] = {}
        """Terms by their values at some places."""

    def add(self, term: Term) -> bool:
        """Add a term, unless it fails on most solved rows or its values equal those of an earlier term."""
        value_type, values = term.value_type, term.values
        if self.floats and value_type in {"number", "list"}:
            values = exact(values)
        terms = self._by_type[value_type]
        if len(terms) >= self._largest or (value_type, values) in self._seen:
            return False
        shown = values[: self.shown]
        if shown.count(FAILED) * 2 > self.shown:
            return False
        self._seen[value_type, values] = term
        self._by_shown.setdefault((value_type, shown), []).append(term)
        terms.append(term)
        return True

    def literal(self, value: Any) -> Term:
        """Return the term of a constant."""
        value_type = type_of(value)
        if value_type is None:
            raise TypeError(value)
        return constant(value, value_type, self.origin, constant_cost(value))

    def terms(self, value_type: ValueType) -> Sequence[Term]:
        """Return the terms of a type, in the order in which they were added."""
        return self._by_type[value_type]

    def cheapest(self, value_type: ValueType, most: int) -> list[Term]:
        """Return the cheapest terms of a type."""
        return sorted(self._by_type[value_type], key=lambda term: term.cost)[:most]

    def find(self, value_type: ValueType, goal: Goal) -> Iterator[Term]:
        """Yield the terms of a type that reach a goal."""
        if ANY not in goal:
            found = self._by_shown.get((value_type, exact(goal)), ())
            yield from (term for term in found if all(map(same, term.values, goal)))
            return
        places = tuple(place for place, value in enumerate(goal) if value is not ANY)
        terms = self._by_type[value_type]
        index, indexed = self._partial.setdefault((value_type, places), ({}, []))
        project = itemgetter(*places)
        for term in terms[len(indexed) :]:
            index.setdefault(exact(project(term.values)), []).append(term)
            indexed.append(term)
        values = wanted(goal)
        yield from (term for term in index.get(exact(project(goal)), ()) if fits(term, values))


def type_of(value: Any) -> ValueType | None:
    """Return the type of a value; None for values of other types."""
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, tuple) else None


def constant_cost(value: Any) -> float:
    """Return how unlikely a constant is: small and round constants are likely."""
    if isinstance(value, bool):
        return 1.0
    if isinstance(value, int):
        if abs(value) <= 2:  # noqa: PLR2004 - needed for counting
            return 1.0
        digits = str(abs(value)).rstrip("0")
        return 1.0 + 0.5 * len(digits) + 0.1 * len(str(abs(value)))
    if isinstance(value, tuple):
        return 1.0 + sum(map(constant_cost, value))
    return 1.0 + 0.5 * len(str(value))
