"""Decisions between two labels by comparing numbers: "yes" if `price * number <= money`, otherwise "no".

All comparisons of two simple terms are tried. Few answers tell little, so a comparison counts only if the order of the
labels among the solved rows has more bits than there are comparisons to choose from.
"""

from __future__ import annotations

import math
import operator
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
_SAME: Final = "no example shows what holds if both are equal"


@dataclass(frozen=True)
class _Term:
    """A value of a row, or two of them combined."""

    names: tuple[str, ...]
    code: str
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
    names = [name for name in rows[0] if all(_is_comparable(row.get(name)) for row in rows)] if rows else []
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


def naming_programs(problem: Problem, budget: Budget) -> list[Program]:
    """Return programs that name the one of several with the largest or smallest value, the cheapest first.

    Rows have a column of lists of names, and lists of numbers or of dates of the same length. A column of two words may
    say which is meant, the largest or the smallest. If two values are equal, the program raises `ValueError`.

    Args:
        problem: The solved rows, and others.
        budget: The budget: one step for each value.
    """
    rows = [row for row, _ in problem.examples]
    lists = [name for name in rows[0] if all(isinstance(row.get(name), list) for row in rows)] if rows else []
    names = [name for name in lists if all(answer in row[name] for row, answer in problem.examples)]
    values = [
        name for name in lists if name not in names and all(_is_comparable(each) for row in rows for each in row[name])
    ]
    words = [name for name in rows[0] if all(isinstance(row[name], str) for row in rows)] if rows else []
    if len(names) != 1 or not values:
        return []
    found = []
    for terms in [*((one, "", "") for one in values), *((a, "/", b) for a, b in permutations(values, 2))]:
        for word in ("", *words):
            budget.spend(len(rows))
            program = _naming(problem, names[0], terms, word)
            if program is not None:
                found.append(program)
    return sorted(found, key=lambda program: program.cost)


def _naming(problem: Problem, names: str, terms: tuple[str, str, str], word: str) -> Program | None:
    one, sign, other = terms

    def extremes(row: Mapping[str, Any]) -> tuple[Any, Any]:
        values = row[one] if not sign else [Fraction(str(x)) / Fraction(str(y)) for x, y in zip(row[one], row[other], strict=True)]
        if len(values) != len(row[names]) or len(set(values)) < len(values):
            raise ValueError("expected a different value for each name")
        ordered = sorted(zip(values, row[names], strict=True))
        return ordered[0][1], ordered[-1][1]

    sides: dict[str, set[int]] = {}
    try:
        for row, answer in problem.examples:
            smallest, largest = extremes(row)
            if answer not in (smallest, largest):
                return None
            sides.setdefault(str(row[word]) if word else "", set()).add(int(answer == largest))
    except (ValueError, ZeroDivisionError, TypeError):
        return None
    if any(len(each) > 1 for each in sides.values()) or (word and len({*map(str, sides.values())}) < 2):  # noqa: PLR2004
        return None
    largest_for = [key for key, side in sides.items() if side == {1}]

    def run(row: Mapping[str, Any]) -> Any:
        if word and str(row.get(word)) not in sides:
            raise ValueError("expected a word that the examples have")
        try:
            return extremes(row)[int((str(row[word]) if word else "") in largest_for)]
        except (ZeroDivisionError, TypeError, KeyError):
            raise ValueError(f"the program does not fit the row {row!r}") from None

    exact = "Fraction(str(x)) / Fraction(str(y))" if sign else ""
    values = one if not sign else f"[{exact} for x, y in zip({one}, {other}, strict=True)]"
    best = f"max(values) if {word} in {tuple(largest_for)!r} else min(values)" if word else "max(values)" if largest_for else "min(values)"
    rows = [row for row, _ in problem.examples]
    hints = ", ".join(f"{name}: {'str' if isinstance(rows[0][name], str) else 'list'}" for name in rows[0])
    known = [f"if {word} not in {tuple(sides)!r}:", "    raise ValueError('expected a word that the examples have')"] if word else []
    lines = [
        *(["from fractions import Fraction", "", ""] if sign else []),
        f"def {problem.name}({hints}) -> str:",
        f'    """Return the name with the {"largest or smallest" if word else "largest" if largest_for else "smallest"} value."""',
        f"    values = {values}",
        f"    if len(values) != len({names}) or len(set(values)) < len(values):",
        "        raise ValueError('expected a different value for each name')",
        *(f"    {line}" for line in known),
        f"    return {names}[values.index({best})]",
    ]
    cost = 2 * _TERM + _OPERATION + (_OPERATION + _TERM) * bool(sign) + _OPERATION * bool(word)
    return Program("\n".join(lines) + "\n", round(cost, 3), run)


def _is_comparable(value: Any) -> bool:
    return is_number(value) or (isinstance(value, str) and len(value) == 10 and value[4] == "-" == value[7])  # noqa: PLR2004


def _conditions(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[_Condition]:
    sorts = {name: type(rows[0][name]) is str for name in names}
    terms = [_Term((name,), name, operator.itemgetter(name), _TERM) for name in names]
    numeric = [name for name in names if not sorts[name]]
    for one, other in permutations(numeric, 2):
        terms += [_combined(sign, one, other) for sign in _OPERATIONS if sign in "-/" or one < other]
    for left, right in combinations(terms, 2):
        if set(left.names) & set(right.names) or sorts[left.names[0]] != sorts[right.names[0]]:
            continue
        yield _Condition(
            frozenset((*left.names, *right.names)),
            f"{left.code} < {right.code}",
            f"{left.code} == {right.code}",
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

    exact = [f"Fraction(str({name}))" for name in (one, other)]
    return _Term((one, other), f" {sign} ".join(exact), of, 2 * _TERM + _OPERATION)


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
