"""Finds terms for goals of numbers, flags and texts, of rows or of the elements of a list."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any, Final

from langchain_latm.making.synthesis.lists import operators as op
from langchain_latm.making.synthesis.lists.conditions import conditions, joined, separated
from langchain_latm.making.synthesis.lists.goals import ANY, Goal, Pool, fits, right_places, type_of, wanted
from langchain_latm.making.synthesis.lists.term import FAILED, Operator, Term, ValueType, apply

_FITTED: Final = 300
_PAIRED: Final = 400
_BASES: Final = 8
_WEIGHTED: Final = 12
_REACHED: Final = 2
"""Minimum number of goals at a maximum or minimum, and of those that are not."""
_FITTED_RESTS: Final = 4
_DIVISORS: Final = (*range(2, 11), 12, 16, 24, 32, 60, 64, 100, 128, 256, 360, 365, 1000, 3600)


def solutions(goal: Goal, pool: Pool, *, deep: bool = True) -> Iterator[Term]:
    """Yield terms that reach a goal, roughly the simplest first.

    Args:
        goal: Numbers, flags or texts, all of one type.
        pool: The terms that a term may be made of.
        deep: Whether to search for conditional terms too.
    """
    places = wanted(goal)
    if not places:
        return
    value_type = type_of(places[0][1])
    if value_type is None or not all(type_of(value) == value_type for _, value in places):
        return
    values = [value for _, value in places]
    if all(value == values[0] for value in values):
        yield pool.literal(values[0])
    yield from pool.find(value_type, goal)
    if value_type == "flag":
        yield from islice(conditions(goal, pool), 40)
        if deep:
            yield from islice(joined(goal, pool), 10)
        return
    if value_type == "number":
        yield from _fitted(places, pool)
        yield from _of_two(places, goal, pool)
        yield from _weighted(places, pool)
        yield from _capped(places, goal, pool)
    if deep:
        yield from _chosen(goal, pool, value_type)


def _fitted(places: list[tuple[int, Any]], pool: Pool) -> Iterator[Term]:
    """Yield terms with constants that are derived from the goal: `a * term + b`, `term // k`, `term % k`."""
    for term in pool.cheapest("number", _FITTED):
        pairs = [(term.values[place], value) for place, value in places]
        if any(got is FAILED for got, _ in pairs):
            continue
        fitted = _affine(term, pool, pairs)
        if fitted is not None:
            yield fitted
    for term in pool.cheapest("number", _FITTED // 6):
        pairs = [(term.values[place], value) for place, value in places]
        if not all(isinstance(got, int) and isinstance(value, int) for got, value in pairs):
            continue
        for divisor in _DIVISORS:
            if all(got // divisor == value for got, value in pairs):
                yield apply(op.FLOOR_DIVIDE, term, pool.literal(divisor), cost=1.0)
            if all(got % divisor == value for got, value in pairs):
                yield apply(op.MODULO, term, pool.literal(divisor), cost=1.0)


def _affine(term: Term, pool: Pool, pairs: list[tuple[Any, Any]]) -> Term | None:
    first, wanted_first = pairs[0]
    other = next(((got, value) for got, value in pairs if got != first), None)
    if other is None:
        return None
    run, rise = other[0] - first, other[1] - wanted_first
    if not rise or isinstance(run, float) or isinstance(rise, float) or rise % run:
        return None
    slope = rise // run
    shift = wanted_first - slope * first
    if isinstance(shift, float) or not all(slope * got + shift == value for got, value in pairs):
        return None
    return _linear(term, pool, slope, shift)


def _linear(term: Term, pool: Pool, slope: int, shift: int) -> Term:
    if slope == -1:
        return apply(op.SUBTRACT, pool.literal(shift), term, cost=1.0)
    result = term
    if slope == 2 and shift == 0:  # noqa: PLR2004 - `value * 2`
        return apply(op.MULTIPLY, term, pool.literal(2), cost=1.0)
    if slope != 1:
        result = apply(op.MULTIPLY, term, pool.literal(slope), cost=1.0)
    if shift > 0:
        result = apply(op.ADD, result, pool.literal(shift), cost=1.0)
    elif shift < 0:
        result = apply(op.SUBTRACT, result, pool.literal(-shift), cost=1.0)
    return result


def _of_two(places: list[tuple[int, Any]], goal: Goal, pool: Pool) -> Iterator[Term]:
    """Yield terms of two terms. The goal and the first determine the second, which is looked up."""
    for term in pool.cheapest("number", _PAIRED):
        values = term.values
        if any(values[place] is FAILED for place, _ in places):
            continue
        for operator, rest in _rests(values, goal, places):
            for partner in islice(pool.find("number", rest), 2):
                yield apply(operator, term, partner, cost=1.0)


def _weighted(places: list[tuple[int, Any]], pool: Pool) -> Iterator[Term]:
    """Yield terms `a * one + b * other`, with whole factors by Cramer's rule from two of the values."""
    least = 5  # two free factors would fit fewer values by chance
    terms = [
        term
        for term in pool.cheapest("number", _WEIGHTED)
        if all(isinstance(term.values[place], int) for place, _ in places)
    ]
    if len(places) < least or not all(isinstance(value, int) for _, value in places):
        return
    for one, other in combinations(terms, 2):
        rows = [(one.values[place], other.values[place], value) for place, value in places]
        a, b, value = rows[0]
        pivot = next(((c, d, v) for c, d, v in rows if a * d - b * c), None)
        if pivot is None:
            continue
        c, d, second = pivot
        determinant = a * d - b * c
        first, rest = value * d - b * second, a * second - value * c
        if first % determinant or rest % determinant:
            continue
        weights = first // determinant, rest // determinant
        if 0 not in weights and all(weights[0] * x + weights[1] * y == v for x, y, v in rows):
            yield _sum_of(_linear(one, pool, weights[0], 0), other, weights[1], pool)


def _capped(places: list[tuple[int, Any]], goal: Goal, pool: Pool) -> Iterator[Term]:
    """Yield terms with a maximum or minimum: `min(3 * hours, 20)`. Two goals reach it, and others confirm the term."""
    values = [value for _, value in places]
    for limit, operator in ((max(values), op.SMALLER), (min(values), op.LARGER)):
        if values.count(limit) < _REACHED or len(values) - values.count(limit) < _REACHED:
            continue
        rest = tuple(ANY if value is not ANY and value == limit else value for value in goal)
        fitted = islice(_fitted(wanted(rest), pool), _FITTED_RESTS)
        for term in (*fitted, *islice(pool.find("number", rest), _FITTED_RESTS)):
            capped = apply(operator, term, pool.literal(limit), cost=1.0)
            if fits(capped, places):
                yield capped


def _sum_of(term: Term, other: Term, weight: int, pool: Pool) -> Term:
    operator = op.ADD if weight > 0 else op.SUBTRACT
    return apply(operator, term, _linear(other, pool, abs(weight), 0), cost=1.0)


def _rests(values: Any, goal: Goal, places: list[tuple[int, Any]]) -> Iterator[tuple[Operator, Goal]]:
    rest = list(goal)
    for place, value in places:
        rest[place] = value - values[place]
    yield op.ADD, tuple(rest)
    for place, value in places:
        rest[place] = values[place] - value
    yield op.SUBTRACT, tuple(rest)
    if all(values[place] and value % values[place] == 0 for place, value in places):
        for place, value in places:
            rest[place] = value // values[place]
        yield op.MULTIPLY, tuple(rest)


def _chosen(goal: Goal, pool: Pool, value_type: ValueType) -> Iterator[Term]:
    """Yield conditional terms: two partially right terms and a condition (Alur, Radhakrishna, Udupa, TACAS 2017)."""
    places = wanted(goal)
    least = 2
    if len(places) < 2 * least:
        return
    pieces = [pool.literal(value) for value in dict.fromkeys(value for _, value in places)]
    pieces += pool.cheapest(value_type, 60)
    right: dict[int, list[bool]] = {}
    for piece in pieces:
        fitting = right_places(piece, goal)
        if least <= sum(fitting[place] for place, _ in places) < len(places):
            right[id(piece)] = fitting
    bases = sorted(
        (piece for piece in pieces if id(piece) in right),
        key=lambda piece: piece.cost - 6 * sum(right[id(piece)]) / len(goal),
    )[:_BASES]
    for base in bases:
        covered = right[id(base)]
        rest = tuple(ANY if is_right else value for is_right, value in zip(covered, goal, strict=True))
        if len(wanted(rest)) < least:
            continue
        for other in islice(solutions(rest, pool, deep=False), 3):
            apart = separated(covered, right_places(other, goal))
            if apart is None:
                continue
            where = tuple(ANY if value is ANY else flag for flag, value in zip(apart, goal, strict=True))
            flags = list(islice(conditions(where, pool), 30)) or list(islice(joined(where, pool), 4))
            for flag in sorted(flags, key=lambda each: each.cost)[:4]:
                if fits(term := apply(op.CHOICES[value_type], flag, base, other, cost=1.0), places):
                    yield term
