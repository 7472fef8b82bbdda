"""Groups of neighbours in a list: runs of equal items, and the items between the occurrences of a value."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any, Final

from langchain_latm.making.synthesis.lists.term import Operator, rowwise

Items = tuple[Any, ...]

_RUNS: Final = "{value} for _, run in groupby({0})"
_BETWEEN: Final = "{value} for found, run in groupby({0}, key=lambda item: item == {1}) if not found"
_VALUES: Final[tuple[tuple[str, Callable[[list[Any]], Any], float], ...]] = (
    ("len(list(run))", len, 1.8),
    ("sum(run)", sum, 1.8),
    ("max(run)", max, 2.0),
    ("min(run)", min, 2.0),
    ("next(run)", lambda run: run[0], 1.8),
    ("list(run)[-1]", lambda run: run[-1], 1.8),
)
_CHANGED: Final[tuple[tuple[str, Callable[[list[Any]], list[Any]], float], ...]] = (
    ("list(run)[::-1]", lambda run: run[::-1], 1.8),
    ("sorted(run)", sorted, 1.8),
    ("sorted(run, reverse=True)", lambda run: sorted(run, reverse=True), 2.2),
)
"""What is computed from a group: Python code, a function, and a cost."""


def _runs(items: Items) -> list[list[Any]]:
    return [list(run) for _, run in groupby(items)]


def _between(items: Items, mark: Any) -> list[list[Any]]:
    return [list(run) for found, run in groupby(items, key=lambda item: item == mark) if not found]


def _longest(items: Items) -> Items:
    runs = _runs(items)
    lengths = list(map(len, runs))
    return tuple(runs[lengths.index(max(lengths))])


def _of(
    groups: Callable[..., list[list[Any]]], value: Callable[[list[Any]], Any], *, flat: bool
) -> Callable[..., Items]:
    def run(*arguments: Any) -> Items:
        values = [value(group) for group in groups(*arguments)]
        return tuple(item for each in values for item in each) if flat else tuple(values)

    return run


RUN_SUMS: Final = Operator(f"[{_RUNS.format('{0}', value='sum(run)')}]", rowwise(_of(_runs, sum, flat=False)), "list")
LONGEST_RUN: Final = Operator("max([list(run) for _, run in groupby({0})], key=len)", rowwise(_longest), "list")
OF_RUNS: Final = ((RUN_SUMS, 2.0), (LONGEST_RUN, 2.2))


def _parts() -> tuple[tuple[Operator, float], ...]:
    found = []
    for flat, values in ((False, _VALUES), (True, _CHANGED)):
        for text, value, cost in values:
            inner = _BETWEEN.format("{0}", "{1}", value="item" if flat else text)
            template = f"[{inner} for item in {text}]" if flat else f"[{inner}]"
            found.append((Operator(template, rowwise(_of(_between, value, flat=flat)), "list", "parts"), cost))
    return tuple(found)


BETWEEN: Final = _parts()
"""Operators of a list and a value in it, with costs: a number for each part, or the parts reordered and joined."""
