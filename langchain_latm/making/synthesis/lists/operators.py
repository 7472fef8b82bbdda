"""The operators on numbers, flags and lists of rows or elements."""

from __future__ import annotations

import calendar
import math
import statistics
from collections import Counter
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate, groupby, pairwise
from operator import le, lt
from typing import Any, Final

from langchain_latm.making.synthesis.lists.term import Operator, ValueType, rowwise

Items = tuple[Any, ...]
_LARGEST_DIVIDED: Final = 10**10
"""Largest number whose divisors are searched, in up to 100,000 steps."""


def _operator(template: str, function: Callable[..., Any], value_type: ValueType, noun: str = "part") -> Operator:
    return Operator(template, rowwise(function), value_type, noun)


def _whole(function: Callable[[int, int], Any]) -> Callable[[int, int], Any]:
    def checked(left: int, right: int) -> Any:
        if right == 0:
            raise ZeroDivisionError
        return function(left, right)

    return checked


# -- numbers -----------------------------------------------------------------------------------------------------------

ADD: Final = _operator("({0} + {1})", lambda a, b: a + b, "number")
SUBTRACT: Final = _operator("({0} - {1})", lambda a, b: a - b, "number")
MULTIPLY: Final = _operator("({0} * {1})", lambda a, b: a * b, "number")
FLOOR_DIVIDE: Final = _operator("({0} // {1})", _whole(lambda a, b: a // b), "number")
MODULO: Final = _operator("({0} % {1})", _whole(lambda a, b: a % b), "number")
DIVIDE: Final = _operator("({0} / {1})", _whole(lambda a, b: a / b), "number")
LARGER: Final = _operator("max({0}, {1})", max, "number")
SMALLER: Final = _operator("min({0}, {1})", min, "number")
DISTANCE: Final = _operator("abs({0} - {1})", lambda a, b: abs(a - b), "number")
ABSOLUTE: Final = _operator("abs({0})", abs, "number")
GCD: Final = _operator("math.gcd({0}, {1})", math.gcd, "number")
LCM: Final = _operator("math.lcm({0}, {1})", math.lcm, "number")


def _power(base: float, exponent: float) -> Any:
    if abs(exponent) > 200 or abs(base) > 10**20:  # noqa: PLR2004 - larger results are dropped anyway
        raise OverflowError
    if base < 0 and exponent != int(exponent):
        raise ArithmeticError("the root of a negative number")
    return base**exponent


POWER: Final = _operator("({0} ** {1})", _power, "number")
ROOT: Final = _operator("math.sqrt({0})", math.sqrt, "number")
WHOLE_ROOT: Final = _operator("math.isqrt({0})", math.isqrt, "number")
FLOOR: Final = _operator("math.floor({0})", math.floor, "number")
CEIL: Final = _operator("math.ceil({0})", math.ceil, "number")
ROUND: Final = _operator("round({0})", round, "number")


def rounded(decimals: int) -> Operator:
    """Return the operator that rounds to some decimals, halves away from zero as people do."""
    step = f"0.{'1':0>{decimals}}"
    exact = Decimal(step)
    return _operator(
        f"float(decimal.Decimal(str({{0}})).quantize(decimal.Decimal('{step}'), decimal.ROUND_HALF_UP))",
        lambda a: float(Decimal(str(a)).quantize(exact, ROUND_HALF_UP)),
        "number",
    )


DIGIT_SUM: Final = _operator(
    "sum(int(digit) for digit in str({0}))", lambda a: sum(int(digit) for digit in str(a)), "number"
)
DIGIT_COUNT: Final = _operator("len(str(abs({0})))", lambda a: len(str(abs(a))), "number")
DIGITS: Final = _operator("[int(digit) for digit in str({0})]", lambda a: tuple(int(d) for d in str(a)), "list")
REVERSED_DIGITS: Final = _operator("int(str({0})[::-1])", lambda a: int(str(a)[::-1]), "number")
BINARY: Final = _operator("f'{{{0}:b}}'", lambda a: f"{a:b}", "text")
HEXADECIMAL: Final = _operator("f'{{{0}:x}}'", lambda a: f"{a:x}", "text")
BIT_COUNT: Final = _operator("{0}.bit_count()", lambda a: a.bit_count(), "number")
FACTORIAL: Final = _operator("math.factorial({0})", lambda a: math.factorial(a) if a < 40 else 1 / 0, "number")  # noqa: PLR2004


def _divisors(number: int) -> tuple[int, ...]:
    low = [divisor for divisor in range(1, math.isqrt(number) + 1) if number % divisor == 0]
    return tuple(sorted({*low, *(number // divisor for divisor in low)}))


DIVISORS: Final = _operator(
    "sorted({{each for divisor in range(1, math.isqrt({0}) + 1) if {0} % divisor == 0 "
    "for each in (divisor, {0} // divisor)}})",
    lambda a: _divisors(a) if a <= _LARGEST_DIVIDED else 1 / 0,
    "list",
    "divisors",
)


IS_PRIME: Final = _operator(
    "({0} > 1 and all({0} % divisor for divisor in range(2, math.isqrt({0}) + 1)))",
    lambda a: a > 1 and len(_divisors(a if a <= _LARGEST_DIVIDED else 1 // 0)) == 2,  # noqa: PLR2004 - 1 and itself
    "flag",
)
IN_ORDER: Final = _operator("''.join(sorted({0}))", lambda a: "".join(sorted(a)), "text")
WITHIN: Final = _operator("({1} in {0})", lambda a, b: b in a, "flag")
OVERLAPS: Final = tuple(
    _operator(
        f"(max({{0}}, {{2}}) {sign} min({{1}}, {{3}}))",
        lambda a, b, c, d, meets=meets: meets(max(a, c), min(b, d)),
        "flag",
    )
    for sign, meets in (("<", lt), ("<=", le))
)
"""Whether the interval from the first number to the second overlaps that from the third to the fourth."""
BETWEEN_BOUNDS: Final = _operator("({1} <= {0} <= {2})", lambda a, b, c: b <= a <= c, "flag")
ALL_BETWEEN: Final = _operator(
    "({1} <= min({0}) and max({0}) <= {2})", lambda a, b, c: b <= min(a) and max(a) <= c, "flag"
)
IS_LEAP: Final = _operator(
    "calendar.isleap({0})", lambda a: calendar.isleap(a) if a in range(1, 10_000) else 1 // 0, "flag"
)
PRIMES_UP_TO: Final = _operator(
    "[value for value in range(2, {0} + 1) if all(value % divisor for divisor in range(2, math.isqrt(value) + 1))]",
    lambda a: tuple(each for each in _range(2, a + 1) if len(_divisors(each)) == 2),  # noqa: PLR2004 - as above
    "list",
    "primes",
)


# -- flags -------------------------------------------------------------------------------------------------------------

EQUAL: Final = _operator("({0} == {1})", lambda a, b: a == b, "flag")
UNEQUAL: Final = _operator("({0} != {1})", lambda a, b: a != b, "flag")
LESS: Final = _operator("({0} < {1})", lambda a, b: a < b, "flag")
GREATER: Final = _operator("({0} > {1})", lambda a, b: a > b, "flag")
AT_MOST: Final = _operator("({0} <= {1})", lambda a, b: a <= b, "flag")
AT_LEAST: Final = _operator("({0} >= {1})", lambda a, b: a >= b, "flag")
NOT: Final = _operator("(not {0})", lambda a: not a, "flag")
BOTH: Final = _operator("({0} and {1})", lambda a, b: a and b, "flag")
EITHER: Final = _operator("({0} or {1})", lambda a, b: a or b, "flag")
CONTAINS: Final = _operator("({1} in {0})", lambda a, b: b in a, "flag")
DISTINCT: Final = _operator("(len(set({0})) == len({0}))", lambda a: len(set(a)) == len(a), "flag")
ASCENDING: Final = _operator("({0} == sorted({0}))", lambda a: list(a) == sorted(a), "flag")
CHOICES: Final[dict[ValueType, Operator]] = {
    value_type: _operator("({1} if {0} else {2})", lambda a, b, c: b if a else c, value_type)
    for value_type in ("number", "flag", "list", "text")
}


def _from_digits(items: Items) -> int:
    if len(items) > 40:  # noqa: PLR2004 - larger numbers are dropped anyway
        raise OverflowError
    return int("".join(map(str, items)))


# -- from a list -------------------------------------------------------------------------------------------------------

LENGTH: Final = _operator("len({0})", len, "number", "length")
SUM: Final = _operator("sum({0})", sum, "number", "total")
LAST_LESS: Final = _operator("({0}[-1] - sum({0}[:-1]))", lambda a: a[-1] - sum(a[:-1]), "number")
FIRST_LESS: Final = _operator("({0}[0] - sum({0}[1:]))", lambda a: a[0] - sum(a[1:]), "number")
PRODUCT: Final = _operator("math.prod({0})", math.prod, "number", "product")
LARGEST: Final = _operator("max({0})", max, "number", "largest")
SMALLEST: Final = _operator("min({0})", min, "number", "smallest")
DISTINCT_COUNT: Final = _operator("len(set({0}))", lambda a: len(set(a)), "number", "distinct")
MEDIAN: Final = _operator("statistics.median({0})", statistics.median, "number", "median")
MEAN: Final = _operator("(sum({0}) / len({0}))", lambda a: sum(a) / len(a), "number", "mean")
FROM_DIGITS: Final = _operator("int(''.join(map(str, {0})))", _from_digits, "number")


def _most_common(items: Items) -> Any:
    return max(items, key=items.count)


MOST_COMMON: Final[dict[ValueType, Operator]] = {
    value_type: _operator("max({0}, key={0}.count)", _most_common, value_type, "most_common")
    for value_type in ("number", "flag", "text")
}
LARGEST_COUNT: Final = _operator("max(map({0}.count, {0}))", lambda a: max(map(a.count, a)), "number", "count")
COUNT: Final = _operator("{0}.count({1})", lambda a, b: a.count(b), "number", "count")
DOT: Final = _operator(
    "sum(map(operator.mul, {0}, {1}))", lambda a, b: sum(x * y for x, y in zip(a, b, strict=True)), "number", "total"
)


def _top(total: Callable[..., Any]) -> Callable[[Items, Items], Any]:
    return lambda keys, numbers: total(
        dict.fromkeys(keys), key=lambda key: sum(x for each, x in zip(keys, numbers, strict=True) if each == key)
    )


TOP_TOTALS: Final = tuple(
    _operator(
        f"{name}(dict.fromkeys({{0}}), key=lambda key: "
        "sum(value for name, value in zip({0}, {1}, strict=True) if name == key))",
        _top(total),
        "text",
        "top",
    )
    for name, total in (("max", max), ("min", min))
)
"""The key whose numbers have the largest sum, and that with the smallest one."""
WHERE: Final = _operator("{0}.index({1})", lambda a, b: a.index(b), "number", "place")
ITEM: Final[dict[ValueType, Operator]] = {
    value_type: _operator("{0}[{1}]", lambda a, b: a[b], value_type, "item")
    for value_type in ("number", "flag", "text")
}
FIRST: Final[dict[ValueType, Operator]] = {
    value_type: _operator("{0}[0]", lambda a: a[0], value_type, "first") for value_type in ("number", "flag", "text")
}
LAST: Final[dict[ValueType, Operator]] = {
    value_type: _operator("{0}[-1]", lambda a: a[-1], value_type, "last") for value_type in ("number", "flag", "text")
}


def _remove_at(items: Items, place: int) -> Items:
    return items[:place] + items[place + 1 :]


def _by_count(items: Items) -> Items:
    return tuple(sorted(dict.fromkeys(items), key=items.count, reverse=True))


# -- from a list to a list ---------------------------------------------------------------------------------------------

REVERSED: Final = _operator("{0}[::-1]", lambda a: a[::-1], "list", "backwards")
SORTED: Final = _operator("sorted({0})", lambda a: tuple(sorted(a)), "list", "ordered")
DESCENDING: Final = _operator(
    "sorted({0}, reverse=True)", lambda a: tuple(sorted(a, reverse=True)), "list", "descending"
)
UNIQUE: Final = _operator("list(dict.fromkeys({0}))", lambda a: tuple(dict.fromkeys(a)), "list", "unique")
BY_KEYS: Final = _operator(
    "[value for _, value in sorted(zip({1}, {0}, strict=True), key=lambda pair: pair[0])]",
    lambda a, keys: tuple(value for _, value in sorted(zip(keys, a, strict=True), key=lambda pair: pair[0])),
    "list",
    "ordered",
)
BY_KEYS_DOWN: Final = _operator(
    "[value for _, value in sorted(zip({1}, {0}, strict=True), key=lambda pair: pair[0], reverse=True)]",
    lambda a, keys: tuple(
        value for _, value in sorted(zip(keys, a, strict=True), key=lambda pair: pair[0], reverse=True)
    ),
    "list",
    "ordered",
)
TAIL: Final = _operator("{0}[1:]", lambda a: a[1:], "list", "rest")
INIT: Final = _operator("{0}[:-1]", lambda a: a[:-1], "list", "front")
MIDDLE: Final = _operator("{0}[1:-1]", lambda a: a[1:-1], "list", "middle")
EVERY_OTHER: Final = _operator("{0}[::2]", lambda a: a[::2], "list", "others")
EVERY_SECOND: Final = _operator("{0}[1::2]", lambda a: a[1::2], "list", "others")
RUNNING_SUM: Final = _operator("list(accumulate({0}))", lambda a: tuple(accumulate(a)), "list", "totals")
RUNNING_PRODUCT: Final = _operator(
    "list(accumulate({0}, operator.mul))", lambda a: tuple(accumulate(a, lambda x, y: x * y)), "list", "products"
)
RUNNING_MAX: Final = _operator("list(accumulate({0}, max))", lambda a: tuple(accumulate(a, max)), "list", "records")
RUNNING_MIN: Final = _operator("list(accumulate({0}, min))", lambda a: tuple(accumulate(a, min)), "list", "records")
STEPS: Final = _operator(
    "[following - value for value, following in pairwise({0})]",
    lambda a: tuple(y - x for x, y in pairwise(a)),
    "list",
    "steps",
)
DISTANCES: Final = _operator(
    "[abs(following - value) for value, following in pairwise({0})]",
    lambda a: tuple(abs(y - x) for x, y in pairwise(a)),
    "list",
    "distances",
)
RUN_HEADS: Final = _operator(
    "[value for value, _ in groupby({0})]", lambda a: tuple(value for value, _ in groupby(a)), "list", "runs"
)
RUN_LENGTHS: Final = _operator(
    "[len(list(run)) for _, run in groupby({0})]",
    lambda a: tuple(len(list(run)) for _, run in groupby(a)),
    "list",
    "lengths",
)
WINDOW_SUMS: Final = _operator(
    "[sum({0}[index : index + {1}]) for index in range(len({0}) - {1} + 1)]",
    lambda a, b: tuple(sum(a[index : index + b]) for index in range(len(a) - b + 1)) if b > 0 else 1 // 0,
    "list",
    "totals",
)
MISSING: Final = _operator(
    "sorted({{*range(min({0}), max({0}) + 1)}} - {{*{0}}})",
    lambda a: tuple(sorted({*_range(min(a), max(a) + 1)} - {*a})),
    "list",
    "missing",
)
MISSING_BETWEEN: Final = _operator(
    "sorted({{*range({1}, {2} + 1)}} - {{*{0}}})", lambda a, b, c: tuple(sorted({*_range(b, c + 1)} - {*a})), "list"
)
BY_COUNT: Final = _operator(
    "[value for value, _ in Counter({0}).most_common()]",
    _by_count,
    "list",
    "commonest",
)
COUNTS: Final = _operator("list(Counter({0}).values())", lambda a: tuple(Counter(a).values()), "list", "counts")


def _ends_inwards(items: Items) -> Items:
    return tuple(items[index // 2] if index % 2 == 0 else items[-1 - index // 2] for index in range(len(items)))


ENDS_INWARDS: Final = _operator(
    "[{0}[index // 2] if index % 2 == 0 else {0}[-1 - index // 2] for index in range(len({0}))]", _ends_inwards, "list"
)
TAKE: Final = _operator("{0}[:{1}]", lambda a, b: a[:b], "list")
DROP: Final = _operator("{0}[{1}:]", lambda a, b: a[b:], "list")
TAKE_LAST: Final = _operator("{0}[-{1}:]", lambda a, b: a[-b:], "list")
DROP_LAST: Final = _operator("{0}[:-{1}]", lambda a, b: a[:-b], "list")
SLICE: Final = _operator("{0}[{1}:{2}]", lambda a, b, c: a[b:c], "list")
EVERY: Final = _operator("{0}[::{1}]", lambda a, b: a[::b], "list")
EVERY_LAST: Final = _operator("{0}[{1} - 1::{1}]", lambda a, b: a[b - 1 :: b], "list")
ROTATE: Final = _operator("({0}[{1}:] + {0}[:{1}])", lambda a, b: a[b:] + a[:b], "list")
REPEAT: Final = _operator("({0} * {1})", lambda a, b: a * min(b, 1_000), "list")
JOIN: Final = _operator("({0} + {1})", lambda a, b: a + b, "list")
WITHOUT: Final = _operator(
    "[value for value in {0} if value != {1}]", lambda a, b: tuple(value for value in a if value != b), "list"
)
REMOVE_AT: Final = _operator("({0}[:{1}] + {0}[{1} + 1:])", _remove_at, "list")
REMOVE_FIRST: Final = _operator(
    "({0}[:{0}.index({1})] + {0}[{0}.index({1}) + 1:])", lambda a, b: _remove_at(a, a.index(b)), "list"
)


def _swap(items: Items, first: int, second: int) -> Items:
    places = {first: second, second: first}
    return tuple(items[places.get(index, index)] for index in range(len(items)))


SWAP: Final = _operator("[{0}[{{ {1}: {2}, {2}: {1} }}.get(index, index)] for index in range(len({0}))]", _swap, "list")
# -- from numbers to a list --------------------------------------------------------------------------------------------


def _range(*limits: int) -> Items:
    numbers = range(*limits)
    if len(numbers) > 1_000:  # noqa: PLR2004 - longer lists are dropped anyway
        raise OverflowError
    return tuple(numbers)


SINGLE: Final = _operator("[{0}]", lambda a: (a,), "list")
PAIR: Final = _operator("[{0}, {1}]", lambda a, b: (a, b), "list")
FILL: Final = _operator("([{0}] * {1})", lambda a, b: (a,) * min(b, 1_000), "list")
UP_TO: Final = _operator("list(range(1, {0} + 1))", lambda a: _range(1, a + 1), "list")
FROM_ZERO: Final = _operator("list(range({0} + 1))", lambda a: _range(a + 1), "list")
BELOW: Final = _operator("list(range({0}))", _range, "list")
DOWN_FROM: Final = _operator("list(range({0}, 0, -1))", lambda a: _range(a, 0, -1), "list")
BETWEEN: Final = _operator("list(range({0}, {1} + 1))", lambda a, b: _range(a, b + 1), "list")
