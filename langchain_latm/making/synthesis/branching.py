"""Finds programs for all rows: one expression, or conditions that choose among a few.

Rows are split by conditions on their values, and each side is solved separately, like FlashFill's `Switch`. Results for
a set of rows are cached. A branch that a single row supports is expensive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import permutations, product
from math import inf
from typing import Any, Final

from langchain_latm.making.synthesis.expression import Applied, Column, Constant, Expression, Joined
from langchain_latm.making.synthesis.operators.conditions import (
    Compare,
    Relates,
    holds_prose,
    number_conditions,
    text_conditions,
)
from langchain_latm.making.synthesis.operators.numbers import ReadNumber
from langchain_latm.making.synthesis.operators.versions import ReadVersion, are_versions
from langchain_latm.making.synthesis.table import Found, Table
from langchain_latm.making.synthesis.writing import Writer

_CONDITION: Final = 1.8
_LONELY: Final = 2.0
"""Additional cost of a branch that a single row supports."""
_SPECIFIC: Final = 4.0
"""Additional cost if the condition of such a branch holds a word or number that was copied from the examples, or is
about a sentence."""
_LABELS: Final = 1.0
"""Additional cost of a choice between two constants: hundreds of conditions are tried, and six rows are six bits."""
_COPIED: Final = 3.0
"""Additional cost of a constant in a branch of a single row, or of one that a copied condition selects."""
_CLOSE: Final = Decimal("0.25")
"""Gap around a bound, as a share of the range of all numbers, up to which the bound counts as shown."""
_SHARED: Final = 0.7
"""Discount on expressions that occur in both branches, as a share of their cost."""
_NEAR: Final = 2.0
"""Additional cost up to which choices are kept beside the cheapest."""
_LEVELS: Final = 2
_EACH: Final = 4
"""Maximum number of programs that are kept for a set of rows."""
_SAME_SPLIT: Final = 3
"""Maximum number of conditions that are kept of those that split the solved rows in the same way."""
_MOST_SPLITS: Final = 150
_MOST_SOURCES: Final = 12
_MOST_COMPARED: Final = 6


@dataclass(frozen=True)
class Chosen(Expression):
    """One of two expressions, selected by a condition."""

    condition: Expression
    then: Expression
    otherwise: Expression
    extra: float

    @cached_property
    def cost(self) -> float:  # computed once
        """The cost of all three and of the choice, with a discount on what both branches share."""
        mine = set(_pieces(self.then))
        shared = sum(piece.cost for piece in set(_pieces(self.otherwise)) & mine)
        return self.extra + self.condition.cost + self.then.cost + self.otherwise.cost - _SHARED * shared

    def of(self, row: Mapping[str, Any]) -> Any:
        """Return the value of the selected expression."""
        holds = self.condition.of(row)
        if holds is None:
            return None
        return self.then.of(row) if holds else self.otherwise.of(row)

    def write(self, code: Writer) -> str:
        """Write what both branches read, then the first branch with its `return`; return the value of the second."""
        read = {piece for piece in _pieces(self.then) if isinstance(piece, Applied) and piece.operator.reads}
        both = {each for piece in read for each in piece.arguments} & set(_pieces(self.otherwise))
        for shared in sorted(both, key=lambda each: each.says()):
            shared.write(code)
        with code.block(f"if {self.condition.write(code)}:"):
            code.line(f"return {code.answer(self.then.write(code))}")
        return self.otherwise.write(code)

    def says(self) -> str:
        """Return a description of the choice."""
        return f"{self.then.says()} if {self.condition.says()}, otherwise {self.otherwise.says()}"


def _pieces(expression: Expression) -> list[Expression]:
    """Return the parts that are joined or chosen in an expression."""
    if isinstance(expression, Joined):
        return [each for part in expression.parts for each in _pieces(part)]
    if isinstance(expression, Chosen):
        return [*_pieces(expression.then), *_pieces(expression.otherwise)]
    if isinstance(expression, Applied) and expression.operator.reads:
        return [expression, *expression.arguments]
    return [expression]


def constants_of(expression: Expression) -> list[str]:
    """Return the constant texts of an expression."""
    return [piece.text for piece in _pieces(expression) if isinstance(piece, Constant)]


Solve = Callable[[Sequence[int]], list[Found]]


class Branches:
    """Searches for programs of a table.

    Args:
        table: The rows.
        solve: Returns the expressions without a choice that give the answers of some rows, cheapest first.
        conditions: The possible conditions.
    """

    def __init__(self, table: Table, solve: Solve, conditions: Sequence[Found]) -> None:
        self._table = table
        self._solve = solve
        self._conditions = conditions
        self._direct: dict[int, list[Expression]] = {}
        self._known: dict[tuple[int, int], tuple[float, list[Expression]]] = {}
        self._prose = {name for name in table.rows[0] if _is_prose([row[name] for row in table.rows[: table.size]])}

    def programs(self, rows: int, levels: int = _LEVELS, limit: float | None = None) -> list[Expression]:
        """Return programs for a set of rows, given as bits, cheapest first.

        Args:
            rows: The rows.
            levels: Maximum depth of choices.
            limit: Cost above which programs may be left out; by default that of the budget.
        """
        most = self._table.budget.largest_cost if limit is None else limit
        limit_of_known, known = self._known.get((rows, levels), (-inf, []))
        if most <= limit_of_known:
            return known
        found = list(self.direct(rows))
        if levels and rows & (rows - 1):
            found += self._split(rows, levels, most)
        found = sorted(found, key=lambda each: each.cost)[: _EACH if rows != self._table.everything else 4 * _EACH]
        self._known[rows, levels] = most, found
        return found

    def direct(self, rows: int) -> list[Expression]:
        """Return programs without a choice for a set of rows."""
        if rows not in self._direct:
            indices = [index for index in range(self._table.size) if rows >> index & 1]
            self._direct[rows] = [each.expression for each in self._solve(indices)]
        return self._direct[rows]

    def _split(self, rows: int, levels: int, limit: float) -> list[Expression]:
        """Return choices whose cost is at most about `limit` and near the cheapest (branch and bound)."""
        found: list[Expression] = []
        best = inf
        for holds, alike in self._splits(rows):
            rest = rows & ~holds
            floor = alike[0].cost + _CONDITION + 1
            if floor > min(best, limit):
                break
            most = min(best + _NEAR, limit)
            if floor + _LONELY * (_is_single(holds) + _is_single(rest)) > most:
                continue
            if levels == 1 and rest.bit_count() > holds.bit_count() and not self.direct(rest):
                continue  # more rows have fewer programs, which are found faster
            then = self.direct(holds)[:2]
            if not then:
                continue
            least = floor + min(one.cost + self._loneliness(holds, one, each) for one in then for each in alike)
            if least > most:
                continue
            otherwise = self.programs(rest, levels - 1, most - least + 1 + _SHARED * then[0].cost)
            for one, other, condition in product(then, otherwise[:2], alike):
                extra = self._choice_cost(condition, one, other, (holds, rest))
                found.append(Chosen(condition, one, other, extra))
                best = min(best, found[-1].cost)
        return found

    def _choice_cost(self, condition: Expression, one: Expression, other: Expression, sides: tuple[int, int]) -> float:
        """Return the additional cost of a choice, given the rows of both branches."""
        cost = _CONDITION + self._loneliness(sides[0], one, condition) + self._loneliness(sides[1], other, condition)
        labels = isinstance(one, Constant) + isinstance(other, Constant)
        copied = labels > 0 and _is_copied(condition) and not self._is_bound(condition, sides)
        return cost + _LABELS * (labels > 1) + _COPIED * copied

    def _loneliness(self, rows: int, program: Expression, condition: Expression) -> float:
        """Return the additional cost of a branch that only one row supports.

        A sentence has so many marks and words that some condition always selects it.
        """
        if not _is_single(rows):
            return 0.0
        specific = _is_copied(condition) or any(
            isinstance(each, Column) and each.name in self._prose for each in condition.nodes
        )
        return _LONELY + _COPIED * any(constants_of(program)) + _SPECIFIC * specific

    def _is_bound(self, condition: Expression, sides: tuple[int, int]) -> bool:
        """Whether a condition compares a column with a bound between close numbers, and several rows are on each side.

        For example, 59 fails and 60 passes. That the labels of six numbers are in order is weak evidence by itself.
        """
        if not isinstance(condition, Applied) or not isinstance(condition.operator, Compare):
            return False
        (number,) = condition.arguments
        lonely = any(map(_is_single, sides))
        if condition.operator.relation != ">=" or lonely or not _is_column(number):
            return False
        above, below = (
            [number.of(row) for place, row in enumerate(self._table.rows) if side >> place & 1] for side in sides
        )
        return bool(min(above) - max(below) <= _CLOSE * (max(above) - min(below)))

    def _splits(self, rows: int) -> list[tuple[int, list[Expression]]]:
        """Return the splits of some rows, the cheapest first: the rows on which conditions hold, and the conditions."""
        splits: dict[int, list[Expression]] = {}
        for condition in self._conditions:
            self._table.budget.spend()
            holds = _bits(self._table.solved(condition), rows)
            if holds is not None and 0 < holds < rows:
                alike = splits.setdefault(holds, [])
                if len(alike) < _SAME_SPLIT:
                    alike.append(condition.expression)
        return sorted(splits.items(), key=lambda each: each[1][0].cost)[:_MOST_SPLITS]


def _is_single(rows: int) -> bool:
    return not rows & (rows - 1)


def _is_prose(values: Sequence[Any]) -> bool:
    return all(isinstance(value, str) for value in values) and holds_prose(values)


def _is_column(number: Expression) -> bool:
    return (
        isinstance(number, Applied)
        and isinstance(number.operator, ReadNumber)
        and isinstance(number.arguments[0], Column)
    )


def _is_copied(condition: Expression) -> bool:
    return isinstance(condition, Applied) and bool(getattr(condition.operator, "is_copied", False))


def _bits(values: Sequence[Any], rows: int) -> int | None:
    """Return the rows, as bits, on which a condition holds; None if it does not fit one of them."""
    bits = 0
    for index, value in enumerate(values):
        if rows >> index & 1:
            if value is None:
                return None
            bits |= bool(value) << index
    return bits


def conditions_of(
    table: Table, columns: Sequence[Found], parts: Sequence[Found], numbers: Sequence[Found]
) -> list[Found]:
    """Return the conditions on columns, some of their parts, and numbers, cheapest first."""
    found: dict[tuple[Any, ...], Found] = {}
    sources = list(dict.fromkeys([*columns, *(part for part in parts if None not in table.solved(part))]))
    for source in sources[:_MOST_SOURCES]:
        texts = [value for value in table.solved(source) if isinstance(value, str)]
        for operator in text_conditions(texts) if texts else ():
            _keep(found, table.applied(operator, source))
    for number in numbers:
        for operator in number_conditions([value for value in table.solved(number) if value is not None]):
            _keep(found, table.applied(operator, number))
    for left, right in permutations(columns, 2):
        for test in (Relates("=="), Relates("in")):
            _keep(found, table.applied(test, left, right))
    read = [table.applied(ReadVersion(), each) for each in columns if are_versions(table.solved(each))]
    for left, right in permutations(read, 2):
        _keep(found, table.applied(Relates(">"), left, right))
    for left, right in permutations(numbers[:_MOST_COMPARED], 2):
        for test in (Relates(">"), Relates(">="), Relates("==")):
            _keep(found, table.applied(test, left, right))
    return sorted(found.values(), key=lambda each: each.expression.cost)


def _keep(found: dict[tuple[Any, ...], Found], condition: Found) -> None:
    known = found.get(condition.values)
    if known is None or condition.expression.cost < known.expression.cost:
        found[condition.values] = condition
