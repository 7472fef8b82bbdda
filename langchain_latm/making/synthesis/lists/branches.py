"""Conditional terms for goals of lists: one list in some rows, another in the others (divide and conquer)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from langchain_latm.making.synthesis.lists import operators as op
from langchain_latm.making.synthesis.lists.conditions import conditions, separated
from langchain_latm.making.synthesis.lists.goals import ANY, Goal, Pool, right_places, wanted
from langchain_latm.making.synthesis.lists.term import FAILED, Term, apply

_LEAST: Final = 2
"""Minimum number of solved rows for each branch: for one row, nearly any condition would do."""
_SPLITS: Final = 24
_NUMBERS: Final = 12


def branches(
    goal: Goal, pool: Pool, solve: Callable[[Goal], Iterator[Term]], in_time: Callable[[], bool]
) -> Iterator[Term]:
    """Yield conditional terms for a goal of lists.

    The rows are split by simple conditions; each part becomes a goal.

    Args:
        goal: The lists to reach.
        pool: Terms of the rows.
        solve: Finds terms for a goal that has `ANY` in the other rows.
        in_time: Whether there is time left.
    """
    known: dict[Goal, list[Term]] = {}

    def solved(part: Goal) -> list[Term]:
        if part not in known:
            known[part] = list(islice(solve(part), 3))
        return known[part]

    for split in _splits(goal, pool):
        if not in_time():
            return
        first = tuple(value if flag else ANY for value, flag in zip(goal, split, strict=True))
        second = tuple(ANY if flag else value for value, flag in zip(goal, split, strict=True))
        if min(len(wanted(first)), len(wanted(second))) < _LEAST:
            continue
        for one in solved(first):
            for other in solved(second):
                where = separated(right_places(one, goal), right_places(other, goal))
                if where is None:
                    continue
                for flag in sorted(islice(conditions(where, pool), 30), key=lambda each: each.cost)[:3]:
                    yield apply(op.CHOICES["list"], flag, one, other, cost=1.0)


def _splits(goal: Goal, pool: Pool) -> list[tuple[bool, ...]]:
    """Return the distinct splits of the rows by cheap numbers and flags, the cheapest first."""
    found: dict[tuple[bool, ...], float] = {}
    rows = range(len(goal))

    def note(split: tuple[Any, ...], cost: float) -> None:
        split = tuple(map(bool, split))
        if split[0]:
            split = tuple(not flag for flag in split)
        if any(split) and cost < found.get(split, 1e9):
            found[split] = cost

    for flag in pool.terms("flag"):
        note(flag.values[: len(goal)], flag.cost)
    for number in pool.cheapest("number", _NUMBERS):
        values = number.values[: len(goal)]
        if FAILED in values or not all(isinstance(value, int) for value in values):
            continue
        for limit in sorted(set(values))[1:]:
            note(tuple(values[row] >= limit for row in rows), number.cost + 1.5)
        note(tuple(values[row] % 2 == 0 for row in rows), number.cost + 1.5)
        for value in set(values):
            note(tuple(values[row] == value for row in rows), number.cost + 2.0)
    return sorted(found, key=lambda split: found[split])[:_SPLITS]
