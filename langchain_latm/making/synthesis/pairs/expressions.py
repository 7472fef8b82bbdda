"""Numbers computed from a pair of items: sums, differences, maxima and minima."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from langchain_latm.making.synthesis.budget import Budget

Number = int | float
Environment = Sequence[Number]
"""The numbers of one pair: the parts of its items, then the columns of numbers."""

_LARGEST: Final = 10**40


@dataclass(frozen=True)
class Expression:
    """A number computed from a pair.

    Attributes:
        text: Source code.
        operations: Source code of each distinct operation; a repeated one counts once.
        values: The value for each pair of each solved row.
        of: Computes the number.
        is_sum: Whether it is put in brackets after a minus.
    """

    text: str
    operations: frozenset[str]
    values: tuple[tuple[Number, ...], ...]
    of: Callable[[Environment], Number]
    is_sum: bool = False


@dataclass(frozen=True)
class _Operator:
    template: str
    compute: Callable[[Number, Number], Number]
    commutes: bool
    is_sum: bool


_OPERATORS: Final = (
    _Operator("{} - {}", lambda one, other: one - other, commutes=False, is_sum=True),
    _Operator("{} + {}", lambda one, other: one + other, commutes=True, is_sum=True),
    _Operator("max({}, {})", max, commutes=True, is_sum=False),
    _Operator("min({}, {})", min, commutes=True, is_sum=False),
)


def leaves(names: Sequence[str], rows: Sequence[Sequence[Environment]]) -> list[Expression]:
    """Return the numbers of pairs, unchanged, given the source code that reads each."""

    def leaf(name: str, place: int) -> Expression:
        values = tuple(tuple(pair[place] for pair in row) for row in rows)
        return Expression(name, frozenset(), values, lambda pair: pair[place])

    return [leaf(name, place) for place, name in enumerate(names)]


def enumerated(simple: Sequence[Expression], budget: Budget) -> list[list[Expression]]:
    """Return expressions by their number of operations, zero to three, the first of those with equal values.

    Raises:
        Exhausted: The budget is spent.
    """
    seen: set[tuple[tuple[Number, ...], ...]] = set()
    none = list(_new(simple, seen, budget))
    one = list(_new(_combined(none, none), seen, budget))
    two = list(_new((*_combined(one, none), *_combined(none, one)), seen, budget))
    three = list(_new(_combined(one, one, _OPERATORS[:1]), seen, budget))
    return [none, one, two, three]


def _new(
    found: Iterator[Expression] | Sequence[Expression], seen: set[tuple[tuple[Number, ...], ...]], budget: Budget
) -> Iterator[Expression]:
    for each in found:
        budget.spend()
        if each.values not in seen and all(abs(value) < _LARGEST for row in each.values for value in row):
            seen.add(each.values)
            yield each


def _combined(
    ones: Sequence[Expression], others: Sequence[Expression], operators: Sequence[_Operator] = _OPERATORS
) -> Iterator[Expression]:
    for operator in operators:
        for i, one in enumerate(ones):
            for j, other in enumerate(others):
                if one is not other and not (operator.commutes and ones is others and j < i):
                    yield _applied(operator, one, other)


def _applied(operator: _Operator, one: Expression, other: Expression) -> Expression:
    compute, first, second = operator.compute, one.of, other.of
    bracketed = f"({other.text})" if operator.is_sum and other.is_sum else other.text
    text = operator.template.format(one.text, bracketed)
    return Expression(
        text,
        one.operations | other.operations | {text},
        tuple(tuple(map(compute, left, right)) for left, right in zip(one.values, other.values, strict=True)),
        lambda pair: compute(first(pair), second(pair)),
        operator.is_sum,
    )
