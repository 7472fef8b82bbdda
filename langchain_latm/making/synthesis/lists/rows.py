"""Terms of the rows: numbers and lists made of the inputs, in stages of growing cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations, permutations, product
from typing import Any, Final

from langchain_latm.making.synthesis.lists import comprehensions as over
from langchain_latm.making.synthesis.lists import groups
from langchain_latm.making.synthesis.lists import operators as op
from langchain_latm.making.synthesis.lists.elements import (
    BACKWARDS,
    LOWER,
    element_pool,
    element_type,
    is_by_value,
    position_of,
    simple_flags,
)
from langchain_latm.making.synthesis.lists.goals import Pool
from langchain_latm.making.synthesis.lists.term import FAILED, LONGEST_LIST, Operator, Term, ValueType, apply, spread

_UNARY: Final = (
    (op.REVERSED, 1.0), (op.SORTED, 1.0), (op.UNIQUE, 1.0), (op.TAIL, 0.8), (op.INIT, 0.8), (op.DESCENDING, 1.2),
    (op.EVERY_OTHER, 1.2), (op.EVERY_SECOND, 1.2), (op.MIDDLE, 1.2),
)  # fmt: skip
_FURTHER: Final = (
    (op.RUNNING_SUM, 1.5), (op.STEPS, 1.5), (op.RUNNING_PRODUCT, 2.0), (op.RUNNING_MAX, 1.8), (op.RUNNING_MIN, 1.8),
    (op.DISTANCES, 2.0), (op.RUN_HEADS, 1.5), (op.RUN_LENGTHS, 1.8), (op.COUNTS, 1.8), (op.BY_COUNT, 2.2),
    (op.ENDS_INWARDS, 3.0), (op.MISSING, 1.5),
)  # fmt: skip
_OF_ANY: Final = (op.RUN_HEADS, op.RUN_LENGTHS, op.COUNTS, op.BY_COUNT, op.ENDS_INWARDS)
_NUMBERS: Final = (
    (op.LENGTH, 0.8), (op.SUM, 1.0), (op.LARGEST, 1.0), (op.SMALLEST, 1.0), (op.DISTINCT_COUNT, 1.3),
    (op.PRODUCT, 1.5), (op.MEDIAN, 2.0), (op.MEAN, 2.0), (op.FROM_DIGITS, 2.0), (op.LAST_LESS, 1.5),
    (op.FIRST_LESS, 1.5),
)  # fmt: skip

_TWO_INTERVALS: Final = 4
_KEYS: Final = 10
"""Numbers of an element by which the largest and the smallest one are chosen."""
_DIVIDED: Final = 8
"""Numbers of which quotients are tried, if answers have decimals."""
_ROUNDED: Final = 160
_DIVIDING: Final = 4
"""Values that are tried as marks between the parts of a list."""


class Rows:
    """Grows the pool of terms of the rows, stage by stage.

    Args:
        inputs: The terms of the columns.
        shown: Number of solved rows.
        asked: The type of the answers.
        in_time: Whether there is time left.
        decimals: Maximum number of decimals of the answers, if these are numbers that may be rounded.
    """

    def __init__(
        self,
        inputs: Sequence[Term],
        shown: int,
        asked: ValueType,
        in_time: Callable[[], bool],
        decimals: int | None = None,
    ) -> None:
        self._asked = asked
        self._decimals = decimals
        self.pool = Pool(inputs[0], shown, floats=any("." in repr(term.values) for term in inputs))
        self._in_time = in_time
        self._elements: dict[tuple[int, int], Pool | None] = {}
        self.inputs = list(inputs)
        for term in inputs:
            self.pool.add(term)

    def elements(self, source: Term, effort: int) -> Pool | None:
        """Return the pool of terms of the elements of a list, from a cache after the first call."""
        key = id(source), effort
        if key not in self._elements:
            self._elements[key] = element_pool(source, self.pool, effort)
        return self._elements[key]

    def grow(self, stage: int) -> None:
        """Add the terms of a stage: 0, 1 or 2."""
        if stage == 0:
            self._parts()
        elif stage == 1:
            self._by_number()
            self._by_element()
            self._columns_together()
            self._rounded()
        else:
            self._deeper()

    def _lists(self, costing: float) -> list[Term]:
        return [term for term in self.pool.terms("list") if term.cost <= costing]

    def _parts(self) -> None:
        """Add parts and orders of each list, its numbers, and numbers made of number columns."""
        for source in self._lists(1.0):
            self._add_all(source, _UNARY)
            if element_type(source.values) == "number":
                self._add_all(source, _FURTHER)
            else:
                self._add_all(source, [each for each in _FURTHER if each[0] in _OF_ANY])
            for count in range(2, 6):
                number = self.pool.literal(count)
                for operator in (op.TAKE, op.DROP):
                    self.pool.add(apply(operator, source, number, cost=0.3))
                for operator in (op.TAKE_LAST, op.DROP_LAST):
                    self.pool.add(apply(operator, source, number, cost=0.6))
            self._numbers_of(source)
        for source in self._lists(2.4):
            self._numbers_of(source, few=True)
        for source in self._lists(1.8):
            self._add_all(source, _UNARY)
        self._numbers_of_columns()
        self._texts_together()
        self._intervals()

    def _numbers_of(self, source: Term, *, few: bool = False) -> None:
        value_type = element_type(source.values)
        if value_type in {"number", "text", "flag"}:
            self.pool.add(apply(op.FIRST[value_type], source, cost=0.8))
            self.pool.add(apply(op.LAST[value_type], source, cost=0.8))
        if value_type == "number":
            for operator, cost in _NUMBERS[: 4 if few else None]:
                self.pool.add(apply(operator, source, cost=cost))
        else:
            self.pool.add(apply(op.LENGTH, source, cost=0.8))
        if not few:
            if value_type in op.ITEM:
                for place in (1, 2, 3, -2, 4):
                    at = self.pool.literal(place)
                    self.pool.add(apply(op.ITEM[value_type], source, at, cost=0.3))
                self.pool.add(apply(op.MOST_COMMON[value_type], source, cost=2.0))
                self.pool.add(apply(op.LARGEST_COUNT, source, cost=2.0))
            self.pool.add(apply(op.DISTINCT, source, cost=1.5))
            self.pool.add(apply(op.ASCENDING, source, cost=1.5))

    def _number_columns(self) -> list[Term]:
        return [term for term in self.inputs if term.value_type == "number"]

    def _numbers_of_columns(self) -> None:
        columns = self._number_columns()
        for term in columns:
            for operator, cost in (
                (op.DIGIT_SUM, 1.5), (op.DIGIT_COUNT, 1.5), (op.REVERSED_DIGITS, 1.5), (op.ABSOLUTE, 1.0),
                (op.BIT_COUNT, 2.0), (op.FACTORIAL, 1.5), (op.WHOLE_ROOT, 1.5), (op.FLOOR, 1.2), (op.ROUND, 1.2),
                (op.CEIL, 1.2), (op.ROOT, 1.5), (op.DIGITS, 1.5), (op.DIVISORS, 2.0), (op.UP_TO, 1.5),
                (op.BELOW, 1.2), (op.DOWN_FROM, 1.5), (op.BINARY, 1.5), (op.HEXADECIMAL, 1.5),
                (op.PRIMES_UP_TO, 2.0), (op.IS_PRIME, 1.5), (op.IS_LEAP, 1.2),
            ):  # fmt: skip
                self.pool.add(apply(operator, term, cost=cost))
            for power in (2, 3):
                self.pool.add(apply(op.POWER, term, self.pool.literal(power), cost=0.8))
            self.pool.add(apply(op.POWER, self.pool.literal(2), term, cost=0.8))
        for left, right in combinations(columns, 2):
            self._combine(left, right)

    def _combine(self, left: Term, right: Term) -> None:
        for operator in (op.ADD, op.SUBTRACT, op.MULTIPLY, op.LARGER, op.SMALLER, op.GCD, op.LCM):
            self.pool.add(apply(operator, left, right, cost=1.0))
        for one, other in ((left, right), (right, left)):
            for operator in (op.SUBTRACT, op.DIVIDE, op.FLOOR_DIVIDE, op.MODULO, op.POWER):
                self.pool.add(apply(operator, one, other, cost=1.0))

    def _texts_together(self) -> None:
        """Add what texts have in common: the same letters in another order, one within the other."""
        texts = [term for term in self.inputs if term.value_type == "text"]
        if self._asked != "flag" or not texts:
            return
        for text in texts:
            self.pool.add(apply(op.EQUAL, text, apply(BACKWARDS, text, cost=0.5), cost=0.5))
        for left, right in permutations(texts, 2):
            self.pool.add(apply(op.EQUAL, left, right, cost=0.5))
            self.pool.add(apply(op.WITHIN, left, right, cost=0.5))
            for change in (op.IN_ORDER, LOWER, BACKWARDS):
                one, other = (apply(change, text, cost=0.3) for text in (left, right))
                self.pool.add(apply(op.EQUAL, one, right if change is BACKWARDS else other, cost=0.5))

    def _intervals(self) -> None:
        """Add whether two intervals overlap, and whether numbers are within one. The bounds are inputs in order."""
        if self._asked != "flag":
            return
        numbers = self._number_columns()
        for bounds in combinations(numbers, 2):
            for number in [each for each in numbers if each not in bounds]:
                self.pool.add(apply(op.BETWEEN_BOUNDS, number, *bounds, cost=0.3))
            for source in self._lists(1.0):
                self.pool.add(apply(op.ALL_BETWEEN, source, *bounds, cost=0.3))
        if len(numbers) == _TWO_INTERVALS:
            for operator, cost in zip(op.OVERLAPS, (-0.4, -0.2), strict=True):
                self.pool.add(apply(operator, *numbers, cost=cost))

    def _best_of(self, source: Term, pool: Pool) -> None:
        """Add the element with the largest or smallest key, such as its distance to a number of the row."""
        value = pool.origin
        if value.value_type not in over.BEST or self._asked != value.value_type:
            return
        keys = [key for key in pool.cheapest("number", _KEYS) if key is not value and is_by_value(key)]
        if value.value_type == "number":
            keys += [apply(op.DISTANCE, value, spread(source, each), cost=0.5) for each in self._number_columns()]
        for key, operator in product(keys, over.BEST[value.value_type]):
            self.pool.add(apply(operator, source, key, cost=1.0))

    def _columns_together(self) -> None:
        """Combine lists with number and text columns: as positions, as counts, and as items of the list."""
        for source, term in product(self._lists(1.0), self.inputs):
            if term.value_type == "number":
                self._at(source, term, 1.0)
                self.pool.add(apply(op.REPEAT, source, term, cost=1.0))
                self.pool.add(apply(op.REMOVE_AT, source, term, cost=1.0))
                self.pool.add(apply(op.EVERY, source, term, cost=1.0))
                if element_type(source.values) == "number":
                    self.pool.add(apply(op.WINDOW_SUMS, source, term, cost=1.0))
            if term.value_type == element_type(source.values):
                self._about(source, term)
        for left, right in permutations([term for term in self.inputs if term.value_type == "list"], 2):
            self.pool.add(apply(op.JOIN, left, right, cost=1.0))
            self._beside(left, right)
        for left, right in permutations(self._number_columns(), 2):
            self.pool.add(apply(op.BETWEEN, left, right, cost=1.5))
            self.pool.add(apply(op.FILL, left, right, cost=1.5))
            for source in self._lists(1.0):
                if element_type(source.values) == "number":
                    self.pool.add(apply(op.MISSING_BETWEEN, source, left, right, cost=0.5))
        for term in self._lists(3.0):
            self._numbers_of(term, few=True)

    def _rounded(self) -> None:
        """Add quotients, such as a weighted mean, and rounded numbers."""
        if self._decimals is None:
            return
        for one, other in permutations(self.pool.cheapest("number", _DIVIDED), 2):
            self.pool.add(apply(op.DIVIDE, one, other, cost=1.0))
        to_decimals = op.rounded(self._decimals)
        numbers = [each for each in self.pool.cheapest("number", _ROUNDED) if float in map(type, each.values)]
        for number in numbers:
            self.pool.add(apply(to_decimals, number, cost=0.6))

    def _beside(self, keys: Term, values: Term) -> None:
        """Add the item of a list that stands beside a certain item of another: its largest, or that of a column.

        Also the list in the order of the other one, its first items, and the sum of the products of both.
        """
        key_type, value_type = element_type(keys.values), element_type(values.values)
        if value_type not in op.ITEM:
            return
        if key_type == value_type == "number":
            self.pool.add(apply(op.DOT, keys, values, cost=1.0))
        if key_type == "number" and value_type == "text" and any(len(set(each)) < len(each) for each in values.values):
            for top in op.TOP_TOTALS:
                self.pool.add(apply(top, values, keys, cost=1.0))
        items = [term for term in self.inputs if term.value_type == key_type]
        if key_type == "number":
            # The keys cost once, though the code has them twice: what is beside the largest number is one idea.
            items += [apply(operator, keys, cost=-0.4) for operator in (op.LARGEST, op.SMALLEST)]
        for item in items:
            self.pool.add(apply(op.ITEM[value_type], values, apply(op.WHERE, keys, item, cost=0.4), cost=0.3))
        if key_type in {"number", "text"}:
            self._in_order(keys, values, value_type)

    def _in_order(self, keys: Term, values: Term, value_type: ValueType) -> None:
        """Add a list in the order of another one, and its first items."""
        for by_keys in (op.BY_KEYS, op.BY_KEYS_DOWN):
            ordered = apply(by_keys, values, keys, cost=1.0)
            if not self.pool.add(ordered):
                continue
            for operator in (op.FIRST[value_type], op.LAST[value_type]):
                self.pool.add(apply(operator, ordered, cost=0.5))
            for number in [*map(self.pool.literal, (1, 2, 3)), *self._number_columns()]:
                self._at(ordered, number, 0.5)

    def _at(self, source: Term, place: Term, cost: float) -> None:
        for operator in (op.TAKE, op.DROP, op.TAKE_LAST, op.DROP_LAST, op.ROTATE):
            self.pool.add(apply(operator, source, place, cost=cost))
        value_type = element_type(source.values)
        if value_type in op.ITEM:
            self.pool.add(apply(op.ITEM[value_type], source, place, cost=1.0))

    def _about(self, source: Term, item: Term) -> None:
        self.pool.add(apply(op.COUNT, source, item, cost=1.0))
        self.pool.add(apply(op.WHERE, source, item, cost=1.0))
        self.pool.add(apply(op.CONTAINS, source, item, cost=1.0))
        self.pool.add(apply(op.WITHOUT, source, item, cost=1.2))
        self.pool.add(apply(op.REMOVE_FIRST, source, item, cost=1.8))

    def _by_number(self) -> None:
        """Add parts of lists whose bounds are numbers of the row."""
        numbers = [term for term in self.pool.cheapest("number", 40) if _is_place(term)]
        for source in self._lists(1.8)[:3]:
            for number in numbers[:16]:
                self._at(source, number, 0.8)
                if element_type(source.values) == "number":
                    self._about(source, number)
        for source in self._lists(1.0):
            self._by_literal(source)
        for number in numbers[:12]:
            for operator, cost in (
                (op.UP_TO, 1.5), (op.BELOW, 1.2), (op.FROM_ZERO, 1.5), (op.DOWN_FROM, 1.5), (op.DIGITS, 1.5),
            ):  # fmt: skip
                self.pool.add(apply(operator, number, cost=cost))
        for left, right in permutations(numbers[:8], 2):
            self.pool.add(apply(op.FILL, left, right, cost=1.0))
            self.pool.add(apply(op.BETWEEN, left, right, cost=1.5))

    def _by_literal(self, source: Term) -> None:
        half = apply(op.FLOOR_DIVIDE, apply(op.LENGTH, source, cost=0.5), self.pool.literal(2), cost=0.5)
        for operator in (op.TAKE, op.DROP):
            self.pool.add(apply(operator, source, half, cost=0.8))
        for place in range(1, 6):
            self.pool.add(apply(op.REMOVE_AT, source, self.pool.literal(place), cost=1.0))
        for start, end in combinations(range(1, 7), 2):
            self.pool.add(apply(op.SLICE, source, self.pool.literal(start), self.pool.literal(end), cost=0.2))
        for step in (3, 4):
            self.pool.add(apply(op.EVERY, source, self.pool.literal(step), cost=0.8))
            self.pool.add(apply(op.EVERY_LAST, source, self.pool.literal(step), cost=1.5))
        for value in self._dividing(source):
            for operator, cost in groups.BETWEEN:
                self.pool.add(apply(operator, source, self.pool.literal(value), cost=cost))
        if element_type(source.values) == "number":
            self._add_all(source, groups.OF_RUNS)
            for value in (2, 3, 4):
                self.pool.add(apply(op.WINDOW_SUMS, source, self.pool.literal(value), cost=0.8))
            for value in range(11):
                self.pool.add(apply(op.COUNT, source, self.pool.literal(value), cost=0.7))
                self.pool.add(apply(op.CONTAINS, source, self.pool.literal(value), cost=0.7))

    def _dividing(self, source: Term) -> list[Any]:
        """Return the values that may divide a list in parts: those that stand in a third of the solved rows."""
        lists = [each for each in source.values[: self.pool.shown] if each is not FAILED]
        counts = Counter(value for each in lists for value in set(each) if not isinstance(value, tuple))
        return [value for value, count in counts.most_common(_DIVIDING) if 3 * count >= len(lists)]

    def _by_element(self) -> None:
        """Add each list with some of its elements, or with each element changed by one operator."""
        for source in self._lists(1.8)[:8]:
            if not self._in_time():
                return
            self._add_all(source, _FURTHER)
            pool = self.elements(source, 0)
            if pool is None:
                continue
            known = pool.terms("flag")
            for flag in simple_flags(pool):
                kept = apply(over.FILTER, source, flag, cost=0.5)
                self.pool.add(kept)
                if flag in known:
                    self._numbers_of(kept, few=True)
                self.pool.add(apply(over.COUNT_IF, source, flag, cost=0.8))
                positions = apply(over.FILTER_MAP, source, position_of(pool), flag, cost=0.8)
                self.pool.add(positions)
                if self._asked == "flag":
                    self.pool.add(apply(over.ALL, source, flag, cost=0.8))
                    self.pool.add(apply(over.ANY_OF, source, flag, cost=0.8))
            for body in pool.cheapest("number", 16)[1:]:
                self.pool.add(apply(over.MAP, source, body, cost=0.5))
            self._best_of(source, pool)
        for source in [term for term in self.pool.terms("list") if term.cost <= 4.8][:160]:  # noqa: PLR2004
            self._numbers_of(source, few=True)

    def _deeper(self) -> None:
        """Add parts, orders and numbers of the lists made so far."""
        for source in self.pool.cheapest("list", 160):
            if not self._in_time():
                return
            self._add_all(source, _UNARY)
            if source.cost < 3.0:  # noqa: PLR2004 - only the simplest
                self._add_all(source, _FURTHER)
            self._numbers_of(source, few=True)
        numbers = self.pool.cheapest("number", 24)
        for left, right in combinations(numbers, 2):
            for operator in (op.ADD, op.SUBTRACT, op.MULTIPLY, op.LARGER, op.SMALLER):
                self.pool.add(apply(operator, left, right, cost=1.0))
            for operator in (op.MODULO, op.FLOOR_DIVIDE):
                self.pool.add(apply(operator, left, right, cost=1.2))
                self.pool.add(apply(operator, right, left, cost=1.2))
            self.pool.add(apply(op.SUBTRACT, right, left, cost=1.0))

    def _add_all(self, source: Term, operators: Sequence[tuple[Operator, float]]) -> None:
        for operator, cost in operators:
            self.pool.add(apply(operator, source, cost=cost))


def _is_place(term: Term) -> bool:
    """Whether the numbers can be positions in a list."""
    return term.operator is not op.DIVIDE and all(
        value is FAILED or (isinstance(value, int) and 0 <= value <= LONGEST_LIST) for value in term.values
    )
