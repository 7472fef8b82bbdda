"""Formulas of up to four numbers: sums, products, percentages on and off, and one constant found from the answers.

Each number is used at most once, so there are few formulas, and all are tried. They are computed with fractions, so no
answer depends on how floats are rounded.
"""

from __future__ import annotations

import math
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from operator import itemgetter
from typing import Final

from langchain_latm.making.synthesis.budget import Budget

MOST_NUMBERS: Final = 4
FEWEST_EXAMPLES: Final = 3
LARGEST: Final = 10**40
_MOST_PERCENTAGES: Final = 3
"""Maximum count of numbers if each may be a percentage: with four there are a hundred times as many formulas."""
_LEAF, _OPERATION, _PERCENT, _UNUSED, _FAILS, _DIGIT = 0.3, 1.0, 1.0, 0.8, 4.0, 0.4
"""Costs: of a number, an operation, a percentage, an unused number, failures on other rows, and each digit of a
constant after the first."""
_USUAL: Final = frozenset(map(Fraction, "2 1/2 10 1/10 60 1/60 100 1/100 18/5 5/18 1000".split()))  # noqa: SIM905
"""Factors that cost only their operation: halves, percent, minutes, kilometres per hour to metres per second."""
_ROUNDS: Final = (1440, 60, 24, 12, 7, 360)
"""After so many units a clock, a week or an angle begins again: a time of day in minutes wraps around at 1,440."""
_ROUND: Final = 1.4
"""Cost of a remainder of such a number."""
_MOST_CHANGED: Final = 2
"""Maximum count of numbers if each may be squared, or be hours in minutes: more take twice as many formulas."""
_SQUARE: Final = 1.0
_HOURS: Final = 60

Values = tuple[Fraction | None, ...]
Compute = Callable[[Sequence[Fraction]], Fraction | None]


@dataclass(frozen=True)
class Formula:
    """A formula with its values on all rows.

    Attributes:
        values: The values; None for a division by zero.
        code: Python code in which the numbers are `a`, `b` and so on.
        level: Precedence: 1 for sums, 2 for products, 3 if it never needs brackets.
        cost: See `Program.cost`.
        compute: Computes it from the numbers of a row.
    """

    values: Values
    code: str
    level: int
    cost: float
    compute: Compute


class Cheapest(dict[Values, Formula]):
    """The cheapest formula for each sequence of values."""

    def keep(self, formula: Formula) -> None:
        """Add a formula, unless a cheaper one has the same values."""
        if formula.values not in self or formula.cost < self[formula.values].cost:
            self[formula.values] = formula


def formulas(rows: Sequence[Sequence[Fraction]], budget: Budget) -> Iterator[Formula]:
    """Yield formulas of the numbers, by how many they use: the cheapest of those with equal values.

    Args:
        rows: The numbers of each row, the same number in each.
        budget: The budget of the search.

    Raises:
        Exhausted: The budget is spent.
    """
    count = len(rows[0])
    known: dict[int, list[Formula]] = {}
    for used in sorted(range(1, 1 << count), key=int.bit_count):
        if used.bit_count() == 1:
            place = used.bit_length() - 1
            known[used] = list(_leaves(tuple(row[place] for row in rows), place, count))
            continue
        best = Cheapest()
        for one, other in _pairs(known, used):
            budget.spend(6 * len(rows))
            for formula in _of_two(one, other):
                best.keep(formula)
        known[used] = list(best.values())
        unused = _UNUSED * (count - used.bit_count())
        yield from (replace(formula, cost=formula.cost + unused) for formula in known[used])


def _pairs(known: dict[int, list[Formula]], used: int) -> Iterator[tuple[Formula, Formula]]:
    """Yield the pairs of formulas that share no number and together use the numbers of a bit set."""
    for part in range(1, used):
        if part & used == part and part < used - part:
            yield from ((one, other) for one in known[part] for other in known[used - part])


def _leaves(values: Values, place: int, count: int) -> Iterator[Formula]:
    name = string.ascii_lowercase[place]
    number: Compute = itemgetter(place)
    yield Formula(values, name, 3, _LEAF, number)
    if count <= _MOST_PERCENTAGES and all(value is not None and 0 < value <= 100 for value in values):  # noqa: PLR2004
        for sign in "+-":
            factor = partial(_changed, sign, number)
            changed = tuple(_value(sign, Fraction(1), value / 100) for value in values if value is not None)
            yield Formula(changed, f"(1 {sign} {name} / 100)", 3, _LEAF + _PERCENT, factor)
    if count <= _MOST_CHANGED:
        squares = tuple(_value("*", value, value) for value in values)
        yield Formula(squares, f"{name} ** 2", 3, _LEAF + _SQUARE, partial(_squared, number))
        if all(value is not None and abs(value) < _HOURS and value.denominator == 1 for value in values):
            minutes = tuple(_value("*", value, Fraction(_HOURS)) for value in values)
            times = partial(_with, "*", number, Fraction(_HOURS))
            yield Formula(minutes, f"{name} * {_HOURS}", 2, _LEAF + _OPERATION, times)


def _squared(number: Compute, row: Sequence[Fraction]) -> Fraction | None:
    value = number(row)
    return _value("*", value, value)


def _changed(sign: str, percentage: Compute, row: Sequence[Fraction]) -> Fraction | None:
    value = percentage(row)
    return None if value is None else _value(sign, Fraction(1), value / 100)


def _combined(sign: str, one: Compute, other: Compute, row: Sequence[Fraction]) -> Fraction | None:
    return _value(sign, one(row), other(row))


def _with(sign: str, inner: Compute, constant: Fraction, row: Sequence[Fraction]) -> Fraction | None:
    return _value(sign, inner(row), constant)


def _of_two(one: Formula, other: Formula) -> Iterator[Formula]:
    cost = one.cost + other.cost + _OPERATION
    for first, second, signs in ((one, other, "+-*/"), (other, one, "-/")):
        for sign in signs:
            values = tuple(_value(sign, x, y) for x, y in zip(first.values, second.values, strict=True))
            level = 1 if sign in "+-" else 2
            left = first.code if first.level >= level else f"({first.code})"
            right = second.code if second.level >= level + (sign in "-/") else f"({second.code})"
            compute = partial(_combined, sign, first.compute, second.compute)
            yield Formula(values, f"{left} {sign} {right}", level, cost, compute)


def _value(sign: str, x: Fraction | None, y: Fraction | None) -> Fraction | None:
    if x is None or y is None or (sign == "/" and not y):
        return None
    value = x + y if sign == "+" else x - y if sign == "-" else x * y if sign == "*" else x / y
    return value if max(abs(value.numerator), value.denominator) < LARGEST else None


def reaching(formula: Formula, answers: Sequence[Fraction], errors: Sequence[Fraction]) -> Iterator[Formula]:
    """Yield a formula if its values are the answers, or with a constant factor or summand that makes them so.

    Args:
        formula: The formula; its first values are those of the solved rows.
        answers: The answers of the solved rows.
        errors: The largest rounding error of each.
    """
    pairs = list(zip(formula.values, answers, strict=False))
    known = [(value, answer) for value, answer in pairs if value is not None]
    if len(known) < len(answers):
        return
    cost = formula.cost + _FAILS * formula.values.count(None) / len(formula.values)
    if all(abs(value - answer) <= error for (value, answer), error in zip(known, errors, strict=True)):
        yield replace(formula, cost=cost)
        return
    yield from (_remainder(formula, size, cost + _ROUND) for size in _ROUNDS if _wraps(known, size))
    if len({answer for _, answer in known}) >= FEWEST_EXAMPLES and all(value // 1 == answer for value, answer in known):
        yield _whole(formula, cost + _ROUND)
    if len({value for value, _ in known}) < FEWEST_EXAMPLES:  # with few values, almost any formula and constant fit
        return
    if all(value for value, _ in known):
        bounds = [
            sorted(((answer - error) / value, (answer + error) / value))
            for (value, answer), error in zip(known, errors, strict=True)
        ]
        factor = _simplest(max(low for low, _ in bounds), min(high for _, high in bounds))
        if factor is not None:
            yield _times(formula, factor, cost + _OPERATION + _constant_cost(factor))
    summands = {answer - value for value, answer in known}
    if len(summands) == 1:
        (summand,) = summands
        yield _plus(formula, summand, cost + _OPERATION + _constant_cost(summand))


def _wraps(known: Sequence[tuple[Fraction, Fraction]], size: int) -> bool:
    """Whether each answer is the remainder of a whole value, and not all answers are small by chance."""
    wrapped = all(value.denominator == 1 and value % size == answer for value, answer in known)
    return wrapped and len({answer for _, answer in known}) >= FEWEST_EXAMPLES


def _remainder(formula: Formula, size: int, cost: float) -> Formula:
    values = tuple(None if value is None else value % size for value in formula.values)
    code = formula.code if formula.level > 2 else f"({formula.code})"  # noqa: PLR2004 - weaker than a power
    return Formula(values, f"{code} % {size}", 2, cost, partial(_modulo, formula.compute, size))


def _whole(formula: Formula, cost: float) -> Formula:
    """Return the whole part of a formula's values: how many of something fit."""
    values = tuple(None if value is None else Fraction(value // 1) for value in formula.values)
    code = formula.code if formula.level > 2 else f"({formula.code})"  # noqa: PLR2004 - weaker than a power
    return Formula(values, f"{code} // 1", 2, cost, partial(_whole_part, formula.compute))


def _whole_part(inner: Compute, row: Sequence[Fraction]) -> Fraction | None:
    value = inner(row)
    return None if value is None else Fraction(value // 1)


def _modulo(inner: Compute, size: int, row: Sequence[Fraction]) -> Fraction | None:
    value = inner(row)
    return None if value is None else value % size


def _times(formula: Formula, factor: Fraction, cost: float) -> Formula:
    values = tuple(None if value is None else value * factor for value in formula.values)
    code = formula.code if formula.level > 1 else f"({formula.code})"
    times = f" * {factor.numerator}" if factor.numerator != 1 else ""
    over = f" / {factor.denominator}" if factor.denominator > 1 else ""
    return Formula(values, f"{code}{times}{over}", 2, cost, partial(_with, "*", formula.compute, factor))


def _plus(formula: Formula, summand: Fraction, cost: float) -> Formula:
    values = tuple(None if value is None else value + summand for value in formula.values)
    size = abs(summand)
    constant = str(size) if size.denominator == 1 else f"Fraction({size.numerator}, {size.denominator})"
    code = f"{formula.code} {'+' if summand > 0 else '-'} {constant}"
    return Formula(values, code, 1, cost, partial(_with, "+", formula.compute, summand))


def _constant_cost(constant: Fraction) -> float:
    """Return the cost of a constant beyond that of its operation."""
    if constant in _USUAL:
        return 0.0
    digits = len(str(abs(constant.numerator)).rstrip("0")) + len(str(constant.denominator).rstrip("0"))
    return _DIGIT * (digits - 1)


def _simplest(low: Fraction, high: Fraction) -> Fraction | None:
    """Return the likeliest constant between two positive bounds; None if there is none.

    The roundest whole number or its reciprocal: rounded answers allow each of 9,990 to 10,004, and 10,000 is meant. If
    there is none, the fraction with the smallest denominator.
    """
    if low > high or low <= 0:
        return None
    if (whole := _roundest(low, high)) is not None:
        return Fraction(whole)
    if high < 1 and (whole := _roundest(1 / high, 1 / low)) is not None:
        return Fraction(1, whole)
    return _plainest(low, high)


def _roundest(low: Fraction, high: Fraction) -> int | None:
    """Return the whole number between two bounds that ends in most zeros; None if there is none."""
    steps = (10**power for power in reversed(range(len(str(math.floor(high))))))
    numbers = (math.ceil(low / step) * step for step in steps)
    return next((number for number in numbers if low <= number <= high), None)


def _plainest(low: Fraction, high: Fraction) -> Fraction | None:
    whole = low.numerator // low.denominator
    if whole == low:
        return Fraction(whole)
    if whole + 1 <= high:
        return Fraction(whole + 1)
    rest = _plainest(1 / (high - whole), 1 / (low - whole))
    return None if rest is None else whole + 1 / rest
