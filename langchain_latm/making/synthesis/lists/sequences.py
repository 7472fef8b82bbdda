"""Finds terms for goals of lists, by splitting a goal into smaller goals.

The deductions are those of lambda2 (Feser, Chaudhuri, Dillig, PLDI 2015): an answer as long as a list may be a `map` of
it, a subsequence a `filter`, a permutation a sort, and so on; the goal of the comprehension's body follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from langchain_latm.making.synthesis.lists import comprehensions as over
from langchain_latm.making.synthesis.lists import operators as op
from langchain_latm.making.synthesis.lists.conditions import conditions, joined
from langchain_latm.making.synthesis.lists.elements import element_type, is_by_value, simple_flags
from langchain_latm.making.synthesis.lists.goals import ANY, Goal, Pool, fits, wanted
from langchain_latm.making.synthesis.lists.rows import Rows
from langchain_latm.making.synthesis.lists.scalars import solutions
from langchain_latm.making.synthesis.lists.term import FAILED, Operator, Term, apply

_SOURCES: Final = (5, 9, 14)
_PLAIN: Final = 2.0
"""Maximum cost of a list for whose elements terms of two terms are built."""
_PARTS: Final = 500
_ENDS: Final = 24
_EACH: Final = 3
_CONSTANT_ANSWER: Final = 4.0
"""Cost of an answer that is the same in all solved rows, regardless of its length: each row confirms it."""


class Sequences:
    """Finds terms for goals of lists.

    Args:
        rows: The terms of the rows.
        in_time: Whether there is time left.
    """

    def __init__(self, rows: Rows, in_time: Callable[[], bool]) -> None:
        self._rows = rows
        self._pool = rows.pool
        self._in_time = in_time

    def steps(self, goal: Goal, effort: int) -> Iterator[Iterator[Term]]:
        """Yield the terms of each deduction, the cheapest deductions first.

        Args:
            goal: The lists, as tuples.
            effort: 0 for terms of one step; more for more source lists, and for joined parts.
        """
        places = wanted(goal)
        yield self._known(goal, places)
        for step in (
            self._filled, self._mapped, self._filtered, self._swapped, self._joined, self._ordered, self._flattened
        ):  # fmt: skip
            if not self._in_time():
                return
            yield step(goal, places, effort)

    def quick(self, goal: Goal) -> Iterator[Term]:
        """Yield the terms of the fastest deductions, for one branch of a conditional term."""
        places = wanted(goal)
        yield from self._known(goal, places)
        for step in (self._filled, self._mapped, self._filtered, self._joined):
            if not self._in_time():
                return
            yield from step(goal, places, 0)

    def _known(self, goal: Goal, places: list[tuple[int, Any]]) -> Iterator[Term]:
        if all(value == places[0][1] for _, value in places):
            yield replace(self._pool.literal(places[0][1]), cost=_CONSTANT_ANSWER)
        yield from islice(self._pool.find("list", goal), 6)

    def _sources(self, effort: int, fitting: Callable[[Any], bool]) -> Iterator[Term]:
        found = 0
        for term in self._pool.cheapest("list", 300):
            if not self._in_time() or found >= _SOURCES[effort]:
                return
            if fitting(term.values):
                found += 1
                yield term

    def _inner(self, source: Term, effort: int) -> Pool | None:
        return self._rows.elements(source, 1 if effort and source.cost <= _PLAIN else 0)

    # -- one comprehension ---------------------------------------------------------------------------------------------

    def _mapped(self, goal: Goal, places: list[tuple[int, Any]], effort: int) -> Iterator[Term]:
        def fitting(values: Any) -> bool:
            return all(values[p] is not FAILED and len(values[p]) == len(value) for p, value in places)

        for source in self._sources(effort, fitting):
            inner = self._inner(source, effort)
            if inner is None:
                continue
            for body in islice(self._bodies(source, inner, goal, deep=True), 2 * _EACH):
                yield apply(over.MAP, source, body, cost=0.5)

    def _bodies(self, source: Term, inner: Pool, goal: Goal, *, deep: bool) -> Iterator[Term]:
        flat: list[Any] = []
        for values, one in zip(source.values, goal, strict=False):
            if values is FAILED:
                continue
            flat += [ANY] * len(values) if one is ANY else one
        return solutions(tuple(flat), inner, deep=deep)

    def _filtered(self, goal: Goal, places: list[tuple[int, Any]], effort: int) -> Iterator[Term]:
        wants = [(place, Counter(value)) for place, value in places]

        def fitting(values: Any) -> bool:
            return all(values[p] is not FAILED and len(values[p]) >= len(goal[p]) for p, _ in wants)

        for source in self._sources(effort, fitting):
            inner = self._inner(source, effort)
            if inner is None:
                continue
            bodies = [inner.origin, *(term for term in inner.cheapest("number", 10 + 10 * effort))]
            for body in dict.fromkeys(bodies):
                yield from islice(self._filters(source, inner, body, goal), _EACH)

    def _filters(self, source: Term, inner: Pool, body: Term, goal: Goal) -> Iterator[Term]:
        for keep in _kept(source, body, goal):
            flags = list(islice(conditions(keep, inner), 40)) or list(islice(joined(keep, inner), 4))
            for flag in sorted(flags, key=lambda each: each.cost)[:_EACH]:
                if body is inner.origin:
                    yield apply(over.FILTER, source, flag, cost=0.5)
                else:
                    yield apply(over.FILTER_MAP, source, body, flag, cost=0.8)
                if is_by_value(flag):
                    for operator in (over.TAKE_WHILE, over.DROP_WHILE):
                        yield apply(operator, source, flag, cost=1.5)

    def _ordered(self, goal: Goal, places: list[tuple[int, Any]], effort: int) -> Iterator[Term]:
        wants = [(place, Counter(value)) for place, value in places]

        def fitting(values: Any) -> bool:
            return all(
                values[p] is not FAILED and len(values[p]) == len(goal[p]) and Counter(values[p]) == c for p, c in wants
            )

        for source in self._sources(effort, fitting):
            inner = self._inner(source, effort)
            if inner is None:
                continue
            keys = [*inner.cheapest("number", 60), *simple_flags(inner)]
            for key in filter(is_by_value, keys):
                for sort, plain in ((over.SORT_BY, op.SORTED), (over.SORT_DOWN_BY, op.DESCENDING)):
                    if key is inner.origin:
                        term = apply(plain, source, cost=1.0)
                    else:
                        term = apply(sort, source, key, cost=1.5 if key.value_type == "flag" else 1.0)
                    if fits(term, places):
                        yield term

    def _swapped(self, goal: Goal, places: list[tuple[int, Any]], effort: int) -> Iterator[Term]:
        del effort
        for source in self._pool.cheapest("list", 4):
            firsts, seconds = list(goal), list(goal)
            for place, value in places:
                before = source.values[place]
                if before is FAILED or Counter(before) != Counter(value):
                    break
                changed = [index for index, pair in enumerate(zip(before, value, strict=True)) if pair[0] != pair[1]]
                if len(changed) not in {0, 2}:
                    break
                firsts[place], seconds[place] = changed or (ANY, ANY)
            else:
                if len(wanted(tuple(firsts))) < min(2, len(places)):
                    continue
                for first in islice(solutions(tuple(firsts), self._pool, deep=False), _EACH):
                    for second in islice(solutions(tuple(seconds), self._pool, deep=False), _EACH):
                        yield apply(op.SWAP, source, first, second, cost=1.0)

    def _flattened(self, goal: Goal, places: list[tuple[int, Any]], effort: int) -> Iterator[Term]:
        for source in self._sources(0, lambda values: all(values[p] is not FAILED for p, _ in places)):
            inner = self._inner(source, effort)
            if inner is None:
                continue
            for parts, operator in ((2, over.INTERLEAVE_2), (3, over.INTERLEAVE_3)):
                if all(len(value) == parts * len(source.values[place]) for place, value in places):
                    yield from self._interleaved(source, inner, goal, parts, operator)
            yield from self._chained(source, inner, places)

    def _interleaved(self, source: Term, inner: Pool, goal: Goal, parts: int, operator: Operator) -> Iterator[Term]:
        bodies = []
        for part in range(parts):
            goal_of_part = tuple(ANY if value is ANY else value[part::parts] for value in goal)
            body = next(self._bodies(source, inner, goal_of_part, deep=False), None)
            if body is None:
                return
            bodies.append(body)
        yield apply(operator, source, *bodies, cost=1.0)

    def _chained(self, source: Term, inner: Pool, places: list[tuple[int, Any]]) -> Iterator[Term]:
        if element_type(source.values) != "number":
            return
        bodies = []
        numbers = inner.cheapest("number", 12)
        for body in numbers[:2]:
            bodies += [apply(op.FILL, body, count, cost=0.5) for count in inner.cheapest("number", 60)]
            bodies += [
                apply(op.FILL, body, apply(operator, number, inner.literal(1), cost=0.5), cost=0.5)
                for number in numbers[:4]
                for operator in (op.ADD, op.SUBTRACT)
            ]
        for number in numbers[:4]:
            bodies += [apply(operator, number, cost=1.0) for operator in (op.UP_TO, op.BELOW, op.DOWN_FROM, op.DIGITS)]
        for body in bodies:
            total = apply(over.CHAIN, source, body, cost=0.8)
            if fits(total, places):
                yield total

    def _filled(self, goal: Goal, places: list[tuple[int, Any]], effort: int) -> Iterator[Term]:
        """Yield lists of one repeated value, and lists of one or two numbers."""
        if any(len(set(value)) > 1 for _, value in places):
            if effort and all(len(value) == 2 for _, value in places):  # noqa: PLR2004 - a pair
                pieces = [tuple(ANY if value is ANY else value[part] for value in goal) for part in range(2)]
                for first in islice(solutions(pieces[0], self._pool, deep=False), _EACH):
                    for second in islice(solutions(pieces[1], self._pool, deep=False), _EACH):
                        yield apply(op.PAIR, first, second, cost=0.5)
            return
        heads = tuple(ANY if value is ANY or not value else value[0] for value in goal)
        lengths = tuple(ANY if value is ANY else len(value) for value in goal)
        if not wanted(heads):
            return
        if all(length in {1, ANY} for length in lengths):
            for number in islice(solutions(heads, self._pool, deep=effort > 0), 2 * _EACH):
                yield apply(op.SINGLE, number, cost=0.3)
            return
        for number in islice(solutions(heads, self._pool, deep=False), _EACH):
            for count in islice(solutions(lengths, self._pool, deep=False), _EACH):
                yield apply(op.FILL, number, count, cost=0.5)

    # -- parts put together --------------------------------------------------------------------------------------------

    def _joined(self, goal: Goal, places: list[tuple[int, Any]], effort: int) -> Iterator[Term]:
        """Yield joined lists: one that the goal begins or ends with, and terms for the rest."""
        done: set[Goal] = set()
        starts = list(self._ends(goal, places, _starts_with))
        for start, rest in starts:
            if not self._in_time():
                return
            if rest in done:
                continue
            done.add(rest)
            for tail in islice(self._rest(rest, effort), _EACH):
                yield apply(op.JOIN, start, tail, cost=0.3)
        for end, rest in self._ends(goal, places, _ends_with):
            if not self._in_time():
                return
            if rest in done:
                continue
            done.add(rest)
            for head in islice(self._rest(rest, effort, inner=True), _EACH):
                yield apply(op.JOIN, head, end, cost=0.3)

    def _rest(self, goal: Goal, effort: int, *, inner: bool = False) -> Iterator[Term]:
        """Yield terms for the rest of a goal: known or constant lists, a few numbers, or again joined lists."""
        yield from self._piece(goal, deep=effort > 1)
        if inner or not self._in_time():
            return
        places = wanted(goal)
        done: set[Goal] = set()
        for end, rest in self._ends(goal, places, _ends_with):
            if rest not in done:
                done.add(rest)
                for middle in islice(self._piece(rest, deep=effort > 1), 2):
                    yield apply(op.JOIN, middle, end, cost=0.3)

    def _piece(self, goal: Goal, *, deep: bool) -> Iterator[Term]:
        places = wanted(goal)
        if all(value == places[0][1] for _, value in places):
            yield self._pool.literal(places[0][1])
            return
        yield from islice(self._pool.find("list", goal), _EACH)
        if all(len(value) == 1 for _, value in places):
            heads = tuple(ANY if value is ANY else value[0] for value in goal)
            for number in islice(solutions(heads, self._pool, deep=True), 2 * _EACH):
                yield apply(op.SINGLE, number, cost=0.2)
        elif deep:
            yield from islice(self._filled(goal, places, 1), _EACH)
            yield from islice(self._mapped(goal, places, 0), 1)
            yield from islice(self._filtered(goal, places, 0), 1)

    def _ends(
        self, goal: Goal, places: list[tuple[int, Any]], rest_of: Callable[[Any, Any], Any]
    ) -> Iterator[tuple[Term, Goal]]:
        """Yield lists with which the goal begins or ends, and the goal without them."""
        found = 0
        length = min(len(value) for _, value in places)
        if rest_of is _starts_with and length:
            heads = tuple(ANY if value is ANY else value[0] for value in goal)
            for number in islice(solutions(heads, self._pool, deep=False), _EACH):
                yield apply(op.SINGLE, number, cost=0.2), tuple(ANY if v is ANY else v[1:] for v in goal)
        elif length:
            lasts = tuple(ANY if value is ANY else value[-1] for value in goal)
            for number in islice(solutions(lasts, self._pool, deep=False), _EACH):
                yield apply(op.SINGLE, number, cost=0.2), tuple(ANY if v is ANY else v[:-1] for v in goal)
        for term in self._pool.cheapest("list", _PARTS):
            rest: list[Any] = list(goal)
            moved = False
            for place, value in places:
                part = term.values[place]
                left = None if part is FAILED else rest_of(value, part)
                if left is None:
                    break
                moved = moved or bool(part)
                rest[place] = left
            else:
                if moved and any(rest[place] for place, _ in places):
                    found += 1
                    yield term, tuple(rest)
                    if found >= _ENDS:
                        return


def _starts_with(value: Any, part: Any) -> Any:
    return value[len(part) :] if value[: len(part)] == part else None


def _ends_with(value: Any, part: Any) -> Any:
    if not part:
        return value
    return value[: -len(part)] if value[-len(part) :] == part else None


def _kept(source: Term, body: Term, goal: Goal) -> Iterable[Goal]:
    """Return which elements a filter may keep: by their values, if these determine it, and the first that fit."""
    flat = iter(body.values)
    first: list[Any] = []
    by_value: list[Any] = []
    decided = True
    for items, one in zip(source.values, goal, strict=False):
        if items is FAILED:
            continue
        values = [next(flat) for _ in items]
        if one is ANY:
            first += [ANY] * len(values)
            by_value += [ANY] * len(values)
            continue
        kept = _first_embedding(values, one)
        if kept is None:
            return []
        first += kept
        if decided:
            inside = set(one)
            chosen = [value in inside for value in values]
            decided = [value for value, flag in zip(values, chosen, strict=True) if flag] == list(one)
            by_value += chosen
    masks = [tuple(by_value)] if decided else []
    if tuple(first) not in masks:
        masks.append(tuple(first))
    return masks


def _first_embedding(values: list[Any], part: Any) -> list[bool] | None:
    kept = []
    place = 0
    for value in values:
        matched = place < len(part) and value == part[place]
        kept.append(matched)
        place += matched
    return kept if place == len(part) else None
