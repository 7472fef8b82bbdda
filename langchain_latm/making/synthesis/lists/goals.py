"""What a term has to give on the solved rows, and pools of terms to find it in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, Final

from langchain_latm.making.synthesis.lists.term import FAILED, Kind, Term, Vector, constant


class Anything:
    """The goal of a row, or of an element, on which a term may give anything."""

    def __repr__(self) -> str:
        return "ANY"


ANY: Final = Anything()
Goal = tuple[Any, ...]
"""The values that are wanted: one for each solved row, or each element of a list in them; `ANY` where none is."""


def wanted(goal: Goal) -> list[tuple[int, Any]]:
    """Return the places of a goal that are not `ANY`, with their values."""
    return [(place, value) for place, value in enumerate(goal) if value is not ANY]


def fits(term: Term, goal: Iterable[tuple[int, Any]]) -> bool:
    """Whether a term gives what is wanted."""
    values = term.values
    return all(same(values[place], value) for place, value in goal)


def same(left: Any, right: Any) -> bool:
    """Whether two values are the same, with the same type: `1` is not `True`."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)


class Pool:
    """Terms of one domain, the rows or the elements of a list, each with other values than all before.

    Of terms with equal values on all rows only the cheapest is kept (observational equivalence: Albarghouthi, Gulwani,
    Kincaid, CAV 2013). The rows without an answer count too, so terms that differ there are both kept.

    Args:
        origin: A term of the domain.
        shown: How many values of a vector belong to solved rows.
        largest: How many terms of a kind are kept.
    """

    def __init__(self, origin: Term, shown: int, largest: int = 4_000) -> None:
        self.origin = origin
        self.shown = shown
        self._largest = largest
        self._by_kind: dict[Kind, list[Term]] = {"number": [], "flag": [], "list": [], "text": []}
        self._seen: dict[tuple[Kind, Vector], Term] = {}
        self._by_shown: dict[tuple[Kind, Vector], list[Term]] = {}
        self._partial: dict[tuple[Kind, tuple[int, ...]], tuple[dict[Any, list[Term]], list[Term]]] = {}
        """Terms by their values at some places only."""

    def add(self, term: Term) -> bool:
        """Add a term, unless it fails on most solved rows or gives what a term before it gives."""
        kind, values = term.kind, term.values
        terms = self._by_kind[kind]
        if len(terms) >= self._largest or (kind, values) in self._seen:
            return False
        shown = values[: self.shown]
        if shown.count(FAILED) * 2 > self.shown:
            return False
        self._seen[kind, values] = term
        self._by_shown.setdefault((kind, shown), []).append(term)
        terms.append(term)
        return True

    def literal(self, value: Any) -> Term:
        """Return the constant term of a value."""
        kind = kind_of(value)
        if kind is None:
            raise TypeError(value)
        return constant(value, kind, self.origin, constant_cost(value))

    def terms(self, kind: Kind) -> Sequence[Term]:
        """Return the terms of a kind, in the order in which they were added."""
        return self._by_kind[kind]

    def cheapest(self, kind: Kind, most: int) -> list[Term]:
        """Return the cheapest terms of a kind."""
        return sorted(self._by_kind[kind], key=lambda term: term.cost)[:most]

    def find(self, kind: Kind, goal: Goal) -> Iterator[Term]:
        """Yield the terms that give what is wanted."""
        if ANY not in goal:
            found = self._by_shown.get((kind, goal), ())
            yield from (term for term in found if all(map(same, term.values, goal)))
            return
        places = tuple(place for place, value in enumerate(goal) if value is not ANY)
        terms = self._by_kind[kind]
        index, indexed = self._partial.setdefault((kind, places), ({}, []))
        project = itemgetter(*places)
        for term in terms[len(indexed) :]:
            index.setdefault(project(term.values), []).append(term)
            indexed.append(term)
        values = wanted(goal)
        yield from (term for term in index.get(project(goal), ()) if fits(term, values))


def kind_of(value: Any) -> Kind | None:
    """Return the kind of a JSON value."""
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, tuple) else None


def constant_cost(value: Any) -> float:
    """Return how unlikely a constant is: small and round ones are the likely ones."""
    if isinstance(value, bool):
        return 1.0
    if isinstance(value, int):
        if abs(value) <= 2:  # noqa: PLR2004 - what counting needs
            return 1.0
        digits = str(abs(value)).rstrip("0")
        return 1.0 + 0.5 * len(digits) + 0.1 * len(str(abs(value)))
    if isinstance(value, tuple):
        return 1.0 + sum(map(constant_cost, value))
    return 1.0 + 0.5 * len(str(value))
