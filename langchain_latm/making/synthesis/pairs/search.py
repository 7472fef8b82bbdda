"""The search for programs over pairs of items: for a condition, and for what the pairs that fulfil it return."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from operator import eq, ge, gt
from typing import Any, Final

from langchain_latm.making.synthesis.budget import Budget, Exhausted
from langchain_latm.making.synthesis.pairs.expressions import Environment, Expression, Number, enumerated, leaves
from langchain_latm.making.synthesis.pairs.goals import Goal, goals
from langchain_latm.making.synthesis.pairs.reading import Layout, equal
from langchain_latm.making.synthesis.pairs.writing import written
from langchain_latm.making.synthesis.problem import Problem, Program

_COMPARISONS: Final[tuple[tuple[str, Callable[[Any, Any], bool]], ...]] = ((">=", ge), (">", gt), ("==", eq))
_MOST_OPERATIONS: Final = 3
"""Maximum number of operations in a condition."""
_LOOP: Final = 1.5
_VALUE: Final = 0.25
"""Costs of the loops, and of each number that is returned. Operations and comparisons cost 1."""
_MOST_OTHERS: Final = 12
_MOST_OF_PICKS: Final = 4
_RETURNED: Final = 12
_RIVALS: Final = 3
_OPTIONS: Final = 3
_MOST_OF_EQUALITY: Final = 2
"""Maximum number of operations in a condition of equality."""
_RANGE: Final = 1.0


Picks = tuple[tuple[int, ...], ...]
"""For each solved row, the indices of the pairs that its answer comes from."""


@dataclass(frozen=True)
class Condition:
    """A condition on pairs that agrees with the answers of all solved rows.

    Attributes:
        text: Source code; empty if every pair fulfils it.
        operations: Source code of each operation in it.
        picks: The pairs that the answers come from.
        holds: Whether a pair fulfils it.
    """

    text: str
    operations: frozenset[str]
    picks: Picks
    holds: Callable[[Environment], bool]


def pair_programs(problem: Problem, budget: Budget) -> list[Program]:
    """Return programs over the pairs of items of one or two lists of numbers, or of rows of numbers.

    Each computes its answer from the first pair that fulfils a condition, or from all such pairs, or counts them.

    Args:
        problem: The solved rows.
        budget: The budget of the search.

    Example:
        >>> rows = (({"values": [1, 4, 9], "total": 10}, [1, 9]), ({"values": [2, 3, 5, 6], "total": 8}, [2, 6]))
        >>> print(pair_programs(Problem(rows), Budget(5, 1_000_000))[0].source)
        def answer(values: list[int], total: int) -> list[int]:
            \"\"\"Return `[one, other]` of the first two items with `one + other == total`.\"\"\"
            for place, one in enumerate(values):
                for other in values[place + 1 :]:
                    if one + other == total:
                        return [one, other]
            raise ValueError("no pair of items fits")
    """
    rows = [row for row, _ in problem.examples]
    layout = Layout.of(rows) if rows else None
    if layout is None:
        return []
    found: list[Program] = []
    for goal in goals([answer for _, answer in problem.examples]):
        try:
            search = _Search(problem, layout, goal, budget)
            found += search.programs()
        except ValueError:
            continue
    return sorted(found, key=lambda program: program.cost)[:_RETURNED]


class _Search:
    """The search for one goal."""

    def __init__(self, problem: Problem, layout: Layout, goal: Goal, budget: Budget) -> None:
        self._problem, self._layout, self._goal, self._budget = problem, layout, goal, budget
        self._pairs = [layout.pairs(row) for row, _ in problem.examples]
        self._by_size = sorted(range(len(self._pairs)), key=lambda row: len(self._pairs[row]))
        self._levels: list[list[Expression]] = []

    def programs(self) -> list[Program]:
        """Return the programs found until the budget is spent, a few for each way to answer the other rows.

        Programs that agree on these rows may differ on later ones, so the cheapest needs rivals.
        """
        found: dict[str, list[Program]] = {}
        tried: Counter[Picks] = Counter()
        try:
            self._levels = enumerated(leaves(self._layout.names, self._pairs), self._budget)
            for condition in self._conditions():
                tried[condition.picks] += 1
                if tried[condition.picks] > _MOST_OF_PICKS:
                    continue
                for values in self._values(condition.picks):
                    program = self._program(condition, values)
                    found.setdefault(self._outcomes(program), []).append(program)
                if len(found) >= _RETURNED:
                    break
        except Exhausted:
            pass
        least = min((each.cost for programs in found.values() for each in programs), default=0.0)
        best = [sorted(programs, key=lambda each: each.cost)[:_RIVALS] for programs in found.values()]
        return [each for programs in best for each in programs if each.cost <= least + _RANGE]

    def _conditions(self) -> Iterator[Condition]:
        """Yield conditions that agree with the answers, those with few operations first."""
        every = self._picks(lambda row: bytes([1] * len(self._pairs[row])))
        if every is not None:
            yield Condition("", frozenset(), every, lambda _: True)
        for total in range(_MOST_OPERATIONS + 1):
            for left in range(min(total + 1, len(self._levels))):
                for one in self._levels[left]:
                    for other in self._levels[total - left]:
                        yield from self._compared(one, other, equality=total <= _MOST_OF_EQUALITY)

    def _compared(self, one: Expression, other: Expression, *, equality: bool) -> Iterator[Condition]:
        for sign, compare in _COMPARISONS:
            if one is other or (sign == "==" and (one.text < other.text or not equality)):
                continue
            self._budget.spend()
            picks = self._picks(_fulfilled(compare, one, other))
            if picks is not None:
                text = f"{one.text} {sign} {other.text}"
                operations = one.operations | other.operations | {text}
                yield Condition(text, operations, picks, _comparison(compare, one, other))

    def _picks(self, fulfilled: Callable[[int], bytes]) -> Picks | None:
        """Return the pairs that the answers come from; None if the answer of a row does not come from them."""
        picks: dict[int, tuple[int, ...]] = {}
        for row in self._by_size:
            found = self._goal.picks(row, fulfilled(row))
            if found is None:
                return None
            picks[row] = found
        return tuple(picks[row] for row in range(len(self._pairs)))

    def _values(self, picks: Picks) -> Iterator[tuple[Expression, ...]]:
        """Yield expressions with the answers on the picked pairs: all combinations of the first few for each number."""
        places = [(row, place) for row, some in enumerate(picks) for place in some]
        options = []
        for wanted in self._goal.wanted():
            fit = [
                each
                for level in self._levels[:_MOST_OPERATIONS]
                for each in level
                if all(equal(each.values[row][at], value) for (row, at), value in zip(places, wanted, strict=True))
            ]
            options.append(fit[:_OPTIONS])
        yield from product(*options)

    def _program(self, condition: Condition, values: Sequence[Expression]) -> Program:
        operations = condition.operations.union(*(each.operations for each in values))
        layout, goal = self._layout, self._goal

        def run(row: Mapping[str, Any]) -> Any:
            fulfilling = (pair for pair in layout.pairs(row) if condition.holds(pair))
            return goal.answer([each.of(pair) for each in values] for pair in fulfilling)

        source = written(self._problem, layout, goal, condition.text, [each.text for each in values])
        # What the condition computes is likely to be returned, so it costs nothing more.
        new = sum(not each.operations or not each.operations <= condition.operations for each in values)
        return Program(source, _LOOP + len(operations) + _VALUE * new, run)

    def _outcomes(self, program: Program) -> str:
        outcomes = []
        for row in self._problem.others[:_MOST_OTHERS]:
            try:
                outcomes.append(repr(program.run(row)))
            except ValueError:
                outcomes.append("fails")
        return " ".join(outcomes)


def _comparison(
    compare: Callable[[Number, Number], bool], one: Expression, other: Expression
) -> Callable[[Environment], bool]:
    return lambda pair: compare(one.of(pair), other.of(pair))


def _fulfilled(compare: Callable[[Number, Number], bool], one: Expression, other: Expression) -> Callable[[int], bytes]:
    return lambda row: bytes(map(compare, one.values[row], other.values[row]))
