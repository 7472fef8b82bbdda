"""Conditions that separate some rows, or elements, from others."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any, Final

from langchain_latm.making.synthesis.lists import operators as op
from langchain_latm.making.synthesis.lists.goals import ANY, Goal, Pool, constant_cost, fits, wanted
from langchain_latm.making.synthesis.lists.term import FAILED, Operator, Term, apply

_MODULI: Final = range(2, 11)
_TERMS: Final = 40
_COMPARED: Final = 14
_JOINED: Final = 24
_ROUND: Final = 2
_WIDEST: Final = 1_000
"""Maximum gap between two values in which round thresholds are searched."""


def conditions(goal: Goal, pool: Pool) -> Iterator[Term]:
    """Yield flags that reach a goal.

    Thresholds and remainders are derived from the values to separate, so no constants are tried. In a gap between these
    values, the roundest threshold comes first, then those at the ends of the gap at a slightly higher cost: if they
    differ on other rows, the examples are ambiguous.

    Args:
        goal: True, False or `ANY` for each row or element.
        pool: The numbers and flags that a condition may use.
    """
    places = wanted(goal)
    yes = [place for place, flag in places if flag]
    no = [place for place, flag in places if not flag]
    if not yes or not no:
        return
    for term in pool.terms("flag"):
        if fits(term, places):
            yield term
        elif all(term.values[place] is (not flag) for place, flag in places):
            yield apply(op.NOT, term, cost=0.5)
    numbers = [term for term in pool.cheapest("number", _TERMS) if FAILED not in (term.values[p] for p, _ in places)]
    for term in [*numbers, *pool.cheapest("text", _TERMS)]:
        yield from _equal(term, pool, yes, no)
    for term in numbers:
        yield from _threshold(term, pool, yes, no)
        yield from _remainder(term, pool, yes, no)
    for left, right in combinations(numbers[:_COMPARED], 2):
        yield from _compared(left, right, places)


def joined(goal: Goal, pool: Pool) -> Iterator[Term]:
    """Yield conditions that join two flags by `and` or `or`."""
    places = wanted(goal)
    if len({flag for _, flag in places}) < 2:  # noqa: PLR2004 - nothing to separate
        return
    flags = [*pool.cheapest("flag", _JOINED)]
    for both in (op.BOTH, op.EITHER):
        stays = both is op.BOTH
        able = [f for f in flags if all(f.values[place] is stays for place, flag in places if flag is stays)]
        for left, right in combinations(able, 2):
            term = apply(both, left, right, cost=1.0)
            if fits(term, places):
                yield term


def _equal(term: Term, pool: Pool, yes: Sequence[int], no: Sequence[int]) -> Iterator[Term]:
    values = {term.values[place] for place in yes}
    others = {term.values[place] for place in no}
    if FAILED in values | others or values & others:
        return
    if len(values) == 1 and len(yes) > 1:
        yield apply(op.EQUAL, term, pool.literal(values.pop()), cost=1.0)
    elif len(others) == 1 and len(no) > 1:
        yield apply(op.UNEQUAL, term, pool.literal(others.pop()), cost=1.0)


def _threshold(term: Term, pool: Pool, yes: Sequence[int], no: Sequence[int]) -> Iterator[Term]:
    above = [term.values[place] for place in yes]
    below = [term.values[place] for place in no]
    operators = op.GREATER, op.AT_LEAST
    if max(above) < min(below):
        above, below = below, above
        operators = op.AT_MOST, op.LESS
    low, high = max(below), min(above)
    if low >= high or not (isinstance(low, int) and isinstance(high, int)):
        return
    strict, inclusive = operators
    limits = (
        sorted(range(low, high + 1), key=lambda each: (constant_cost(each), each))[:_ROUND]
        if high - low < _WIDEST
        else []
    )
    options = [(limit, strict) for limit in {low, high - 1, *limits} if limit < high]
    options += [(limit, inclusive) for limit in {low + 1, high, *limits} if limit > low]
    doubt = 0.5 * math.log2(high - low)
    tried = set()
    for limit, compared in sorted(options, key=lambda each: constant_cost(each[0])):
        if (limit, compared) not in tried:
            tried.add((limit, compared))
            yield apply(compared, term, pool.literal(limit), cost=1.0 + doubt)


def _remainder(term: Term, pool: Pool, yes: Sequence[int], no: Sequence[int]) -> Iterator[Term]:
    if not all(isinstance(term.values[place], int) for place in (*yes, *no)):
        return
    for modulus in _MODULI:
        values = {term.values[place] % modulus for place in yes}
        others = {term.values[place] % modulus for place in no}
        if values & others:
            continue
        remainder = apply(op.MODULO, term, pool.literal(modulus), cost=-0.3 if modulus == 2 else 0.5)  # noqa: PLR2004 - parity
        if len(values) == 1 and len(yes) > 1:
            yield apply(op.EQUAL, remainder, pool.literal(values.pop()), cost=-0.5 if modulus == 2 else 0.5)  # noqa: PLR2004
        elif len(others) == 1 and len(no) > 1:
            yield apply(op.UNEQUAL, remainder, pool.literal(others.pop()), cost=0.5)


_COMPARISONS: Final[tuple[tuple[Callable[[Any, Any], Any], Operator, Operator], ...]] = (
    (operator.gt, op.GREATER, op.AT_MOST),
    (operator.lt, op.LESS, op.AT_LEAST),
    (operator.eq, op.EQUAL, op.UNEQUAL),
)


def _compared(left: Term, right: Term, places: Sequence[tuple[int, Any]]) -> Iterator[Term]:
    one, other = left.values, right.values
    for compare, operator_, opposite in _COMPARISONS:
        first = compare(one[places[0][0]], other[places[0][0]]) is places[0][1]
        if all((compare(one[place], other[place]) is flag) is first for place, flag in places):
            yield apply(operator_ if first else opposite, left, right, cost=1.0)


def separated(first: Sequence[bool], second: Sequence[bool]) -> Goal | None:
    """Return the goal of a condition that selects the right one of two terms at each place.

    Args:
        first: Whether the first term is right, for each place.
        second: Whether the second term is right, for each place.

    Returns:
        True for the first term, False for the second, `ANY` if both are right; None if both are wrong at some place.
    """
    if not all(one or other for one, other in zip(first, second, strict=True)):
        return None
    return tuple(ANY if one and other else one for one, other in zip(first, second, strict=True))
