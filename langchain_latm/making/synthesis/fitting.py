"""Finds factors and offsets that map numbers to others, up to rounding, and how much the numbers confirm them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from langchain_latm.making.synthesis.operators.numbers import Linear, Scaled, simplest

_DOUBT: Final = 1.5
"""Additional cost of a factor if one is expected to fit by chance; half of it more or less for ten or a tenth."""
_MOST_DOUBT: Final = 2.0
_SIMPLE: Final = 6
"""Maximum number of digits of a factor."""


def are_on_a_line(values: Sequence[Decimal], wanted: Sequence[Decimal], halves: Sequence[Decimal]) -> bool:
    """Whether points are near the line through the outer ones, as they are if a line fits all up to rounding.

    It uses floats: it rules out most numbers, a hundred times faster than `lines`.
    """
    points = sorted(zip(map(float, values), map(float, wanted), map(float, halves), strict=True))
    (low, start, at_low), (high, end, at_high) = points[0], points[-1]
    if high == low:
        return True  # they differ as decimals only
    slope = (end - start) / (high - low)
    slack = max(at_low, at_high) + 1e-9 * max(abs(start), abs(end))
    return all(abs(start + slope * (value - low) - want) <= slack + half for value, want, half in points)


def have_one_constant(values: Sequence[Decimal], wanted: Sequence[Decimal], halves: Sequence[Decimal]) -> bool:
    """Whether the smallest and the largest number are mapped by one offset or one factor, up to rounding.

    Two numbers confirm neither more than that. Like `are_on_a_line`, it uses floats.
    """
    points = [(float(value), float(want)) for value, want in zip(values, wanted, strict=True)]
    (low, start), (high, end) = min(points), max(points)
    slack = 2 * float(max(halves)) + 1e-9 * max(abs(start), abs(end), abs(low), abs(high))
    return abs((end - high) - (start - low)) <= slack or abs(low * end - high * start) <= slack * (abs(low) + abs(high))


def lines(values: Sequence[Decimal], wanted: Sequence[Decimal], halves: Sequence[Decimal]) -> Iterator[Linear | Scaled]:
    """Yield the simplest offsets, factors, divisors, and factors with an offset, that map numbers to others.

    Args:
        values: The numbers, at least two of them different.
        wanted: The numbers to reach.
        halves: Maximum rounding error of each of these: half of its last digit.
    """
    pairs = list(zip(values, wanted, halves, strict=True))
    enough = len(set(values)) > 2  # noqa: PLR2004 - two points fit any line
    if not enough and not have_one_constant(values, wanted, halves):
        return
    offset = simplest(
        max(want - value - half for value, want, half in pairs),
        min(want - value + half for value, want, half in pairs),
    )
    if offset and _is_simple(offset):
        yield Linear(Decimal(1), offset)
    if all(abs(want) <= half for value, want, half in pairs if not value):
        factors = _constants(
            sorted(((want - half) / value, (want + half) / value)) for value, want, half in pairs if value
        )
        sure = [(value, want, half) for value, want, half in pairs if abs(want) > half and value]
        divisors = _constants(sorted((value / (want + half), value / (want - half))) for value, want, half in sure)
        shorter = factors and divisors and len(str(factors[0][0])) <= len(str(divisors[0][0]))
        for factor, doubt in factors:
            exact = all(value * factor == want for value, want, _ in pairs)
            yield Linear(factor, Decimal(0), 0.0 if exact else doubt)
        for divisor, doubt in () if shorter else divisors:
            exact = all(want * divisor == value for value, want, _ in pairs)
            yield Scaled(divisor, 0.0 if exact else doubt)
    if enough:
        low, high = min(pairs), max(pairs)
        run = high[0] - low[0]
        slack = low[2] + high[2]
        steepness = ((high[1] - low[1] - slack) / run, (high[1] - low[1] + slack) / run)
        for slope, doubt in _constants([steepness])[:1]:
            rest = [want - slope * value for value, want, _ in pairs]
            spans = list(zip(rest, halves, strict=True))
            offset = simplest(max(each - half for each, half in spans), min(each + half for each, half in spans))
            if offset and _is_simple(offset):
                yield Linear(slope, offset, 0.0 if len(set(rest)) == 1 else doubt)


def _constants(ranges: Iterable[Sequence[Decimal]]) -> list[tuple[Decimal, float]]:
    """Return the simplest number in all ranges and, if these are wide, the first and the last with one digit more.

    Rounded answers do not determine the factor, such as 1.36 or 1.3596. If the factors give different answers, a person
    is asked. Each comes with its doubt: if the ranges contain a number of so few digits by chance, the factor is hardly
    confirmed.
    """
    bounds = list(ranges)
    if not bounds:
        return []
    low, high = max(low for low, _ in bounds), min(high for _, high in bounds)
    best = simplest(low, high)
    if not best or not _is_simple(best):
        return []
    unit = Decimal(1).scaleb(best.normalize().as_tuple().exponent)  # type: ignore[arg-type]  # finite
    expected = max(float((high - low) / unit), 1e-9)
    doubt = round(min(max(_DOUBT + _DOUBT / 2 * math.log10(expected), 0.0), _MOST_DOUBT), 2)
    first = (low / unit * 10).to_integral_value(rounding=ROUND_CEILING) * unit / 10
    last = (high / unit * 10).to_integral_value(rounding=ROUND_FLOOR) * unit / 10
    others = [each for each in (first, last) if low <= each <= high and each != best and _is_simple(each)]
    return [(best, doubt), *((Decimal(f"{each.normalize():f}"), doubt) for each in dict.fromkeys(others))]


def _is_simple(number: Decimal) -> bool:
    return len(number.normalize().as_tuple().digits) <= _SIMPLE
