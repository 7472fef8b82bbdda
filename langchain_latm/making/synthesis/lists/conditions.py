"""Conditions that tell some rows, or elements, from others: fitted to what they have to separate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final

from langchain_latm.making.synthesis.lists import operators as op
from langchain_latm.making.synthesis.lists.goals import ANY, Goal, Pool, constant_cost, fits, wanted
from langchain_latm.making.synthesis.lists.term import FAILED, Term, apply

_MODULI: Final = range(2, 11)
_TERMS: Final = 40
_COMPARED: Final = 14
_JOINED: Final = 24


def conditions(goal: Goal, pool: Pool) -> Iterator[Term]:
    """Yield flags that are true and false where the goal says.

    Thresholds and remainders are read off the values that have to be separated, so no constant is tried. With a gap
    between those values the roundest threshold comes first, and those at the ends of the gap after it, a little dearer:
    where they differ on other rows, that is an ambiguity.

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
    """Yield conditions of two parts, by `and` and `or`."""
    places = wanted(goal)
    if len({flag for _, flag in places}) < 2:  # noqa: PLR2004 - nothing to separate
        return
    flags = [*pool.cheapest("flag", _JOINED)]
    for operator in (op.BOTH, op.EITHER):
        stays = operator is op.BOTH
        able = [f for f in flags if all(f.values[place] is stays for place, flag in places if flag is stays)]
        for left, right in combinations(able, 2):
            term = apply(operator, left, right, cost=1.0)
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
    options = [(low, strict), (high, inclusive)]
    if high - low > 1:
        options += [(high - 1, strict), (low + 1, inclusive)]
        step = 10 ** max(0, int(math.log10(high - low)) if high - low >= 10 else 0)  # noqa: PLR2004
        for size in (step, 5 * step):
            multiple = (low // size + 1) * size
            if multiple < high:
                options += [(multiple, strict), (multiple, inclusive)]
    doubt = 0.5 * math.log2(high - low)
    tried = set()
    for limit, operator in sorted(options, key=lambda each: constant_cost(each[0])):
        if (limit, operator) not in tried:
            tried.add((limit, operator))
            yield apply(operator, term, pool.literal(limit), cost=1.0 + doubt)


def _remainder(term: Term, pool: Pool, yes: Sequence[int], no: Sequence[int]) -> Iterator[Term]:
    if not all(isinstance(term.values[place], int) for place in (*yes, *no)):
        return
    for modulus in _MODULI:
        values = {term.values[place] % modulus for place in yes}
        others = {term.values[place] % modulus for place in no}
        if values & others:
            continue
        remainder = apply(op.MODULO, term, pool.literal(modulus), cost=0.5)
        if len(values) == 1 and len(yes) > 1:
            yield apply(op.EQUAL, remainder, pool.literal(values.pop()), cost=0.5)
        elif len(others) == 1 and len(no) > 1:
            yield apply(op.UNEQUAL, remainder, pool.literal(others.pop()), cost=0.5)


def _compared(left: Term, right: Term, places: Sequence[tuple[int, Any]]) -> Iterator[Term]:
    pairs = [(left.values[place], right.values[place], flag) for place, flag in places]
    try:
        for operator, function in (
            (op.GREATER, lambda a, b: a > b),
            (op.LESS, lambda a, b: a < b),
            (op.EQUAL, lambda a, b: a == b),
        ):
            if all(function(a, b) is flag for a, b, flag in pairs):
                yield apply(operator, left, right, cost=1.0)
            if all(function(a, b) is not flag for a, b, flag in pairs):
                opposite = {op.GREATER: op.AT_MOST, op.LESS: op.AT_LEAST, op.EQUAL: op.UNEQUAL}[operator]
                yield apply(opposite, left, right, cost=1.0)
    except TypeError:
        return


def separated(first: Sequence[bool], second: Sequence[bool]) -> Goal | None:
    """Return where a condition has to be true so that the first of two terms is used, and where it must not be.

    Args:
        first: Where the first term is right.
        second: Where the second is.

    Returns:
        None if there are places where both are wrong.
    """
    if not all(one or other for one, other in zip(first, second, strict=True)):
        return None
    return tuple(ANY if one and other else one for one, other in zip(first, second, strict=True))
