"""Decisions between two labels by comparing numbers: "yes" if `price * number <= money`, otherwise "no".

All comparisons of two simple terms are tried. Few answers tell little, so a comparison counts only if the order of the
labels among the solved rows has more bits than there are comparisons to choose from.
"""

from __future__ import annotations

import math
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations
from typing import Any, Final

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.text.json_values import is_number

_MOST_NUMBERS: Final = 5
_TERM, _OPERATION, _UNUSED, _FAILS = 0.3, 1.0, 0.8, 2.0
"""Costs of a number, an operation or comparison, an unused number, and failures on other rows."""
_OPERATIONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip
_ISO_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_SAME: Final = "expected different values: no example shows what holds if they are equal"


@dataclass(frozen=True)
class _Term:
    """A value of a row, or two of them combined."""

    names: tuple[str, ...]
    code: str
    exact: str  # the same with fractions
    of: Callable[[Mapping[str, Any]], Any]
    cost: float


@dataclass(frozen=True)
class _Condition:
    """A comparison of two terms, or of a number with two bounds."""

    names: frozenset[str]
    strict: str
    equal: str
    of: Callable[[Mapping[str, Any]], int | None]
    cost: float


def decision_programs(problem: Problem, budget: Budget) -> list[Program]:
    """Return programs that give one of two labels, the cheapest first.

    Columns must be numbers, or dates written as 2024-05-31. If no solved row has equal terms, the program raises
    `ValueError` for them.

    Args:
        problem: The solved rows, and others.
        budget: The budget: one step for each comparison of a row.
    """
    labels = Counter(repr(answer) for _, answer in problem.examples)
    rows = [row for row, _ in problem.examples]
    names = [name for name in rows[0] if all(is_comparable(row.get(name)) for row in rows)] if rows else []
    if len(labels) != 2 or not 1 < len(names) <= _MOST_NUMBERS:  # noqa: PLR2004 - two labels, two numbers
        return []
    conditions = list(_conditions(rows, names))
    if math.log2(math.comb(labels.total(), min(labels.values()))) < math.log2(max(len(conditions), 2)):
        return []
    found = []
    for condition in conditions:
        budget.spend(len(rows))
        program = _program(problem, condition, len(names))
        if program is not None:
            found.append(program)
    return sorted(found, key=lambda program: program.cost)


def is_comparable(value: Any) -> bool:
    """Whether a value is a number or a date written as 2024-05-31."""
    return is_number(value) or (isinstance(value, str) and _ISO_DATE.fullmatch(value) is not None)


def _conditions(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[_Condition]:
    sorts = {name: type(rows[0][name]) is str for name in names}
    terms = [_Term((name,), name, f"Fraction(str({name}))", operator.itemgetter(name), _TERM) for name in names]
    numeric = [name for name in names if not sorts[name]]
    for one, other in permutations(numeric, 2):
        terms += [_combined(sign, one, other) for sign in _OPERATIONS if sign in "-/" or one < other]
    for left, right in combinations(terms, 2):
        if set(left.names) & set(right.names) or sorts[left.names[0]] != sorts[right.names[0]]:
            continue
        plain = len(left.names) == len(right.names) == 1
        one, other = (left.code, right.code) if plain else (left.exact, right.exact)
        yield _Condition(
            frozenset((*left.names, *right.names)),
            f"{one} < {other}",
            f"{one} == {other}",
            lambda row, left=left, right=right: _compared(left.of(row), right.of(row)),  # type: ignore[misc]
            left.cost + right.cost + _OPERATION,
        )
    for low, high in combinations(names, 2):
        for name in names:
            if name not in {low, high} and sorts[low] == sorts[high] == sorts[name]:
                yield _Condition(
                    frozenset((low, name, high)),
                    f"{low} < {name} < {high}",
                    f"{name} in ({low}, {high})",
                    lambda row, a=low, b=name, c=high: _between(row[a], row[b], row[c]),  # type: ignore[misc]
                    3 * _TERM + _OPERATION,
                )


def _combined(sign: str, one: str, other: str) -> _Term:
    def of(row: Mapping[str, Any]) -> Any:
        return _OPERATIONS[sign](Fraction(str(row[one])), Fraction(str(row[other])))

    exact = f" {sign} ".join(f"Fraction(str({name}))" for name in (one, other))
    return _Term((one, other), exact, exact, of, 2 * _TERM + _OPERATION)


def _compared(left: Any, right: Any) -> int:
    left, right = (Fraction(str(each)) if is_number(each) else each for each in (left, right))
    return 0 if left == right else 1 if left < right else -1


def _between(low: Any, value: Any, high: Any) -> int:
    return 0 if value in (low, high) else 1 if low < value < high else -1


def _program(problem: Problem, condition: _Condition, count: int) -> Program | None:
    """Return the program of a condition; None if it does not separate the labels."""
    told: dict[int, set[str]] = {-1: set(), 0: set(), 1: set()}
    by_label = {repr(answer): answer for _, answer in problem.examples}
    for row, answer in problem.examples:
        try:
            told[condition.of(row) or 0].add(repr(answer))
        except (ZeroDivisionError, TypeError):
            return None
    if len(told[1]) != 1 or len(told[-1]) != 1 or told[1] == told[-1] or len(told[0]) > 1:
        return None
    yes, no = (by_label[next(iter(told[side]))] for side in (1, -1))
    same = by_label[next(iter(told[0]))] if told[0] else None

    def run(row: Mapping[str, Any]) -> Any:
        try:
            side = condition.of(row)
        except (ZeroDivisionError, TypeError, KeyError):
            raise ValueError(f"the program does not fit the row {row!r}") from None
        if not side and not told[0]:
            raise ValueError(_SAME)
        return same if not side else yes if side > 0 else no

    rows = [row for row, _ in problem.examples]
    hints = ", ".join(f"{name}: {'str' if isinstance(rows[0][name], str) else 'float'}" for name in rows[0])
    test = condition.strict
    body = [f"if {condition.equal}:", f"    raise ValueError({_SAME!r})" if not told[0] else f"    return {same!r}"]
    lines = [
        *(["from fractions import Fraction", "", ""] if "Fraction(" in test else []),
        f"def {problem.name}({hints}) -> {type(yes).__name__}:",
        f'    """Return {yes!r} if `{test}`, otherwise {no!r}."""',
        *(f"    {line}" for line in body),
        f"    return {yes!r} if {test} else {no!r}",
    ]
    unused = _UNUSED * (count - len(condition.names))
    return Program("\n".join(lines) + "\n", round(condition.cost + unused, 3), run)
