"""Finds sequences of expressions whose joined texts are the answers of some rows.

FlashFill (Gulwani, POPL 2011) intersects one graph of substrings for each row. Here the values of all atoms are known
in all rows, so that one search walks all answers at once: a state is a position in each answer, and a step is an atom
or a constant that occurs at all these positions. This computes the same intersection lazily.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Final

from langchain_latm.making.synthesis.expression import Applied, Constant, Expression, Joined, step_cost
from langchain_latm.making.synthesis.table import Found, Table

_EACH: Final = 4
"""Number of cheapest paths to a state that are followed."""
_MOST_STATES: Final = 3_000
_MOST_PROGRAMS: Final = 12
_MOST_PARTS: Final = 14
_LONGEST_CONSTANT: Final = 60
_EMPTY: Final = 1.5
_PADDED: Final = 0.2
"""Additional cost of a padded number that is the whole answer: alone, a number seldom has a leading zero."""


def concatenations(table: Table, atoms: Sequence[Found], rows: Sequence[int], limit: float = inf) -> list[Found]:
    """Return the cheapest expressions that give the answers of some rows.

    Args:
        table: The rows.
        atoms: The possible parts of an answer, cheapest first.
        rows: Indices of the solved rows to consider.
        limit: Maximum cost of an expression.
    """
    answers = [table.answers[row] for row in rows]
    at: dict[int, list[tuple[Expression, list[str]]]] = defaultdict(list)
    for atom in atoms:
        texts = [atom.values[row] for row in rows]
        table.budget.spend()
        for place in _places(texts[0], answers[0]):
            at[place].append((atom.expression, texts))
    found = [table.found(expression) for expression in _paths(table, answers, at, limit)]
    if not any(answers):
        found.append(table.found(Constant("")))
    return found


def _paths(
    table: Table, answers: Sequence[str], at: Mapping[int, Sequence[tuple[Expression, list[str]]]], limit: float
) -> Iterator[Expression]:
    """Yield the paths from the start of all answers to their ends, cheapest first (Dijkstra's algorithm)."""
    ends = tuple(map(len, answers))
    waiting: list[tuple[float, int, tuple[int, ...], tuple[Expression, ...], float]] = []
    heapq.heappush(waiting, (0.0, 0, (0,) * len(answers), (), 0.0))
    visits: Counter[tuple[int, ...]] = Counter()
    pushed = 0
    while waiting and visits[ends] < _MOST_PROGRAMS and visits.total() < _MOST_STATES:
        cost, _, state, path, gaps = heapq.heappop(waiting)
        if visits[state] >= _EACH and state != ends:
            continue
        visits[state] += 1
        if state == ends:
            if path:
                extra = gaps + (_PADDED if len(path) == 1 and _is_padded(path[0]) else 0)
                yield path[0] if len(path) == 1 and not extra else Joined(path, extra)
            continue
        if len(path) >= _MOST_PARTS:
            continue
        table.budget.spend(len(at.get(state[0], ())))
        for part, after, gap in _steps(answers, state, path, at.get(state[0], ())):
            pushed += 1
            price = cost + step_cost(path, part) + gap
            if price > limit:
                continue
            heapq.heappush(waiting, (price, pushed, after, (*path, part), gaps + gap))


def _steps(
    answers: Sequence[str],
    state: Sequence[int],
    path: Sequence[Expression],
    atoms: Sequence[tuple[Expression, list[str]]],
) -> Iterator[tuple[Expression, tuple[int, ...], float]]:
    """Yield the parts that occur in all answers at a state, with the next state and the cost of empty parts."""
    for part, texts in atoms:
        if all(answer.startswith(text, place) for answer, text, place in zip(answers, texts, state, strict=True)):
            after = tuple(place + len(text) for place, text in zip(state, texts, strict=True))
            if any(texts):
                yield part, after, _gap_cost(part, texts)
    if not path or not isinstance(path[-1], Constant):
        for constant in _constants(answers, state):
            yield Constant(constant), tuple(place + len(constant) for place in state), 0.0


def _is_padded(part: Expression) -> bool:
    return isinstance(part, Applied) and part.operator.manner == "padded"


def _gap_cost(part: Expression, texts: Sequence[str]) -> float:
    """Return the additional cost of a part that is empty in some rows, unless it is optional, such as seconds."""
    optional = isinstance(part, Applied) and part.operator.reads
    return _EMPTY if not all(texts) and not optional else 0.0


def _places(text: str, answer: str) -> Iterator[int]:
    """Yield the positions of a text in an answer; an empty text occurs everywhere."""
    place = answer.find(text)
    while place >= 0 and place <= len(answer):
        yield place
        place = answer.find(text, place + 1)


def _constants(answers: Sequence[str], state: Sequence[int]) -> Iterator[str]:
    """Yield constants that occur in all answers at a state, without splitting runs of letters.

    Like FlashFill++ (Cambronero, POPL 2023), it splits answers only where the class of characters changes.
    """
    rest = [answer[place : place + _LONGEST_CONSTANT] for answer, place in zip(answers, state, strict=True)]
    first, last = min(rest), max(rest)
    same = next((index for index, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1), None)
    shared = first[: min(len(first), len(last))] if same is None else first[:same]
    for end in range(1, len(shared) + 1):
        inside = end < len(shared) and shared[end - 1].isalpha() and shared[end].isalpha()
        if not inside:
            yield shared[:end]
