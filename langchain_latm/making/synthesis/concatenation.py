"""Finds expressions whose texts, one after another, are the answers of some rows.

FlashFill (Gulwani, POPL 2011) intersects one graph of substrings a row. Here the atoms are known with their values in
all rows, so that one search walks all answers at once: a state is one position in each of them, and a step is an atom
or a constant that stands at all these positions. It is the same intersection, computed only where it is reached.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from langchain_latm.making.synthesis.expression import Applied, Constant, Expression, Joined, step_cost
from langchain_latm.making.synthesis.table import Found, Table

_EACH: Final = 4
"""Cheapest ways to a state that are followed."""
_MOST_STATES: Final = 3_000
_MOST_PROGRAMS: Final = 12
_MOST_PARTS: Final = 14
_LONGEST_CONSTANT: Final = 60
_EMPTY: Final = 1.5
_PADDED: Final = 0.2
"""What a number of two digits costs more that is all of the answer: alone it is likelier without a leading zero."""


def concatenations(table: Table, atoms: Sequence[Found], rows: Sequence[int]) -> list[Found]:
    """Return the cheapest expressions that give the answers of some rows.

    Args:
        table: The rows.
        atoms: What an answer may be made of, cheapest first.
        rows: Indices of the solved rows that count.
    """
    answers = [table.answers[row] for row in rows]
    at: dict[int, list[tuple[Expression, list[str]]]] = defaultdict(list)
    for atom in atoms:
        texts = [atom.values[row] for row in rows]
        table.budget.spend()
        for place in _places(texts[0], answers[0]):
            at[place].append((atom.expression, texts))
    found = [table.found(expression) for expression in _paths(table, answers, at)]
    if not any(answers):
        found.append(table.found(Constant("")))
    return found


def _paths(
    table: Table, answers: Sequence[str], at: Mapping[int, Sequence[tuple[Expression, list[str]]]]
) -> Iterator[Expression]:
    """Yield the joined texts that lead from the start of all answers to their ends, cheapest first: Dijkstra."""
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
            heapq.heappush(waiting, (price, pushed, after, (*path, part), gaps + gap))


def _steps(
    answers: Sequence[str],
    state: Sequence[int],
    path: Sequence[Expression],
    atoms: Sequence[tuple[Expression, list[str]]],
) -> Iterator[tuple[Expression, tuple[int, ...], float]]:
    """Yield the parts that stand in all answers at a state, with the state after them and what gaps cost."""
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
    """Return what a part costs more that is empty in some rows, unless it is one that may be missing by its nature."""
    optional = isinstance(part, Applied) and part.operator.reads
    return _EMPTY if not all(texts) and not optional else 0.0


def _places(text: str, answer: str) -> Iterator[int]:
    """Yield where a text stands in an answer; an empty one stands everywhere."""
    place = answer.find(text)
    while place >= 0 and place <= len(answer):
        yield place
        place = answer.find(text, place + 1)


def _constants(answers: Sequence[str], state: Sequence[int]) -> Iterator[str]:
    """Yield texts that stand in all answers at a state, up to where the class of characters changes.

    Only there FlashFill++ (Cambronero, POPL 2023) cuts answers.
    """
    rest = [answer[place : place + _LONGEST_CONSTANT] for answer, place in zip(answers, state, strict=True)]
    first, last = min(rest), max(rest)
    same = next((index for index, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1), None)
    shared = first[: min(len(first), len(last))] if same is None else first[:same]
    for end in range(1, len(shared) + 1):
        inside = end < len(shared) and shared[end - 1].isalpha() and shared[end].isalpha()
        if not inside:
            yield shared[:end]
